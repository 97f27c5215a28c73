"""Holds a file against its schema and the rules beyond it, and names each fault with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from secaudit.checklist.faults import Fault, Misfit, fault_at, located, misfit, misshapen
from secaudit.checklist.reading import lines_of, parse, parse_stranger, plain
from secaudit.checklist.resources import checklist_files, schema
from secaudit.checklist.rules import Known, clauses_of, rule_misfits, uncomposed
from secaudit.checklist.shape import shape_misfits
from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, message
from secaudit.model.requirement import Checklist

if TYPE_CHECKING:
    from secaudit.checklist.loader import Library

Rules = Callable[[dict[str, Any]], Iterable[Misfit]]
CHECKLIST_SCHEMA = "schema.json"
CHECKS_SCHEMA = "checks.schema.json"
PROFILE_SCHEMA = "profile.schema.json"


def checked_checklist(path: Path, library: Library) -> Checklist:
    """Return the checklist in a file that somebody wrote, fully validated.

    Raises:
        BadInput: the file cannot be opened.
        FaultyFile: it has faults; all of them are in the error.
    """
    raw = contents(path)
    name = str(path)
    faults, data = faults_of(raw, name, schema(CHECKLIST_SCHEMA, library.root), lambda d: checklist_misfits(d, library))
    if faults:
        raise misshapen(faults)
    try:
        return Checklist.model_validate(data)
    except ValidationError as error:  # only a date in no calendar gets past the schema as text
        found = [misfit(e["loc"], "schema-other", detail=e["msg"]) for e in error.errors()]
        raise misshapen(located(name, found, lines_of(raw.decode("utf-8-sig")))) from None


def faults_of(
    raw: bytes, file: str, file_schema: dict[str, Any], rules: Rules
) -> tuple[tuple[Fault, ...], dict[str, Any]]:
    """Return the faults of a YAML file under a schema and, where its shape is right, under further rules.

    Returns:
        The faults in the order of the file, and the data as JSON data.

    Raises:
        FaultyFile: the file is not YAML.
    """
    data = plain(parse_stranger(raw, file))
    if not isinstance(data, dict):
        return (fault_at(file, 1, Reason(code="not-a-mapping")),), {}
    found = shape_misfits(data, file_schema) or list(rules(data))
    return (located(file, found, lines_of(raw.decode("utf-8-sig"))) if found else ()), data


def checklist_misfits(data: dict[str, Any], library: Library) -> list[Misfit]:
    """Return what is wrong with a checklist of the right shape, given the names that `library` knows."""
    questions = [question.id for question in library.profile.questions]
    named = {other for row in data["requirements"] for other in row.get("crosswalk", {})}
    known = Known(
        checks=[*library.texts, *library.planned],
        questions=questions,
        sets_aside=[question for question in questions if library.profile.sets_aside(question)],
        clauses=_clauses(library, named),
    )
    return rule_misfits(data, known)


def text_misfits(data: dict[str, Any]) -> list[Misfit]:
    """Return what is wrong with a file of check texts of the right shape."""
    seen: set[str] = set()
    found = list(uncomposed(data))
    for n, entry in enumerate(data.get("checks", ())):
        if entry["id"] in seen:
            found.append(misfit(("checks", n, "id"), "id-taken", id=entry["id"]))
        seen.add(entry["id"])
    return found


def profile_misfits(data: dict[str, Any]) -> list[Misfit]:
    """Return what is wrong with a file of applicability questions of the right shape."""
    ids = [question["id"] for question in data["questions"]]
    twice = [n for n, one in enumerate(ids) if one in ids[:n]]
    return [*uncomposed(data), *(misfit(("questions", n, "id"), "id-taken", id=ids[n]) for n in twice)]


def contents(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        BadInput: it is not there, is a folder, or may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(message("The file {file} does not exist. Check the path."), file=str(path)) from None
    except OSError as error:
        raise BadInput(
            message("The file {file} cannot be read ({detail})."),
            file=str(path),
            detail=error.strerror or str(error),
        ) from None


def _clauses(library: Library, named: set[str]) -> dict[str, frozenset[str]]:
    files: dict[str, Traversable] = {f.name.removesuffix(".yaml"): f for f in checklist_files(library.root)}
    found = {}
    for name, file in files.items():  # every id is known; only those that are named need be read
        found[name] = (
            clauses_of(parse(file.read_text(encoding="utf-8"), file.name)) if name in named else frozenset[str]()
        )
    return found
