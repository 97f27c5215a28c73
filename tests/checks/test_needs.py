"""Which probes a check needs is said beside it, and is true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from secaudit.checks.registry import all_rules, probes_of, run_checks
from secaudit.checks.view import View
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import PROBES


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
