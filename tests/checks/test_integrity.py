"""Rules of the area integrity on constructed pages: fault, no fault, nobody can say."""

from __future__ import annotations

import pytest

from secaudit.checks.sent_elsewhere import sent_from_search, sent_to
from secaudit.checks.spam_score import leads_to_betting, score_addresses
from secaudit.checks.view import View
from secaudit.checks.vocabulary import fold, vocabulary
from secaudit.html.page import Link, read_page
from secaudit.model.base import Reason
from secaudit.model.observation import (
    CrawlObservation,
    HttpExchange,
    HttpVisit,
    Observation,
    ScriptHostObservation,
    VisitEnd,
)
from secaudit.model.words import Outcome
from tests.checks.judging import AT, judge, make_view

URL = "https://xa.tinh.gov.vn/"
HOME = "<title>Xã Mẫu</title><h1>Tin tức</h1><p>Hội nghị tổng kết của xã với nhiều nội dung quan trọng.</p>"
BETTING = "<title>Nhà cái uy tín</title><h1>Tài xỉu online</h1><a href='https://vua88bet.example/'>Đăng ký nhận 88k</a>"
ALWAYS = (
    "integrity.gambling-spam",
    "integrity.hidden-links",
    "integrity.cloaking",
    "integrity.search-redirect",
    "integrity.defaced",
    "integrity.unregistered-script-domain",
)


def visit(purpose: str, body: str = HOME, status: int = 200, url: str = URL, **more: object) -> HttpVisit:
    page = HttpExchange(url=url, status=status, headers=(("content-type", "text/html"),), body=body)
    return HttpVisit.model_validate({"target": URL, "at": AT, "purpose": purpose, "exchanges": (page,), **more})


def site(*visits: Observation, changed: bool = False, stopped: Reason | None = None) -> View:
    """Return a view of a crawl; home and both other eyes see `HOME` unless a visit says otherwise."""
    given = {v.purpose for v in visits if isinstance(v, HttpVisit)}
    plain = [visit(purpose) for purpose in ("home", "as-crawler", "as-search-visitor") if purpose not in given]
    crawl = CrawlObservation(target=URL, at=AT, pages=5, changed=changed, stopped=stopped)
    return make_view([*plain, *visits, crawl])


def results(check: str, view: View) -> dict[str, tuple[Outcome, str]]:
    """Return result and reason code by place."""
    return {v.place: (v.result, v.reason.code if v.reason else "") for v in judge(check, view)}


@pytest.mark.parametrize("check", ALWAYS)
def test_a_clean_site_passes(check: str) -> None:
    assert {result for result, _ in results(check, site()).values()} == {Outcome.PASS}


@pytest.mark.parametrize("check", (*ALWAYS, "integrity.changed"))
def test_nobody_can_say_without_a_look(check: str) -> None:
    code = "no-baseline" if check == "integrity.changed" else "probe-not-run"
    assert {reason for _, reason in results(check, make_view([])).values()} == {code}


@pytest.mark.parametrize("check", ALWAYS)
def test_a_crawl_that_was_blocked_leaves_it_open(check: str) -> None:
    blocked = Reason(code="crawl-blocked", params={"requests": 4, "status": 429})
    assert set(results(check, site(stopped=blocked)).values()) == {(Outcome.INCONCLUSIVE, "crawl-blocked")}


def test_betting_in_the_sitemap_alone_is_enough() -> None:
    urls = "".join(f"<url><loc>{URL}{name}</loc></url>" for name in ("nha-cai-uy-tin", "tai-xiu-online", "no-hu"))
    page = HttpExchange(url=f"{URL}sitemap.xml", status=200, body=f"<urlset>{urls}</urlset>")
    sitemap = HttpVisit(target=page.url, at=AT, purpose="sitemap", exchanges=(page,))
    [verdict] = judge("integrity.gambling-spam", site(sitemap))
    assert verdict.result is Outcome.FAIL
    assert "pages" in verdict.evidence


