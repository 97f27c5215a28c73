"""`secaudit remediation verify`: look again at what items need, and close what is proven."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, option, say, shared_options, tell
from secaudit.cli.remediation_options import NEVER, system_option, words
from secaudit.i18n import mark, translate
from secaudit.model.errors import BadInput, message
from secaudit.model.words import Severity
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.app.audit import Permission
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_verify import Verification, Verified
    from secaudit.remedy.rescan import Rescan
    from secaudit.store.workspace import Workspace


@click.command(
    "verify", cls=Command, help=mark("Rescan what items need: proof closes them, faults that are back reopen.")
)
@click.argument("items", nargs=-1, metavar="[ITEM]...")
@shared_options
@system_option
@option("--plan", "only_plan", is_flag=True, help=mark("Say what would be sent where; send nothing."))
@option("--authorised-by", metavar=mark("TEXT"), help=mark("Who allowed this look; recorded for 24 hours."))
@option("--document", default="", metavar=mark("TEXT"), help=mark("Document that allows it, with --authorised-by."))
@option("--fail-on", type=click.Choice([*(s.value for s in Severity), NEVER]), default=NEVER, show_default=True,
        help=mark("End with 1 when an item this grave stays unproven."))  # fmt: skip
def verify_command(
    session: Session, items: tuple[str, ...], system_id: str | None, only_plan: bool, fail_on: str, **values: Any
) -> int:
    """Rescan for the items named, else for all that are not closed."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.remediation_follow import catch_up
    from secaudit.app.remediation_verify import plan, to_verify, verify
    from secaudit.cli.progress import progress
    from secaudit.store.workspace import Workspace

    knowledge, permission = Knowledge(), _permission(values)
    with Workspace.open(session.workspace) as workspace:
        catch_up(workspace, knowledge, datetime.now(UTC))
        chosen = to_verify(workspace, items, system_id)
        if only_plan:
            return _print_plan(session, workspace, knowledge, plan(workspace, chosen))
        watcher = lambda: progress(  # noqa: E731 - one for each rescan
            lambda reason: knowledge.render(reason, session.language), live=False
        )
        done = verify(workspace, knowledge, chosen, lambda: datetime.now(UTC), watcher, permission)
    if session.json_to:
        session.emit_json(_as_json(done, knowledge, session.language))
    else:
        _print(done, knowledge, session.language)
    return _exit_code(done, fail_on)


def _permission(values: dict[str, Any]) -> Permission | None:
    from secaudit.app.audit import Permission
    from secaudit.store.journal import user_name

    if values["document"] and not values["authorised_by"]:
        raise BadInput(message("--document goes with --authorised-by: say who allowed the look."))
    who = values["authorised_by"]
    return Permission(who, values["document"], user_name()) if who is not None else None


def _print_plan(session: Session, workspace: Workspace, knowledge: Knowledge, looks: tuple[Rescan, ...]) -> int:
    from secaudit.app.scan import plan_scan

    sites = {site.id: site for site in workspace.registry.sites()}
    steps = [step for look in looks for step in plan_scan(sites[look.site].target, look.options)]
    if session.json_to:
        session.emit_json(
            [{"site": look.site, "probes": list(look.options.probes), "profile": look.options.profile.value,
              "items": list(look.items)} for look in looks]
        )  # fmt: skip
        return 0
    for look in looks:
        say(mark("{url}: {probes}, for {items}"), url=sites[look.site].target.url,
            probes=", ".join(look.options.probes), items=", ".join(look.items))  # fmt: skip
    say(mark("In all about {connections} connections. Nothing was sent."),
        connections=sum(step.connections for step in steps))  # fmt: skip
    return 0


def _print(done: Verification, knowledge: Knowledge, language: str) -> None:
    told = words()
    if not done.items:
        say(mark("Nothing is left to verify."))
    for one in done.items:
        click.echo(f"{one.item.id:<6} {told.state(one.item.state)}: {_why(one, knowledge, language)}")
    say(mark("Verified: {proven} of {count}."), proven=sum(one.proven for one in done.items), count=len(done.items))
    if done.scans:
        say(mark("The next `secaudit audit` looks at the whole page again."))


def _why(one: Verified, knowledge: Knowledge, language: str) -> str:
    """Return what proof was found, or why there is none."""
    from secaudit.remedy.looks import Seen

    check, seen = one.item.check or one.item.subject, one.look.seen
    reason = knowledge.render(one.look.reason, language) if one.look.reason else ""
    if seen is Seen.FAULT:
        return translate(mark("the fault is there ({check} fails at {target}), scan {scan}")).format(
            check=check, target=printable(one.item.target), scan=one.scan
        )
    if one.proven and one.item.check:
        return translate(mark("proven, {check} passes at {target}, scan {scan}")).format(
            check=check, target=printable(one.item.target), scan=one.scan
        )
    if one.proven:
        return translate(mark("proven, {subject} is judged as met or set aside")).format(subject=check)
    if seen is Seen.CLEAR:
        return translate(mark("its own fault is gone, one that was merged into it is not"))
    if seen is Seen.GONE:
        return translate(
            mark("the check does not apply any more ({reason}); look yourself, then confirm it with "
                 "`secaudit remediation update {id} --state verified --comment …`")
        ).format(reason=reason, id=one.item.id)  # fmt: skip
    return translate(mark("no proof: {reason}")).format(reason=reason)


def _as_json(done: Verification, knowledge: Knowledge, language: str) -> dict[str, Any]:
    return {
        "schema": "secaudit.verification/1",
        "scans": [judged.scan.id for judged in done.scans],
        "items": [
            {
                "id": one.item.id,
                "before": one.before.state.value,
                "state": one.item.state.value,
                "proven": one.proven,
                "seen": one.look.seen.value,
                "scan": one.scan or None,
                "why": _why(one, knowledge, language),
            }
            for one in done.items
        ],
    }


def _exit_code(done: Verification, fail_on: str) -> int:
    from secaudit.app.scan import was_reached
    from secaudit.cli.summary import incomplete_sentence
    from secaudit.model.words import ScanStatus

    for judged in done.scans:
        if not was_reached(judged.scan):
            tell(mark("The page {url} could not be reached."), url=judged.scan.target.url)
            return 3
    if any(judged.scan.status is not ScanStatus.COMPLETE for judged in done.scans):
        click.echo(incomplete_sentence(), err=True)
        return 3
    if fail_on == NEVER:
        return 0
    return int(any(not one.proven and one.item.severity.rank <= Severity(fail_on).rank for one in done.items))
