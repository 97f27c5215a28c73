"""The formats of `secaudit report combined` that other programs read; one format may be several files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from secaudit.cli.report_writing import Wish
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:
    from secaudit.report.programs.content import Content
    from secaudit.report.programs.writers import Files


def made_for_programs(formats: Sequence[str], content: Content) -> Files:
    """Return the files of the formats that were asked for, by the end of their names, the main one first.

    Raises:
        BadInput: a format was asked for that would hold nothing.
    """
    from secaudit.report.programs.writers import WRITERS

    made: Files = {}
    for name in formats:
        files = WRITERS[name](content)
        if not files:
            raise BadInput(
                message("There is nothing for the format {format}: no finding and no requirement is open."), format=name
            )
        made.update(files)
    return made


def places(made: Mapping[str, bytes], wish: Wish, default: Path) -> dict[Path, bytes]:
    """Return where each file goes: the main one to `--output`, the others beside it under its name.

    Args:
        made: files by the end of their names.
        wish: what the command line asks for.
        default: path without an extension for when no `--output` was given.
    """
    placed: dict[Path, bytes] = {}
    for tail, data in made.items():
        if wish.output is None:
            path = default.with_name(f"{default.name}.{tail}")
        elif not placed:
            path = wish.output
        else:
            path = wish.output.with_name(f"{wish.output.stem}.{tail}")
        placed[path] = data
    return placed
