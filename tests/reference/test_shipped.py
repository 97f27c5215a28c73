"""The shipped reference data: sound, sourced, and no more requests than promised."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from secaudit.checks.expose import KINDS
from secaudit.model.words import Profile
from secaudit.reference import datasets
from secaudit.reference.datasets import LONGEST_DAYS, SHAPES, data_of, held
from secaudit.reference.paths import default_pages, entries_for, filled_paths, path_entries
from secaudit.reference.shapes import EndOfLife, Script, Systems, VulnerableScripts
from secaudit.reference.versions import Version

HOST = "www.xa.example"
REQUESTS = {Profile.QUICK: 8, Profile.STANDARD: 26, Profile.FULL: 177}


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECAUDIT_DATA", str(tmp_path))


@pytest.mark.parametrize("profile", list(Profile))
def test_a_profile_asks_for_as_many_paths_as_documented(profile: Profile) -> None:
    assert sum(len(filled_paths(entry, HOST)) for entry in entries_for(profile)) == REQUESTS[profile]


def test_every_check_of_the_list_has_entries_and_no_path_is_asked_for_twice() -> None:
    assert {entry.check for entry in path_entries()} == set(KINDS)
    paths = [path for entry in path_entries() for path in filled_paths(entry, HOST)]
    assert len(paths) == len(set(paths))
    assert len({entry.id for entry in path_entries()}) == len(path_entries())


def test_no_entry_is_recognised_by_its_status_alone() -> None:
    for entry in path_entries():
        assert entry.magic or entry.match or entry.headers, entry.id
        assert (entry.keep == "magic") is bool(entry.magic), entry.id
        assert (entry.check in ("expose.admin-login", "expose.installer")) is bool(entry.panel), entry.id


def test_names_are_left_out_for_an_address() -> None:
    entry = next(entry for entry in path_entries() if entry.id == "site-zip")
    assert filled_paths(entry, HOST) == ("/xa.zip", "/www.zip")
    assert filled_paths(entry, "192.0.2.1") == ("/www.zip",)


def test_patterns_are_quick_on_hostile_text() -> None:
    hostile = ["<" * 20000, "a" * 20000, "[22/" * 5000, "/jquery-" * 3000, " " * 20000, "1." * 10000]
    patterns = [pattern for entry in path_entries() for pattern in entry.match]
    patterns += [pattern for page in default_pages() for pattern in page.match]
    patterns += [
        p for lib in data_of("vulnerable-js", VulnerableScripts).libraries for p in (*lib.files, *lib.contents)
    ]
    patterns += [p for product in data_of("eol", EndOfLife).products for p in product.patterns]
    for system in data_of("cms", Systems).systems:
        patterns += [*system.assets, *system.cookies, *system.markup, *system.headers.values()]
    began = time.process_time()
    for pattern in set(patterns):
        for text in hostile:
            re.search(pattern, text)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("kind", list(SHAPES))
def test_a_data_set_says_where_it_comes_from(kind: datasets.Kind) -> None:
    data = held(kind)
    assert not data.installed
    assert data.data.licence
    assert all(source.licence for source in data.data.source)
    assert date(2026, 1, 1) < data.data.date < date(2027, 1, 1)
    day = datetime.combine(data.data.date, datetime.min.time(), UTC)
    assert not data.too_old(day + timedelta(days=LONGEST_DAYS[kind]))
    assert data.too_old(day + timedelta(days=LONGEST_DAYS[kind] + 1))


def test_ranges_of_vulnerabilities_hold_something() -> None:
    for library in data_of("vulnerable-js", VulnerableScripts).libraries:
        for weakness in library.weaknesses:
            if weakness.below and weakness.at_or_above:
                assert Version(weakness.at_or_above) < Version(weakness.below), (library.id, weakness)


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(x*)*", "[", "a" * 301, "(\\w+){2,}"], ids=["nested", "stars", "open", "long", "counted"]
)
def test_patterns_that_could_take_for_ever_are_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        Script(id="x", name="X", files=(pattern,))
