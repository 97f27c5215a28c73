"""Live progress of a scan: a small table on a terminal, plain lines when piped; always on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

import click

from secaudit.app.events import Watcher
from secaudit.i18n import mark, translate
from secaudit.model.base import Reason
from secaudit.model.scan import ProbeRun, Scan
from secaudit.model.words import ProbeStatus

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

PROBE_TITLES = {
    "http": mark("Web page"),
    "tls": mark("TLS and certificate"),
    "crawl": mark("Content of the pages"),
    "ports": mark("Open ports"),
    "exposure": mark("Files left open"),
    "dns": mark("Domain name and mail"),
    "disclosure": mark("Contact for reports"),
}
STATUS_WORDS = {
    ProbeStatus.OK: mark("done"),
    ProbeStatus.FAILED: mark("could not look"),
    ProbeStatus.SKIPPED: mark("skipped"),
}

Render = Callable[[Reason], str]
Meanwhile = Callable[[], None]


def probe_title(name: str) -> str:
    """Return what a probe looks at, in the current language."""
    return translate(PROBE_TITLES.get(name, name))


def ending(run: ProbeRun, render: Render) -> str:
    """Return one phrase for how a probe ended."""
    words = translate(STATUS_WORDS[run.status])
    return f"{words}: {render(run.fault)}" if run.fault else words


class PlainProgress:
    """One line per event, for a pipe or a log file."""

    def __init__(self, render: Render, meanwhile: Meanwhile) -> None:
        self._render = render
        self._meanwhile = meanwhile

    def probes_running(self) -> None:
        """Begin what can be done while the probes wait."""
        self._meanwhile()

    def scan_started(self, scan: Scan) -> None:
        """Say which page is being looked at."""
        self._line(translate(mark("Scanning {url}")).format(url=scan.target.url))

    def probe_says(self, probe: str, what: Reason) -> None:
        """Say what a probe does now."""
        self._line(f"  [{probe_title(probe)}] {self._render(what)}")

    def probe_ended(self, run: ProbeRun) -> None:
        """Say how a probe ended."""
        self._line(f"  [{probe_title(run.name)}] {ending(run, self._render)} ({run.seconds:.1f} s)")

    def tick(self) -> None:
        """Write nothing: a log should not fill with the passing of time."""

    @staticmethod
    def _line(text: str) -> None:
        click.echo(text, err=True)


class LiveProgress:
    """A table that is redrawn in place, for a person at a terminal. Use it as a context manager."""

    def __init__(self, render: Render, meanwhile: Meanwhile) -> None:
        self._render = render
        self._meanwhile = meanwhile
        self._rows: dict[str, tuple[str, float, float | None]] = {}
        self._live: Live | None = None

    def __enter__(self) -> LiveProgress:
        """Return itself; the table appears when the scan starts."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last table standing."""
        if self._live is not None:
            self._live.stop()

    def scan_started(self, scan: Scan) -> None:
        """Open the table with one row per probe."""
        from rich.console import Console
        from rich.live import Live

        now = time.monotonic()
        waiting = translate(mark("starting"))
        self._rows = {name: (waiting, now, None) for name in scan.options.probes}
        console = Console(stderr=True)
        console.print(translate(mark("Scanning {url}")).format(url=scan.target.url), markup=False)
        self._live = Live(self._table(), console=console, auto_refresh=False, transient=False)
        self._live.start()

    def probes_running(self) -> None:
        """Begin what can be done while the probes wait."""
        self._meanwhile()

    def probe_says(self, probe: str, what: Reason) -> None:
        """Show what a probe does now."""
        _, began, _ = self._rows[probe]
        self._rows[probe] = (self._render(what), began, None)
        self.tick()

    def probe_ended(self, run: ProbeRun) -> None:
        """Show how a probe ended and how long it took."""
        _, began, _ = self._rows[run.name]
        self._rows[run.name] = (ending(run, self._render), began, run.seconds)
        self.tick()

    def tick(self) -> None:
        """Redraw, so that the seconds move."""
        if self._live is not None:
            self._live.update(self._table(), refresh=True)

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 2), show_header=False)
        for name, (doing, began, seconds) in self._rows.items():
            ended = seconds is not None
            spent = seconds if seconds is not None else time.monotonic() - began
            table.add_row("✓" if ended else "…", probe_title(name), Text(f"{spent:.0f} s"), Text(doing))
        return table


def _nothing() -> None:
    return None


def progress(render: Render, *, live: bool, meanwhile: Meanwhile = _nothing) -> PlainProgress | LiveProgress:
    """Return the watcher that fits: live on a terminal, plain otherwise.

    Args:
        meanwhile: called once when all probes are at work, to begin what can be done while they wait.
    """
    return LiveProgress(render, meanwhile) if live else PlainProgress(render, meanwhile)


_: type[Watcher] = PlainProgress
