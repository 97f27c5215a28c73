"""Comparing two scans: only a passed check proves that a fault is gone."""

from __future__ import annotations

import pytest

from secaudit.assess.changes import Change, compare
from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome, Finding, finding_identity
from secaudit.model.words import Outcome, Severity

TARGET = "127.0.0.1:443"


def finding(check: str = "tls.tls10", severity: Severity = Severity.MEDIUM, place: str = "") -> Finding:
    return Finding(
        identity=finding_identity(check, TARGET, place), check=check, severity=severity, target=TARGET, place=place
    )


def outcome(result: Outcome, check: str = "tls.tls10", target: str = TARGET) -> CheckOutcome:
    reason = Reason(code="connect-timeout") if result is Outcome.INCONCLUSIVE else None
    return CheckOutcome(check=check, result=result, target=target, reason=reason)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Outcome.PASS, Change.FIXED),
        (Outcome.INCONCLUSIVE, Change.UNKNOWN),
        (Outcome.NOT_APPLICABLE, Change.NO_LONGER_APPLIES),
    ],
)
def test_what_a_missing_finding_means(result: Outcome, expected: Change) -> None:
    [change] = compare([finding()], [], [outcome(result)])
    assert change.change is expected
    if expected is Change.UNKNOWN:
        assert change.reason == Reason(code="connect-timeout")


def test_a_check_that_did_not_run_proves_nothing() -> None:
    [change] = compare([finding()], [], [])
    assert change.change is Change.UNKNOWN
    assert change.reason is not None
    assert change.reason.code == "check-not-run"


def test_new_back_and_open_are_told_apart() -> None:
    first, second, third = finding("tls.tls10"), finding("tls.tls11"), finding("cert.expired", Severity.HIGH)
    changes = compare([first], [first, second, third], [], seen_earlier={second.identity})
    assert {c.finding.check: c.change for c in changes} == {
        "tls.tls10": Change.OPEN,
        "tls.tls11": Change.BACK,
        "cert.expired": Change.NEW,
    }


def test_one_cookie_mended_while_another_still_fails() -> None:
    mended, still = finding("cookie.no-secure", place="a"), finding("cookie.no-secure", place="b")
    outcomes = [outcome(Outcome.PASS, "cookie.no-secure"), outcome(Outcome.FAIL, "cookie.no-secure")]
    changes = compare([mended, still], [still], outcomes)
    assert {c.finding.place: c.change for c in changes} == {"a": Change.FIXED, "b": Change.OPEN}


def test_a_pass_elsewhere_does_not_cover_a_blind_look_here() -> None:
    outcomes = [outcome(Outcome.INCONCLUSIVE), outcome(Outcome.PASS, target="127.0.0.1:8443")]
    [change] = compare([finding()], [], outcomes)
    assert change.change is Change.UNKNOWN
