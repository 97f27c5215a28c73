"""The evidence list in the words that stand on paper and on the archive's index page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.evidence import EvidenceKind
from secaudit.model.words import RowState
from secaudit.report.format import Formatter, zone_of
from secaudit.report.inspection.archive import SUMS
from secaudit.report.inspection.facts import Inspection, ListLines, Piece, RowLine
from secaudit.report.observed import Phrase
from secaudit.report.official.letter import short_date

STATES = {
    RowState.MET: "Đạt",
    RowState.PARTIAL: "Một phần",
    RowState.NOT_MET: "Chưa đạt",
    RowState.NOT_APPLICABLE: "Không áp dụng",
    RowState.UNASSESSED: "Chưa đánh giá",
    RowState.CONTRADICTED: "Mâu thuẫn với kết quả quét",
    RowState.STALE: "Quá hạn bằng chứng",
}
_NONE = "Chưa có bằng chứng"
Sayer = Callable[..., str]


def inspection_words(inspection: Inspection, phrase: Phrase) -> dict[str, Any]:
    """Return everything that the templates print, by name; texts only, and lists of texts."""

    def say(code: str, **params: str | int) -> str:
        return phrase(Reason(code=f"inspection-{code}", params=dict(params)), "vi")

    return {
        **inspection.letter.words(),
        "summary": inspection.summary or say("summary"),
        "standing": _standing(inspection, say),
        "faults": [_fault(piece, say) for piece in inspection.faults],
        "systems": [
            {"system": one.name, "lists": [_list(entry, inspection, say) for entry in one.lists]}
            for one in inspection.systems
        ],
        "others": [
            {
                "id": piece.id,
                "name": piece.name,
                "dated": short_date(piece.dated) if piece.dated else "",
                "added": short_date(_day(piece.added_at, inspection)),
                "place": _place(piece, say),
                "sha256": piece.sha256,
            }
            for piece in inspection.others
        ],
        "notices": list(inspection.notices),
    }


def index_words(inspection: Inspection, phrase: Phrase) -> dict[str, Any]:
    """Return what the index page prints: the same words, and the places that it links to."""
    say = Formatter("vi", zone_of(inspection.made_at))
    journal = inspection.journal
    return {
        **inspection_words(inspection, phrase),
        "made": f"{say.moment(inspection.made_at)} ({say.zone_name(inspection.made_at)})",
        "version": inspection.version,
        "attached": [{"place": one.place, "about": one.about.vi} for one in inspection.attached],
        "pieces": [
            {
                "id": piece.id,
                "name": piece.name,
                "place": piece.place,
                "reference": piece.reference,
                "dated": short_date(piece.dated) if piece.dated else "",
                "until": short_date(piece.valid_until) if piece.valid_until else "",
                "expired": piece.expired,
                "size": say.number(piece.size) if piece.size else "",
                "sha256": piece.sha256,
                "fate": _FATES[piece.fate] if piece.fate != "kept" else "",
                "clauses": ", ".join(_clauses(piece.id, inspection)),
            }
            for piece in inspection.pieces
        ],
        "sums": SUMS,
        "journal": f"{journal.sequence}, {journal.hash}" if journal else "",
    }


_FATES = {"missing": "Tệp không còn trong kho", "changed": "Tệp đã thay đổi so với lúc nhận"}


def _clauses(evidence: str, inspection: Inspection) -> list[str]:
    return list(
        dict.fromkeys(
            row.clause
            for one in inspection.systems
            for entry in one.lists
            for row in entry.rows
            if any(piece.id == evidence for piece in row.evidence)
        )
    )


def _standing(inspection: Inspection, say: Sayer) -> list[str]:
    lines = []
    for one in inspection.systems:
        rows = [row for entry in one.lists if entry.counts for row in entry.rows if row.counted]
        answered = sum(row.answered_at is not None for row in rows)
        backed = sum(bool(row.evidence) for row in rows)
        lines.append(say("standing", system=one.name, rows=len(rows), answered=answered, backed=backed))
    files = sum(piece.kind is EvidenceKind.FILE for piece in inspection.pieces)
    lines.append(say("files", count=len(inspection.pieces), files=files, faults=len(inspection.faults)))
    return lines


def _fault(piece: Piece, say: Sayer) -> str:
    code = "fault-missing" if piece.fate == "missing" else "fault-changed"
    return say(code, id=piece.id, name=piece.name, sha256=piece.sha256)


def _list(entry: ListLines, inspection: Inspection, say: Sayer) -> dict[str, Any]:
    return {
        "title": entry.title.vi,
        "groups": [
            {"title": group.title.vi, "lines": [_row(row, inspection, say) for row in group.rows]}
            for group in entry.groups
        ],
    }


def _row(row: RowLine, inspection: Inspection, say: Sayer) -> dict[str, str]:
    answered = [row.answered_by, short_date(_day(row.answered_at, inspection)) if row.answered_at else ""]
    state = STATES[row.state]
    if not row.counted and row.state is not RowState.NOT_APPLICABLE:
        state = f"{state} (không tính vào tỷ lệ)"
    evidence = [_evidence(piece, say) for piece in row.evidence]
    if not evidence and row.state is not RowState.NOT_APPLICABLE:
        evidence = [_NONE]
    if row.note:
        evidence.append(f"Ghi chú: {row.note}")
    if row.due:
        evidence.append(f"{'Quá hạn từ' if row.overdue else 'Làm lại trước'} {short_date(row.due)}")
    return {
        "clause": row.clause,
        "text": row.text.vi,
        "state": state,
        "who": ", ".join(filter(None, answered)),
        "evidence": "\n".join(evidence),
    }


def _evidence(piece: Piece, say: Sayer) -> str:
    parts = [f"{piece.id} {piece.name}"]
    if piece.dated:
        parts.append(f"ngày {short_date(piece.dated)}")
    if piece.valid_until:
        parts.append(f"{'đã hết' if piece.expired else 'còn'} hiệu lực {short_date(piece.valid_until)}")
    if piece.sha256:
        parts.append(f"SHA-256 {piece.sha256[:16]}…")
    return f"{'; '.join(parts)}; {_place(piece, say)}"


def _place(piece: Piece, say: Sayer) -> str:
    if piece.fate != "kept":
        return _FATES[piece.fate].lower()
    if piece.kind is EvidenceKind.LINK:
        return say("link")
    return f"tệp {piece.place}" if piece.place else say("scan-stored")


def _day(moment: datetime, inspection: Inspection) -> Any:
    return moment.astimezone(inspection.made_at.tzinfo).date()
