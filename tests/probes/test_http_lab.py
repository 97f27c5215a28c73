"""The HTTP probe and its checks against real servers: every page of the lab fails exactly what it must."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.model.observation import HttpVisit, VisitEnd
from secaudit.model.words import Outcome
from tests.checks.judging import failing, judge_areas
from tests.probes.http_look import WatchedGate, look
from tests.servers.authority import LabAuthority
from tests.servers.http import FAILING, HOST, OFF_SCOPE, Lab, http_lab
from tests.servers.nginx import nginx
from tests.servers.process import free_port, require

pytestmark = pytest.mark.network
APACHE = ("trace", "methods")


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Lab]]:
    require("nginx")
    names = [name for name in FAILING if name not in APACHE]
    with http_lab(tmp_path_factory.mktemp("http"), names) as running:
        yield running


def test_an_old_server_with_a_bad_certificate_is_still_seen(tmp_path: Path) -> None:
    pair = LabAuthority().issue("other.example", key="rsa1024", ends=timedelta(days=-1), self_signed=True)
    certificate, key = pair.write(tmp_path, "old")
    lab = Lab("old", free_port(), free_port())
    block = f"""server {{
  listen 127.0.0.1:{lab.https_port} ssl; ssl_protocols TLSv1; ssl_ciphers ALL:@SECLEVEL=0;
  ssl_certificate {certificate}; ssl_certificate_key {key};
  location / {{ return 200 "<h1>old</h1>"; }}
}}"""
    with nginx(tmp_path / "nginx", [block], [lab.https_port]), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        view = look(lab)
    visit = view.visit("page-https")
    assert visit is not None
    assert visit.page is not None
    assert visit.page.body == "<h1>old</h1>"
    assert warned == []


@pytest.fixture(scope="module")
def apache_labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Lab]]:
    require("apache2")
    with http_lab(tmp_path_factory.mktemp("apache"), APACHE) as running:
        yield running


@pytest.mark.parametrize("name", [name for name in FAILING if name not in APACHE])
def test_exactly_the_known_faults_on_nginx(labs: dict[str, Lab], name: str) -> None:
    assert failing(look(labs[name])) == labs[name].failing


@pytest.mark.parametrize("name", APACHE)
def test_exactly_the_known_faults_on_apache(apache_labs: dict[str, Lab], name: str) -> None:
    assert failing(look(apache_labs[name])) == apache_labs[name].failing


def test_nothing_is_left_open_on_the_good_page(labs: dict[str, Lab]) -> None:
    outcomes = {
        check: {verdict.result for verdict in verdicts} for check, verdicts in judge_areas(look(labs["good"])).items()
    }
    assert {check for check, results in outcomes.items() if Outcome.INCONCLUSIVE in results} == set()
    assert {check for check, results in outcomes.items() if results != {Outcome.PASS}} == set()


def test_nothing_is_sent_off_the_scope(labs: dict[str, Lab]) -> None:
    gate = WatchedGate()
    view = look(labs["off-scope"], gate)
    visit = view.visit("page-https")
    assert visit is not None
    assert visit.end is VisitEnd.OFF_SCOPE
    assert visit.next_url == f"https://{OFF_SCOPE}/tin-tuc?id=1"
    assert {host for host, _, _ in gate.entered} == {HOST}
    assert gate.connections == len(gate.entered) == 5


def test_five_visits_raw_and_in_order_received(labs: dict[str, Lab]) -> None:
    view = look(labs["cookies"])
    visits = {visit.purpose: visit for visit in view.seen(HttpVisit)}
    assert set(visits) == {"page-http", "page-https", "trace", "options", "cors"}
    page = visits["page-https"].page
    assert page is not None
    assert [value.partition("=")[0] for value in page.values("set-cookie")] == [
        "PHPSESSID",
        "lang",
        "XSRF-TOKEN",
        "embed",
        "wide",
        "old",
    ]
    assert "Trang thông tin điện tử xã" in page.body
    sent = dict(page.request_headers)
    assert sent["Host"] == f"{HOST}:{labs['cookies'].https_port}"
    assert sent["User-Agent"].endswith("(+authorised security self-check; contact: it@commune.example)")
    assert [exchange.status for exchange in visits["page-http"].exchanges] == [301, 200]
    assert visits["trace"].exchanges[0].method == "TRACE"


def test_a_page_behind_a_cookie_is_reached(labs: dict[str, Lab]) -> None:
    visit = look(labs["cookie-wall"]).visit("page-https")
    assert visit is not None
    assert visit.end is VisitEnd.FINAL
    assert [exchange.status for exchange in visit.exchanges] == [302, 200]
    assert ("Cookie", "pass=1") in visit.exchanges[1].request_headers


def test_the_error_page_is_judged_and_its_status_is_told(labs: dict[str, Lab]) -> None:
    verdict = judge_areas(look(labs["error-page"]))["header.csp-missing"][0]
    assert verdict.evidence["status"] == 503
