"""All formats of one system, its HTML alone, and a report over 200 systems, against a plain table through WeasyPrint.

Everything is generated and the same every time; nothing is sent anywhere. Each side is a process of its own, so that
its peak memory is its own; seconds are wall time, start of the program included (but for the HTML alone).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import secaudit
from secaudit.app.judge import assess_system, latest_judged
from secaudit.app.knowledge import Knowledge
from secaudit.app.report import report_model
from secaudit.cli.report_combined import FORMATS
from secaudit.report.model import ReportModel
from secaudit.store.workspace import Workspace
from tests.history import with_history
from tests.province_files import NOW, write_communes

SYSTEMS = 200
ROWS_OF_ONE, ROWS_OF_MANY = 240, 20 * SYSTEMS
"""Rows of the plain tables: about as many lines as the reports have."""
GOAL_ONE, GOAL_HTML, GOAL_MANY, GOAL_MEMORY = 10.0, 1.0, 60.0, 500.0
ROUNDS = 2
"""The best of them counts: what else the machine does only ever makes a run longer."""

_PLAIN = """
import sys
from datetime import UTC, datetime
from secaudit.report.pdf import pdf_bytes
line = "<tr><td>5.1.2.1.a</td><td>Yêu cầu về an ninh mạng</td><td>Chưa đạt</td><td>22/11/2026</td></tr>"
pdf_bytes("<html lang=vi><title>x</title><table>" + line * int(sys.argv[1]), made_at=datetime.now(UTC))
"""
_HTML = """
import sys, time
from pathlib import Path
from benchmarks.reports import sample_report
from secaudit.report.html import prepare, render_html
model = sample_report(Path(sys.argv[1]))
prepare()
began = time.perf_counter()
render_html(model, "vi")
print(time.perf_counter() - began)
"""


@dataclass(frozen=True)
class Run:
    """One process: wall and processor seconds, peak memory in MB (0 where the system does not tell), its output."""

    seconds: float
    busy: float
    peak: float
    output: str


def measured(command: Sequence[str]) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: it ended with another code than 0, so that its figures mean nothing.
    """
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        if hasattr(os, "wait4"):
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak, busy = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
        else:
            process.wait()
            peak = busy = 0.0
        seconds = time.perf_counter() - began
        out.seek(0)
        output = out.read().decode("utf-8", "replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {output[-500:]}")
    return Run(seconds, busy, peak, output)


def sample_report(folder: Path) -> ReportModel:
    """Return the report model of the generated workspace in `folder`."""
    knowledge = Knowledge()
    with Workspace.open(folder) as workspace:
        [system], [site] = workspace.registry.systems(), workspace.registry.sites()
        judged = latest_judged(workspace, site, knowledge)
        assert judged is not None
        assessments = assess_system(workspace, system, [judged], knowledge, NOW)
        return report_model(workspace, system, site, judged, assessments, knowledge, NOW)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with_history(folder / "one").close()
        write_communes(folder / "communes", SYSTEMS, folder / "base")
        one = ["--workspace", str(folder / "one")]
        many = ["--workspace", str(folder / "none"), "--from", str(folder / "communes")]
        everything = ",".join(FORMATS)
        plain = [sys.executable, "-c", _PLAIN]
        sides: dict[str, Sequence[str]] = {
            "plain table": [*plain, str(ROWS_OF_ONE)],
            f"one system, {everything}": secaudit("report", "--format", everything, *one),
            "one system, HTML after loading": [sys.executable, "-c", _HTML, str(folder / "one")],
            f"plain table, {ROWS_OF_MANY} rows": [*plain, str(ROWS_OF_MANY)],
            f"{SYSTEMS} systems, html,pdf,xlsx,json": secaudit(
                "report", "province", "--format", "html,pdf,xlsx,json", *many
            ),
        }
        found: dict[str, list[Run]] = {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, command in sides.items():  # interleaved, so that a noisy machine troubles all alike
                found[name].append(measured(command))
    _show(found)


def _show(found: dict[str, list[Run]]) -> None:
    small, whole, html, large, province = found.values()
    best = {name: min(runs, key=lambda run: run.seconds) for name, runs in found.items() if runs is not html}
    for name, run in best.items():
        print(f"  {name:<38} {run.seconds:7.1f} s ({run.busy:.1f} s of the processor)  {run.peak:4.0f} MB")
    seconds = [min(run.seconds for run in runs) for runs in (small, whole, large, province)]
    alone = min(float(run.output) for run in html)
    print(f"  one system, HTML after loading         {alone:7.2f} s (goal: at most {GOAL_HTML:.0f} s)")
    print(f"  one system / plain table               {seconds[1] / seconds[0]:7.1f}   (goal: at most {GOAL_ONE:.0f} s)")
    ratio = seconds[3] / seconds[2]
    goal = f"(goal: at most {GOAL_MANY:.0f} s and {GOAL_MEMORY:.0f} MB)"
    print(f"  {SYSTEMS} systems / plain table              {ratio:7.1f}   {goal}")


if __name__ == "__main__":
    main()
