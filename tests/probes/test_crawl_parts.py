"""The parts of the crawl that need no server: robots.txt, which address comes next, pace, and who we say we are."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from secaudit.model.target import parse_target
from secaudit.model.words import Profile
from secaudit.probes.crawl.disguise import as_browser, as_crawler, as_search_visitor
from secaudit.probes.crawl.frontier import Frontier, folders_of
from secaudit.probes.crawl.limits import BOUNDS
from secaudit.probes.crawl.names import NameLookup
from secaudit.probes.crawl.pace import Pace
from secaudit.probes.crawl.robots import matches, parse_robots

SITE = "https://xa.example"


@pytest.mark.parametrize(
    ("pattern", "path", "match"),
    [
        # The examples of RFC 9309, sections 2.2.2 and 2.2.3, and Google's table of them.
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish.asp", False),
        ("/fish*", "/fishheads/yummy.html", True),
        ("/fish/", "/fish", False),
        ("/*.php", "/folder/filename.php?parameters", True),
        ("/*.php$", "/filename.php?parameters", False),
        ("/*.php$", "/filename.php", True),
        ("/fish*.php", "/fishheads/catfish.php?x", True),
        ("/a*b*a", "/aba", True),
        ("/a*b$", "/ab/ab", True),
        ("/$", "/", True),
        ("/$", "/a", False),
    ],
)
def test_a_pattern_matches(pattern: str, path: str, match: bool) -> None:
    assert matches(pattern, path) is match


def test_the_longest_pattern_decides_and_allow_wins_a_tie() -> None:
    robots = parse_robots("User-agent: *\nDisallow: /a\nAllow: /a/b\nAllow: /c\nDisallow: /c\n")
    assert [robots.allows(SITE + path) for path in ("/a/x", "/a/b/x", "/c", "/d")] == [False, True, True, True]


def test_our_own_group_is_heeded_alone() -> None:
    ours = "\ufeffUser-agent: x\nUser-Agent: SecAudit # us\nDisallow: /m%E1%BA%ABu\n\n"
    robots = parse_robots(ours + "User-agent: *\nDisallow: /\nSitemap: /s.xml")
    assert robots.allows(f"{SITE}/khac")
    assert not robots.allows(f"{SITE}/mẫu")
    assert robots.sitemaps == ("/s.xml",)


def test_a_hostile_pattern_takes_linear_time() -> None:
    robots = parse_robots("User-agent: *\n" + "Disallow: /" + "*a" * 5000 + "b$\n" * 50)
    began = time.monotonic()
    assert robots.allows(f"{SITE}/" + "a" * 2000)
    assert time.monotonic() - began < 1


def frontier_with(*urls: str) -> Frontier:
    frontier = Frontier(parse_target(f"{SITE}/"), BOUNDS[Profile.STANDARD])
    frontier.add(urls)
    return frontier


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"{SITE}/tin/xoa-doi-giam-ngheo", ""),
        (f"{SITE}/huy-dong-von", ""),
        (f"{SITE}/update-news", ""),
        (f"{SITE}/logout", "crawl-skip-dangerous"),
        (f"{SITE}/user/log-out?x=1", "crawl-skip-dangerous"),
        (f"{SITE}/dang-xuat.html", "crawl-skip-dangerous"),
        (f"{SITE}/?do=delete&id=3", "crawl-skip-dangerous"),
        (f"{SITE}/quan-tri?act=xoa", "crawl-skip-dangerous"),
        (f"{SITE}/a/%78oa/", "crawl-skip-dangerous"),
        ("https://khac.example/", "crawl-skip-other-host"),
        ("http://xa.example/", "crawl-skip-other-host"),
        (f"{SITE}:8443/", "crawl-skip-other-host"),
        (f"{SITE}/a.PDF", "crawl-skip-file"),
        (f"{SITE}/a/b/a/b/a/b", "crawl-skip-trap"),
        (f"{SITE}/?a=1&b=2&c=3&d=4&e=5", "crawl-skip-trap"),
        (f"{SITE}/{'x' * 400}", "crawl-skip-trap"),
    ],
)
def test_which_addresses_are_followed(url: str, why: str) -> None:
    frontier = frontier_with(url)
    assert dict(frontier.skipped) == ({why: 1} if why else {})
    assert (frontier.next() is None) is bool(why)


def test_sections_take_turns_and_queries_are_few() -> None:
    frontier = frontier_with(
        *(f"{SITE}/tin/{n}" for n in range(50)), f"{SITE}/van-ban/1", *(f"{SITE}/l?p={n}" for n in range(9))
    )
    taken = [target.path for _ in range(4) if (target := frontier.next())]
    assert "/van-ban/1" in taken[:3]
    assert frontier.skipped["crawl-skip-query"] == 6


def test_folders_of_files_most_used_first() -> None:
    files = [
        f"{SITE}/anh/1.png",
        f"{SITE}/anh/2.png",
        f"{SITE}/js/lib/a.js",
        "https://khac.example/x/y.js",
        f"{SITE}/a.js",
    ]
    assert folders_of(files, parse_target(f"{SITE}/")) == [f"{SITE}/anh/", f"{SITE}/js/lib/"]


def test_the_pace_lets_a_few_go_and_spaces_the_rest() -> None:
    pace = Pace(3, 50.0, threading.Event())
    began = time.monotonic()
    for _ in range(8):
        assert pace.wait(began + 10)
    assert 0.06 <= time.monotonic() - began < 1
    assert not pace.wait(time.monotonic() - 1)
    pace.slow_down(0.2)
    began = time.monotonic()
    assert pace.wait(began + 10) and pace.wait(began + 10)
    assert time.monotonic() - began >= 0.19


def test_a_stopped_scan_sends_nothing_more() -> None:
    stop = threading.Event()
    stop.set()
    assert not Pace(3, 50.0, stop).wait(time.monotonic() + 10)


def test_who_really_asks_stands_in_every_request() -> None:
    for headers in (as_browser, as_crawler, as_search_visitor):
        sent = dict(headers("Nguyễn Văn A <it@xa.example>, 0123"))
        assert sent["From"] == "it@xa.example"
        assert sent["X-Secaudit"].startswith("secaudit/")
        assert "From" not in dict(headers("0123 456\r\nX: y"))
        assert all("\n" not in value and value.isascii() for value in dict(headers("ộ\r\nX: y")).values())


@contextmanager
def name_server() -> Iterator[int]:
    """Answer on loopback: `co` has an address, `trong` has none, `loi` gives SERVFAIL, nothing else is there."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                data, sender = server.recvfrom(4096)
            except OSError:
                return
            if not data:
                return  # the test is over
            answer = dns.message.make_response(dns.message.from_wire(data))
            answer.flags |= dns.flags.RA
            question = answer.question[0]
            name = question.name.to_text().lower()
            if name == "co.example." and question.rdtype == 1:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", "192.0.2.4"))
            elif name == "loi.example.":
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif name not in ("co.example.", "trong.example.", "example."):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            server.sendto(answer.to_wire(), sender)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(server.getsockname()[1])
    finally:
        server.sendto(b"", server.getsockname())
        thread.join(2)
        server.close()


@pytest.mark.network
def test_only_a_denied_name_counts_as_gone() -> None:
    with name_server() as port:
        lookup = NameLookup("127.0.0.1", port)
        looks = {name: lookup(f"{name}.example") for name in ("co", "trong", "loi", "cdn.mat")}
    assert (looks["co"].resolution, looks["co"].addresses) == ("resolves", ("192.0.2.4",))
    assert looks["trong"].resolution == "no-address"
    assert (looks["cdn.mat"].resolution, looks["cdn.mat"].closest) == ("no-such-name", "example")
    assert looks["loi"].resolution == "not-looked"
    assert looks["loi"].fault is not None
    assert looks["loi"].fault.params["host"] == "loi.example"


def test_a_name_that_no_resolver_takes_is_not_looked_at() -> None:
    assert NameLookup("127.0.0.1", 1)("a" * 70 + ".example").resolution == "not-looked"
