"""Installing a registry's statistics file: only a whole, newer, vouched-for one gets in."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.app.addresses import install_statistics, is_statistics, list_addresses
from secaudit.model.errors import BadInput
from secaudit.reference.delegations import installed_file, where
from tests.checks.test_site import STATISTICS

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STATISTICS = STATISTICS.replace("|6|19830613", "|5|19830613")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder of its own, which does not exist yet."""
    chosen = tmp_path / "own" / "data"
    monkeypatch.setenv("SECAUDIT_DATA", str(chosen))
    return chosen


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "delegated-apnic-latest"
    made.write_text(STATISTICS, encoding="utf-8", newline="\n")
    return made


def install(file: Path, sha256: str = "") -> None:
    install_statistics(file, sha256=sha256, trust_unsigned=not sha256, now=NOW)


def refusal(file: Path, sha256: str = "") -> str:
    with pytest.raises(BadInput) as refused:
        install(file, sha256)
    return str(refused.value)


def test_what_is_installed_is_used_and_listed(file: Path) -> None:
    assert is_statistics(file)
    assert list_addresses(NOW) == []
    assert where("113.160.0.1") is None
    install(file, hashlib.sha256(file.read_bytes()).hexdigest())
    [row] = list_addresses(NOW)
    assert (row.registry, row.age_days, row.too_old) == ("apnic", 21, False)
    found = where("113.160.0.1")
    assert found is not None
    assert (found.country, found.start) == ("VN", "113.160.0.0")


def test_only_a_newer_one_replaces(file: Path) -> None:
    install(file)
    assert "Nothing was changed" in refusal(file)
    file.write_text(STATISTICS.replace("20261101|+", "20261102|+"), encoding="utf-8")
    install(file)
    file.write_text(STATISTICS.replace("20261101|+", "20271102|+"), encoding="utf-8")
    assert "in the future" in refusal(file)
    assert list_addresses(NOW)[0].dated.day == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (STATISTICS.rsplit("\n", 3)[0], "4 of 5 records"),
        (STATISTICS.replace("113.160.0.0", "113.160.0"), "record"),
        (STATISTICS.replace("|524288|", "|-1|"), "record"),
        (STATISTICS.replace("2|apnic", "9|apnic"), "no head line"),
    ],
)
def test_a_file_that_is_cut_off_or_damaged_is_refused(file: Path, content: str, words: str) -> None:
    file.write_text(content, encoding="utf-8")
    assert words in refusal(file)
    assert not installed_file("apnic").exists()


def test_somebody_has_to_vouch(file: Path) -> None:
    with pytest.raises(BadInput, match="Nobody vouches"):
        install_statistics(file, sha256="", trust_unsigned=False, now=NOW)
    assert "is another one" in refusal(file, "a" * 64)
    assert "cannot be read" in refusal(file.with_name("khong-co"))
    assert not is_statistics(file.with_name("khong-co"))
