"""Names and versions of the programs behind a scan, for the report."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from secaudit.version import VERSION

_LIBRARIES = {
    "tls": ("sslyze", "tlslite-ng"),
    "http": ("requests", "urllib3"),
    "crawl": ("selectolax",),
    "ports": ("python-nmap",),
    "dns": ("dnspython",),
}
_SECONDS = 10


def tools_used(probes: Sequence[str]) -> dict[str, str]:
    """Return program or library name to version; what is not installed is left out."""
    tools = {"secaudit": VERSION, "Python": platform.python_version()}
    for probe in probes:
        for library in _LIBRARIES.get(probe, ()):
            try:
                tools[library] = version(library)
            except PackageNotFoundError:
                continue
    if "ports" in probes and (nmap := nmap_version()):
        tools["nmap"] = nmap
    return tools


def nmap_version() -> str:
    """Return the version of the nmap program, empty where it is not installed or does not answer."""
    program = shutil.which("nmap")
    if program is None:
        return ""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(rb"Nmap version (\S+)", answer.stdout)
    return found[1].decode("ascii", "replace") if found else ""
