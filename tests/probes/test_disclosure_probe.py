"""The disclosure probe: against real pages with a known truth, and its way through menus."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.checks.view import View
from secaudit.model.observation import OBSERVATION, HttpVisit
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome
from secaudit.probes.disclosure.links import contact_links
from secaudit.probes.disclosure.probe import DisclosureProbe
from secaudit.probes.gate import Gate
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.probe import HttpProbe
from secaudit.probes.probe import ProbeContext
from tests.checks.judging import failing, judge, judge_areas
from tests.servers.authority import LabAuthority
from tests.servers.hostile import dripping_body, endless_body, hostile, reply
from tests.servers.state_page import ADDRESSES, PAGES, Served, state_page

AREAS = ("site", "disclosure")
HOME = parse_target("https://khetre.hue.gov.vn/trang-chu")
PAGES_OPTIONS = ScanOptions(contact="it@hue.gov.vn")


def now() -> datetime:
    return datetime.now(UTC)


def context_of(served: Served) -> ProbeContext:
    return ProbeContext(Gate([], now, lambda host: ADDRESSES[host]), served.options, now)


def look(served: Served) -> View:
    """Run both probes that a judgement of these areas rests on."""
    context = context_of(served)
    seen = [*HttpProbe().run(served.target, context), *DisclosureProbe().run(served.target, context)]
    return View(served.target, served.options, now(), seen, {})


def own(view: View) -> list[HttpVisit]:
    return [visit for visit in view.seen(HttpVisit) if visit.purpose in ("security-txt", "contact-page")]


@pytest.mark.network
@pytest.mark.parametrize("name", PAGES)
def test_the_known_truth_of_a_page(name: str, tmp_path: Path, authority: LabAuthority) -> None:
    with state_page(tmp_path, name, authority) as served:
        view = look(served)
    assert failing(view, AREAS) == set(served.page.failing)
    judged = judge_areas(view, AREAS)
    blind = {check for check, verdicts in judged.items() for v in verdicts if v.result is Outcome.INCONCLUSIVE}
    assert blind == {"site.hosted-abroad", *served.page.open}


@pytest.mark.network
def test_what_is_requested_is_little_and_in_order(tmp_path: Path, authority: LabAuthority) -> None:
    with state_page(tmp_path, "many-contacts", authority) as served:
        visits = list(DisclosureProbe().run(served.target, context_of(served)))
        requests = served.requests()
    assert requests == [
        "/.well-known/security.txt", "/security.txt", "/", "/lien-he-0.html", "/lien-he-1.html", "/lien-he-2.html",
    ]  # fmt: skip
    unread = visits[-1]
    assert unread.fault is not None
    assert (unread.fault.code, unread.exchanges) == ("contact-page-limit", ())
    agents = {value for v in visits for e in v.exchanges for key, value in e.request_headers if key == "User-Agent"}
    assert all("it@hue.gov.vn" in agent for agent in agents)


@pytest.mark.network
def test_a_page_out_of_scope_is_not_connected_to(tmp_path: Path, authority: LabAuthority) -> None:
    with state_page(tmp_path, "elsewhere", authority) as served:
        view = look(served)
    last = own(view)[-1]
    assert last.fault is not None
    assert (last.fault.code, last.address) == ("not-in-scope", "")
    [verdict] = judge("site.incident-contact-missing", view)
    assert verdict.reason is not None
    assert verdict.reason.code == "site-incident-mentioned", "the words of the menu decide nothing"


@pytest.mark.network
def test_observations_survive_being_stored(tmp_path: Path, authority: LabAuthority) -> None:
    with state_page(tmp_path, "contact-page", authority) as served:
        view = look(served)
    again = [OBSERVATION.validate_python(json.loads(seen.model_dump_json())) for seen in view.observations]
    stored = View(view.target, view.options, view.at, again, {})
    assert judge_areas(stored, AREAS) == judge_areas(view, AREAS)


@pytest.mark.network
@pytest.mark.parametrize("kind", ["endless", "dripping", "not-http", "closing"])
def test_a_hostile_server_ends_in_time_and_passes_nothing(kind: str) -> None:
    answer = {"endless": endless_body, "dripping": dripping_body, "not-http": reply(b"\x00\x01"), "closing": reply(b"")}
    with hostile(answer[kind]) as server:
        target = parse_target(f"http://127.0.0.1:{server.port}/")
        served = Served(PAGES["good"], target, PAGES_OPTIONS.model_copy(update={"https_port": 1}), Path())
        began = time.monotonic()
        probe = DisclosureProbe(Limits(seconds=1, connect_seconds=1))
        seen = list(probe.run(target, context_of(served)))
    assert time.monotonic() - began < 10
    view = View(target, served.options, now(), seen, {})
    results = {verdict.result for verdicts in judge_areas(view, ("disclosure",)).values() for verdict in verdicts}
    assert Outcome.PASS not in results
    # An endless page is a page: no file stands there. Of the others nobody can tell.
    assert results == ({Outcome.FAIL, Outcome.NOT_APPLICABLE} if kind == "endless" else {Outcome.INCONCLUSIVE})


def test_a_plan_sends_nothing() -> None:
    steps = DisclosureProbe().plan(HOME, PAGES_OPTIONS)
    assert [step.what.code for step in steps] == ["disclosure-plan-file", "disclosure-plan-pages"]
    assert sum(step.connections for step in steps) == 6


def test_links_are_chosen_by_what_the_menu_says() -> None:
    markup = """
        <a href="/lien-he">Liên hệ</a> <a href="lien-he#ban-do">Liên lạc</a> <a href="/lien-he">LIÊN HỆ</a>
        <a href="https://hue.gov.vn/lien-he">Liên hệ tỉnh</a>
        <a href="https://hue.gov.vn/anm">Báo sự cố an ninh mạng</a>
        <a href="/su-co">Tiếp nhận sự cố</a> <a href="mailto:a@b.vn">Liên hệ</a> <a href="javascript:x()">Liên hệ</a>
        <a href="#lien-he">Liên hệ</a> <a href="http://[">Liên hệ</a> <a href="/tin">Tin tức</a> <a>Liên hệ</a>
        <a href="/tin-1">Tập huấn an toàn thông tin cho cán bộ, công chức xã và tổ công nghệ số cộng đồng</a>
    """
    assert [link.url for link in contact_links(HOME, markup)] == [
        "https://hue.gov.vn/anm",
        "https://khetre.hue.gov.vn/su-co",
        "https://khetre.hue.gov.vn/lien-he",
    ]


@pytest.mark.parametrize("markup", ["", "<a href", "<a href=x>" * 30_000, "<div>" * 60_000, "\x00</a\x00>"])
def test_odd_markup_gives_no_links(markup: str) -> None:
    assert contact_links(HOME, markup) == []
