"""The exposure probe and its checks against real nginx and Apache: exactly the known faults, gently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.exposure_look import ExposureObservation, FileLook, ScriptFileObservation
from secaudit.model.observation import OBSERVATION
from secaudit.model.words import Outcome, Profile
from secaudit.probes.exposure.limits import BUDGETS, FILE_BYTES
from secaudit.probes.exposure.probe import ExposureProbe
from tests.checks.judging import failing, judge_areas
from tests.probes.exposure.looking import look
from tests.servers.exposure import FAILING, SECRET, Site, exposure_lab
from tests.servers.process import require

pytestmark = pytest.mark.network
AREAS = ("expose", "software")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    require("nginx")
    require("apache2")
    with exposure_lab(tmp_path_factory.mktemp("exposure")) as running:
        yield running


def _inconclusive(view: View) -> dict[str, str]:
    return {
        check: verdict.reason.code
        for check, verdicts in judge_areas(view, AREAS).items()
        for verdict in verdicts
        if verdict.result is Outcome.INCONCLUSIVE and verdict.reason
    }


def _whole(view: View) -> ExposureObservation:
    (whole,) = view.seen(ExposureObservation)
    return whole


@pytest.mark.parametrize("name", FAILING)
def test_exactly_the_known_faults(sites: dict[str, Site], name: str) -> None:
    assert failing(look(sites[name]), AREAS) == sites[name].failing


@pytest.mark.parametrize("name", ["clean", "says-yes", "sends-home", "denies-dots"])
def test_a_site_without_faults_is_concluded_on(sites: dict[str, Site], name: str) -> None:
    assert _inconclusive(look(sites[name])) == {"software.server-eol": "software-server-hidden"}


def test_a_login_in_front_of_everything_is_not_called_an_open_panel(sites: dict[str, Site]) -> None:
    assert _inconclusive(look(sites["login-wall"]))["expose.admin-login"] == "exposure-answers-everything"


def test_a_firewall_leaves_the_rest_open_and_says_after_how_many_requests(sites: dict[str, Site]) -> None:
    notes: list[Reason] = []
    view = look(sites["firewall"], notes=notes)
    whole = _whole(view)
    assert whole.stopped is not None
    assert notes == [whole.stopped]
    assert whole.stopped.params["requests"] == whole.reliable
    assert 0 < whole.reliable < whole.asked < whole.planned
    blind = _inconclusive(view)
    assert blind["expose.admin-login"] == blind["expose.log"] == "exposure-blocked"
    verdicts = judge_areas(view, ["expose"])
    assert {v.result for check in verdicts.values() for v in check} <= {Outcome.PASS, Outcome.INCONCLUSIVE}


def test_nothing_secret_is_stored_and_little_is_taken(sites: dict[str, Site]) -> None:
    view = look(sites["exposed"])
    stored = b"".join(OBSERVATION.dump_json(seen) for seen in view.observations)
    assert SECRET.encode() not in stored
    found = {seen.entry: seen for seen in view.seen(FileLook) if seen.status in (200, 206)}
    assert found["env"].excerpt.splitlines() == ["APP_NAME=***", "APP_KEY=***", "DB_PASSWORD=***", "MAIL_PASSWORD=***"]
    assert all(seen.body_bytes <= FILE_BYTES for name, seen in found.items() if name not in ("home", "phpinfo"))


@pytest.mark.parametrize("profile", list(Profile))
def test_requests_stay_within_the_plan(sites: dict[str, Site], profile: Profile) -> None:
    site = sites["old"]
    options = site.options(profile)
    view = look(site, options)
    planned = sum(step.connections for step in ExposureProbe().plan(site.target, options))
    scripts = view.seen(ScriptFileObservation)
    whole = _whole(view)
    # Beyond the plan: the refused try of https, and one more control where many addresses are refused.
    assert whole.asked + len(scripts) <= planned + 2
    assert len(scripts) <= BUDGETS[profile].scripts
    assert whole.stopped is None
    assert failing(view, ["software"]) == site.failing


def test_a_version_is_learnt_from_the_scripts_own_banner(sites: dict[str, Site]) -> None:
    verdicts = {verdict.place: verdict for verdict in judge_areas(look(sites["old"]), AREAS)["software.js-vulnerable"]}
    assert verdicts["jQuery"].evidence["version"] == "1.8.3"
    assert verdicts["jQuery"].evidence["certainty"] == "stated"
    assert verdicts["Bootstrap"].evidence["certainty"] == "likely"
    assert "CVE-2020-11023" in verdicts["jQuery"].evidence["vulnerabilities"]  # type: ignore[operator]


def test_nobody_listening_is_said(tmp_path: Path) -> None:
    from tests.servers.process import free_port

    site = Site("nobody", free_port(), tmp_path)
    view = look(site)
    assert _whole(view).fault is not None
    results = {v.result for verdicts in judge_areas(view, AREAS).values() for v in verdicts}
    assert results == {Outcome.INCONCLUSIVE}