def test_news_addresses_in_a_sitemap_score_nothing() -> None:
    news = [
        f"{URL}tin/{name}" for name in ("triet-pha-duong-day-ca-do-bong-da", "canh-bao-no-hu", "bat-giu-nhom-xoc-dia")
    ]
    assert score_addresses(news).points == 0
    assert score_addresses([f"{URL}QD88.pdf", f"{URL}goi-thau-88"]).points == 0


@pytest.mark.parametrize(
    ("purpose", "seen", "expected"),
    [
        ("as-crawler", visit("as-crawler", BETTING), (Outcome.FAIL, "")),
        ("as-search-visitor", visit("as-search-visitor", BETTING), (Outcome.FAIL, "")),
        (
            "as-crawler",
            visit("as-crawler", HOME + "".join(f"<a href=https://la{n}.example/>x</a>" for n in range(6))),
            (Outcome.FAIL, ""),
        ),
        (
            "as-crawler",
            visit("as-crawler", end=VisitEnd.OFF_SCOPE, next_url="https://la.example/"),
            (Outcome.FAIL, ""),
        ),
        ("as-crawler", visit("as-crawler", HOME + "<p>thời tiết</p>"), (Outcome.PASS, "")),
        (
            "as-search-visitor",
            visit("as-search-visitor", HOME + "<a href=https://la.example/>Quảng cáo</a>"),
            (Outcome.PASS, ""),
        ),
        ("as-crawler", visit("as-crawler", "<h1>403</h1>", 403), (Outcome.INCONCLUSIVE, "integrity-eyes-refused")),
        (
            "as-crawler",
            visit("as-crawler", "<title>Just a moment...</title><p>Checking your browser</p>"),
            (Outcome.INCONCLUSIVE, "integrity-eyes-differ"),
        ),
        (
            "as-crawler",
            HttpVisit(target=URL, at=AT, purpose="as-crawler", end=VisitEnd.FAULT, fault=Reason(code="http-no-answer")),
            (Outcome.INCONCLUSIVE, "http-no-answer"),
        ),
    ],
)  # fmt: skip
def test_what_other_eyes_see(purpose: str, seen: HttpVisit, expected: tuple[Outcome, str]) -> None:
    if seen.end is VisitEnd.FAULT:
        lost = HttpExchange(url=URL, fault=seen.fault)
        seen = seen.model_copy(update={"exchanges": (lost,)})
    assert results("integrity.cloaking", site(seen))[purpose] == expected


def test_a_telephone_version_is_no_cloak() -> None:
    mobile = visit(
        "as-search-visitor", "<title>Xã Mẫu - di động</title><h1>Tin tức</h1><p>Hội nghị tổng kết của xã</p>",
        url="https://m.xa.tinh.gov.vn/",
    )  # fmt: skip
    view = site(mobile)
    assert results("integrity.cloaking", view)["as-search-visitor"][0] is not Outcome.FAIL
    assert results("integrity.search-redirect", view)[""] == (Outcome.PASS, "")


def test_a_page_that_changes_by_itself_is_not_called_cloaked() -> None:
    again = visit(
        "home-again", "<title>Khác</title>" + "".join(f"<a href=https://q{n}.example/>x</a>" for n in range(9))
    )
    other = visit("as-crawler", "<title>Lạ</title>" + "".join(f"<a href=https://p{n}.example/>x</a>" for n in range(9)))
    view = site(again, other, changed=True)
    assert results("integrity.cloaking", view)["as-crawler"] == (Outcome.INCONCLUSIVE, "integrity-site-changed")


def test_where_search_visitors_are_sent() -> None:
    away = visit("as-search-visitor", "", 302, end=VisitEnd.OFF_SCOPE, next_url="https://la.example/?a")
    assert results("integrity.search-redirect", site(away))[""][0] is Outcome.FAIL
    everybody = visit("home", "", 302, end=VisitEnd.OFF_SCOPE, next_url="https://la.example/")
    assert results("integrity.search-redirect", site(away, everybody))[""][0] is not Outcome.FAIL
    by_page = visit("as-search-visitor", HOME + '<meta http-equiv="refresh" content="0;url=https://la.example/">')
    [verdict] = judge("integrity.search-redirect", site(by_page))
    assert (verdict.result, verdict.evidence["leads_to"]) == (Outcome.FAIL, "la.example")


