"""Rules of the area content on constructed pages: fault, no fault, nobody can say."""

from __future__ import annotations

import pytest

from secaudit.checks.disclosures import disclosures, listing_by
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import CrawlObservation, HttpExchange, HttpVisit, VisitEnd
from secaudit.model.words import Outcome
from tests.checks.judging import AT, judge, make_view

SITE = "https://xa.example"


def visit(purpose: str, body: str, url: str = f"{SITE}/", status: int = 200, **more: object) -> HttpVisit:
    exchange = HttpExchange(
        url=url, status=status, headers=(("Content-Type", "text/html"),), body=body, body_sha256=str(hash(body)), **more
    )  # type: ignore[arg-type]
    return HttpVisit.model_validate({"target": url, "at": AT, "purpose": purpose, "exchanges": (exchange,)})


def site(
    *bodies: str, url: str = f"{SITE}/", others: tuple[HttpVisit, ...] = (), stopped: Reason | None = None
) -> View:
    """Return a view of a crawl: the first body is the home page, the others are further pages."""
    pages = [visit("home", bodies[0], url)] + [visit("crawl", b, f"{SITE}/{n}") for n, b in enumerate(bodies[1:], 1)]
    crawl = CrawlObservation(target=url, at=AT, pages=len(bodies), planned=10, stopped=stopped)
    return make_view([*pages, visit("no-such-page", "<p>404</p>", f"{SITE}/x", 404), *others, crawl])


CLEAN = (
    "<title>Xã</title><link rel=stylesheet href=/a.css><script src=/a.js></script><img src=/a/b.png><form action=/tim>"
)
FAULTS = {
    "content.mixed-active": ('<script src="http://cdn.example/a.js"></script>', "cdn.example"),
    "content.mixed-passive": ('<img src="http://anh.example:81/a.png">', "anh.example:81"),
    "content.no-sri": ('<link rel="stylesheet" href="//cdn.example/a.css">', "cdn.example"),
    "content.insecure-form": ('<form action="http://xa.example/gui" method=post>', "http://xa.example/gui"),
    "content.password-over-http": (
        '<form action="http://xa.example/vao?a=1"><input type=PASSWORD>',
        "http://xa.example/vao",
    ),
    "content.directory-listing": (
        '<h1>Index of /a/</h1><hr><pre><a href="../">../</a>\n<a href="x">x</a></pre>',
        "/1",
    ),
    "content.error-disclosure": ("<b>Warning</b>:  x() failed in <b>/var/www/a.php</b> on line <b>3</b>", "php"),
}


@pytest.mark.parametrize("check", FAULTS)
def test_each_fault_is_found_once_with_its_place_and_pages(check: str) -> None:
    body, place = FAULTS[check]
    [verdict] = judge(check, site(CLEAN, body, body if check != "content.directory-listing" else CLEAN))
    assert (verdict.result, verdict.place, verdict.target) == (Outcome.FAIL, place, f"{SITE}/")
    assert verdict.evidence["pages"] == [f"{SITE}/1", f"{SITE}/2"][: int(str(verdict.evidence["on"]))]


@pytest.mark.parametrize("check", FAULTS)
def test_a_clean_site_passes(check: str) -> None:
    folder = visit("crawl", "<p>cấm</p>", f"{SITE}/a/", 403)
    [verdict] = judge(check, site(CLEAN, CLEAN, others=(folder,)))
    assert verdict.result is Outcome.PASS


@pytest.mark.parametrize("check", FAULTS)
def test_nobody_can_say_without_a_whole_look(check: str) -> None:
    blocked = Reason(code="crawl-blocked", params={"requests": 5, "status": 429})
    crawl = CrawlObservation(target=f"{SITE}/", at=AT, pages=1)
    cut = make_view([visit("home", CLEAN, truncated=True), visit("no-such-page", "", status=404), crawl])
    lost = HttpVisit(target=f"{SITE}/", at=AT, purpose="home", end=VisitEnd.FAULT, fault=Reason(code="connect-refused"))
    for view, code in (
        (make_view([]), "probe-not-run"),
        (make_view([], missing={"crawl": Reason(code="probe-crashed")}), "probe-crashed"),
        (make_view([lost, crawl]), "connect-refused"),
        (site(CLEAN, stopped=blocked), "crawl-blocked"),
        (make_view([visit("home", "<p>bảo trì</p>", status=503), crawl]), "crawl-home-status"),
        (cut, "crawl-page-cut"),
    ):
        [verdict] = judge(check, view)
        assert verdict.reason is not None
        assert (verdict.result, verdict.reason.code) == (Outcome.INCONCLUSIVE, code)


