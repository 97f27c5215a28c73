"""Reading pages: what is hidden and how, and what broken or hostile markup gives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secaudit.html.addresses import absolute, host_of, is_foreign, registered
from secaudit.html.depth import DEEPEST, shallow
from secaudit.html.page import read_page
from secaudit.html.sitemap import parse_sitemap

URL = "https://xa.example/tin/"
LINK = '<a href="https://la.example/">x</a>'


@pytest.mark.parametrize(
    ("markup", "how"),
    [
        (LINK, ""),
        (f'<div style="display: NONE !important">{LINK}</div>', "display-none"),
        (f"<div hidden>{LINK}</div>", "hidden-attribute"),
        (f'<p style="visibility:hidden">{LINK}</p>', "visibility-hidden"),
        (f'<p style="opacity:0">{LINK}</p>', "transparent"),
        (f'<p style="opacity:.9">{LINK}</p>', ""),
        (f'<p style="font-size:0px">{LINK}</p>', "tiny-text"),
        (f'<p style="font-size:14px">{LINK}</p>', ""),
        (f'<p style="position:absolute;left:-9999px">{LINK}</p>', "off-screen"),
        (f'<p style="position:fixed;top:-200em">{LINK}</p>', "off-screen"),
        (f'<p style="position:absolute;left:-280px">{LINK}</p>', ""),
        (f'<p style="left:-9999px">{LINK}</p>', ""),
        (f'<p style="text-indent:-9999px">{LINK}</p>', "off-screen"),
        (f'<p style="height:0;overflow:hidden">{LINK}</p>', "no-size"),
        (f'<p style="height:0">{LINK}</p>', ""),
        (f'<p style="clip: rect(0 0 0 0)">{LINK}</p>', "clipped"),
        (f'<marquee height=1 width="1">{LINK}</marquee>', "no-size"),
        (f"<marquee>{LINK}</marquee>", ""),
        (f"<noscript>{LINK}</noscript>", "noscript"),
        (f'<div style="background:#FFF"><p style="color: rgb(255,255,255)">{LINK}</p></div>', "same-colour"),
        (f'<div style="background:#FFF"><p style="color:#000">{LINK}</p></div>', ""),
        (f"<style>/* a */ .x, #y{{display:none}}</style><b class='a x'>{LINK}</b>", "display-none"),
        (f"<style>ul.m li .s{{display:none}}</style><ul class=m><li><b class=s>{LINK}</b></li></ul>", "display-none"),
        (f"<style>ul.m li .s{{display:none}}</style><ol class=m><li><b class=s>{LINK}</b></li></ol>", ""),
        (f"<style>@media (max-width:600px){{.x{{display:none}}}}</style><b class=x>{LINK}</b>", ""),
        (f"<style>.x:hover{{display:none}}</style><b class=x>{LINK}</b>", ""),
        (f"<div id=q>{LINK}</div><script>document.getElementById('q').style.display='none'</script>", "display-none"),
    ],
)
def test_how_a_link_is_hidden(markup: str, how: str) -> None:
    [link] = read_page(f"<body>{markup}", URL).links
    assert link.hidden == how


def test_what_a_page_holds() -> None:
    page = read_page(
        '<html><head><base href="/g/"><title> Xã \n Mẫu</title><meta name=Description content="m ô tả">'
        "<meta http-equiv=refresh content=\"5; url='b.html'\"></head><body><header id=dau></header><nav></nav>"
        '<a href="x.html"><img src=1.png alt="ảnh"> chữ <b>đậm</b></a>'
        '<a href="javascript:x()">j</a><a href="mailto:a@b">m</a>'
        '<script src=//c.example/a.js integrity="sha384-x"></script><script>var a = "<a href=/z>";</script>'
        '<link rel="Stylesheet" href=s.css><iframe src=f.html></iframe><object data=o.swf></object>'
        '<form method=POST><input type=password><button formaction="http://k.example/">k</button></form>'
        "<input type=password><footer id=a123456789></footer>",
        URL,
    )
    assert (page.title, page.description, page.refresh) == ("Xã Mẫu", "m ô tả", "https://xa.example/g/b.html")
    assert [(link.url, link.text) for link in page.links] == [("https://xa.example/g/x.html", "ảnh chữ đậm")]
    assert [(s.url, s.integrity) for s in page.scripts] == [("https://c.example/a.js", "sha384-x"), ("", "")]
    assert [s.url for s in page.styles] == ["https://xa.example/g/s.css"]
    assert [f.url.rpartition("/")[2] for f in page.frames] == ["f.html", "o.swf"]
    assert [m.url.rpartition("/")[2] for m in page.media] == ["1.png"]
    assert [(f.action, f.method, f.password) for f in page.forms] == [
        ("http://k.example/", "post", False),
        (URL, "post", True),
    ]
    assert page.loose_password
    assert page.outline == ("header#dau", "nav", "iframe xa.example", "form", "footer")
    assert "chữ" in page.text
    assert "chữ" not in page.prose


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='<>/"= adivscriptnoyle!-&;#\x00\ud800ộ', max_size=400))
def test_any_text_gives_a_page(body: str) -> None:
    assert read_page(body.encode("utf-8", "replace").decode("utf-8"), URL).url == URL


@pytest.mark.parametrize("tag", ["<div>", "<b><i>", "<a href=x>", "<table><tr><td>", "<span></p>", "<font>" * 3])
def test_hostile_nesting_takes_no_time(tag: str) -> None:
    began = time.monotonic()
    page = read_page(tag * (1_000_000 // len(tag)), URL)
    assert time.monotonic() - began < 5
    assert page.cut


def test_ordinary_pages_are_not_cut() -> None:
    page = "<ul>" + "<li><p>a<br><div>b</div>" * 5000 + "</ul>"
    assert shallow(page) == (page, False)
    assert len(shallow("<div>" * 5000)[0]) == DEEPEST * 5


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("a b.html", "https://xa.example/tin/a b.html"),
        ("//k.example/x#y", "https://k.example/x"),
        ("\n/a\tb", "https://xa.example/ab"),
        ("http://[::1", ""),
        ("http://a:99999/", ""),
        ("", ""),
    ],
)
def test_addresses_are_joined_as_browsers_do(reference: str, url: str) -> None:
    assert absolute(URL, reference) == url


def test_hosts_belong_together_by_what_was_registered() -> None:
    assert registered("xa.tinh.gov.vn") == "tinh.gov.vn"
    assert registered("www.a.com") == "a.com"
    assert registered("127.0.0.1") == "127.0.0.1"
    assert is_foreign("cdn.b.com.vn", "a.com.vn")
    assert not is_foreign("cdn.a.com.vn", "www.a.com.vn")
    assert not is_foreign("", "a.vn")
    assert host_of("javascript:alert(1)") == host_of("http://[") == ""


def test_sitemaps_are_read_safely() -> None:
    url = "<url><loc> https://xa.example/a?b=1&amp;c=2 </loc></url>"
    assert parse_sitemap(f"<?xml version='1.0' encoding='x'?><urlset>{url}</urlset>").pages == (
        "https://xa.example/a?b=1&c=2",
    )
    index = "<sitemapindex xmlns='s'><sitemap><loc>https://xa.example/1.xml</loc></sitemap></sitemapindex>"
    assert parse_sitemap(index).sitemaps == ("https://xa.example/1.xml",)
    cut = parse_sitemap(f"<urlset>{url}<url><loc>https://xa")
    assert (len(cut.pages), cut.fault) == (1, "xml")
    bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c SYSTEM "file:///etc/passwd">]><urlset><url><loc>&c;</loc></url></urlset>'
    assert parse_sitemap(bomb) == parse_sitemap(bomb.replace("file:///etc/passwd", "x"))
    assert (parse_sitemap(bomb).pages, parse_sitemap(bomb).fault) == ((), "doctype")
    assert parse_sitemap("https://xa.example/a\nkhông\n").pages == ("https://xa.example/a",)
    assert parse_sitemap("<a>" * 100_000).fault == "xml"