@pytest.mark.parametrize(
    ("script", "hosts"),
    [
        ("if(document.referrer.match(/google/)){location.replace('//la.example/x')}", {"la.example"}),
        ("if(/bing/.test(document.referrer)) window.top.location = \"https://la.example/\";", {"la.example"}),
        ("if(/google/.test(document.referrer)) location.href='/tin';", set()),
        ("ga('send', document.referrer, 'google'); var u = location.href;", set()),
        ("location.href = 'https://xa.tinh.gov.vn/google'; document.referrer", set()),
    ],
)  # fmt: skip
def test_scripts_that_send_search_visitors_away(script: str, hosts: set[str]) -> None:
    assert sent_from_search(read_page(f"<script>{script}</script>", URL)) == hosts


def test_scripts_that_send_everybody_away() -> None:
    assert sent_to(read_page("<script>window.location='https://la.example'</script>", URL)) == {"la.example"}


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("<title>Hacked By X</title><p>" + "tin " * 2000, Outcome.FAIL),
        ("<title>xã</title><h1>H4CK3D BY team</h1>", Outcome.FAIL),
        ("<p>Your security is low! greetz to all</p>", Outcome.FAIL),
        ("<title>Trang xã từng bị hacked by nhóm lạ, công an vào cuộc</title>", Outcome.PASS),
        ("<title>An ninh mạng</title><p>" + "bài viết " * 400 + "hiện chữ Hacked by ABC</p>", Outcome.PASS),
    ],
)
def test_marks_of_attackers(body: str, outcome: Outcome) -> None:
    assert results("integrity.defaced", site(visit("home", body)))[""][0] is outcome


def test_script_hosts_that_are_gone_fail_each_and_unknown_ones_stay_open() -> None:
    def host(name: str, resolution: str, fault: Reason | None = None) -> ScriptHostObservation:
        values = {"target": name, "at": AT, "host": name, "resolution": resolution, "fault": fault}
        return ScriptHostObservation.model_validate(values)

    page = visit("home", "<script src=https://mat.example/a.js></script>")
    fault = Reason(code="crawl-name-not-looked", params={"host": "im.example", "detail": "Timeout"})
    view = site(
        page,
        host("mat.example", "no-such-name"),
        host("im.example", "not-looked", fault),
        host("co.example", "resolves"),
    )
    assert results("integrity.unregistered-script-domain", view) == {
        "mat.example": (Outcome.FAIL, ""),
        "im.example": (Outcome.INCONCLUSIVE, "crawl-name-not-looked"),
    }
    assert judge("integrity.unregistered-script-domain", view)[0].evidence["pages"] == [URL]


@pytest.mark.parametrize(
    ("text", "url", "betting"),
    [
        ("nhà cái", "https://abc.example/", True),
        ("xem thêm", "https://taixiuonline.example/", True),
        ("789bet", "https://x.example/", True),
        ("Siêu thị điện máy 88", "https://dienmay88.example/", False),
        ("vua88", "https://vua88.example/", True),
        ("Công an triệt phá nhà cái", "https://bao.example/", False),
        ("nhà cái", "https://vnexpress.net/tin", False),
        ("nhà cái", "https://xa.tinh.gov.vn/tin", False),
        ("nhá cài", "https://abc.example/", False),
        ("NHA CAI", "https://abc.example/", True),
    ],
)
def test_which_links_lead_to_betting(text: str, url: str, betting: bool) -> None:
    assert leads_to_betting(Link(url, text), "xa.tinh.gov.vn") is betting


def test_diacritics_are_taken_off_letter_by_letter() -> None:
    folded = fold("Đặt  CƯỢC Tài\u0309 ỉ")
    assert folded.bare == "dat cuoc tai i"
    assert len(folded.bare) == len(folded.text)


def test_terms_need_whole_words_and_the_right_letters() -> None:
    found = vocabulary().gambling.found
    assert not found(fold("slotted internet alphabet"))
    assert not found(fold("lo de nghi"))
    assert {term.term for term in found(fold("chơi lô đề"))} == {"lô đề"}
