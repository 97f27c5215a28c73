"""One screen of text: laid out by width, in colours on a terminal, plain where it is piped.

The marks of a bar are ASCII letters that differ from each other, so that nothing is lost without colours, on an old
console, or to somebody who does not see them.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

import click

from secaudit.model.words import RowState

NARROWEST, WIDEST = 80, 160
"""Columns: narrower terminals wrap by themselves, and longer lines are hard to read."""
STYLES = {
    "title": "bold",
    "heading": "bold cyan",
    "good": "green",
    "part": "yellow",
    "bad": "red",
    "alarm": "bold red",
    "old": "magenta",
    "faint": "dim",
}
MARKS: Mapping[RowState, tuple[str, str]] = {
    RowState.MET: ("#", "good"),
    RowState.PARTIAL: ("+", "part"),
    RowState.CONTRADICTED: ("!", "alarm"),
    RowState.STALE: ("~", "old"),
    RowState.NOT_MET: ("-", "bad"),
    RowState.UNASSESSED: (".", "faint"),
}
"""The mark of a state in a bar, in the order in which they stand there, and its style."""


@dataclass(frozen=True)
class Span:
    """A piece of a line; `style` is a key of `STYLES` or empty."""

    text: str
    style: str = ""


@dataclass
class Screen:
    """Lines to be shown.

    Attributes:
        width: columns to lay out for; None for no limit: then nothing is cut and nothing is wrapped.
    """

    width: int | None
    lines: list[tuple[Span, ...]] = field(default_factory=list)

    def line(self, *spans: Span | str) -> None:
        """Add a line that the caller has made to fit."""
        self.lines.append(tuple(Span(span) if isinstance(span, str) else span for span in spans))

    def blank(self) -> None:
        """Add an empty line; never two in a row, and none at the top."""
        if self.lines and self.lines[-1]:
            self.lines.append(())

    def heading(self, text: str) -> None:
        """Begin a part of the screen."""
        self.blank()
        self.text(text, style="heading")

    def text(self, text: str, indent: int = 0, hang: int | None = None, style: str = "") -> None:
        """Add a paragraph, wrapped to the width.

        Args:
            indent: columns before its first line.
            hang: columns before the others; as the first where it is None.
        """
        if self.width is None:
            self.line(Span(" " * indent + text, style))
            return
        wrapped = textwrap.wrap(
            text, self.width, initial_indent=" " * indent, subsequent_indent=" " * (indent if hang is None else hang),
            break_long_words=True, break_on_hyphens=False,
        )  # fmt: skip
        for part in wrapped:
            self.line(Span(part, style))

    def show(self) -> None:
        """Write everything to stdout: with colours on a terminal, plain otherwise."""
        if not sys.stdout.isatty():
            for spans in self.lines:
                click.echo("".join(span.text for span in spans).rstrip())
            return
        from rich.console import Console
        from rich.text import Text

        console = Console(highlight=False, emoji=False, markup=False)
        for spans in self.lines:
            pieces = [(span.text, STYLES[span.style]) if span.style else span.text for span in spans]
            console.print(Text.assemble(*pieces), soft_wrap=True)


def screen() -> Screen:
    """Return an empty screen as wide as the terminal, without limit where there is none."""
    if not sys.stdout.isatty():
        return Screen(None)
    from rich.console import Console

    return Screen(max(NARROWEST, min(WIDEST, Console().width)))


def bar(counts: Mapping[RowState, int], cells: int) -> tuple[Span, ...]:
    """Return a bar in square brackets: one mark per requirement, or as many as fit, in the order of `MARKS`.

    Where there are more requirements than cells each state keeps its share, but never less than one cell: a single
    contradiction among many rows must be seen.

    Args:
        counts: requirements that count, by state.
        cells: how many marks there is room for; at least one per state.
    """
    present = {state: counts[state] for state in MARKS if counts.get(state)}
    drawn = _scaled(present, cells) if sum(present.values()) > cells else present
    spans = [Span(MARKS[state][0] * count, MARKS[state][1]) for state, count in drawn.items()]
    return (Span("["), *spans, Span("]"))


def _scaled(counts: Mapping[RowState, int], cells: int) -> dict[RowState, int]:
    """Share `cells` out in proportion, one for each state at least, the largest remainders first."""
    total, free = sum(counts.values()), cells - len(counts)
    exact = {state: count * free / total for state, count in counts.items()}
    drawn = {state: 1 + int(value) for state, value in exact.items()}
    by_remainder = sorted(exact, key=lambda state: int(exact[state]) - exact[state])
    for state in by_remainder[: cells - sum(drawn.values())]:
        drawn[state] += 1
    return drawn


def cut(text: str, width: int) -> str:
    """Return `text` in exactly `width` columns: filled with spaces, or cut with an ellipsis."""
    return text.ljust(width) if len(text) <= width else text[: width - 1].rstrip().ljust(width - 1) + "…"
