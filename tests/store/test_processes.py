"""Killed processes, and several at once. The children come ready-made from a fork server, for speed."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import threading
import time
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from secaudit.model.words import ScanStatus
from secaudit.store import integrity
from secaudit.store.process import is_alive
from secaudit.store.workspace import Workspace
from tests.store import facts, writer

KILLS = 60
ANSWER_ROUNDS = 65
"""Each kills two writers; with the killed scans and migrations that makes more than 200."""


def assert_sound(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "secaudit.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def kill_one(start: multiprocessing.context.BaseContext, folder: Path, scan_id: str, chance: random.Random) -> int:
    """Start a writer, kill it after a while, and return the last number that it said, -1 for none."""
    receiver, sender = start.Pipe(duplex=False)
    child = start.Process(target=writer.write_until_killed, args=(folder, scan_id, sender))
    child.start()
    sender.close()
    if chance.random() < 0.7:  # otherwise anywhere, while the workspace is being made or opened as well
        receiver.poll(20)
    time.sleep(chance.uniform(0, 0.06))
    child.kill()
    return last_said(child, receiver)


def last_said(child: BaseProcess, receiver: Connection) -> int:
    """Wait for a killed child, and return the last number that it said, -1 for none."""
    child.join()
    last = -1
    with closing(receiver):
        try:
            while receiver.poll():
                last = receiver.recv()
        except EOFError:
            pass
    child.close()
    return last


@pytest.mark.slow
def test_a_killed_scan_keeps_all_that_it_said_was_stored(
    tmp_path: Path, start: multiprocessing.context.BaseContext
) -> None:
    chance = random.Random(20261122)
    marked, numbers = 0, []
    for attempt in range(KILLS):
        # Every fourth workspace is new, so that the making of one is interrupted as well.
        folder, scan_id = tmp_path / f"w{attempt // 4}", f"scan-{attempt}"
        last = kill_one(start, folder, scan_id, chance)
        with Workspace.create(folder) as workspace:
            gone = workspace.scans.mark_interrupted(is_alive, facts.NOW)
            if last < 0 and scan_id not in gone:
                continue
            assert gone == [scan_id]
            scan = workspace.scans.load(scan_id)
            assert scan.status is ScanStatus.INTERRUPTED
            stored = [seen.port for seen in scan.observations]
            # One more may stand there: stored, and killed before it was said.
            assert stored in (list(range(1, last + 1)), list(range(1, last + 2)))
            for name in workspace.scans.raw_names(scan_id):
                assert workspace.scans.raw(scan_id, name) == name.encode() * 1000
            marked += 1
            numbers.append(last)
        assert_sound(folder)
    assert marked > KILLS / 2
    assert max(numbers) > 0  # they did get to write


def test_killed_writers_leave_one_whole_chain_every_answer_and_each_item_once(
    tmp_path: Path, start: multiprocessing.context.BaseContext
) -> None:
    chance = random.Random(2026)
    told: dict[str, int] = {}
    for attempt in range(ANSWER_ROUNDS):
        folder = tmp_path / f"w{attempt // 8}"
        running = []
        for name in (f"{attempt}a", f"{attempt}b"):
            receiver, sender = start.Pipe(duplex=False)
            child = start.Process(target=writer.answer_until_killed, args=(folder, name, sender))
            child.start()
            sender.close()
            running.append((name, child, receiver))
        heard = [-1, -1]
        for _ in range(chance.choice((0, 1, 2, 2, 3, 5))):  # by what was done, so that a slow machine does not matter
            heard[1] = running[1][2].recv() if running[1][2].poll(20) else heard[1]
        time.sleep(chance.uniform(0, 0.04))
        running[0][1].kill()
        time.sleep(chance.uniform(0, 0.02))
        running[1][1].kill()
        last = {
            name: max(last_said(child, receiver), before)
            for (name, child, receiver), before in zip(running, heard, strict=True)
        }
        with Workspace.create(folder) as workspace:
            facts.register(workspace)
            assert list(integrity.faults(workspace)) == []
            notes = {answer.note for answer in workspace.answers.history(facts.SYSTEM.id, facts.ANSWER.requirement)}
            for name, number in last.items():
                assert {f"{name}/{n}" for n in range(1, number + 1)} <= notes
            assert len(workspace.journal.entries("answer.set")) == len(notes)
            items = {item.subject: item for item in workspace.remediation.items()}
            assert len(items) == len(workspace.remediation.items())
            assert {f"phát hiện {n}" for number in last.values() for n in range(1, number + 1)} <= set(items)
            opened = [event.item for event in workspace.remediation.events() if event.kind == "opened"]
            assert sorted(opened) == sorted(item.id for item in items.values())  # each once, with its history
        told |= last
    assert sum(number >= 0 for number in told.values()) > ANSWER_ROUNDS / 2
    assert sum(number > 0 for number in told.values()) > ANSWER_ROUNDS / 4  # they did get to answer


def test_processes_writing_at_once_lose_nothing(tmp_path: Path, start: multiprocessing.context.BaseContext) -> None:
    folder, count = tmp_path / "w", 60
    names = ["a", "b", "c"]
    children = [start.Process(target=writer.write_many, args=(folder, name, count)) for name in names]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
        assert child.exitcode == 0
    assert_sound(folder)
    with Workspace.open(folder) as workspace:
        for name in names:
            assert [seen.port for seen in workspace.scans.load(name).observations] == list(range(count))
        notes = {answer.note for answer in workspace.answers.history(facts.SYSTEM.id, facts.ANSWER.requirement)}
        assert notes == {f"{name}/{number}" for name in names for number in range(count)}
        assert all(line.judged for line in workspace.scans.summaries())
        assert list(integrity.faults(workspace)) == []  # one chain, whoever wrote
        assert len(workspace.journal.entries("answer.set")) == count * len(names)
        assert len(workspace.versions()) == 1


def test_threads_writing_at_once_lose_nothing(workspace: Workspace) -> None:
    workspace.scans.begin(facts.make_scan("s"), facts.SITE.id, facts.MARK)
    faults: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for number in range(first, first + 20):
                workspace.scans.add_observation("s", facts.service(number))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(0, 160, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    seen = [observation.port for observation in workspace.scans.load("s").observations]
    assert sorted(seen) == list(range(160))
    for first in range(0, 160, 20):
        assert [port for port in seen if first <= port < first + 20] == list(range(first, first + 20))
