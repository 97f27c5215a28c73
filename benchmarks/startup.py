"""`secaudit --help` against the floor: an interpreter that only imports click. The goal is at most 2.0."""

from __future__ import annotations

import sys

from benchmarks.timing import medians, secaudit


def main() -> None:
    found = medians({"import click": [sys.executable, "-c", "import click"], "secaudit --help": secaudit("--help")}, 15)
    for name, seconds in found.items():
        print(f"  {name:<18} {seconds * 1000:7.1f} ms")
    print(f"  ratio              {found['secaudit --help'] / found['import click']:7.2f}   (goal: at most 2.0)")
