"""What is wrong with a data file: where, what, and how to put it right, in the officer's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:  # phrases are read through `reading`, which raises the faults of this module
    from secaudit.checklist.phrases import Phrases

Path = tuple[str | int, ...]
"""The way from the top of a file to a value: keys, and positions counted from 0."""

REMEDY = "-remedy"
"""Every fault code `x` has a second phrase `x-remedy` that says what to do."""


@dataclass(frozen=True)
class Misfit:
    """A fault found in data, before its line is known."""

    path: Path
    wrong: Reason


@dataclass(frozen=True)
class Fault:
    """One fault of a file.

    Attributes:
        file: name or path as the caller gave it.
        line: counted from 1; 0 where the fault is of the file as a whole.
        field: `requirements[3].text.vi`, empty where the file could not be read so far.
        wrong: what is wrong.
        remedy: what to do about it.
    """

    file: str
    line: int
    field: str
    wrong: Reason
    remedy: Reason

    def sentence(self, phrases: Phrases, language: str) -> str:
        """Return file, line, field, what is wrong and the remedy as one line of text."""
        code = "fault-in-field" if self.field else "fault-in-file"
        params: dict[str, str | int | float] = {
            "file": self.file,
            "line": max(self.line, 1),
            "field": self.field,
            "wrong": phrases.render(self.wrong, language),
            "remedy": phrases.render(self.remedy, language),
        }
        return phrases.render(Reason(code=code, params=params), language)


class FaultyFile(BadInput):
    """A data file that cannot be used.

    Attributes:
        faults: every fault found, in the order of the file; at least one.
    """

    def __init__(self, text: str, faults: Iterable[Fault], **params: object) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(text, file=first.file, line=max(first.line, 1), field=first.field, **params)


def misfit(path: Path, code: str, **params: str | int | float) -> Misfit:
    """Return a fault at `path` without its line."""
    return Misfit(path, Reason(code=code, params=params))


def located(file: str, misfits: Iterable[Misfit], lines: dict[Path, int]) -> tuple[Fault, ...]:
    """Give faults their line, of the value or of the nearest thing around it, in the order of the file."""
    faults = [fault_at(file, _line(one.path, lines), one.wrong, one.path) for one in misfits]
    return tuple(sorted(faults, key=lambda fault: fault.line))


def fault_at(file: str, line: int, wrong: Reason, path: Path = ()) -> Fault:
    """Return a fault with the remedy that belongs to its code."""
    return Fault(file, line, field_name(path), wrong, Reason(code=wrong.code + REMEDY, params=wrong.params))


def field_name(path: Path) -> str:
    """Return a path as people write it: `requirements[3].text.vi`."""
    parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).removeprefix(".")


def unreadable(fault: Fault) -> FaultyFile:
    """Return the error for a file that is not YAML at all."""
    text = message(
        "{file}, line {line}: the file cannot be read as YAML. "
        "Run `secaudit checklist validate {file}` to see what is wrong and how to put it right."
    )
    return FaultyFile(text, [fault])


def misshapen(faults: Iterable[Fault]) -> FaultyFile:
    """Return the error for a file that is YAML but not what secaudit expects."""
    found = tuple(faults)
    text = message(
        "{file}, line {line}: {count} faults in the file, the first in the field {field}. "
        "Run `secaudit checklist validate {file}` to see each with its remedy."
    )
    return FaultyFile(text, found, count=len(found))


def _line(path: Path, lines: dict[Path, int]) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
