"""Runs the probes of one scan side by side and hands over every fact the moment it is seen.

Each probe has a thread of its own; everything that they see comes back through one queue to the calling thread,
which alone talks to the store and the watcher. A probe that exceeds its time is told to stop, and given up if it
does not: its thread is a daemon and cannot keep the program alive.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from secaudit.app.events import Watcher
from secaudit.model.base import Reason
from secaudit.model.observation import Observation
from secaudit.model.scan import ProbeRun, ScanOptions
from secaudit.model.target import Target
from secaudit.model.words import ProbeStatus
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.probe import Probe, ProbeContext, ProbeFailed

TICK = 0.2
"""Seconds between two ticks of the watcher."""
GRACE = 5.0
"""Seconds that a probe has to end after it was told to stop."""


class Sink(Protocol):
    """Where the facts of a scan go."""

    def observation(self, seen: Observation) -> None:
        """Keep one observation."""

    def raw(self, name: str, data: bytes) -> None:
        """Keep a tool's own result."""

    def ended(self, run: ProbeRun) -> None:
        """Keep how a probe ended."""


@dataclass
class _Job:
    """One probe at work."""

    probe: Probe
    stop: threading.Event = field(default_factory=threading.Event)
    notes: list[Reason] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    told_to_stop: float | None = None
    done: bool = False

    def seconds(self) -> float:
        return round(time.monotonic() - self.began, 3)


_Message = tuple[_Job, str, object]


def run_probes(
    probes: Iterable[Probe],
    target: Target,
    options: ScanOptions,
    gate: Gate,
    clock: Callable[[], datetime],
    sink: Sink,
    watcher: Watcher,
) -> list[ProbeRun]:
    """Run all probes at once until each has ended, and return how they went, in the order given.

    Each probe starts the moment `probes` gives it, so that the first is at work while the next is still loaded.

    Raises:
        KeyboardInterrupt: passed on after the probes were told to stop; what was seen has reached the sink.
    """
    messages: queue.SimpleQueue[_Message] = queue.SimpleQueue()
    jobs: list[_Job] = []
    runs: dict[str, ProbeRun] = {}
    for probe in probes:
        job = _Job(probe)
        jobs.append(job)
        thread = threading.Thread(
            target=_work, args=(job, target, options, gate, clock, messages), daemon=True,
            name=f"probe-{job.probe.name}",
        )  # fmt: skip
        thread.start()
    watcher.probes_running()
    try:
        while not all(job.done for job in jobs):
            try:
                job, kind, value = messages.get(timeout=TICK)
            except queue.Empty:
                pass
            else:
                run = _handle(job, kind, value, sink, watcher)
                if run is not None:
                    runs[run.name] = run
            for late in _give_up_late(jobs, options.time_limit):
                sink.ended(late)
                watcher.probe_ended(late)
                runs[late.name] = late
            watcher.tick()
    except BaseException:
        for job in jobs:
            job.stop.set()
        raise
    return [runs[job.probe.name] for job in jobs]


def _work(
    job: _Job, target: Target, options: ScanOptions, gate: Gate, clock: Callable[[], datetime],
    messages: queue.SimpleQueue[_Message],
) -> None:  # fmt: skip
    context = ProbeContext(
        gate=gate.for_probe(job.probe.name),
        options=options,
        clock=clock,
        say=lambda what: messages.put((job, "say", what)),
        note=job.notes.append,
        keep_raw=lambda name, data: messages.put((job, "raw", (name, data))),
        stop=job.stop,
    )
    fault: Reason | None = None
    try:
        for seen in job.probe.run(target, context):
            messages.put((job, "observation", seen))
    except (ProbeFailed, Refused) as error:
        fault = error.reason
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:300]
        fault = Reason(code="probe-crashed", params={"probe": job.probe.name, "detail": detail})
    messages.put((job, "end", fault))


def _handle(job: _Job, kind: str, value: object, sink: Sink, watcher: Watcher) -> ProbeRun | None:
    if job.done:
        return None  # it was given up; what it still sends is too late to be part of the scan
    if kind == "say" and isinstance(value, Reason):
        watcher.probe_says(job.probe.name, value)
    elif kind == "raw" and isinstance(value, tuple):
        sink.raw(*value)
    elif kind == "observation":
        sink.observation(value)  # type: ignore[arg-type]
    elif kind == "end":
        fault = value if isinstance(value, Reason) else None
        return _end(job, fault, sink, watcher)
    return None


def _end(job: _Job, fault: Reason | None, sink: Sink, watcher: Watcher) -> ProbeRun:
    job.done = True
    run = ProbeRun(
        name=job.probe.name,
        status=ProbeStatus.FAILED if fault else ProbeStatus.OK,
        seconds=job.seconds(),
        fault=fault,
        notes=tuple(job.notes),
    )
    sink.ended(run)
    watcher.probe_ended(run)
    return run


def _give_up_late(jobs: Sequence[_Job], limit: float) -> list[ProbeRun]:
    """Tell probes over their time to stop, and return the runs of those that did not stop within the grace."""
    given_up = []
    now = time.monotonic()
    for job in jobs:
        if job.done or now - job.began < limit:
            continue
        if job.told_to_stop is None:
            job.told_to_stop = now
            job.stop.set()
        elif now - job.told_to_stop > GRACE:
            job.done = True
            reason = Reason(code="probe-time-limit", params={"probe": job.probe.name, "seconds": round(limit)})
            given_up.append(
                ProbeRun(
                    name=job.probe.name, status=ProbeStatus.FAILED, seconds=job.seconds(), fault=reason,
                    notes=tuple(job.notes),
                )
            )  # fmt: skip
    return given_up
