"""The yearly progress report in the words that stand on paper, once for DOCX and PDF."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import Any

from secaudit.model.base import Reason
from secaudit.model.solution import rule_in_words
from secaudit.model.words import Severity
from secaudit.report.annual.facts import Annual, Fate, SystemStanding
from secaudit.report.annual.since import since_words
from secaudit.report.format import Formatter
from secaudit.report.observed import Phrase
from secaudit.report.official.letter import punctuated, short_date
from secaudit.report.official.requirements import RESPONSIBLE, requirement_words
from secaudit.report.plan.words import register_words

_PERCENT = Formatter("vi", UTC).percent
SEVERITIES = {
    Severity.CRITICAL: "Nghiêm trọng",
    Severity.HIGH: "Cao",
    Severity.MEDIUM: "Trung bình",
    Severity.LOW: "Thấp",
    Severity.INFO: "Thông tin",
}
_FATES: dict[Fate, str] = {
    "new": "Mới phát hiện, chưa khắc phục",
    "back": "Xuất hiện trở lại, chưa khắc phục",
    "open": "Chưa khắc phục",
    "fixed": "Đã khắc phục",
    "unknown": "Chưa kết luận được",
    "no-longer-applies": "Không còn áp dụng",
}
_STILL_OPEN: tuple[Fate, ...] = ("new", "back", "open")
_STATUS = {"complete": "Hoàn thành", "incomplete": "Chưa đầy đủ"}


def annual_words(report: Annual, phrase: Phrase) -> dict[str, Any]:
    """Return everything that the templates of the report print, by name; texts only, and lists of texts."""

    def say(code: str, **params: str | int) -> str:
        return phrase(Reason(code=f"annual-{code}", params=dict(params)), "vi")

    return {
        **report.letter.words(),
        "summary": report.summary or say("summary", year=report.year),
        "bases": list(punctuated(report.bases)),
        "opening": say("opening", year=report.year, first=short_date(report.first), last=short_date(report.last)),
        "standing": _standing(report, say, phrase),
        "targets": [
            {
                "number": str(number),
                "target": say("target", year=target.year),
                "wanted": f"{target.share}%",
                "reached": "-" if report.share is None else _PERCENT(report.share),
                "verdict": "Đạt" if report.portfolio.total.reaches(target) else "Chưa đạt",
            }
            for number, target in enumerate(report.targets, 1)
        ],
        "systems": [_system(number, one) for number, one in enumerate(report.systems, 1)],
        "looked": _looked(report, say),
        "repaired": _repaired(report, say),
        "difficulties": list(report.difficulties) or [say("nothing-given")],
        "proposals": list(report.proposals) or [say("nothing-given")],
        "annex_1": [
            {
                "number": str(number),
                "day": short_date(scan.day),
                "page": scan.page,
                "status": _STATUS[scan.status],
                **{f"{severity.value}": str(scan.counts[severity]) if scan.judged else "-" for severity in Severity},
            }
            for number, scan in enumerate(report.scans, 1)
        ],
        "annex_2": requirement_words((one.name, one.requirements) for one in report.systems),
        "annex_3": [
            {
                "number": str(number),
                "page": line.page,
                "severity": SEVERITIES[line.severity],
                "title": line.title,
                "fate": _FATES[line.fate],
                "action": line.action,
                "responsible": RESPONSIBLE[line.responsible],
            }
            for number, line in enumerate(report.findings, 1)
        ],
        "annex_4": register_words(report.work),
        "since": since_words(report.since, SEVERITIES, phrase) if report.since else None,
        "notices": list(report.notices),
    }


def _standing(report: Annual, say: Any, phrase: Phrase) -> list[str]:
    if report.share is None:
        return [say("no-system")]
    total, day = report.portfolio.total, short_date(report.as_of)
    lines = [say("figure", day=day, have=total.have, all=total.all, share=_PERCENT(report.share))]
    if len(report.portfolio.kinds) > 1:
        lines += [
            say(f"figure-{kind.value}", have=part.have, all=part.all, share=_PERCENT(part.share or 0))
            for kind, part in report.portfolio.kinds.items()
        ]
    conditions = "; ".join(phrase(reason, "vi") for reason in rule_in_words(report.portfolio.rule))
    lines.append(say("rule", conditions=conditions))
    if report.portfolio.left_out:
        lines.append(say("left-out", count=report.portfolio.left_out))
    if report.threshold is not None:
        reaching = sum(one.counted and one.reaches(report.threshold) for one in report.systems)
        share = _PERCENT(reaching / total.all)
        lines.append(say("threshold", threshold=report.threshold, have=reaching, all=total.all, share=share))
    unanswered = sum(one.unanswered for one in report.systems)
    if unanswered:
        lines.append(say("unanswered", count=unanswered))
    return lines


def _system(number: int, one: SystemStanding) -> dict[str, str]:
    return {
        "number": str(number),
        "name": one.name,
        "level": str(one.level),
        "applicable": str(one.applicable),
        "met": str(one.met),
        "strict": "-" if one.strict is None else _PERCENT(one.strict),
        "progress": "-" if one.progress is None else _PERCENT(one.progress),
        "solution": ("Có" if one.has_solution else "Chưa") if one.counted else "Không tính",
    }


def _looked(report: Annual, say: Any) -> list[str]:
    if not report.scans:
        return [say("no-scan", pages=report.pages), *report.done]
    scanned = len({scan.page for scan in report.scans})
    lines = [
        say(
            "scans", count=len(report.scans), scanned=scanned, pages=report.pages,
            first=short_date(min(scan.day for scan in report.scans)),
            last=short_date(max(scan.day for scan in report.scans)),
        )
    ]  # fmt: skip
    counts = Counter(line.severity for line in report.findings if line.fate in _STILL_OPEN)
    named = ", ".join(f"{counts[severity]} mức {SEVERITIES[severity].lower()}" for severity in Severity)
    return [*lines, say("findings", count=counts.total(), named=named), say("limits"), *report.done]


def _repaired(report: Annual, say: Any) -> list[str]:
    return [*_compared(report, say), *_register(report, say)]


def _register(report: Annual, say: Any) -> list[str]:
    if not report.work:
        return []
    counts = Counter(line.standing for line in report.work)
    late = sum(line.overdue for line in report.work)
    return [say("register", open=counts["open"], late=late, closed=counts["closed"], accepted=counts["accepted"])]


def _compared(report: Annual, say: Any) -> list[str]:
    if not report.scans:
        return [say("nothing-to-compare")]
    fates = Counter(line.fate for line in report.findings)
    still_open = sum(fates[fate] for fate in _STILL_OPEN)
    if not report.compared:
        return [say("one-scan-only", open=still_open)]
    lines = [say("fixed", fixed=fates["fixed"], open=still_open, compared=report.compared, pages=report.pages)]
    if fates["unknown"]:
        lines.append(say("unknown", count=fates["unknown"]))
    return lines
