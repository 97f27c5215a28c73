from __future__ import annotations

import sys
import threading
import time

import pytest

from secaudit.probes.tls.child import Child, ChildFailed
from secaudit.probes.tls.sslyze_adapter import ConnectGuard


def program(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


def ask(text: str, seconds: float = 10.0, stop: threading.Event | None = None) -> object:
    with Child(program(text)) as child:
        return child.ask({"host": "Tân Lập"}, seconds, stop or threading.Event())


def test_an_answer_comes_back_in_utf8() -> None:
    echo = (
        "import sys, json; r = json.loads(sys.stdin.buffer.read().decode('utf-8'));"
        "sys.stdout.buffer.write(json.dumps({'ok': True, 'host': r['host']}, ensure_ascii=False).encode('utf-8'))"
    )
    assert ask(echo) == {"ok": True, "host": "Tân Lập"}


def test_the_time_limit_ends_the_child() -> None:
    begun = time.monotonic()
    with pytest.raises(ChildFailed) as failed:
        ask("import time; time.sleep(60)", seconds=0.3)
    assert failed.value.code == "probe-time-limit"
    assert time.monotonic() - begun < 5


def test_cancelling_ends_the_child() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(ChildFailed) as failed:
        ask("import time; time.sleep(60)", stop=stop)
    assert failed.value.code == "probe-interrupted"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("raise ValueError('hỏng')", "ValueError: hỏng"),
        ("import os; os._exit(3)", "no answer"),
        ("print('not json')", "no answer"),
        ("print('[1, 2]')", ""),
        ("""print('{"ok": false, "error": "OSError: x", "connections": 7}')""", "OSError: x"),
    ],
)
def test_a_crash_is_told(text: str, detail: str) -> None:
    with pytest.raises(ChildFailed) as failed:
        ask(text)
    assert failed.value.code == "probe-crashed"
    assert failed.value.detail == detail


def test_an_answer_longer_than_a_pipe_holds() -> None:
    answer = ask("import json; print(json.dumps({'ok': True, 'much': 'x' * 3_000_000}))")
    assert isinstance(answer, dict)
    assert len(answer["much"]) == 3_000_000


def test_the_guard_counts_and_refuses_other_addresses() -> None:
    guard = ConnectGuard("127.0.0.1", 443)
    guard("socket.connect", (None, ("127.0.0.1", 443)))
    guard("socket.bind", (None, ("10.0.0.1", 1)))
    for elsewhere in (("127.0.0.2", 443), ("127.0.0.1", 80), "/run/socket", ("name.vn", 443)):
        with pytest.raises(PermissionError):
            guard("socket.connect", (None, elsewhere))
    assert guard.connections == 1
    six = ConnectGuard("::1", 443)
    six("socket.connect", (None, ("::1", 443, 0, 0)))
    assert six.connections == 1


def test_a_child_that_is_never_asked_ends_too() -> None:
    begun = time.monotonic()
    with Child(program("import sys; sys.stdin.read(); import time; time.sleep(60)")):
        pass
    assert time.monotonic() - begun < 5


def test_a_child_that_is_ended_from_outside_fails_its_asker() -> None:
    with Child(program("import time; time.sleep(60)")) as child:
        threading.Timer(0.2, child.end).start()
        with pytest.raises(ChildFailed) as failed:
            child.ask({}, 30, threading.Event())
    assert failed.value.code == "probe-crashed"
