"""The crawl probe and the rules content and integrity against real sites: exactly the known truth, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.baseline import Baseline
from secaudit.model.observation import CrawlObservation, DocumentObservation, HttpVisit, Observation
from secaudit.model.words import Outcome, Profile
from secaudit.probes.crawl.limits import BOUNDS, most_requests
from secaudit.probes.crawl.names import NameLook
from secaudit.probes.crawl.probe import CrawlProbe
from secaudit.probes.gate import Gate
from secaudit.probes.http.probe import HttpProbe
from secaudit.probes.probe import ProbeContext
from tests.checks.judging import failing, judge, judge_areas
from tests.servers.content import ADDRESSES, CDN, FAILING, GONE, HOST, Site, content_lab

pytestmark = pytest.mark.network
AREAS = ("content", "integrity")


def lookup(host: str) -> NameLook:
    """Stand in for the resolver: one library's name exists, the other company's is gone, the rest was not asked for."""
    assert host in (CDN, GONE, "static.other.example")
    return NameLook("no-such-name", closest="example") if host == GONE else NameLook("resolves", ("192.0.2.8",))


def look(site: Site, **options: object) -> tuple[View, list[Reason], Gate]:
    """Return what the probes `http` and `crawl` see."""
    notes: list[Reason] = []
    gate = Gate([], lambda: datetime.now(UTC), lambda host: ADDRESSES.get(host, []))
    chosen = site.options.model_copy(update=options)
    context = ProbeContext(gate, chosen, lambda: datetime.now(UTC), note=notes.append)
    seen: list[Observation] = [
        *HttpProbe().run(site.target, context),
        *CrawlProbe(lookup=lookup).run(site.target, context),
    ]
    return View(site.target, chosen, datetime.now(UTC), seen, {}), notes, gate


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    with content_lab(tmp_path_factory.mktemp("content")) as sites:
        yield sites


@pytest.mark.parametrize("name", FAILING)
def test_exactly_the_known_faults_are_found(lab: dict[str, Site], name: str) -> None:
    view, _, _ = look(lab[name])
    assert failing(view, AREAS) == lab[name].failing


def test_nothing_is_left_open_on_the_good_site(lab: dict[str, Site]) -> None:
    view, notes, _ = look(lab["good"])
    results = {name: {v.result for v in verdicts} for name, verdicts in judge_areas(view, AREAS).items()}
    assert results.pop("integrity.changed") == {Outcome.NOT_APPLICABLE}
    assert {name for name, found in results.items() if found != {Outcome.PASS}} == set()
    assert [note.code for note in notes] == ["crawl-note-eyes"]


def test_what_a_crawl_sends(lab: dict[str, Site]) -> None:
    view, _, gate = look(lab["good"])
    visits = [v for v in view.seen(HttpVisit) if not v.purpose.startswith(("page-", "trace", "options", "cors"))]
    sent = [exchange for visit in visits for exchange in visit.exchanges]
    documents = len(view.seen(DocumentObservation))
    assert {re.sub(r":\d+", "", e.url.split("/")[2]) for e in sent} == {HOST}
    assert not [e for e in sent if "dang-xuat" in e.url or e.method != "GET"]
    [crawl] = view.seen(CrawlObservation)
    assert crawl.requests == len(sent) + documents <= most_requests(BOUNDS[Profile.STANDARD])
    assert crawl.skipped["crawl-skip-dangerous"] == 1
    by_purpose = {visit.purpose: dict(visit.exchanges[0].request_headers) for visit in visits}
    assert "Googlebot" in by_purpose["as-crawler"]["User-Agent"]
    assert by_purpose["as-search-visitor"]["Referer"] == "https://www.google.com/"
    for purpose in ("home", "as-crawler", "as-search-visitor", "crawl"):
        assert by_purpose[purpose]["From"] == "it@commune.example"
        assert by_purpose[purpose]["X-Secaudit"].startswith("secaudit/")
    assert by_purpose["robots"]["User-Agent"].startswith("secaudit/")
    assert gate.connections >= crawl.requests


@pytest.mark.parametrize(("profile", "most"), [(Profile.QUICK, 3), (Profile.STANDARD, 10)])
def test_a_profile_fetches_no_more_pages_than_it_promises(lab: dict[str, Site], profile: Profile, most: int) -> None:
    view, _, _ = look(lab["good"], profile=profile)
    pages = [v for v in view.seen(HttpVisit) if v.purpose in ("home", "crawl")]
    assert len(pages) <= most
    [crawl] = view.seen(CrawlObservation)
    assert crawl.requests <= most_requests(BOUNDS[profile])


def test_the_hacked_site_is_explained(lab: dict[str, Site]) -> None:
    view, notes, _ = look(lab["hacked"])
    [spam] = judge("integrity.gambling-spam", view)
    assert any("upload/nha-cai-uy-tin.html" in str(entry) for entry in spam.evidence["sitemap"])  # type: ignore[union-attr]
    assert any("(as-crawler" in str(entry) for entry in spam.evidence["pages"])  # type: ignore[union-attr]
    [redirect] = judge("integrity.search-redirect", view)
    assert redirect.evidence["leads_to"] == "nhacai88.example"
    cloaking = {verdict.place: verdict for verdict in judge("integrity.cloaking", view)}
    assert cloaking["as-crawler"].evidence["title_here"] == "Nhà cái uy tín - link vào nhà cái mới nhất"
    assert cloaking["as-search-visitor"].result is Outcome.INCONCLUSIVE
    [hidden] = judge("integrity.hidden-links", view)
    assert "nhacai88.example: nhà cái uy tín (off-screen)" in hidden.evidence["selling"]  # type: ignore[operator]
    assert {visit.purpose for visit in view.seen(HttpVisit)} >= {"home-again", "sitemap", "robots", "no-such-page"}
    assert not [note for note in notes if note.code == "crawl-site-changed"]


def test_uploaded_documents_are_read(lab: dict[str, Site]) -> None:
    view, _, _ = look(lab["uploaded"])
    documents = {document.target.rpartition("/")[2]: document for document in view.seen(DocumentObservation)}
    assert set(documents) == {"van-ban-17.pdf", "thong-bao.pdf"}
    bad = documents["van-ban-17.pdf"]
    assert (bad.offered, bad.fault, bad.pages) == ("sitemap", None, 1)
    assert "Nhà cái uy tín" in bad.title
    assert "https://nhacai88.example/" in bad.links
    [spam] = judge("integrity.gambling-spam", view)
    assert any("van-ban-17.pdf (PDF" in str(entry) for entry in spam.evidence["pages"])  # type: ignore[union-attr]
    assert not any("thong-bao" in str(entry) for entry in spam.evidence["pages"])  # type: ignore[union-attr]
    quick, _, _ = look(lab["uploaded"], profile=Profile.QUICK)
    assert quick.seen(DocumentObservation) == []


def test_drift_from_an_accepted_look(lab: dict[str, Site]) -> None:
    view, _, _ = look(lab["good"])
    home = view.visit("home")
    assert home is not None and home.page is not None
    accepted = Baseline(
        title="Trang thông tin điện tử xã Mẫu", outline=("header#dau", "nav#menu", "main", "h1", "form", "footer#chan"),
        script_hosts=(CDN,), scan="20260504-0800-aaaaaa", accepted_at=datetime(2026, 5, 4, tzinfo=UTC), accepted_by="A",
    )  # fmt: skip
    for update, places in (
        ({}, []),
        ({"title": "Trang khác"}, ["title"]),
        ({"script_hosts": ()}, [f"script {CDN}"]),
        ({"outline": ("table", "frame other.example")}, ["outline"]),
    ):
        options = view.options.model_copy(update={"baseline": accepted.model_copy(update=update)})
        verdicts = judge("integrity.changed", View(view.target, options, view.at, view.observations, {}))
        assert [v.place for v in verdicts if v.result is Outcome.FAIL] == places
