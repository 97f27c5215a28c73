"""Looking at a site of the lab with the http and exposure probes together."""

from __future__ import annotations

from datetime import UTC, datetime

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.scan import ScanOptions
from secaudit.probes.exposure.probe import ExposureProbe
from secaudit.probes.gate import Gate
from secaudit.probes.http.probe import HttpProbe
from secaudit.probes.probe import ProbeContext
from tests.servers.exposure import HOST, Site


class CountingGate(Gate):
    """Knows the lab's name and notes every connection."""

    def __init__(self) -> None:
        super().__init__([], lambda: datetime.now(UTC), lambda host: {HOST: ["127.0.0.1"]}[host])


def look(site: Site, options: ScanOptions | None = None, notes: list[Reason] | None = None) -> View:
    """Run both probes on a site and return what the checks get."""
    options = options or site.options()
    kept = notes if notes is not None else []
    gate = CountingGate()
    context = ProbeContext(gate, options, lambda: datetime.now(UTC), note=kept.append)
    seen = [*HttpProbe().run(site.target, context), *ExposureProbe().run(site.target, context)]
    return View(site.target, options, datetime.now(UTC), seen, {})
