"""The text of a page: what a visitor reads, what is missing, and hostile markup."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.checks.page_text import KEPT_BYTES, Gap, is_html, page_text
from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange
from secaudit.probes.http.limits import TEXT_BYTES

HTML = (("Content-Type", "text/html; charset=utf-8"),)
WORDS = "Ủy ban nhân dân xã Khe Tre thông báo lịch tiếp công dân " * 8


def answer(body: str, **more: object) -> HttpExchange:
    facts = {"url": "https://xa.hue.gov.vn/", "status": 200, "headers": HTML, "body": body, "body_bytes": len(body)}
    return HttpExchange.model_validate({**facts, **more})


def test_the_limit_is_the_probes() -> None:
    assert KEPT_BYTES == TEXT_BYTES


def test_what_a_visitor_reads() -> None:
    page = page_text(
        answer(
            "<title>t</title><p>Điện&nbsp;thoại:\n <a href='tel:0234123'>gọi</a><br>"
            "Thư: <a href=' mailto:a@b.vn '>gửi</a>"
            "<img alt='UBND xã'><script>var x='ẩn'</script><style>.a{}</style><noscript>bật lên</noscript>"
        )
    )
    assert page.text == "Điện thoại: gọi tel:0234123 Thư: gửi mailto:a@b.vn UBND xã"
    assert [(link.text, link.address) for link in page.links] == [("gọi", "tel:0234123"), ("gửi", "mailto:a@b.vn")]


def test_letters_compare_equal_however_they_were_typed() -> None:
    typed = unicodedata.normalize("NFD", "Cơ quan chủ quản")
    assert page_text(answer(f"<p>{typed}</p>")).text == "Cơ quan chủ quản"


@pytest.mark.parametrize(
    ("body", "more", "gap"),
    [
        (f"<p>{WORDS}</p>", {}, ""),
        (f"<p>{WORDS}</p><script src=a.js></script><iframe src=b></iframe>", {}, ""),
        ("<p>Xin chào</p>", {}, ""),
        ("<div id=root></div><script src=app.js></script>", {}, "page-scripted"),
        ("<p>Đang tải</p><script>go()</script>", {}, "page-scripted"),
        ("<frameset><frame src=a.html></frameset>", {}, "page-framed"),
        (f"<p>{WORDS}</p>", {"truncated": True}, "page-cut"),
        (f"<p>{WORDS}</p>", {"body_bytes": KEPT_BYTES + 1}, "page-cut"),
        (f"<p>{WORDS}</p>", {"fault": Reason(code="http-body-cut-short")}, "page-cut"),
        (f"<p>{WORDS}</p>", {"status": 403}, "page-status"),
        (WORDS, {"headers": (("Content-Type", "text/plain"),)}, "page-not-html"),
        (WORDS, {"headers": ()}, "page-not-html"),
        (f"<p>{WORDS}</p>", {"headers": ()}, ""),
        ("<div>" * 60_000, {}, "page-too-deep"),
    ],
)
def test_why_absence_proves_nothing(body: str, more: dict[str, object], gap: Gap) -> None:
    assert page_text(answer(body, **more)).gap == gap


def test_the_type_of_a_page() -> None:
    assert is_html(answer("", headers=(("content-type", "Application/XHTML+XML; charset=utf-8"),)))
    assert not is_html(answer("<p>", headers=(("content-type", "application/json"),)))


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<a href=x>", "<!--", "<", "</", "<table>", "<p><b><i>", "<![CDATA[", "<a x='", "&#1", "<li>", "<svg>"],
)  # fmt: skip
def test_hostile_markup_takes_no_time(piece: str) -> None:
    body = piece * (KEPT_BYTES // len(piece))
    began = time.monotonic()
    page_text(answer(body))
    assert time.monotonic() - began < 4


@given(st.text(alphabet="<>/abpsdivxnoframe=\"' &;#!-\x00áđ", max_size=300))
def test_no_markup_raises(markup: str) -> None:
    page = page_text(answer(markup))
    assert unicodedata.is_normalized("NFC", page.text)
