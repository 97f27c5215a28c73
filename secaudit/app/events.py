"""What a running scan tells its watcher, so that progress can be shown live and a scan be tested without one."""

from __future__ import annotations

from typing import Protocol

from secaudit.model.base import Reason
from secaudit.model.scan import ProbeRun, Scan


class Watcher(Protocol):
    """Somebody who watches a scan. All calls come from one thread."""

    def scan_started(self, scan: Scan) -> None:
        """The scan is stored and its probes are about to start."""

    def probes_running(self) -> None:
        """All probes are at work; from here on there is time for other things."""

    def probe_says(self, probe: str, what: Reason) -> None:
        """A probe tells what it is doing now."""

    def probe_ended(self, run: ProbeRun) -> None:
        """A probe has ended, one way or the other."""

    def tick(self) -> None:
        """Some time has passed; a live display may redraw."""


class Silent:
    """A watcher that shows nothing."""

    def scan_started(self, scan: Scan) -> None:
        """Show nothing."""

    def probes_running(self) -> None:
        """Show nothing."""

    def probe_says(self, probe: str, what: Reason) -> None:
        """Show nothing."""

    def probe_ended(self, run: ProbeRun) -> None:
        """Show nothing."""

    def tick(self) -> None:
        """Show nothing."""
