"""The first page of the combined report: head, verdict, figures, what to do first."""

from __future__ import annotations

from typing import Any

from secaudit.model.words import Outcome, RowState, ScanStatus
from secaudit.report.docx.bars import bar
from secaudit.report.model import FirstThing, ReportModel, Standing
from secaudit.report.official.letter import MOTTO, NATION, long_date
from secaudit.report.palette import STATE
from secaudit.report.wording import Wording

_TARGET = "100%"


def head_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return the head of the document: bodies, title, marks, what the report is about."""
    organisation, system = report.organisation, report.system
    _ = say.gettext
    day = report.made_at.date()
    made = say.gettext("made on %(date)s", date=say.format.date(report.made_at))
    date_line = long_date(day) if say.format.language == "vi" else made
    marks = ["MẪU / SAMPLE"] if organisation.is_sample else []
    marks += [_("DRAFT")] if report.is_draft else []
    gaps = "; ".join(say.label("gap", gap) for gap in report.gaps)
    ways = (organisation.contact_name, organisation.contact_phone, organisation.contact_email)
    started = report.scan.started_at
    about = [
        (_("Web page"), report.scan.url),
        (_("System"), system.name or system.id),
        (_("Level"), f"{system.level} ({say.label('basis', system.level_basis)})"),
        (_("Looked at"), f"{say.format.moment(started)} ({say.format.zone_name(started)})"),
        (_("Operator"), system.operator),
        (_("Contact"), ", ".join(filter(None, ways))),
    ]
    level = system.level
    return {
        "mark": " - ".join(marks),
        "draft_note": "" if not gaps else f"{_('The profile of the office is not complete. Still missing:')} {gaps}.",
        "superior": organisation.superior.upper(),
        "body": (organisation.name or _("(name of the office not filled in)")).upper(),
        "nation": NATION,
        "motto": MOTTO,
        "date_line": f"{organisation.place}, {date_line}" if organisation.place else date_line,
        "title": _("Cybersecurity inspection report").upper(),
        "subtitle": say.gettext(
            "External look at the web page and self-assessment against the requirements of level %(level)s", level=level
        ),
        "page": report.scan.display_host,
        "about": [{"label": label, "value": value} for label, value in about if value],
        "contact_name": organisation.contact_name,
    }


def summary_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return the summary for the head of the office."""
    standing = report.standing
    figures = _figures(standing, say) if standing is not None and standing.strict is not None else []
    states = standing.states if standing is not None else {}
    counted = sum(states.values())
    found = len(report.findings)
    return {
        "verdict": " ".join(_verdict(report, say)),
        "figures": figures,
        "states": [
            {"label": say.label("state", state), "count": str(states[state]), "bar": bar(states[state], counted)}
            for state in STATE
            if states.get(state)
        ],
        "severities": [
            {"label": say.label("severity", severity), "count": str(count), "bar": bar(count, found)}
            for severity, count in report.severities.items()
        ],
        "checked": [
            {
                "name": say.label("probe-name", probe.name),
                "result": say.label("probe", probe.status),
                "note": say.text(probe.fault),
            }
            for probe in report.scan.probes
        ],
        "checks_line": _checks_line(report, say),
        "not_checked": list(_not_checked(report, say)),
        "first_things": [_first(number, thing, say) for number, thing in enumerate(report.first_things, 1)],
        "beside": list(_beside(report, say)),
    }


def _figures(standing: Standing, say: Wording) -> list[dict[str, str]]:
    met = say.gettext(
        "Met in full: %(met)s of %(applicable)s requirements", met=standing.met, applicable=standing.applicable
    )
    if standing.unanswered:
        met += say.gettext("; %(unanswered)s answered by nobody", unanswered=standing.unanswered)
    if standing.met_by_provider:
        met += say.gettext("; %(count)s of the met ones by the provider", count=standing.met_by_provider)
    progress = say.gettext("Progress: partly met (%(partial)s) counted as half", partial=standing.partial)
    target = say.gettext("Target: every requirement that applies met in full")
    shares = (standing.strict or 0.0, standing.progress or 0.0)
    values = [say.format.percent(share) for share in shares]
    return [
        {"value": value, "label": label, "bar": bar(round(share * 1000), 1000)}
        for value, label, share in zip((*values, _TARGET), (met, progress, target), (*shares, 1.0), strict=True)
    ]


