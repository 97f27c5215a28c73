"""The rules over visits captured from real servers: the same faults, without a network."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from secaudit.checks.view import View
from secaudit.model.observation import OBSERVATION
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target
from secaudit.model.words import Outcome
from tests.checks.judging import failing, judge_areas
from tests.servers.http import FAILING

CAPTURED = Path(__file__).parents[1] / "captured" / "http"


def captured(name: str) -> View:
    """Return the view of one captured page."""
    kept = json.loads((CAPTURED / f"{name}.json").read_text(encoding="utf-8"))
    return View(
        Target.model_validate(kept["target"]),
        ScanOptions.model_validate(kept["options"]),
        datetime.fromisoformat(kept["at"]),
        [OBSERVATION.validate_python(seen) for seen in kept["observations"]],
        {},
    )


@pytest.mark.parametrize("name", FAILING)
def test_captured_pages_fail_exactly_what_they_must(name: str) -> None:
    assert failing(captured(name)) == FAILING[name]


@pytest.mark.parametrize("name", FAILING)
def test_every_check_says_something_of_every_page(name: str) -> None:
    judged = judge_areas(captured(name))
    assert len(judged) == 29
    for verdicts in judged.values():
        assert verdicts
        for verdict in verdicts:
            assert (verdict.reason is None) is (verdict.result in (Outcome.PASS, Outcome.FAIL))
            json.dumps(verdict.evidence)


def test_pages_out_of_reach_leave_the_header_checks_open() -> None:
    for name, reason in (("loop", "http-redirect-loop"), ("off-scope", "http-redirect-off-scope")):
        judged = judge_areas(captured(name), ["header"])
        without_hsts = {check: verdicts for check, verdicts in judged.items() if "hsts" not in check}
        said = {(v.result, v.reason.code if v.reason else "") for verdicts in without_hsts.values() for v in verdicts}
        assert said == {(Outcome.INCONCLUSIVE, reason)}
