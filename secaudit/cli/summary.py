"""What `audit`, `scan` and `status` print of a judged scan and of an assessment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from secaudit.app.judge import JudgedScan
from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation import Tally
from secaudit.cli.common import say
from secaudit.cli.words import severity_word, share, state_word
from secaudit.i18n import current_language, mark, translate
from secaudit.model.assessment import Assessment
from secaudit.model.judgement import Finding
from secaudit.model.traffic import Traffic
from secaudit.model.words import Outcome, RowState, Severity
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.model.clients import EndpointClients


def print_findings(judged: JudgedScan, knowledge: Knowledge) -> None:
    """Print findings by severity, gravest first, and how many checks could not be concluded."""
    language = current_language()
    counts = Counter(outcome.result for outcome in judged.outcomes)
    if judged.findings:
        say(mark("Findings: {counts}"), counts=_counted(judged.findings))
    else:
        say(mark("No fault was found by what could be checked."))
    for finding in sorted(judged.findings, key=lambda f: (f.severity.rank, f.check)):
        title = knowledge.title(finding.check, language)
        place = f" ({printable(finding.place)})" if finding.place else ""
        click.echo(f"  [{severity_word(finding.severity)}] {title}{place} – {printable(finding.target)}")
    say(
        mark("Checks: {passed} passed, {failed} failed, {blind} inconclusive, {void} not applicable."),
        passed=counts[Outcome.PASS], failed=counts[Outcome.FAIL], blind=counts[Outcome.INCONCLUSIVE],
        void=counts[Outcome.NOT_APPLICABLE],
    )  # fmt: skip
    for run in judged.scan.runs:
        for reason in (*([run.fault] if run.fault else []), *run.notes):
            click.echo(f"  ! {knowledge.render(reason, language)}")
    from secaudit.app.clients import clients_of

    for endpoint in clients_of(judged.scan):
        _print_clients(endpoint)
    if judged.scan.traffic:
        _print_traffic(judged.scan.traffic)


def _print_clients(endpoint: EndpointClients) -> None:
    from secaudit.model.clients import Reach

    counts = Counter(client.reach for client in endpoint.clients)
    say(
        mark("Browsers and telephones at {endpoint}: {yes} of {all} generations can connect, {no} cannot, of {unknown} "
             "nobody can say (see the report)."),
        endpoint=printable(endpoint.endpoint), yes=counts[Reach.CONNECTS], all=len(endpoint.clients),
        no=counts[Reach.CANNOT], unknown=counts[Reach.UNKNOWN],
    )  # fmt: skip


def _print_traffic(traffic: Traffic) -> None:
    say(
        mark("Sent: {connections} connections (at most {busiest} in one second), {requests} HTTP requests; "
             "received: {kilobytes} kB."),
        connections=traffic.connections, busiest=traffic.busiest_second, requests=traffic.requests,
        kilobytes=round(traffic.received / 1000),
    )  # fmt: skip
    if traffic.budget:
        say(
            mark("The profile allows {connections} connections, {requests} HTTP requests and {megabytes} MB."),
            connections=traffic.budget.connections, requests=traffic.budget.requests,
            megabytes=traffic.budget.megabytes,
        )  # fmt: skip


def _counted(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(
        f"{counts[severity]} {severity_word(severity).lower()}" for severity in Severity if counts[severity]
    )


def print_assessment(assessment: Assessment, knowledge: Knowledge) -> None:
    """Print both figures of one checklist, never one alone, and what stands behind them."""
    checklist = next(c for c in knowledge.checklists if c.id == assessment.checklist)
    total = assessment.total
    click.echo(checklist.title.in_language(current_language()))
    say(
        mark("  Strict: {strict} ({met} of {applicable} requirements met). With partial ones at half: {progress}."),
        strict=share(total.strict), met=total.met, applicable=total.applicable, progress=share(total.progress),
    )  # fmt: skip
    counted = Counter(row.state for row in assessment.rows if row.counted)
    click.echo("  " + ", ".join(f"{state_word(state)}: {counted[state]}" for state in RowState if counted[state]))
    if total.met_by_provider:
        say(mark("  Met by the provider: {count} of the {met} that are met."), count=total.met_by_provider,
            met=total.met)  # fmt: skip
    touched = sum(1 for row in assessment.rows if row.contradicted_by)
    if touched:
        say(mark("  The scan speaks against {count} requirements."), count=touched)
    if counted[RowState.UNASSESSED]:
        say(
            mark(
                "  {count} requirements have been answered by nobody: that is neither a failure nor a proof of safety."
            ),
            count=counted[RowState.UNASSESSED],
        )


def counting(assessments: Sequence[Assessment], knowledge: Knowledge) -> list[Assessment]:
    """Return the assessments that have figures: the standard first, then the duties outside it."""
    with_figures = {c.id for c in knowledge.checklists if c.role in ("standard", "duties")}
    return [assessment for assessment in assessments if assessment.checklist in with_figures]


def print_notice(knowledge: Knowledge) -> None:
    """Print that the texts are summaries and that the official standard rules."""
    click.echo(knowledge.checklists[0].notice.in_language(current_language()))


def print_tally(counted: Tally) -> None:
    """Print how many remediation items are open and overdue."""
    say(
        mark("Remediation: {open} items open, {overdue} of them overdue; {accepted} risks accepted "
             "(secaudit remediation list)."),
        open=counted.open, overdue=counted.overdue, accepted=counted.accepted,
    )  # fmt: skip


def worst(findings: Sequence[Finding]) -> Severity | None:
    """Return the gravest severity among findings, None when there is none."""
    return min((finding.severity for finding in findings), key=lambda s: s.rank, default=None)


def reaches(findings: Sequence[Finding], threshold: Severity | None) -> bool:
    """Tell whether any finding is at least as grave as the threshold."""
    gravest = worst(findings)
    return threshold is not None and gravest is not None and gravest.rank <= threshold.rank


def incomplete_sentence() -> str:
    """Return the sentence for a scan in which a probe failed."""
    return translate(mark("The result is not complete: at least one probe could not finish its look (see above)."))
