"""A standard audit of one page beside the tools it stands for, one after the other, at a round trip of 100 ms.

The peers are sslyze's own command, nmap with service detection over its top 1,000 ports, and curl for the headers.
The page is a real nginx on a loopback address of its own; its two web ports stand behind proxies that delay and
count. Ports are looked at on loopback without delay, by both sides alike: no proxy can delay a handshake.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.delay_proxy import delay_proxy
from benchmarks.timing import secaudit
from tests.servers.authority import LabAuthority
from tests.servers.nginx import nginx
from tests.servers.process import free_port

ROUND_TRIP = 0.1
BEHIND, BEFORE = "127.0.91.2", "127.0.91.3"
"""The page stands on the first address; what is measured talks to the second."""
BLOCK = """
server {{
  listen {address}:{https} ssl; server_tokens on;
  ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3;
  location / {{ return 200 '<!doctype html><title>bench</title><p>Trang'; }}
}}
server {{ listen {address}:{http}; location / {{ return 200 'Trang'; }} }}
"""
# Runs a command and prints what it cost: the peak is of the largest process among it and its children.
_METER = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
code = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=open(sys.argv[1], "wb"), stderr=subprocess.DEVNULL)
wall = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code.returncode]))
"""


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds of wall and of processor, peak memory in MB, connections that the page saw."""

    wall: float
    cpu: float
    megabytes: float
    connections: int
    output: str


def measure(command: Sequence[str], counts: list[int], folder: Path) -> Cost:
    """Run a command once and return its cost."""
    before, out = counts[0], folder / "output"
    meter = subprocess.run(
        [sys.executable, "-c", _METER, str(out), *command], capture_output=True, text=True, encoding="utf-8",
        check=True, cwd=folder,
    )  # fmt: skip
    wall, cpu, megabytes, _code = json.loads(meter.stdout)
    return Cost(wall, cpu, megabytes, counts[0] - before, out.read_text(encoding="utf-8", errors="replace"))


@contextmanager
def far_page(folder: Path, counts: list[int], round_trip: float = ROUND_TRIP) -> Iterator[tuple[str, int, int, Path]]:
    """Run the page behind delaying proxies; gives address, https port, http port and the root certificate's file."""
    authority = LabAuthority()
    certificate, key = authority.issue(BEFORE).write(folder, "page")
    https, http = free_port(BEHIND), free_port(BEHIND)
    block = BLOCK.format(address=BEHIND, https=https, http=http, certificate=certificate, key=key)
    ready, ended = threading.Event(), threading.Event()

    def count() -> None:
        counts[0] += 1

    async def serve() -> None:
        async with (
            delay_proxy((BEHIND, https), round_trip, (BEFORE, https), count),
            delay_proxy((BEHIND, http), round_trip, (BEFORE, http), count),
        ):
            ready.set()
            while not ended.is_set():
                await asyncio.sleep(0.1)

    with nginx(folder / "nginx", [block], [https, http], address=BEHIND):
        thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield BEFORE, https, http, authority.write_root(folder)
        finally:
            ended.set()
            thread.join(10)


def main() -> None:
    counts = [0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with far_page(folder, counts) as (_, https, http, root):
            ours = measure(
                secaudit("audit", f"https://{BEFORE}:{https}/", "--http-port", str(http), "--ca-file", str(root),
                         "--workspace", str(folder / "data"), "--json"),
                counts, folder,
            )  # fmt: skip
            peers = {
                "sslyze": measure(
                    [sys.executable, "-m", "sslyze", "--certinfo_ca_file", str(root), f"{BEFORE}:{https}"],
                    counts,
                    folder,
                ),
                "nmap": measure(
                    ["nmap", "-sT", "-sV", "-Pn", "-n", "-p", f"1-1000,{http},{https}", BEFORE], counts, folder
                ),
                "curl": measure(["curl", "-skI", f"https://{BEFORE}:{https}/"], counts, folder),
            }
    print(f"  {'':<22} {'wall s':>8} {'cpu s':>8} {'MB':>6} {'connections':>12}")
    together = Cost(
        sum(p.wall for p in peers.values()), sum(p.cpu for p in peers.values()),
        max(p.megabytes for p in peers.values()), sum(p.connections for p in peers.values()), "",
    )  # fmt: skip
    for label, cost in {**peers, "peers together": together, "secaudit audit": ours}.items():
        print(f"  {label:<22} {cost.wall:8.2f} {cost.cpu:8.2f} {cost.megabytes:6.0f} {cost.connections:12d}")
    print(f"  ratio of wall time     {ours.wall / together.wall:8.2f}   (goal: secaudit at most 5 s and 120 MB)")
    _matrix(json.loads(ours.output), peers, http)


def _matrix(ours: dict[str, list[dict[str, str]]], peers: dict[str, Cost], http: int) -> None:
    """Print which of the page's faults each tool names in its output."""
    found = {finding["id"] for finding in ours["findings"]}
    said = " ".join(cost.output.lower() for cost in peers.values())
    rows = {
        "version in Server header": ("header.server-version" in found, "nginx/" in said),
        "no redirect to https": ("http.no-https-redirect" in found, False),
        "HSTS missing": ("header.hsts-missing" in found, "strict-transport" in peers["sslyze"].output.lower()),
        "CSP missing": ("header.csp-missing" in found, "content-security-policy" in said),
        "CBC suites": ("tls.cipher-cbc" in found, "_cbc_" in peers["sslyze"].output.lower()),
        "open web port": (any(str(p["port"]) == str(http) for p in ours["ports"]), f"{http}/tcp open" in said),
        "no incident contact": ("site.incident-contact-missing" in found, False),
        "requirement concerned": (any(finding["requirements"] for finding in ours["findings"]), False),
    }
    print(f"  {'what is named':<28} {'secaudit':>9} {'peers':>6}")
    for label, (we, they) in rows.items():
        print(f"  {label:<28} {'yes' if we else 'no':>9} {'yes' if they else 'no':>6}")


if __name__ == "__main__":
    main()