def _verdict(report: ReportModel, say: Wording) -> list[str]:
    standing, found = report.standing, len(report.findings)
    if standing is None:
        return [say.gettext("No list of requirements was judged, so there is no figure yet.")]
    if standing.strict is None:
        return [
            say.gettext(
                "No requirement applies by the applicability profile, so there is no figure. Check the profile."
            )
        ]
    met, applicable, unanswered = standing.met, standing.applicable, standing.unanswered
    lines = []
    if unanswered == applicable:
        lines += [
            say.ngettext(
                "From outside, %(found)s fault was seen. Of the requirements, %(unanswered)s have been answered by "
                "nobody.",
                "From outside, %(found)s faults were seen. Of the requirements, %(unanswered)s have been answered by "
                "nobody.",
                found, found=found, unanswered=unanswered,
            ),
            say.gettext(
                "So %(met)s of %(applicable)s are met because nobody has answered yet: this is neither a verdict of "
                "failure nor one of safety.", met=met, applicable=applicable,
            ),
        ]  # fmt: skip
    elif met == applicable:
        lines.append(
            say.gettext(
                "All %(applicable)s requirements that apply are answered as met, and no unexplained finding of this "
                "look speaks against them.", applicable=applicable,
            )
        )  # fmt: skip
    else:
        lines.append(
            say.gettext(
                "%(met)s of %(applicable)s requirements that apply are met; %(missing)s still to do to reach "
                "%(target)s.", met=met, applicable=applicable, missing=applicable - met, target=_TARGET,
            )
        )  # fmt: skip
        if unanswered:
            lines.append(
                say.ngettext(
                    "%(unanswered)s of them has been answered by nobody yet.",
                    "%(unanswered)s of them have been answered by nobody yet.",
                    unanswered, unanswered=unanswered,
                )
            )  # fmt: skip
    if standing.unanswered_against:
        lines.append(
            say.ngettext(
                "What was seen from outside already speaks against %(count)s unanswered requirement.",
                "What was seen from outside already speaks against %(count)s unanswered requirements.",
                standing.unanswered_against,
            )
        )
    if against := standing.states.get(RowState.CONTRADICTED):
        lines.append(
            say.ngettext(
                "%(count)s requirement is answered as met but the scan says otherwise; it does not count as met.",
                "%(count)s requirements are answered as met but the scan says otherwise; they do not count as met.",
                against,
            )
        )
    if stale := standing.states.get(RowState.STALE):
        lines.append(
            say.ngettext(
                "For %(count)s requirement the evidence is out of date; it does not count as met.",
                "For %(count)s requirements the evidence is out of date; they do not count as met.",
                stale,
            )
        )
    return lines


def _checks_line(report: ReportModel, say: Wording) -> str:
    outcomes = report.scan.outcomes
    return say.gettext(
        "%(checks)s checks; results: %(passed)s without a fault, %(failed)s with a fault, %(unclear)s inconclusive.",
        checks=report.scan.checks, passed=outcomes[Outcome.PASS], failed=outcomes[Outcome.FAIL],
        unclear=outcomes[Outcome.INCONCLUSIVE],
    )  # fmt: skip


def _not_checked(report: ReportModel, say: Wording) -> list[str]:
    unclear = report.scan.outcomes[Outcome.INCONCLUSIVE]
    lines = []
    if unclear:
        result = say.ngettext(
            "%(count)s result is inconclusive: nobody can say whether the fault is there.",
            "%(count)s results are inconclusive: nobody can say whether the fault is there.",
            unclear,
        )
        lines.append(" ".join((result, say.gettext("Reasons in part 4."))))
    if report.scan.status is not ScanStatus.COMPLETE:
        lines.append(say.gettext("The scan is %(status)s.", status=say.label("scan", report.scan.status)))
    lines.append(
        say.gettext(
            "Rules, logs, backups, accounts and training cannot be seen from outside; the people of the office answer "
            "for them."
        )
    )
    return lines


def _first(number: int, thing: FirstThing, say: Wording) -> dict[str, str]:
    title = say.text(thing.titles[0]) if thing.titles else ""
    if thing.kind == "findings":
        what = f"{say.label('area', thing.subject)}: {title}"
        how = say.text(thing.actions[0]) if thing.actions else ""
        if len(thing.actions) > 1:
            how = " ".join((how, say.gettext("The rest stands in part 2.")))
    else:
        what = say.gettext("Answer and close group %(group)s %(title)s", group=thing.subject, title=title)
        how = say.text(thing.why)
    return {
        "number": str(number),
        "what": what,
        "how": how,
        "who": say.label("responsible", thing.responsible),
        "codes": ", ".join(thing.codes),
    }


def _beside(report: ReportModel, say: Wording) -> list[str]:
    standing, lines = report.standing, []
    if standing is not None and standing.unanswered:
        lines.append(
            say.ngettext(
                "Beside the repairs: answer the %(count)s requirement that nobody has answered. Only answers with "
                "evidence move the figure.",
                "Beside the repairs: answer the %(count)s requirements that nobody has answered. Only answers with "
                "evidence move the figure.",
                standing.unanswered,
            )
        )
    for entry in report.lists:
        own = entry.standing
        if entry.role == "duties" and not entry.counts and own.strict is not None and own.progress is not None:
            lines.append(
                say.gettext(
                    "Beside the standard – %(title)s: %(met)s of %(applicable)s met in full (%(strict)s), progress "
                    "%(progress)s, %(unanswered)s answered by nobody.",
                    title=say.text(entry.title), met=own.met, applicable=own.applicable,
                    strict=say.format.percent(own.strict), progress=say.format.percent(own.progress),
                    unanswered=own.unanswered,
                )
            )  # fmt: skip
    return lines