def test_mixed_content_does_not_arise_on_a_plain_site() -> None:
    view = site('<script src="http://cdn.example/a.js"></script>', url="http://xa.example/")
    for check in ("content.mixed-active", "content.mixed-passive"):
        [verdict] = judge(check, view)
        assert (verdict.result, verdict.reason) == (Outcome.NOT_APPLICABLE, Reason(code="no-https"))


def test_integrity_of_own_and_related_hosts_is_not_asked_for() -> None:
    body = '<script src="https://tinh.gov.vn/a.js"></script><script src="/b.js"></script>'
    view = make_view(
        [
            visit("home", body, "https://xa.tinh.gov.vn/"),
            CrawlObservation(target="https://xa.tinh.gov.vn/", at=AT, pages=1),
        ]
    )
    assert [v.result for v in judge("content.no-sri", view)] == [Outcome.PASS]


def test_a_weak_digest_is_none() -> None:
    body = '<script src="https://cdn.example/a.js" integrity="md5-abc"></script>'
    assert [v.result for v in judge("content.no-sri", site(body))] == [Outcome.FAIL]


def test_a_password_field_that_http_may_also_show_leaves_it_open() -> None:
    field = '<form action="/vao" method=post><input type=password></form>'
    plain = visit("page-http", CLEAN, "http://xa.example/")
    [verdict] = judge("content.password-over-http", site(CLEAN, field, others=(plain,)))
    assert verdict.reason is not None
    assert verdict.reason.code == "content-http-side-unseen"


def test_folders_that_nobody_opened_leave_listings_open() -> None:
    [verdict] = judge("content.directory-listing", site(CLEAN))
    assert verdict.reason == Reason(code="content-no-folder")


APACHE = """<html><head><title>Index of /upload</title></head><body><h1>Index of /upload</h1>
<table><tr><th><a href="?C=N;O=D">Name</a></th></tr><tr><td><a href="/">Parent Directory</a></td></tr></table>"""
IIS = """<html><head><title>xa.example - /files/</title></head><body><H1>xa.example - /files/</H1><hr>

<pre><A HREF="/">[To Parent Directory]</A><br><br> 5/12/2026  8:00 AM  <A HREF="/files/a.pdf">a.pdf</A></pre>"""
LIGHTTPD = """<title>Index of /a/</title></head><body><h2>Index of /a/</h2><div class="list">
<table summary="Directory Listing" cellpadding="0">"""
PYTHON = """<head><title>Directory listing for /a/</title></head><body><h1>Directory listing for /a/</h1>
<hr>
<ul>
<li><a href="x">x</a></li>"""


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (APACHE, "Apache"),
        ('<h1>Index of /a/</h1><hr><pre><a href="../">../</a>', "nginx"),
        (IIS, "IIS"),
        (LIGHTTPD, "lighttpd"),
        (PYTHON, "Python"),
        ("<title>Index of /a</title><h1>Index of documents by subject</h1><p>…</p>", ""),
        ("<h1>Index of /bai-viet</h1><p>Bài viết nói về directory listing.</p>", ""),
    ],
)
def test_listings_are_known_by_what_their_server_writes(body: str, server: str) -> None:
    assert listing_by(body) == server


@pytest.mark.parametrize(
    ("body", "status", "kinds"),
    [
        ("Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f", 500, ["python"]),
        ("<pre>java.lang.NullPointerException\n\tat vn.xa.Cong.mo(Cong.java:42)</pre>", 500, ["java"]),
        ("Server Error in '/' Application. x [NullReferenceException: Object reference not set]", 500, ["asp.net"]),
        ("You have an error in your SQL syntax; check the manual", 500, ["sql"]),
        (r"Could not find file C:\inetpub\wwwroot\xa\web.config", 404, ["path"]),
        ("Bài học: thông báo You have an error in your SQL syntax nghĩa là gì, thư mục /var/www/html/a.php", 200, []),
        ("<h1>404</h1><p>Không tìm thấy trang.</p>", 404, []),
        ("<p>Warning: the road in the mountains is closed on line 3</p>", 200, []),
    ],
)  # fmt: skip
def test_what_an_error_page_gives_away(body: str, status: int, kinds: list[str]) -> None:
    assert [found.kind for found in disclosures(body, status)] == kinds
