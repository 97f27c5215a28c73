"""What the crawl does with sites that mean it ill: it ends within its limits and says what happened."""

from __future__ import annotations

import itertools
import resource
import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import CrawlObservation, HttpVisit, Observation, ScriptHostObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome, Profile
from secaudit.probes.crawl.limits import BOUNDS, Bounds, most_requests
from secaudit.probes.crawl.names import NameLook
from secaudit.probes.crawl.probe import CrawlProbe
from secaudit.probes.gate import Gate
from secaudit.probes.probe import ProbeContext
from tests.checks.judging import judge
from tests.servers import hostile as h
from tests.servers.process import free_port

pytestmark = pytest.mark.network
FAST = Bounds(10, 2, 3, 3, 3, 100, 500.0, 24 * 1024 * 1024)


def html(body: str, status: str = "200 OK", more: str = "") -> bytes:
    content = body.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{more}Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def path_of(request: bytes) -> str:
    return request.split(b" ")[1].decode("latin-1")


class Crawled:
    """What one crawl saw, and how long it took."""

    def __init__(
        self, answer: h.Answer, bounds: Bounds | None = FAST, *, until: bytes = b"\r\n\r\n", **options: object
    ):
        self.notes: list[Reason] = []
        with h.hostile(answer, until=until) as server:
            target = parse_target(f"http://127.0.0.1:{server.port}/")
            chosen = ScanOptions(https_port=free_port(), **options)  # type: ignore[arg-type]
            gate = Gate([], lambda: datetime.now(UTC))
            context = ProbeContext(gate, chosen, lambda: datetime.now(UTC), note=self.notes.append)
            began = time.monotonic()
            probe = CrawlProbe(bounds=bounds, lookup=lambda host: NameLook("resolves"))
            self.seen: list[Observation] = list(probe.run(target, context))
            self.seconds = time.monotonic() - began
            self.paths = [path_of(request) for request in server.requests if b" " in request]
        self.view = View(target, chosen, datetime.now(UTC), self.seen, {})
        [self.crawl] = self.view.seen(CrawlObservation)

    def visits(self, purpose: str) -> list[HttpVisit]:
        return [visit for visit in self.view.seen(HttpVisit) if visit.purpose == purpose]


def endless_links(connection: socket.socket, request: bytes) -> None:
    """Every page leads to two hundred new ones, deeper and with new queries."""
    path = path_of(request).partition("?")[0].rstrip("/")
    if path == "/robots.txt":
        connection.sendall(html("", "404 Not Found"))
        return
    links = "".join(
        f'<a href="{path}/{n}/">x</a><a href="?trang={n}&s={time.monotonic_ns()}">y</a>' for n in range(100)
    )
    connection.sendall(html(f"<title>t</title>{links}"))


def test_endless_links_end_with_the_profile() -> None:
    seen = Crawled(endless_links)
    assert len(seen.visits("home")) + len(seen.visits("crawl")) == 10
    assert len(seen.paths) <= most_requests(FAST)
    assert seen.crawl.left > 100
    assert sum("trang=" in path for path in seen.paths) <= 3 * 10
    assert seen.seconds < 15


def test_the_full_profile_fetches_a_hundred_pages_at_its_pace() -> None:
    quicker = BOUNDS[Profile.FULL].__class__(100, 8, 10, 10, 3, 8, 60.0, 96 * 1024 * 1024)
    seen = Crawled(endless_links, quicker, profile=Profile.FULL)
    assert len(seen.visits("home")) + len(seen.visits("crawl")) == 100
    assert len(seen.paths) <= most_requests(quicker)
    # Eight at once, the others one sixtieth of a second apart.
    assert seen.seconds >= (len(seen.paths) - 8 - 1) / 60.0


def test_redirect_traps_end() -> None:
    count = itertools.count()

    def answer(connection: socket.socket, request: bytes) -> None:
        if path_of(request) == "/":
            connection.sendall(html("".join(f'<a href="/bay/{n}">x</a>' for n in range(30))))
        elif path_of(request) == "/robots.txt":
            connection.sendall(html("", "302 Found", "Location: /robots.txt\r\n"))
        else:
            connection.sendall(html("", "302 Found", f"Location: /bay/x{next(count)}\r\n"))

    seen = Crawled(answer)
    assert {visit.end.value for visit in seen.visits("crawl")} == {"too-many"}
    assert len(seen.visits("crawl")) == 9
    assert seen.visits("robots")[0].end.value == "loop"
    assert seen.seconds < 15


def test_fifty_megabytes_are_not_taken_and_leave_the_rules_unsure() -> None:
    big = b"<p>" + b"x" * (50 * 1024 * 1024)

    def answer(connection: socket.socket, request: bytes) -> None:
        if path_of(request) == "/robots.txt":
            connection.sendall(html("", "404 Not Found"))
            return
        connection.sendall(h.OK + f"Content-Length: {len(big)}\r\n\r\n".encode())
        connection.sendall(big)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seen = Crawled(answer)
    [home] = seen.visits("home")
    assert home.page is not None
    assert home.page.truncated
    assert len(home.page.body) <= 1024 * 1024
    assert seen.crawl.received < 60 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024
    for check in ("integrity.gambling-spam", "integrity.hidden-links", "content.no-sri"):
        [verdict] = judge(check, seen.view)
        assert verdict.result is Outcome.INCONCLUSIVE
        assert verdict.reason is not None
        assert verdict.reason.code == "crawl-page-cut"


