"""The pure parts of the HTTP probe: heads, bodies, redirects, cookies of a visit, the visit itself, the plan."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from secaudit.model.authorisation import Authorisation
from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from secaudit.probes.gate import Gate
from secaudit.probes.http.decode import Body, charset_of, text_of
from secaudit.probes.http.fetch import Ask
from secaudit.probes.http.head import read_head
from secaudit.probes.http.identity import header_safe, request_headers, user_agent
from secaudit.probes.http.jar import VisitJar
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.probe import HttpProbe
from secaudit.probes.http.redirects import BadLocation, next_hop
from secaudit.probes.http.visit import Errand, make_visit
from secaudit.version import VERSION

NOW = datetime(2026, 5, 4, tzinfo=UTC)
BASE = parse_target("https://xa.example:8443/tin/bai?id=1")


# --- Head ---------------------------------------------------------------------------------------------


@given(st.binary(max_size=3000), st.integers(0, 300), st.integers(0, 5))
def test_reading_a_head_never_raises_and_keeps_the_limits(data: bytes, head_bytes: int, count: int) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n"):
        stream = io.BytesIO(start + data)
        head = read_head(stream.readline, Limits(head_bytes=head_bytes, header_count=count))
        assert stream.tell() <= head_bytes
        assert len(head.headers) <= count
        assert head.fault is not None or head.status >= 101


# --- Body ---------------------------------------------------------------------------------------------


def body_of(data: bytes, codings: list[str], cap: int = 10_000, step: int = 7) -> Body:
    body = Body(codings, cap, 100)
    for start in range(0, len(data), step):
        if not body.feed(data[start : start + step]):
            return body
    body.finish()
    return body


RAW = zlib.compressobj(9, zlib.DEFLATED, -15)
TEXT = b"UBND " * 50
RAW_DEFLATE = RAW.compress(TEXT) + RAW.flush()


@pytest.mark.parametrize(
    ("data", "codings"),
    [
        (TEXT, []),
        (TEXT, ["identity"]),
        (gzip.compress(TEXT), ["GZIP"]),
        (gzip.compress(TEXT), ["x-gzip"]),
        (gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]), ["gzip"]),
        (zlib.compress(TEXT), ["deflate"]),
        (RAW_DEFLATE, ["deflate"]),
    ],
    ids=["plain", "identity", "GZIP", "x-gzip", "two members", "deflate", "raw deflate"],  # gzip holds the time
)
@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_bodies_are_unpacked_whole(data: bytes, codings: list[str], step: int) -> None:
    body = body_of(data, codings, step=step)
    assert (body.size, body.first, body.truncated, body.fault) == (len(TEXT), TEXT[:100], False, None)


@given(st.binary(max_size=500), st.sampled_from([[], ["gzip"], ["deflate"], ["br"]]), st.integers(0, 300))
def test_unpacking_never_raises_and_keeps_the_cap(data: bytes, codings: list[str], cap: int) -> None:
    body = body_of(data, codings, cap)
    assert body.size <= cap
    assert len(body.first) <= 100


VIETNAMESE = "Ủy ban nhân dân xã Tân Phú"


@pytest.mark.parametrize(
    ("data", "content_type", "expected"),
    [
        (VIETNAMESE.encode(), "text/html", VIETNAMESE),
        (VIETNAMESE.encode(), "text/html; charset=UTF-8", VIETNAMESE),
        (VIETNAMESE.encode("utf-16"), "text/html; charset=utf-8", VIETNAMESE),
        ("\ufeffxã".encode(), "", "xã"),
        ("é".encode("cp1252"), "text/html; charset=iso-8859-1", "é"),
        (b'<meta charset="windows-1258">\xf5', "text/html", '<meta charset="windows-1258">\u01a1'),
        (b"a\xffb", "text/html", "a\ufffdb"),
        (b"abc", "text/html; charset=zip", "abc"),
        (b"abc", "text/html; charset=punycode", "abc"),
        (b"abc", "text/html; charset=no-such-thing", "abc"),
        (b"%PDF-1.7", "application/pdf", ""),
        (b"\x89PNG", "image/png", ""),
        (b"{}", "application/ld+json", "{}"),
        ("xã".encode()[:-1], "text/html", "x"),
    ],
)
def test_text_is_decoded_as_browsers_do(data: bytes, content_type: str, expected: str) -> None:
    assert text_of(data, content_type) == expected


@given(st.binary(max_size=300), st.text(max_size=60))
def test_decoding_never_raises(data: bytes, content_type: str) -> None:
    text_of(data, "text/html; charset=" + content_type)
    assert charset_of(data, content_type)


# --- Identity -----------------------------------------------------------------------------------------


def test_the_user_agent_is_honest() -> None:
    assert user_agent("") == f"secaudit/{VERSION} (+authorised security self-check)"
    assert user_agent("it@xa.gov.vn").endswith("; contact: it@xa.gov.vn)")


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("Đỗ Thị Ánh, 0900 000 000", "Do Thi Anh, 0900 000 000"),
        ("a\r\nX-Evil: 1", "a X-Evil: 1"),
        ("(a) \\ b", "a b"),
        ("x" * 500, "x" * 120),
    ],
)
def test_contacts_are_made_safe(contact: str, expected: str) -> None:
    assert header_safe(contact) == expected


@given(st.text())
def test_no_contact_breaks_the_request(contact: str) -> None:
    for _, value in request_headers(contact):
        assert value.isascii()
        assert value.isprintable()


# --- Redirects ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://www.xa.example/", "https://www.xa.example/"),
        ("HTTPS://WWW.XA.Example:443/A", "https://www.xa.example/A"),
        ("/moi?x=2#muc", "https://xa.example:8443/moi?x=2"),
        ("moi", "https://xa.example:8443/tin/moi"),
        ("?x=2", "https://xa.example:8443/tin/bai?x=2"),
        ("../../a", "https://xa.example:8443/a"),
        ("//khac.example/a", "https://khac.example/a"),
        ("http://xã.example/", "http://xn--x-yfa.example/"),
        ("http://xã.example/".encode().decode("latin-1"), "http://xn--x-yfa.example/"),
        ("/trang chủ".encode().decode("latin-1"), "https://xa.example:8443/trang%20ch%E1%BB%A7"),
        ("/t\xe9", "https://xa.example:8443/t%C3%A9"),
        ("  /a\t", "https://xa.example:8443/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("#muc", "https://xa.example:8443/tin/bai?id=1"),
    ],
)
def test_where_a_redirect_leads(location: str, expected: str) -> None:
    hop = next_hop(BASE, 302, [location])
    assert isinstance(hop, Target)
    assert hop.url == expected


@pytest.mark.parametrize(
    "location",
    [
        "javascript:alert(1)",
        "ftp://xa.example/",
        "data:text/html,x",
        "mailto:a@xa.example",
        "https://user:secret@xa.example/",
        "https://xa.example:99999/",
        "https://[::1/",
        "https://",
        "///khac.example/",
        "/a\x00b",
        "/a\r\nX: 1",
        "https:\\\\xa.example\\",
        "https://x a.example/",
        "https://-.example/",
    ],
)
def test_redirects_that_nobody_should_follow(location: str) -> None:
    hop = next_hop(BASE, 301, [location])
    assert isinstance(hop, BadLocation)
    assert hop.location.isprintable()


def test_several_different_locations_are_bad_equal_ones_are_not() -> None:
    assert isinstance(next_hop(BASE, 302, ["/a", "/b"]), BadLocation)
    assert isinstance(next_hop(BASE, 302, ["/a", "/a"]), Target)


@pytest.mark.parametrize(
    ("status", "locations"), [(200, ["/a"]), (201, ["/a"]), (304, ["/a"]), (302, []), (302, [" "])]
)
def test_what_is_no_redirect(status: int, locations: list[str]) -> None:
    assert next_hop(BASE, status, locations) is None


@given(
    st.text(st.characters(max_codepoint=255))
    | st.from_regex(r"\A(https?:)?//[^/]*/.*", alphabet=st.characters(max_codepoint=255))
)
def test_no_location_raises(location: str) -> None:
    hop = next_hop(BASE, 302, [location])
    assert hop is None or isinstance(hop, BadLocation) or hop.url.isascii()


# --- The visit ----------------------------------------------------------------------------------------

Pages = dict[str, tuple[int, list[tuple[str, str]]]]


class FakeServer:
    """Answers from a table; notes what was asked."""

    def __init__(self, pages: Pages | Callable[[Ask], tuple[int, list[tuple[str, str]]]], address: str) -> None:
        self.pages, self.address = pages, address
        self.asked: list[Ask] = []

    def __call__(self, ask: Ask) -> HttpExchange:
        self.asked.append(ask)
        status, headers = self.pages(ask) if callable(self.pages) else self.pages[ask.target.url]
        fault = None if status else Reason(code="http-no-answer")
        return HttpExchange(
            url=ask.target.url, method=ask.method, request_headers=ask.headers, address=self.address, status=status,
            headers=tuple(headers), fault=fault,
        )  # fmt: skip


PINNED = {
    "xa.example": ["203.0.113.5"],
    "www.xa.example": ["203.0.113.5"],
    "khac.example": ["203.0.113.9"],
    "trong.example": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
}


def visit(
    pages: Pages | Callable[[Ask], tuple[int, list[tuple[str, str]]]], start: str = "http://xa.example/", *,
    address: str = "203.0.113.5", follow: bool = True,
) -> tuple[HttpVisit, FakeServer]:  # fmt: skip
    record = Authorisation(
        id="A1", hosts=("xa.example", "*.xa.example"), granted_by="Chủ tịch", valid_from=NOW, valid_until=NOW,
        recorded_at=NOW,
    )  # fmt: skip
    gate = Gate([record], lambda: NOW, lambda host: PINNED.get(host, []))
    server = FakeServer(pages, address)
    errand = Errand("page-http", parse_target(start), (("User-Agent", "x"),), follow=follow)
    return make_visit(errand, gate, lambda: NOW, server), server


def to(location: str, *more: tuple[str, str]) -> tuple[int, list[tuple[str, str]]]:
    return 302, [("Location", location), *more]


@pytest.mark.parametrize(
    ("pages", "end", "next_url", "hops"),
    [
        ({"http://xa.example/": (200, [])}, VisitEnd.FINAL, "", 1),
        ({"http://xa.example/": to("/a"), "http://xa.example/a": (404, [])}, VisitEnd.FINAL, "", 2),
        ({"http://xa.example/": to("/")}, VisitEnd.LOOP, "http://xa.example/", 1),
        ({"http://xa.example/": to("/a"), "http://xa.example/a": to("/")}, VisitEnd.LOOP, "http://xa.example/", 2),
        ({"http://xa.example/": to("https://khac.example/x")}, VisitEnd.OFF_SCOPE, "https://khac.example/x", 1),
        ({"http://xa.example/": to("https://khong-co.example/")}, VisitEnd.OFF_SCOPE, "https://khong-co.example/", 1),
        ({"http://xa.example/": to("http://127.0.0.1:6379/")}, VisitEnd.OFF_SCOPE, "http://127.0.0.1:6379/", 1),
        ({"http://xa.example/": to("http://trong.example/")}, VisitEnd.OFF_SCOPE, "http://trong.example/", 1),
        ({"http://xa.example/": to("http://[::ffff:127.0.0.1]/")}, VisitEnd.OFF_SCOPE, "http://[::ffff:7f00:1]/", 1),
        ({"http://xa.example/": to("javascript:1")}, VisitEnd.BAD_LOCATION, "javascript:1", 1),
        ({"http://xa.example/": to("//www.xa.example/"), "http://www.xa.example/": (200, [])}, VisitEnd.FINAL, "", 2),
        ({"http://xa.example/": (0, [])}, VisitEnd.FAULT, "", 1),
        ({"http://xa.example/": (301, [])}, VisitEnd.FINAL, "", 1),
    ],
)
def test_how_visits_end(pages: Pages, end: VisitEnd, next_url: str, hops: int) -> None:
    seen, server = visit(pages)
    assert (seen.end, seen.next_url, len(seen.exchanges)) == (end, next_url, hops)
    assert len(server.asked) == hops
    assert (seen.page is not None) is (end is VisitEnd.FINAL)
    assert (seen.fault is not None) is (end is VisitEnd.FAULT)


def test_a_covered_name_that_leads_nowhere_is_a_fault_not_the_scope() -> None:
    pages = {"http://xa.example/": to("http://moi.xa.example/"), "http://moi.xa.example/": (0, [])}
    seen, _ = visit(pages)
    assert (seen.end, len(seen.exchanges)) == (VisitEnd.FAULT, 2)


def test_a_loopback_page_may_lead_to_another_loopback_port() -> None:
    pages = {"http://localhost:8080/": to("https://127.0.0.1:8443/"), "https://127.0.0.1:8443/": (200, [])}
    seen, _ = visit(pages, "http://localhost:8080/", address="127.0.0.1")
    assert seen.end is VisitEnd.FINAL


def test_ten_redirects_are_followed_an_eleventh_is_not() -> None:
    def count(last: int) -> Callable[[Ask], tuple[int, list[tuple[str, str]]]]:
        def answer(ask: Ask) -> tuple[int, list[tuple[str, str]]]:
            step = int(ask.target.path.strip("/") or 0)
            return (200, []) if step == last else to(f"/{step + 1}")

        return answer

    assert visit(count(10))[0].end is VisitEnd.FINAL
    seen, _ = visit(count(11))
    assert (seen.end, len(seen.exchanges), seen.next_url) == (VisitEnd.TOO_MANY, 11, "http://xa.example/11")


def test_redirects_of_trace_and_options_are_not_followed() -> None:
    seen, server = visit({"http://xa.example/": to("/a")}, follow=False)
    assert (seen.end, len(server.asked)) == (VisitEnd.FINAL, 1)


def test_cookies_go_back_to_the_same_host_only() -> None:
    def answer(ask: Ask) -> tuple[int, list[tuple[str, str]]]:
        match ask.target.url:
            case "https://xa.example/":
                return to("/a", ("Set-Cookie", "s=1; Secure; HttpOnly"), ("Set-Cookie", "p=2"))
            case "https://xa.example/a":
                return to("http://xa.example/b")
            case "http://xa.example/b":
                return to("https://www.xa.example/")
        return 200, []

    _, server = visit(answer, "https://xa.example/")
    sent = [dict(ask.headers).get("Cookie") for ask in server.asked]
    assert sent == [None, "s=1; p=2", "p=2", None]


def test_bad_cookies_are_not_sent_back() -> None:
    jar = VisitJar()
    answer = HttpExchange(
        url=BASE.url,
        headers=(("Set-Cookie", "a=1\r\nX: 2"), ("Set-Cookie", "novalue"), ("Set-Cookie", "b=" + "x" * 5000)),
    )
    jar.keep(BASE, answer)
    assert jar.header(BASE) == ()


# --- The plan and the words ---------------------------------------------------------------------------


def test_the_plan_names_both_sides_and_sends_nothing() -> None:
    steps = HttpProbe().plan(parse_target("https://xa.example:8443/tin"), ScanOptions(http_port=8080))
    assert [(step.target, step.what.code) for step in steps] == [
        ("http://xa.example:8080/tin", "http-plan-page"),
        ("https://xa.example:8443/tin", "http-plan-page"),
        ("https://xa.example:8443/tin", "http-plan-trace"),
        ("https://xa.example:8443/tin", "http-plan-options"),
        ("https://xa.example:8443/tin", "http-plan-cors"),
    ]


def test_every_reason_of_this_room_has_its_wording() -> None:
    import re

    root = Path(__file__).parents[2]
    sources = [*(root / "secaudit/probes/http").glob("*.py")]
    sources += [root / f"secaudit/checks/{name}.py" for name in ("pages", "http", "header", "policy", "cookie")]
    used = {
        code
        for source in sources
        for code in re.findall(r'code="([a-z-]+)"', source.read_text(encoding="utf-8"))
        + re.findall(r': "(http-redirect-[a-z-]+|http-bad-[a-z-]+)"', source.read_text(encoding="utf-8"))
    }
    worded: dict[str, object] = {}
    for name in ("common", "http"):
        worded |= YAML(typ="safe").load((root / f"checklists/phrases/{name}.yaml").read_text(encoding="utf-8"))
    assert len(used) > 25
    assert used - set(worded) == set()


def test_control_characters_are_no_part_of_a_text() -> None:
    assert text_of(b"a\x00b\x7f\tc\x1b\r\n\x0c", "text/html") == "ab\tc\x1b\r\n\x0c"
    assert text_of("Ủy ban\x01 xã\x00".encode(), "text/html; charset=utf-8") == "Ủy ban xã"


def test_a_text_of_nothing_else_takes_no_memory_that_grows_with_it() -> None:
    data = bytes(1 << 20)
    tracemalloc.start()
    try:
        assert text_of(data, "text/html") == ""
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()
