"""Items, scans and rows for the tests of the register's rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from secaudit.checklist.remediation import load_policy
from secaudit.model.assessment import Answer, RequirementStatus
from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome, Finding, finding_identity
from secaudit.model.remediation import ItemChange, ItemSource, RemediationItem
from secaudit.model.scan import ScanOptions
from secaudit.model.words import AnswerValue, Outcome, Profile, RowState, Severity
from secaudit.remedy.follow import Occasion
from secaudit.remedy.looks import ScanLook

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
POLICY = load_policy()
TARGET = "xa.vn:443"
CHECK = "tls.tls10"
IDENTITY = finding_identity(CHECK, TARGET, "")
OPTIONS = ScanOptions()
OCCASION = Occasion(now=NOW, today=TODAY, policy=POLICY)


def on(days: int) -> Occasion:
    """Return the occasion of a later day."""
    return Occasion(now=NOW + timedelta(days=days), today=TODAY + timedelta(days=days), policy=POLICY, scan=f"s{days}")


def item(**more: object) -> RemediationItem:
    """Return an open item of the standing finding, last seen in the scan `s0`."""
    values: dict[str, object] = {
        "id": "KP1", "system": "ht", "source": ItemSource.FINDING, "subject": IDENTITY, "check": CHECK,
        "target": TARGET, "severity": Severity.HIGH, "due": date(2026, 12, 22), "opened_at": NOW, "site": "trang",
        "seen_at": NOW, "seen_in": "s0", "looked_in": "s0",
    }  # fmt: skip
    return RemediationItem.model_validate(values | more)


def finding(check: str = CHECK, target: str = TARGET, place: str = "", severity: Severity = Severity.HIGH) -> Finding:
    """Return a finding."""
    identity = finding_identity(check, target, place)
    return Finding(identity=identity, check=check, severity=severity, target=target, place=place)


def said(result: Outcome, check: str = CHECK, target: str = TARGET, place: str = "") -> CheckOutcome:
    """Return an outcome, with a reason where one belongs."""
    reason = Reason(code="connect-timeout") if result in (Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE) else None
    return CheckOutcome(check=check, result=result, target=target, place=place, reason=reason)


def look(
    *outcomes: CheckOutcome, scan: str = "s1", site: str = "trang", at: datetime = NOW + timedelta(hours=1),
    options: ScanOptions = OPTIONS, before: ScanOptions = OPTIONS, failed: Sequence[str] = (),
    needs: Callable[[str], tuple[str, ...]] = lambda check: ("tls",), severity: Severity = Severity.HIGH,
) -> ScanLook:  # fmt: skip
    """Return a judged scan; its failing outcomes are its findings."""
    by_check: dict[str, list[CheckOutcome]] = {}
    for outcome in outcomes:
        by_check.setdefault(outcome.check, []).append(outcome)
    faults = [finding(o.check, o.target, o.place, severity) for o in outcomes if o.result is Outcome.FAIL]
    return ScanLook(
        scan=scan, site=site, at=at, options=options, faults={one.identity: one for one in faults}, outcomes=by_check,
        not_run={name: Reason(code="probe-crashed", params={"probe": name}) for name in failed}, needs=needs,
        options_of={f"s{number}": before for number in range(100)},
    )  # fmt: skip


def row(state: RowState, *, answered: bool = True, counted: bool = True, at: datetime = NOW) -> RequirementStatus:
    """Return what the requirement `5.1.a` counts as."""
    value = {RowState.PARTIAL: AnswerValue.PARTIAL, RowState.NOT_MET: AnswerValue.NOT_MET}.get(state, AnswerValue.MET)
    answer = Answer(checklist="c", requirement="5.1.a", value=value, answered_by="Lan", answered_at=at)
    return RequirementStatus(
        requirement="5.1.a", group="5.1", counted=counted, state=state, answer=answer if answered else None
    )


def applied(items: Sequence[RemediationItem], changes: Sequence[ItemChange]) -> list[RemediationItem]:
    """Return the register after the changes, new items numbered as the store does."""
    known = {one.id: one for one in items}
    for change in changes:
        changed = change.item if change.item.id else change.item.model_copy(update={"id": f"KP{len(known) + 1}"})
        known[changed.id] = changed
    return list(known.values())


PROFILES = {"quick": ScanOptions(profile=Profile.QUICK), "full": ScanOptions(profile=Profile.FULL)}
