"""Records what the TLS probe sees in the lab: `python -m tests.servers.capture_tls FOLDER`. Run by hand."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from secaudit.model.observation import Observation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import build_url, parse_target
from secaudit.probes.gate import Gate
from secaudit.probes.probe import ProbeContext
from secaudit.probes.tls.probe import TlsProbe
from tests.servers.authority import LabAuthority
from tests.servers.tls import LabServer, tls_lab

RECORDED = ("good", "weak", "short-chain", "self-signed", "heartbleed")


def now() -> datetime:
    """Return the current time with its zone."""
    return datetime.now(UTC)


def look(server: LabServer, root_file: Path, gate: Gate | None = None) -> list[Observation]:
    """Run the TLS probe on one lab server."""
    options = ScanOptions(ca_file=str(root_file))
    context = ProbeContext(gate or Gate([], now), options, now)
    return list(TlsProbe().run(parse_target(build_url("https", server.host, server.port)), context))


def main(folder: Path) -> None:
    authority = LabAuthority()
    with tempfile.TemporaryDirectory() as scratch, tls_lab(Path(scratch) / "lab", authority) as lab:
        root_file = authority.write_root(Path(scratch))
        for name in RECORDED:
            lines = [observation.model_dump_json() for observation in look(lab[name], root_file)]
            (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
