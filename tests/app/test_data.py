"""Installing newer data from a file: only sound, newer, vouched-for data get in, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.app.data import LARGEST, list_data, update_data
from secaudit.model.errors import BadInput
from secaudit.reference.datasets import SHAPES, held

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder of its own, which does not exist yet."""
    chosen = tmp_path / "own" / "data"
    monkeypatch.setenv("SECAUDIT_DATA", str(chosen))
    return chosen


def newer(tmp_path: Path, kind: str = "eol", day: str = "2026-11-01", **replaced: str) -> Path:
    """Write a data set like the shipped one with another date."""
    text = (ROOT / "checklists" / "data" / f"{kind}.yaml").read_text(encoding="utf-8")
    shipped = next(line for line in text.splitlines() if line.startswith("date: "))
    text = text.replace(shipped, f"date: {day}")
    for old, new in replaced.items():
        text = text.replace(old, new)
    file = tmp_path / f"{kind}-{day}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def update(file: Path, sha256: str = "", *, trust: bool = True) -> None:
    update_data(file, sha256=sha256, trust_unsigned=trust, now=NOW)


def refusal(file: Path, sha256: str = "", *, trust: bool = True) -> str:
    with pytest.raises(BadInput) as refused:
        update(file, sha256, trust=trust)
    return str(refused.value)


def test_a_newer_file_is_used_at_once_and_listed(tmp_path: Path, folder: Path) -> None:
    file = newer(tmp_path)
    done = update_data(file, sha256="", trust_unsigned=True, now=NOW)
    assert (done.kind, done.dated) == ("eol", date(2026, 11, 1))
    assert held("eol").data.date == date(2026, 11, 1)
    rows = {row.kind: row for row in list_data(NOW)}
    assert set(rows) == set(SHAPES)
    assert (rows["eol"].how, rows["eol"].age_days, rows["eol"].too_old) == ("unsigned", 21, False)
    assert rows["cms"].how == "shipped"
    assert sorted(entry.name for entry in folder.iterdir()) == ["eol.origin.json", "eol.yaml"]


def test_a_compared_hash_is_remembered_for_that_very_file_only(tmp_path: Path, folder: Path) -> None:
    file = newer(tmp_path)
    update(file, hashlib.sha256(file.read_bytes()).hexdigest().upper(), trust=False)
    assert list_data(NOW)[0].how == "sha256"
    assert json.loads((folder / "eol.origin.json").read_text(encoding="utf-8"))["how"] == "sha256"
    with (folder / "eol.yaml").open("a", encoding="utf-8") as changed:
        changed.write("# changed by hand\n")
    assert list_data(NOW)[0].how == "unsigned"


def test_the_one_before_is_kept(tmp_path: Path, folder: Path) -> None:
    update(newer(tmp_path))
    update(newer(tmp_path, day="2026-11-15"))
    assert held("eol").data.date == date(2026, 11, 15)
    assert "date: 2026-11-01" in (folder / "eol.previous.yaml").read_text(encoding="utf-8")


def test_nobody_vouches(tmp_path: Path, folder: Path) -> None:
    file = newer(tmp_path)
    assert hashlib.sha256(file.read_bytes()).hexdigest() in refusal(file, trust=False)
    assert "not the one given" in refusal(file, "0" * 64)
    assert "64 hexadecimal" in refusal(file, "abc")
    assert not folder.exists()


@pytest.mark.parametrize("day", ["2020-01-01", "2026-08-20"])
def test_older_or_the_same_day(tmp_path: Path, day: str) -> None:
    assert "not newer" in refusal(newer(tmp_path, day=day))


def test_from_the_future(tmp_path: Path) -> None:
    assert "in the future" in refusal(newer(tmp_path, day=(NOW + timedelta(days=30)).date().isoformat()))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "its first field"),
        (b"\xff\xfe\x00", "not YAML in UTF-8"),
        (b"format: [", "not YAML in UTF-8"),
        (b"a: &x [1]\nb: *x\n", "aliases"),
        (b"[" * 20000, "not YAML in UTF-8"),
        (b"- just\n- a list\n", "its first field"),
        (b"format: secaudit.paths/1\n", "its first field"),
        (b"format: secaudit.eol/2\n", "its first field"),
        (b"format: secaudit.eol/1\ndate: 2026-11-01\n", "damaged or of another version"),
        (b"x" * (LARGEST + 1), "larger than"),
    ],
    ids=["empty", "binary", "broken", "alias", "deep", "list", "other", "version", "incomplete", "large"],
)
def test_foreign_and_broken_files(tmp_path: Path, folder: Path, content: bytes, says: str) -> None:
    file = tmp_path / "foreign.yaml"
    file.write_bytes(content)
    assert says in refusal(file)
    assert not folder.exists()


def test_a_pattern_that_could_take_for_ever_is_refused_with_its_place(tmp_path: Path) -> None:
    file = newer(tmp_path, **{r"\bnginx/(?P<version>\d[\d.]*)": "(a+)+(?P<version>x)"})
    assert "products.0.patterns.0" in refusal(file)


def test_no_such_file(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.yaml")
    assert "cannot be read" in refusal(tmp_path)


def test_an_installed_file_that_broke_is_set_aside(tmp_path: Path, folder: Path) -> None:
    shipped = held("eol").data.date
    update(newer(tmp_path))
    (folder / "eol.yaml").write_text("format: secaudit.eol/1\n", encoding="utf-8")
    row = list_data(NOW)[0]
    assert (row.dated, row.unreadable) == (shipped, "ValidationError")


def test_an_installed_file_older_than_the_programs_own_is_not_used(folder: Path, tmp_path: Path) -> None:
    shipped = held("eol").data.date
    folder.mkdir(parents=True)
    (folder / "eol.yaml").write_bytes(newer(tmp_path, day="2020-01-01").read_bytes())
    assert held("eol").data.date == shipped


def test_a_full_disk_leaves_the_data_in_use(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update(newer(tmp_path))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        update(newer(tmp_path, day="2026-11-15"))
    assert held("eol").data.date == date(2026, 11, 1)
    assert not list(folder.glob("*.new"))
