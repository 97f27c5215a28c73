"""The lists of requirements with their status, one table for each list."""

from __future__ import annotations

from typing import Any

from secaudit.model.words import Obligation, RowState
from secaudit.report.model import GroupEntry, ListEntry, ReportModel, RequirementRow, RowFinding
from secaudit.report.wording import Wording

_MOST = 5
"""Findings named in one row."""


def requirement_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return the lists in the order of the report, those without figures last."""
    ordered = sorted(report.lists, key=lambda entry: (not entry.counts, entry.role != "duties"))
    return {"lists": [_list(entry, say) for entry in ordered]}


def _list(entry: ListEntry, say: Wording) -> dict[str, Any]:
    figures = entry.counts or entry.role == "duties"
    sources = "; ".join(say.text(source.title) for source in entry.sources)
    return {
        "title": say.text(entry.title),
        "role": _role(entry, say),
        "notes": " ".join(_notes(entry, say)),
        "groups": [_group(group, say) for group in entry.groups] if figures and len(entry.groups) > 1 else [],
        "rows": [
            {
                "title": f"{group.id} {say.text(group.title)}",
                "lines": [_row(row, say) for row in group.rows],
            }
            for group in entry.groups
        ],
        "sources": " ".join((say.gettext("Sources:"), f"{sources}.")) if sources else "",
    }


def _role(entry: ListEntry, say: Wording) -> str:
    if entry.counts:
        return ""
    if entry.role == "duties":
        return say.gettext(
            "These lists bind as well. They have figures of their own and do not change the figures of the standard."
        )
    return say.gettext(
        "The lists below are advisory or belong to a former standard. They never change the figures above."
    )


def _notes(entry: ListEntry, say: Wording) -> list[str]:
    standing = entry.standing
    lines = [
        say.gettext("Encoded text last reviewed on %(date)s.", date=say.format.date(entry.reviewed)),
        say.gettext("Judged at %(moment)s.", moment=say.format.moment(entry.judged_at)),
    ]
    if standing.suggested:
        lines.append(
            say.ngettext(
                "%(count)s row is only suggested by the source and does not count.",
                "%(count)s rows are only suggested by the source and do not count.",
                standing.suggested,
            )
        )
    if standing.set_aside:
        lines.append(
            say.ngettext(
                "%(count)s row is set aside as not applicable.",
                "%(count)s rows are set aside as not applicable.",
                standing.set_aside,
            )
        )
    if standing.overdue:
        lines.append(say.ngettext("%(count)s row is overdue.", "%(count)s rows are overdue.", standing.overdue))
    return lines


def _group(group: GroupEntry, say: Wording) -> dict[str, str]:
    standing = group.standing
    shares = (standing.strict, standing.progress)
    return {
        "title": f"{group.id} {say.text(group.title)}",
        "applicable": str(standing.applicable),
        "met": str(standing.met),
        "partial": str(standing.partial),
        "unanswered": str(standing.unanswered),
        "share": " / ".join(say.format.percent(share) for share in shares if share is not None) or "–",
    }


def _row(row: RequirementRow, say: Wording) -> dict[str, str]:
    who = [say.label("responsible", row.responsible)]
    if row.period:
        who.append(say.gettext("again every %(period)s", period=say.period(row.period)))
    if row.deadline:
        who.append(say.text(row.deadline))
    thresholds = [
        f"{say.text(one.name)}: {say.label('comparison', one.comparison)} "
        f"{say.format.number(one.value, 0 if one.value == int(one.value) else 1)} {one.unit}"
        for one in row.thresholds
    ]
    return {
        "clause": row.clause,
        "text": say.text(row.text),
        "evidence": "\n".join((*thresholds, " ".join((say.gettext("Evidence:"), say.text(row.evidence))))),
        "responsible": "\n".join(who),
        "state": say.label("state", "met-by-provider" if row.inherited and row.state is RowState.MET else row.state),
        "note": "\n".join(_remarks(row, say)),
    }


def _remarks(row: RequirementRow, say: Wording) -> list[str]:
    lines = []
    if row.obligation is Obligation.SUGGESTED:
        lines.append(say.gettext("Suggestion of the source") + say.gettext(", not counted"))
    if row.set_aside:
        lines.append(" ".join((say.gettext("Set aside by the profile:"), say.text(row.set_aside))))
    if row.against:
        lines.append(" ".join((say.gettext("The scan speaks against it:"), _named(row.against, say))))
    if row.upheld:
        lines.append(" ".join((say.gettext("Found by the scan, explained by the office:"), _named(row.upheld, say))))
    lines += [say.text(reason) for reason in row.reasons]
    if answer := row.answer:
        lines.append(
            say.gettext(
                "Answer: %(answer)s (%(who)s, %(date)s)",
                answer=say.label("state", answer.value), who=answer.answered_by,
                date=say.format.date(answer.answered_at),
            )
        )  # fmt: skip
        if answer.evidence_date:
            lines.append(say.gettext("Evidence of %(date)s", date=say.format.date(answer.evidence_date)))
        for label, words in (
            (say.gettext("Equivalent measure:"), answer.equivalent),
            (say.gettext("Reason:"), answer.reason),
            (say.gettext("Note:"), answer.note),
        ):
            if words:
                lines.append(f"{label} {words}")
    lines += _by_provider(row, say)
    if row.due:
        day = say.format.date(row.due)
        late, ahead = say.gettext("Overdue since %(date)s", date=day), say.gettext("Renew by %(date)s", date=day)
        lines.append(late if row.overdue else ahead)
    if row.supported_by:
        lines.append(say.ngettext("%(count)s check supports it", "%(count)s checks support it", len(row.supported_by)))
    if row.inconclusive:
        lines.append(
            say.ngettext(
                "%(count)s check about it was inconclusive",
                "%(count)s checks about it were inconclusive",
                len(row.inconclusive),
            )
        )
    return lines


def _by_provider(row: RequirementRow, say: Wording) -> list[str]:
    given = row.inherited
    if given is None:
        return []
    said = say.gettext(
        "Provider: %(provider)s (profile %(profile)s, edition %(serial)s), until %(date)s",
        provider=given.provider, profile=given.profile, serial=given.serial, date=say.format.date(given.until),
    )  # fmt: skip
    lines = [said, " ".join((say.gettext("How the provider does it:"), given.how))]
    return [*lines, " ".join((say.gettext("Left to the office:"), given.rest))] if given.rest else lines


def _named(findings: tuple[RowFinding, ...], say: Wording) -> str:
    named = "; ".join(f"{say.text(finding.title)} ({finding.code})" for finding in findings[:_MOST])
    more = len(findings) - _MOST
    return " ".join((named, say.ngettext("and %(count)s more", "and %(count)s more", more))) if more > 0 else named
