"""A standard audit of one site against its slowest probe alone. The goal is at most 1.2.

The site is a real nginx behind proxies that add a round trip of 100 ms, as a page elsewhere has, and once more on
loopback without delay, where little but the processor's own work is left. Whole commands are timed, start of the
interpreter included on both sides.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.peers import ROUND_TRIP, far_page
from benchmarks.timing import medians, secaudit
from secaudit.probes.registry import PROBE_NAMES


def main() -> None:
    for round_trip in (ROUND_TRIP, 0.0):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with far_page(folder, [0], round_trip) as (address, https, http, root):
                common = ["--http-port", str(http), "--ca-file", str(root), "--workspace", str(folder / "data")]
                url = f"https://{address}:{https}/"
                commands = {
                    f"scan --probe {probe}": secaudit("scan", url, "--probe", probe, *common) for probe in PROBE_NAMES
                }
                found = medians({**commands, "audit": secaudit("audit", url, *common)}, 3, folder)
        print(f"  round trip {round_trip * 1000:.0f} ms")
        for label, seconds in found.items():
            print(f"    {label:<23} {seconds:7.2f} s")
        slowest = max(seconds for label, seconds in found.items() if label != "audit")
        print(f"    ratio                   {found['audit'] / slowest:7.2f}   (goal: at most 1.2)")
