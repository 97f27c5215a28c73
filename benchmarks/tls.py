"""TLS at 100 ms round trip: our probe's profiles beside sslyze's own command line, interleaved in one run.

The page is a real, well-kept nginx on loopback behind a proxy that delays and counts connections. Goals of the
standard profile: at most 60 connections and 3 s for the probe itself, inside a program that runs already. The start
of the interpreter and every import are in the times of whole processes, on both sides.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.delay_proxy import delay_proxy
from secaudit.model.observation import TlsObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.probes.gate import Gate
from secaudit.probes.probe import ProbeContext
from secaudit.probes.tls.probe import TlsProbe
from tests.servers.authority import LabAuthority
from tests.servers.nginx import nginx
from tests.servers.process import free_port

ROUND_TRIP = 0.1
ROUNDS = 3
MOST_CONNECTIONS, MOST_SECONDS = 60, 3.0
PEER = "sslyze command line"
BLOCK = (
    "server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};"
    ' ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; location / {{ return 200 "ok"; }} }}'
)


@dataclass(frozen=True)
class Measured:
    """Connections, wall seconds of the whole process, and seconds of the probe alone (0 for foreign programs)."""

    connections: int
    process: float
    probe: float


def run_probe(profile: str, port: int) -> None:
    """Run the probe once in this process; prints its seconds and the versions seen as JSON."""
    options = ScanOptions.model_validate({"profile": profile})
    context = ProbeContext(Gate([], lambda: datetime.now(UTC)), options, lambda: datetime.now(UTC))
    began = time.perf_counter()
    seen = list(TlsProbe().run(parse_target(f"https://127.0.0.1:{port}/"), context))
    seconds = time.perf_counter() - began
    tls = next(one for one in seen if isinstance(one, TlsObservation))
    accepted = {look.version.value: len(look.accepted) for look in tls.versions if look.accepted}
    print(json.dumps({"seconds": seconds, "accepted": accepted}))


async def measure(nginx_port: int) -> dict[str, list[Measured]]:
    """Return the measurements of every program, after `ROUNDS` interleaved rounds."""
    connections = 0

    def count() -> None:
        nonlocal connections
        connections += 1

    found: dict[str, list[Measured]] = {}
    async with delay_proxy(("127.0.0.1", nginx_port), ROUND_TRIP, on_connection=count) as port:
        commands = {
            **{profile: [sys.executable, "-m", "benchmarks.tls", profile, str(port)]
               for profile in ("quick", "standard", "full")},
            PEER: [sys.executable, "-W", "ignore", "-m", "sslyze", f"127.0.0.1:{port}"],
        }  # fmt: skip
        for _ in range(ROUNDS):
            for name, command in commands.items():
                connections, began = 0, time.perf_counter()
                process = await asyncio.create_subprocess_exec(
                    *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
                )
                output, _ = await process.communicate()
                seconds = time.perf_counter() - began
                alone = json.loads(output)["seconds"] if name != PEER else 0.0
                if name == PEER and b"TLS 1.2" not in output:
                    raise RuntimeError("sslyze's command line gave no result")
                found.setdefault(name, []).append(Measured(connections, seconds, alone))
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate, key = LabAuthority().issue("127.0.0.1").write(folder, "site")
        port = free_port()
        with nginx(folder / "nginx", [BLOCK.format(port=port, certificate=certificate, key=key)], [port]):
            found = asyncio.run(measure(port))
    medians = {name: _median(runs) for name, runs in found.items()}
    peer = medians[PEER]
    print(f"  {'':<20} connections   process s   probe s   of {PEER}: connections, process time")
    for name, one in medians.items():
        alone = f"{one.probe:9.2f}" if one.probe else f"{'-':>9}"
        ratios = f"{one.connections / peer.connections:8.2f} {one.process / peer.process:8.2f}"
        print(f"  {name:<20} {one.connections:11d} {one.process:11.2f} {alone} {ratios}")
    standard = medians["standard"]
    _goal("connections", standard.connections, MOST_CONNECTIONS)
    _goal("seconds of the probe", standard.probe, MOST_SECONDS)


def _median(runs: list[Measured]) -> Measured:
    return Measured(
        int(statistics.median(run.connections for run in runs)),
        statistics.median(run.process for run in runs),
        statistics.median(run.probe for run in runs),
    )


def _goal(what: str, measured: float, most: float) -> None:
    print(f"  standard, {what}: {measured:.4g} (goal: at most {most:g}) {'met' if measured <= most else 'MISSED'}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run_probe(sys.argv[1], int(sys.argv[2]))
    else:
        main()
