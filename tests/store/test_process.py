from __future__ import annotations

import os
import subprocess
import sys

import pytest

from secaudit.store import process
from secaudit.store.process import current_process, is_alive


def test_this_process_is_alive_and_known_by_its_start() -> None:
    mark = current_process()
    assert mark.pid == os.getpid()
    assert mark.started
    assert is_alive(mark)


def test_a_reused_number_is_another_process() -> None:
    mark = current_process()
    assert not is_alive(mark.model_copy(update={"started": "another boot/1"}))


def test_a_process_is_gone_when_killed_even_before_it_is_reaped() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        mark = current_process().model_copy(update={"pid": child.pid, "started": process._started(child.pid)})
        assert mark.started
        assert is_alive(mark)
        child.kill()
        if hasattr(os, "waitid"):
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            assert not is_alive(mark)
    finally:
        child.kill()
        child.communicate()
    assert not is_alive(mark)
    assert not is_alive(mark.model_copy(update={"started": ""}))


def test_a_process_elsewhere_counts_as_alive() -> None:
    assert is_alive(current_process().model_copy(update={"host": "another", "pid": 0}))


def test_impossible_numbers_are_nobody() -> None:
    for pid in (0, -1):
        assert not is_alive(current_process().model_copy(update={"pid": pid}))


@pytest.mark.skipif(sys.platform == "win32", reason="ps is a program of POSIX systems")
def test_ps_tells_the_start_where_there_is_no_proc() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        started = process._started_ps(child.pid)
        assert started
        assert started == process._started_ps(child.pid)
        assert process._exists(child.pid) == ""
    finally:
        child.kill()
        child.communicate()
    assert process._started_ps(child.pid) is None
    assert process._exists(child.pid) is None
