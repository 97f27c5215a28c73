"""Copies of shipped YAML: never stale, never damaged, never in the way."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from secaudit.checklist import compiled as module
from secaudit.checklist.compiled import cache_folder, compiled, compiled_data
from secaudit.checklist.faults import FaultyFile
from secaudit.checklist.loader import Library
from secaudit.checklist.reading import parse, plain
from secaudit.checklist.resources import checklist_files, shipped
from secaudit.model.requirement import Checklist


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECAUDIT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.yaml"
    file.write_text("tên: Đường\nreviewed: 2026-11-22\n1: [a, 2, 0.5, true, null]\n", encoding="utf-8")
    return file


DATA = {"tên": "Đường", "reviewed": "2026-11-22", "1": ["a", 2, 0.5, True, None]}


def test_a_copy_says_what_the_yaml_says(cache: Path, own: Path) -> None:
    assert compiled_data(own) == DATA
    [copy] = cache.iterdir()
    stamp = copy.stat().st_mtime_ns
    assert compiled_data(own) == DATA
    assert (list(cache.iterdir()), copy.stat().st_mtime_ns) == ([copy], stamp)


def test_a_copy_spares_the_reading(cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled(own)
    monkeypatch.setattr("secaudit.checklist.reading.parse", lambda *_: pytest.fail("read again"))
    assert compiled_data(own) == DATA


def test_a_changed_file_is_never_read_stale(cache: Path, own: Path) -> None:
    before = own.stat()
    compiled(own)
    own.write_text(own.read_text(encoding="utf-8").replace("0.5", "0.7"), encoding="utf-8")
    os.utime(own, ns=(before.st_atime_ns, before.st_mtime_ns))  # same name, same size, same time
    assert own.stat().st_size == before.st_size
    assert compiled_data(own)["1"][2] == 0.7


def test_another_version_of_the_program_reads_for_itself(
    cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled(own)
    monkeypatch.setattr(module, "_FORMAT", b"secaudit.compiled/1 9.9\n")
    compiled(own)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "forged", "folder"])
def test_a_damaged_copy_counts_as_absent_and_is_mended(cache: Path, own: Path, damage: str) -> None:
    compiled(own)
    [copy] = cache.iterdir()
    whole = copy.read_bytes()
    if damage == "folder":
        copy.unlink()
        copy.mkdir()
        assert compiled_data(own) == DATA
        return
    spoilt = {"empty": b"", "cut": whole[:-3], "flipped": whole[:-2] + b"x}", "forged": whole[:64] + b"{}"}[damage]
    copy.write_bytes(spoilt)
    assert compiled_data(own) == DATA
    assert copy.read_bytes() == whole


def test_where_nothing_can_be_written_it_works_all_the_same(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("SECAUDIT_CACHE", str(tmp_path / "file" / "cache"))
    assert compiled_data(own) == DATA
    monkeypatch.setenv("SECAUDIT_CACHE", "off")
    assert cache_folder() is None
    assert compiled_data(own) == DATA


def test_many_writers_at_once_leave_one_whole_copy(cache: Path, own: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(data == DATA for data in pool.map(lambda _: compiled_data(own), range(64)))
    assert [file.suffix for file in cache.iterdir()] == [".json"]


def test_old_copies_do_not_pile_up(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    for number in range(30):
        file = tmp_path / f"{number}.yaml"
        file.write_text(f"n: {number}", encoding="utf-8")
        assert compiled_data(file) == {"n": number}
    assert len(list(cache.iterdir())) <= 10


def test_a_faulty_file_is_refused_every_time_and_leaves_no_copy(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("a: [", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(FaultyFile):
            compiled(file)
    assert not cache.exists()


def test_checklists_are_the_same_from_yaml_and_from_a_copy(cache: Path) -> None:
    by_hand = {
        data["id"]: Checklist.model_validate(data)
        for file in checklist_files(shipped())
        if (data := plain(parse(file.read_text(encoding="utf-8"), file.name)))
    }
    for _ in range(2):
        assert {one.id: one for one in Library().all()} == by_hand
    assert Library().texts == Library().texts
