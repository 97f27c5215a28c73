"""What the kinds of report share: formats, the officer's file, writing and naming what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from secaudit.cli.common import Session, say, tell
from secaudit.cli.report_sealing import say_sealed, seal_json, seal_written
from secaudit.i18n import mark
from secaudit.model.base import Frozen
from secaudit.model.errors import BadInput, message

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.report.official.officer_file import Rules

M = TypeVar("M", bound=Frozen)


@dataclass(frozen=True)
class Wish:
    """What the command line asks for.

    Attributes:
        formats: as typed, None for the kind's own.
        scan: id of a scan, for the combined report.
        profile_file: what the officer adds; blank_file: where an empty one is to be written.
        confirmed: column (10) by system, as typed.
        check: only say what does not agree.
        template: own Word template.
        source: folder with the reports that others sent.
    """

    formats: str | None
    scan: str
    output: Path | None
    profile_file: Path | None
    blank_file: Path | None
    confirmed: Sequence[str]
    check: bool
    template: Path | None
    source: Path | None = None


def chosen_formats(wish: Wish, known: Sequence[str]) -> list[str]:
    """Return the formats that were asked for, the first known one when none was.

    Raises:
        BadInput: an unknown format, or several for one `--output`.
    """
    typed = wish.formats or known[0]
    names = list(dict.fromkeys(name.strip().lower() for name in typed.split(",") if name.strip()))
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise BadInput(
            message("The format {format} is not available; choose from {known}."),
            format=", ".join(unknown) or typed, known=", ".join(known),
        )  # fmt: skip
    if wish.output is not None and len(names) > 1:
        raise BadInput(message("--output names one file; ask for one format, or leave --output out."))
    return names


def officer_file(path: Path | None, model: type[M], knowledge: Knowledge, session: Session, rules: Rules) -> M:
    """Return what the officer wrote, an empty one without a file; every fault is shown before it ends.

    Raises:
        BadInput: the file cannot be read or has faults.
    """
    from secaudit.checklist.faults import FaultyFile
    from secaudit.checklist.validate import contents
    from secaudit.report.official.officer_file import read_officer_file

    if path is None:
        return model()
    try:
        return read_officer_file(contents(path), str(path), model, rules)
    except FaultyFile as error:
        for fault in error.faults:
            click.echo(fault.sentence(knowledge.phrases, session.language), err=True)
        raise


def write_blank(path: Path, text: str) -> None:
    """Write an empty file for the officer, never over one that is there.

    Raises:
        BadInput: the file is there already, or cannot be written.
    """
    from secaudit.app.files import write_whole

    if path.exists():
        raise BadInput(message("{path} is there already; choose another name, so that nothing is lost."), path=path)
    written = write_whole(path, text.encode("utf-8"), message("{path} could not be written ({detail})."))
    say(mark("Fill this in and pass it with --profile-file: {path}"), path=written)


def write_all(
    formats: Sequence[str], place: Callable[[str], Path], writers: Mapping[str, Callable[[], bytes]]
) -> list[Path]:
    """Make and write each format and return the paths.

    Raises:
        BadInput: a file cannot be written, or a format cannot be made on this computer.
    """
    from secaudit.app.report import write_report

    made = {}
    for name in formats:  # all are made before any is written
        if name == "pdf":
            _note_fonts()
        made[name] = writers[name]()
    return [write_report(place(name), data) for name, data in made.items()]


def _note_fonts() -> None:
    """Say so when the PDF had to be set in another face."""
    from secaudit.report.html import shipped_templates
    from secaudit.report.pdf import has_text_face

    if not has_text_face((shipped_templates() / "faces.css").read_text(encoding="utf-8")):
        tell(mark(
            "Times New Roman is not on this computer and no font of the same measure either; the PDF is complete but "
            "its lines may break elsewhere. Install the package fonts-croscore, or the font Times New Roman."
        ))  # fmt: skip


def name_written(session: Session, kind: str, paths: Sequence[Path], **more: object) -> None:
    """Seal what was written where that is wanted, and say what was written."""
    sealed = seal_written(session, paths)
    if session.json_to:
        files = [str(path) for path in paths]
        session.emit_json({"schema": "secaudit.written/1", "kind": kind, "files": files, **more, **seal_json(sealed)})
        return
    for path in paths:
        say(mark("Report: {path}"), path=path)
    say_sealed(sealed)


def finish(
    session: Session, wish: Wish, kind: str, formats: Sequence[str], place: Callable[[str], Path],
    writers: Mapping[str, Callable[[], bytes]], missing: Sequence[str], *, draft: bool, streamed: Sequence[Path] = (),
    **more: object,
) -> int:  # fmt: skip
    """Say what a document lacks, write it unless it is only to be checked, and say what was written.

    Args:
        missing: what it lacks, in sentences.
        draft: it is marked as a draft.
        streamed: files that are written already.
        more: further fields of the JSON.

    Returns:
        1 when `--check` finds something missing, else 0.
    """
    if not session.json_to:
        for sentence in missing:
            click.echo(sentence)
    paths = [] if wish.check else [*streamed, *write_all(formats, place, writers)]
    if session.json_to or paths:
        name_written(session, kind, paths, draft=draft, missing=list(missing), **more)
    if draft and paths and not session.json_to:
        say(mark("It is marked as a draft (BẢN NHÁP) until what is missing has been given."))
    return int(wish.check and bool(missing))