def test_deeply_nested_pages_take_no_time() -> None:
    deep = "<div>" * 150_000 + "<a href=/x>y</a>"
    began = time.monotonic()
    seen = Crawled(lambda connection, request: connection.sendall(html(deep)))
    assert [v.reason.code for v in judge("content.no-sri", seen.view) if v.reason] == ["crawl-page-cut"]
    assert time.monotonic() - began < 15


def test_a_page_that_changes_each_time_is_noted_and_not_called_cloaked() -> None:
    count = itertools.count()

    def answer(connection: socket.socket, request: bytes) -> None:
        n = next(count)
        words = " ".join(f"tu{n}x{k}" for k in range(50))
        links = "".join(f'<a href="https://bao{n}x{k}.example/">tin {k}</a>' for k in range(8))
        connection.sendall(html(f"<title>Trang {n}</title><p>{words}</p>{links}"))

    seen = Crawled(answer)
    assert seen.crawl.changed
    assert "crawl-site-changed" in [note.code for note in seen.notes]
    verdicts = judge("integrity.cloaking", seen.view)
    assert {v.result for v in verdicts} == {Outcome.INCONCLUSIVE}


def blocking_after(count: int, answer_then: bytes) -> h.Answer:
    """Answer that many requests, then something else: a firewall that has seen enough."""
    lock, left = threading.Lock(), [count]

    def answer(connection: socket.socket, request: bytes) -> None:
        with lock:
            left[0] -= 1
            fine = left[0] >= 0
        if fine:
            connection.sendall(html("<title>t</title>" + "".join(f"<a href=/{n}.html>x</a>" for n in range(50))))
        else:
            connection.sendall(answer_then)

    return answer


@pytest.mark.parametrize(
    ("then", "status"), [(html("slow down", "429 Too Many Requests"), 429), (b"", 0)], ids=["429", "closed"]
)
def test_a_firewall_that_begins_to_block_is_named(then: bytes, status: int) -> None:
    seen = Crawled(blocking_after(8, then))
    assert seen.crawl.stopped is not None
    assert seen.crawl.stopped.code == "crawl-blocked"
    assert seen.crawl.stopped.params["status"] == status
    # Three failures in a row, and what was on its way already: how much that is depends on the threads.
    assert 8 <= int(seen.crawl.stopped.params["requests"]) <= 16
    assert len(seen.paths) <= 18
    for check in ("integrity.gambling-spam", "content.mixed-active"):
        assert {(v.result, v.reason and v.reason.code) for v in judge(check, seen.view)} == {
            (Outcome.INCONCLUSIVE, "crawl-blocked")
        }


def test_dripping_pages_end_with_the_time_limit() -> None:
    began = time.monotonic()
    seen = Crawled(h.dripping_body, time_limit=4.0)
    assert time.monotonic() - began < 9
    assert seen.crawl.stopped is not None
    assert {v.result for v in judge("integrity.defaced", seen.view)} == {Outcome.INCONCLUSIVE}


def test_a_site_that_does_not_answer_is_one_fault() -> None:
    seen = Crawled(h.reset)
    assert [type(one) for one in seen.seen] == [HttpVisit, CrawlObservation]
    assert seen.crawl.stopped is not None
    assert [v.result for v in judge("content.no-sri", seen.view)] == [Outcome.INCONCLUSIVE]
    assert [v.result for v in judge("integrity.cloaking", seen.view)] == [Outcome.INCONCLUSIVE] * 2


def test_robots_txt_is_heeded() -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        if path_of(request) == "/robots.txt":
            text = b"User-agent: *\nDisallow: /kin/\nDisallow: /*.php$\nCrawl-delay: 0.05\n"
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + text)
        else:
            connection.sendall(html("<a href=/kin/1>a</a><a href=/a.php>b</a><a href=/cong-khai>c</a>"))

    seen = Crawled(answer)
    assert "/cong-khai" in seen.paths
    assert not [path for path in seen.paths if path.startswith("/kin") or path.endswith(".php")]
    assert seen.crawl.skipped["crawl-skip-robots"] == 2
    assert seen.crawl.delay == 0.05


def test_robots_txt_that_cannot_be_read_forbids_everything() -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        broken = path_of(request) == "/robots.txt"
        connection.sendall(html("", "500 Oops") if broken else html("<a href=/a>a</a>"))

    seen = Crawled(answer)
    assert "/a" not in seen.paths
    assert "crawl-no-robots" in [note.code for note in seen.notes]


def test_script_hosts_are_looked_up_and_never_connected_to() -> None:
    body = '<script src="https://a.example/x.js"></script><script src="//b.example/y.js"></script>'
    seen = Crawled(lambda connection, request: connection.sendall(html(body)))
    assert [look.host for look in seen.view.seen(ScriptHostObservation)] == ["a.example", "b.example"]
