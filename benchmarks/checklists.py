"""Loading and judging all checklists for one system against parsing their YAML alone. The goal: 150 ms more at most."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ruamel.yaml import YAML

from secaudit.assess.judge import judge
from secaudit.checklist.loader import Library
from secaudit.checklist.resources import checklist_files, shipped

ROUNDS = 9
GOAL_MS = 150


def main() -> None:
    sides: dict[str, Callable[[], None]] = {"YAML alone": parse_only, "load and judge": load_and_judge}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for round_ in range(ROUNDS + 1):
        for name, work in sides.items():  # interleaved, so that a noisy machine troubles both alike
            began = time.perf_counter()
            work()
            if round_:
                times[name].append((time.perf_counter() - began) * 1000)
    found = {name: statistics.median(values) for name, values in times.items()}
    for name, milliseconds in found.items():
        print(f"  {name:<18} {milliseconds:7.1f} ms")
    more = found["load and judge"] - found["YAML alone"]
    print(f"  more               {more:7.1f} ms   (goal: at most {GOAL_MS})")


def parse_only() -> None:
    for file in checklist_files(shipped()):
        YAML(typ="safe", pure=False).load(file.read_text(encoding="utf-8"))


def load_and_judge() -> None:
    library, now = Library(), datetime.now(UTC)
    for checklist in library.all():
        judge(checklist, questions=library.profile, at=now, today=now.date())
