"""Asking gently, and noticing when the server begins to block."""

from __future__ import annotations

from secaudit.probes.exposure.limits import DENIED_IN_A_ROW, LOST_IN_A_ROW
from secaudit.probes.exposure.pace import Pace, Watch


def test_turns_come_at_most_so_often() -> None:
    now = [100.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    pace = Pace(10, now=lambda: now[0], sleep=sleep)
    assert [pace.turn() for _ in range(4)] == [1, 2, 3, 4]
    assert slept == [0, 0.1, 0.1, 0.1]
    now[0] += 5
    pace.turn()
    assert slept[-1] == 0


def _never() -> bool:
    raise AssertionError("nobody should be asked")


def test_429_stops_at_once_and_tells_after_how_many() -> None:
    watch = Watch(_never)
    for number, status in enumerate([404, 404, 200, 429, 404], 1):
        watch.note(number, status)
    assert watch.stopped is not None
    assert watch.stopped.params == {"requests": 3}
    assert watch.reliable == 3


def test_lost_answers_stop_only_in_a_row() -> None:
    watch = Watch(_never)
    for number in range(1, 10):
        watch.note(number, 0 if number % 2 else 404)
    assert watch.stopped is None
    for number in range(10, 10 + LOST_IN_A_ROW):
        watch.note(number, 0)
    assert watch.stopped is not None
    assert watch.reliable == 8  # number 9 was lost too


def test_refused_paths_are_no_block_while_others_are_answered() -> None:
    asked: list[int] = []

    def answers() -> bool:
        asked.append(1)
        return True

    watch = Watch(answers)
    for number in range(1, 40):
        watch.note(number, 403)
    assert watch.stopped is None
    assert len(asked) == 1  # the status counts as harmless from then on


def test_refusals_are_a_block_when_nothing_is_answered_any_more() -> None:
    watch = Watch(lambda: False)
    watch.note(1, 404)
    for number in range(2, 2 + DENIED_IN_A_ROW):
        watch.note(number, 403)
    assert watch.stopped is not None
    assert watch.reliable == 1


def test_a_changed_answer_at_the_end_is_a_block() -> None:
    watch = Watch(lambda: False)
    watch.note(1, 404)
    watch.end(lambda: 7)
    assert watch.stopped is not None
    assert watch.reliable == 6
