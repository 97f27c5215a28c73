"""Documents: which are looked into, and that a hostile file harms nothing."""

from __future__ import annotations

import gzip
import threading
import time
import zlib

import pytest

from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange
from secaudit.model.target import parse_target
from secaudit.probes.crawl.documents import Read, chosen, read_documents
from secaudit.probes.crawl.packed import unpacked

START = parse_target("https://xa.tinh.gov.vn/")
BASE = "https://xa.tinh.gov.vn"


def names(offered: list[str], linked: list[str], most: int) -> list[str]:
    return [target.path for target, _ in chosen(offered, linked, START, most)]


def test_files_of_sitemaps_come_first_and_folders_take_turns() -> None:
    offered = [f"{BASE}/a/1.pdf", f"{BASE}/a/2.pdf", f"{BASE}/b/3.PDF"]
    linked = [f"{BASE}/c/4.pdf", f"{BASE}/a/1.pdf", f"{BASE}/trang.html"]
    assert names(offered, linked, 3) == ["/a/1.pdf", "/b/3.PDF", "/a/2.pdf"]
    assert names([], linked, 9) == ["/c/4.pdf", "/a/1.pdf"]
    assert names(offered, linked, 0) == []


@pytest.mark.parametrize(
    "url",
    ["https://other.example/a.pdf", "http://xa.tinh.gov.vn/a.pdf", "https://xa.tinh.gov.vn:8443/a.pdf",
     "javascript:a.pdf", "https://xa.tinh.gov.vn/a.pdf.html", "//[/a.pdf"],
)  # fmt: skip
def test_no_file_of_somebody_else(url: str) -> None:
    assert names([url], [url], 5) == []


def pdf(stream: bytes, *, more: bytes = b"") -> bytes:
    """A one-page file with that content stream."""
    packed = zlib.compress(stream)
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>" + more + b">>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(out))
    return bytes(out) + head + table + tail


GOOD = pdf(b"BT /F 12 Tf 72 700 Td (nha cai uy tin) Tj ET",
           more=b"/Annots[<</Subtype/Link/A<</S/URI/URI(https://nhacai.example/)>>>>]")  # fmt: skip


@pytest.mark.slow
def test_text_and_links_are_read_and_broken_files_named() -> None:
    answers = read_documents([GOOD, b"%PDF-1.4\nnothing", GOOD[: len(GOOD) // 3], b""], threading.Event())
    assert isinstance(answers[0], Read)
    assert "nha cai uy tin" in answers[0].text
    assert answers[0].links == ("https://nhacai.example/",)
    assert [isinstance(answer, Reason) for answer in answers] == [False, True, True, True]


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile",
    [
        pdf(b"BT /F 1 Tf " + b"(aaaaaaaaaaaaaaaa) Tj " * 3_000_000 + b"ET"),  # 66 MB of text in 200 KB
        GOOD.replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),  # a page tree that holds itself
        GOOD.replace(b"/Contents 4 0 R", b"/Contents 3 0 R"),
        b"%PDF-1.4\n1 0 obj" + b"<<" * 100_000,
    ],
    ids=["bomb", "loop", "no stream", "nested"],
)
def test_a_hostile_file_ends_in_time(hostile: bytes) -> None:
    began = time.monotonic()
    [answer] = read_documents([hostile], threading.Event(), seconds=5.0)
    assert time.monotonic() - began < 10
    if isinstance(answer, Read):
        assert len(answer.text) <= 20_000
    else:
        assert answer.code == "crawl-document-unread"


@pytest.mark.slow
def test_a_scan_that_is_stopped_waits_for_no_document() -> None:
    stop = threading.Event()
    stop.set()
    [answer] = read_documents([GOOD], stop)
    assert isinstance(answer, Reason)


def answer(body: str = "") -> HttpExchange:
    return HttpExchange(url=f"{BASE}/sitemap.xml.gz", status=200, body=body)


def test_a_packed_sitemap_is_unpacked_up_to_a_bound() -> None:
    assert unpacked(answer(), gzip.compress(b"<urlset/>"), 100).body == "<urlset/>"
    bomb = unpacked(answer(), gzip.compress(b"a" * 10_000_000), 1000)
    assert (len(bomb.body), bomb.truncated) == (1000, True)
    assert unpacked(answer(), b"\x1f\x8bbroken", 100).body == ""
    assert unpacked(answer("text"), gzip.compress(b"x"), 100).body == "text"
    assert unpacked(answer(), b"<urlset/>", 100).body == ""
