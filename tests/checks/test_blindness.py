"""The rule above all rules: what was not seen never passes, for every check there is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from secaudit.checks.registry import AREAS, all_rules, run_checks
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import (
    CertificateObservation,
    DnsObservation,
    HttpVisit,
    Observation,
    PortScanObservation,
    TlsObservation,
    VisitEnd,
)
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TARGET = parse_target("https://xa.tinh.gov.vn/")
TIMEOUT = Reason(code="connect-timeout", params={"host": TARGET.host, "port": 443, "seconds": 5})
# These look at the address itself, which is always there to be seen.
SEEN_IN_THE_ADDRESS = {"site.not-vn-domain", "site.domain-form"}


def view(*observations: Observation, missing: dict[str, Reason] | None = None) -> View:
    return View(TARGET, ScanOptions(), AT, observations, missing or {})


def blind() -> list[Observation]:
    """Return what probes yield when every connection times out."""
    visits = [
        HttpVisit(target=TARGET.url, at=AT, purpose=purpose, end=VisitEnd.FAULT, fault=TIMEOUT)
        for purpose in ("page-http", "page-https", "trace", "options", "cors", "security-txt", "contact-page")
    ]
    end = {"target": "xa.tinh.gov.vn:443", "at": AT, "host": TARGET.host, "port": 443, "fault": TIMEOUT}
    return [
        *visits,
        TlsObservation.model_validate(end),
        CertificateObservation.model_validate(end),
        PortScanObservation(target=TARGET.host, at=AT, host=TARGET.host, fault=TIMEOUT),
        DnsObservation(target=TARGET.host, at=AT, host=TARGET.host, fault=TIMEOUT),
    ]


CASES = {
    "no probe ran": view(),
    "every probe crashed": view(
        missing={
            name: Reason(code="probe-crashed", params={"probe": name, "detail": "x"}) for name in ScanOptions().probes
        }
    ),
    "every connection timed out": view(*blind()),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_seen_is_never_a_pass(case: str) -> None:
    outcomes = run_checks(CASES[case])
    assert {outcome.check for outcome in outcomes} == set(all_rules())
    wrong = {o.check for o in outcomes if o.result in (Outcome.PASS, Outcome.FAIL)} - SEEN_IN_THE_ADDRESS
    assert wrong == set()
    without_reason = {o.check for o in outcomes if o.reason is None} - SEEN_IN_THE_ADDRESS
    assert without_reason == set()


@pytest.mark.parametrize("case", CASES)
def test_the_network_checks_say_inconclusive(case: str) -> None:
    areas = ("tls.", "cert.", "http.", "header.", "cookie.", "port.", "dns.", "mail.", "disclosure.")
    results = {o.check: o.result for o in run_checks(CASES[case]) if o.check.startswith(areas)}
    assert {check for check, result in results.items() if result is not Outcome.INCONCLUSIVE} == set()


def test_judging_twice_gives_the_same() -> None:
    assert run_checks(CASES["every connection timed out"]) == run_checks(CASES["every connection timed out"])


def test_every_rule_belongs_to_a_known_area() -> None:
    assert {check.split(".")[0] for check in all_rules()} == set(AREAS)
