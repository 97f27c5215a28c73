"""A standard audit of one site against its slowest probe alone. The goal is at most 1.2.

The site is a real nginx on loopback. Whole commands are timed, start of the interpreter included on both sides.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.timing import medians, secaudit
from secaudit.probes.registry import PROBE_NAMES
from tests.servers.authority import LabAuthority
from tests.servers.nginx import nginx
from tests.servers.process import free_port

ADDRESS = "127.0.91.1"
BLOCK = """
server {{
  listen {address}:{https} ssl;
  ssl_certificate {certificate};
  ssl_certificate_key {key};
  ssl_protocols TLSv1.2 TLSv1.3;
  location / {{ return 200 '<!doctype html><title>bench</title>'; }}
}}
server {{
  listen {address}:{http};
  return 301 https://{address}:{https}$request_uri;
}}
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        authority = LabAuthority()
        certificate, key = authority.issue(ADDRESS).write(folder, "site")
        root = authority.write_root(folder)
        https, http = free_port(ADDRESS), free_port(ADDRESS)
        block = BLOCK.format(address=ADDRESS, https=https, http=http, certificate=certificate, key=key)
        common = ["--http-port", str(http), "--ca-file", str(root), "--workspace", str(folder / "data")]
        url = f"https://{ADDRESS}:{https}/"
        with nginx(folder / "nginx", [block], []):
            commands = {
                f"scan --probe {probe}": secaudit("scan", url, "--probe", probe, *common) for probe in PROBE_NAMES
            }
            found = medians({**commands, "audit": secaudit("audit", url, *common)}, 3, folder)
    for label, seconds in found.items():
        print(f"  {label:<18} {seconds:7.2f} s")
    slowest = max(seconds for label, seconds in found.items() if label != "audit")
    print(f"  ratio              {found['audit'] / slowest:7.2f}   (goal: at most 1.2)")
