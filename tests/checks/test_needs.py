"""Which probes a check needs is said beside it, and is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.app.audit import scan_and_judge
from secaudit.app.events import Silent
from secaudit.app.knowledge import Knowledge
from secaudit.checks.registry import all_rules, probes_of, run_checks
from secaudit.checks.view import _PROBE_OF, View, view_of
from secaudit.demo.site import demo_site
from secaudit.model.base import Reason
from secaudit.model.judgement import CheckOutcome
from secaudit.model.observation import HttpVisit, Observation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import PROBES
from secaudit.store.workspace import Workspace

OF_HTTP = {"page-https", "page-http", "trace", "options", "cors"}
OF_DISCLOSURE = {"security-txt", "contact-page"}


def test_every_check_says_which_probes_it_needs() -> None:
    for check in all_rules():
        needs = probes_of(check)
        assert needs, check
        assert set(needs) <= set(PROBES), check
    with pytest.raises(KeyError):
        probes_of("tls.unheard-of")


def test_the_probe_that_a_blind_check_asks_for_is_one_that_it_needs() -> None:
    view = View(parse_target("https://xa.mau.gov.vn/"), ScanOptions(), datetime.now(UTC), (), {})
    asked = {o.check: o.reason.params["probe"] for o in run_checks(view) if o.reason and "probe" in o.reason.params}
    assert len(asked) > 100
    assert {check: probe for check, probe in asked.items() if probe not in probes_of(check)} == {}


def probe_of(seen: Observation) -> str:
    """Return which probe made an observation; pages are told apart by why they were asked for."""
    if not isinstance(seen, HttpVisit):
        return _PROBE_OF[type(seen)]
    return "http" if seen.purpose in OF_HTTP else "disclosure" if seen.purpose in OF_DISCLOSURE else "crawl"


def said(view: View) -> dict[str, list[CheckOutcome]]:
    outcomes: dict[str, list[CheckOutcome]] = {}
    for outcome in run_checks(view):
        outcomes.setdefault(outcome.check, []).append(outcome)
    return outcomes


@pytest.mark.network
@pytest.mark.slow
def test_what_a_check_says_does_not_change_without_the_probes_that_it_does_not_need(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "w") as workspace, demo_site() as site:
        target = parse_target(site.url)
        options = ScanOptions(profile="quick", port_engine="embedded", http_port=site.http_port)
        _, judged = scan_and_judge(workspace, target, options, Knowledge(), lambda: datetime.now(UTC), Silent())
    whole = view_of(judged.scan)
    before = said(whole)
    assert {probe_of(seen) for seen in whole.observations} >= {
        "http",
        "tls",
        "crawl",
        "exposure",
        "ports",
        "disclosure",
    }
    for probe in PROBES:
        rest = [seen for seen in whole.observations if probe_of(seen) != probe]
        blind = replace(whole, observations=rest, missing={probe: Reason(code="probe-not-run")}, _kept={})
        after = said(blind)
        changed = {check for check in before if probe not in probes_of(check) and after[check] != before[check]}
        assert changed == set(), probe
