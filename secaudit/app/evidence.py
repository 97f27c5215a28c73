"""Taking in evidence: a file, a link, a stored scan, or a record that is there already."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from secaudit.model.errors import BadInput, message
from secaudit.model.evidence import Evidence, EvidenceKind
from secaudit.store.workspace import Workspace

_RECORD = re.compile(r"[Ee][0-9]{1,15}")
_SCAN = "scan:"
_LINKS = ("http://", "https://")


def check_days(dated: date | None, valid_until: date | None, today: date) -> None:
    """Make sure that the days of a piece of evidence make sense.

    Raises:
        BadInput: it is dated after today, or its validity ends before its date.
    """
    if dated is not None and dated > today:
        raise BadInput(
            message("The evidence is dated {day}, which lies in the future. Give the day that stands on it."),
            day=dated.strftime("%d/%m/%Y"),
        )
    if dated is not None and valid_until is not None and valid_until < dated:
        raise BadInput(message("The evidence would be valid until a day before its own date. Check both days."))


def check_named(workspace: Workspace, typed: str) -> None:
    """Make sure that a record, link or scan could be taken in, and take in nothing. Files are not looked at.

    Raises:
        BadInput: no such record or scan; an address without a host.
    """
    text = typed.strip()
    if _RECORD.fullmatch(text):
        workspace.evidence.get(text)
    elif text.lower().startswith(_LINKS):
        _check_link(text)
    elif text.lower().startswith(_SCAN):
        workspace.scans.resolve(text[len(_SCAN) :].strip())


def names_file(typed: str) -> bool:
    """Tell whether what was typed can only mean a file: it is no id of a record, no link and no scan."""
    text = typed.strip()
    return not _RECORD.fullmatch(text) and not text.lower().startswith((*_LINKS, _SCAN))


def take_in(
    workspace: Workspace, typed: str, *, dated: date | None, valid_until: date | None, by: str, now: datetime,
    note: str = "",
) -> Evidence:  # fmt: skip
    """Return the record of a piece of evidence, made now unless it is named by its id.

    Args:
        workspace: where it goes.
        typed: `E12`, an address beginning with http:// or https://, `scan:ID`, or a file's path.
        dated: its own date; a scan brings one along, a record keeps its own.
        valid_until: last day on which it holds.
        by: who records it.
        now: time of recording; its local day is today.
        note: a remark.

    Raises:
        BadInput: no such record, scan or file; an address without a host; days that make no sense.
        StoreError: the workspace cannot be written.
    """
    text = typed.strip()
    if _RECORD.fullmatch(text) and not Path(typed).exists():
        return workspace.evidence.get(text)
    check_days(dated, valid_until, now.astimezone().date())
    record = Evidence(
        id="", kind=EvidenceKind.LINK, name=text, reference=text, dated=dated, valid_until=valid_until,
        added_at=now, added_by=by, note=note,
    )  # fmt: skip
    if text.lower().startswith(_LINKS):
        _check_link(text)
        return workspace.evidence.add(record)
    if text.lower().startswith(_SCAN):
        scan_id = workspace.scans.resolve(text[len(_SCAN) :].strip())
        day = dated or _day_of_scan(workspace, scan_id)
        return workspace.evidence.add(
            record.model_copy(
                update={"kind": EvidenceKind.SCAN, "name": scan_id, "reference": scan_id, "dated": day}
            )
        )  # fmt: skip
    kept = workspace.evidence.keep(Path(typed))
    file = {"kind": EvidenceKind.FILE, "reference": "", "name": kept.name, "sha256": kept.sha256, "size": kept.size,
            "media_type": kept.media_type}  # fmt: skip
    return workspace.evidence.add(record.model_copy(update=file))


def take_in_all(
    workspace: Workspace, typed: Sequence[str], *, dated: date | None, valid_until: date | None, by: str,
    now: datetime,
) -> list[Evidence]:  # fmt: skip
    """Take in several pieces with the same days, as `take_in` does; each one once."""
    found = [take_in(workspace, one, dated=dated, valid_until=valid_until, by=by, now=now) for one in typed]
    return list({record.id: record for record in found}.values())


def _check_link(text: str) -> None:
    try:
        host = urlsplit(text).hostname
    except ValueError:
        host = None
    if not host or re.search(r"\s", text):
        raise BadInput(message("The link {link!r} cannot be read. Copy it whole from the browser."), link=text)


def _day_of_scan(workspace: Workspace, scan_id: str) -> date:
    started = next(line.started_at for line in workspace.scans.summaries(verifications=True) if line.id == scan_id)
    return started.astimezone().date()


def give_back(workspace: Workspace, evidence_id: str, target: Path | None) -> Path:
    """Copy a kept file out and return its absolute path.

    Args:
        workspace: where it is kept.
        evidence_id: its record.
        target: the file to be written, or a folder; None for the present one, under the original name.

    Raises:
        BadInput: no such record, no file, something of that name is there, or it cannot be written.
    """
    record = workspace.evidence.get(evidence_id)
    if record.kind is not EvidenceKind.FILE:
        raise BadInput(message("{id} is not a file but {name}."), id=record.id, name=record.name)
    target = target or Path()
    safe = re.sub(r'[\\/:*?"<>|]', "-", record.name).strip(" .") or record.id
    file = (target / safe if target.is_dir() else target).absolute()
    made = False
    try:
        with workspace.evidence.path_of(record).open("rb") as source, file.open("xb") as copy:
            made = True
            shutil.copyfileobj(source, copy, 1024 * 1024)
    except FileExistsError:
        raise BadInput(message("{file} is there already; nothing was overwritten."), file=file) from None
    except OSError as error:
        if made:
            file.unlink(missing_ok=True)
        raise BadInput(
            message("{id} could not be copied to {file} ({detail})."),
            id=record.id, file=file, detail=error.strerror or error,
        ) from None  # fmt: skip
    return file
