"""Loading and judging all checklists for one system against parsing their YAML alone. The goal: 150 ms more at most.

Every row is answered and every check that informs a row has been seen, every second one failing. Medians over
interleaved rounds in one process; the round that warms up is shown apart and does not count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ruamel.yaml import YAML

from secaudit.assess.findings import find
from secaudit.assess.judge import judge
from secaudit.checklist.loader import Library
from secaudit.checklist.resources import checklist_files, shipped
from secaudit.model.assessment import Answer
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.words import AnswerValue, Outcome

ROUNDS = 9
GOAL_MS = 150
NOW = datetime.now(UTC)


def main() -> None:
    answers, outcomes, findings = seen_and_said()
    sides: dict[str, Callable[[], None]] = {
        "YAML alone": parse_only,
        "load and judge": lambda: load_and_judge(answers, outcomes, findings),
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS + 1):
        for name, work in sides.items():  # interleaved, so that a noisy machine troubles both alike
            began = time.perf_counter()
            work()
            times[name].append((time.perf_counter() - began) * 1000)
    found = {name: statistics.median(values[1:]) for name, values in times.items()}
    for name, milliseconds in found.items():
        print(f"  {name:<18} {milliseconds:7.1f} ms   (first round {times[name][0]:.1f} ms)")
    floor, whole = found.values()
    print(f"  more               {whole - floor:7.1f} ms   (goal: at most {GOAL_MS})")
    print(f"  ratio              {whole / floor:7.2f}")


def seen_and_said() -> tuple[list[Answer], list[CheckOutcome], tuple[Finding, ...]]:
    """Return an answer to every row, and outcomes of every check that some row names."""
    library = Library()
    answers = [
        Answer(
            checklist=checklist.id, requirement=row.id, value=AnswerValue.MET, answered_by="Lan", answered_at=NOW,
            evidence_date=NOW.date(),
        )
        for checklist in library.all()
        for row in checklist.requirements
    ]  # fmt: skip
    outcomes = [
        CheckOutcome(check=check, result=Outcome.FAIL if n % 2 else Outcome.PASS, target="xa.gov.vn:443")
        for n, check in enumerate(sorted(library.mapping.checks()))
    ]
    return answers, outcomes, find(outcomes, library.texts)


def parse_only() -> None:
    for file in checklist_files(shipped()):
        YAML(typ="safe", pure=False).load(file.read_text(encoding="utf-8"))


def load_and_judge(answers: list[Answer], outcomes: list[CheckOutcome], findings: tuple[Finding, ...]) -> None:
    library = Library()
    for checklist in library.all():
        judge(
            checklist, outcomes=outcomes, findings=findings, answers=answers, questions=library.profile,
            at=NOW, today=NOW.date(),
        )  # fmt: skip
