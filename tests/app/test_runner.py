"""Running probes side by side: facts arrive at once, one probe's fault harms no other, nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from secaudit.app import runner
from secaudit.app.events import Silent
from secaudit.app.runner import run_probes
from secaudit.model.base import Reason
from secaudit.model.observation import Observation, PortScanObservation
from secaudit.model.scan import ProbeRun, ScanOptions
from secaudit.model.target import Target, parse_target
from secaudit.model.words import ProbeStatus
from secaudit.probes.gate import Gate
from secaudit.probes.probe import PlannedStep, Probe, ProbeContext, ProbeFailed

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TARGET = parse_target("https://127.0.0.1/")
Work = Callable[[ProbeContext], Iterator[Observation]]


def seen(name: str) -> Observation:
    return PortScanObservation(target=name, host=name, at=NOW)


class Fake:
    """A probe that does what the test says."""

    def __init__(self, name: str, work: Work) -> None:
        self.name = name
        self._work = work

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        return []

    def run(self, target: Target, context: ProbeContext) -> Iterator[Observation]:
        return self._work(context)


class Kept:
    """A sink that remembers, and the thread that called it."""

    def __init__(self) -> None:
        self.observations: list[str] = []
        self.raws: list[tuple[str, bytes]] = []
        self.runs: list[ProbeRun] = []
        self.threads: set[int] = set()

    def observation(self, one: Observation) -> None:
        self.threads.add(threading.get_ident())
        self.observations.append(one.target)

    def raw(self, name: str, data: bytes) -> None:
        self.raws.append((name, data))

    def ended(self, run: ProbeRun) -> None:
        self.runs.append(run)


def go(*probes: Probe, limit: float = 30.0) -> tuple[Kept, list[ProbeRun]]:
    kept = Kept()
    gate = Gate([], lambda: NOW)
    options = ScanOptions(time_limit=limit)
    return kept, run_probes(probes, TARGET, options, gate, lambda: NOW, kept, Silent())


def yields(*names: str) -> Work:
    def work(context: ProbeContext) -> Iterator[Observation]:
        yield from (seen(name) for name in names)

    return work


def test_all_facts_arrive_in_the_calling_thread() -> None:
    kept, runs = go(Fake("a", yields("1", "2")), Fake("b", yields("3")))
    assert sorted(kept.observations) == ["1", "2", "3"]
    assert kept.threads == {threading.get_ident()}
    assert [(run.name, run.status) for run in runs] == [("a", ProbeStatus.OK), ("b", ProbeStatus.OK)]
    assert len(kept.runs) == 2


def test_probes_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def meets(context: ProbeContext) -> Iterator[Observation]:
        meeting.wait()
        yield seen("met")

    _, runs = go(Fake("a", meets), Fake("b", meets))
    assert [run.status for run in runs] == [ProbeStatus.OK, ProbeStatus.OK]


def test_a_crash_keeps_what_was_seen_and_harms_no_other() -> None:
    def crashes(context: ProbeContext) -> Iterator[Observation]:
        yield seen("before")
        raise RuntimeError("boom")

    kept, [bad, good] = go(Fake("bad", crashes), Fake("good", yields("fine")))
    assert sorted(kept.observations) == ["before", "fine"]
    assert bad.status is ProbeStatus.FAILED
    assert bad.fault is not None
    assert bad.fault.code == "probe-crashed"
    assert "boom" in str(bad.fault.params["detail"])
    assert good.status is ProbeStatus.OK


def test_a_probe_that_gives_up_says_why() -> None:
    def fails(context: ProbeContext) -> Iterator[Observation]:
        raise ProbeFailed(Reason(code="tool-missing", params={"tool": "nmap"}))
        yield

    _, [run] = go(Fake("ports", fails))
    assert run.status is ProbeStatus.FAILED
    assert run.fault == Reason(code="tool-missing", params={"tool": "nmap"})


def test_notes_and_raw_results_are_kept() -> None:
    def notes(context: ProbeContext) -> Iterator[Observation]:
        context.note(Reason(code="nmap-missing"))
        context.keep_raw("tool", b"raw")
        yield seen("x")

    kept, [run] = go(Fake("a", notes))
    assert run.notes == (Reason(code="nmap-missing"),)
    assert kept.raws == [("tool", b"raw")]


def test_a_probe_over_its_time_is_told_to_stop() -> None:
    def waits(context: ProbeContext) -> Iterator[Observation]:
        yield seen("early")
        assert context.stop.wait(20)
        yield seen("last")

    kept, [run] = go(Fake("slow", waits), limit=0.3)
    assert kept.observations == ["early", "last"]
    assert run.status is ProbeStatus.OK


def test_a_probe_that_does_not_stop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "GRACE", 0.3)
    release = threading.Event()

    def hangs(context: ProbeContext) -> Iterator[Observation]:
        yield seen("early")
        release.wait(20)
        yield seen("too late")

    began = time.monotonic()
    kept, [hung, fine] = go(Fake("hung", hangs), Fake("fine", yields("ok")), limit=0.3)
    release.set()
    assert time.monotonic() - began < 15
    assert hung.status is ProbeStatus.FAILED
    assert hung.fault is not None
    assert hung.fault.code == "probe-time-limit"
    assert sorted(kept.observations) == ["early", "ok"]
    assert fine.status is ProbeStatus.OK


def test_an_interruption_stops_the_probes() -> None:
    stopped = threading.Event()

    def waits(context: ProbeContext) -> Iterator[Observation]:
        yield seen("early")
        if context.stop.wait(20):
            stopped.set()

    class Interrupts(Silent):
        def tick(self) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_probes([Fake("a", waits)], TARGET, ScanOptions(), Gate([], lambda: NOW), lambda: NOW, Kept(), Interrupts())
    assert stopped.wait(10)
