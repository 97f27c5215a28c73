"""Data sets that age: which ones are in use, and installing newer ones without the internet."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

from secaudit.model.errors import BadInput, message
from secaudit.reference.datasets import LONGEST_DAYS, SHAPES, Held, Kind, held, installed_file, kind_of
from secaudit.reference.reading import parse_yaml
from secaudit.reference.shapes import DataSet
from secaudit.yaml_loader import safe_yaml

LARGEST = 5 * 1024 * 1024
"""Most bytes of a data set."""
_DETAIL = 160

How = Literal["shipped", "sha256", "unsigned"]


@dataclass(frozen=True)
class DataRow:
    """One data set in use.

    Attributes:
        how: `shipped` with the program, installed after its hash was compared (`sha256`), or on trust (`unsigned`).
        unreadable: an installed file had to be set aside; its kind of error.
    """

    kind: Kind
    dated: date
    age_days: int
    limit_days: int
    too_old: bool
    how: How
    licence: str
    sources: tuple[str, ...]
    unreadable: str


@dataclass(frozen=True)
class Installed:
    """What an update did."""

    kind: Kind
    dated: date
    replaced: date
    sha256: str
    path: Path


def list_data(now: datetime) -> list[DataRow]:
    """Return the data sets in use, one per kind, with their age at `now`."""
    return [_row(held(kind), now) for kind in SHAPES]


def _row(data: Held, now: datetime) -> DataRow:
    return DataRow(
        kind=data.kind,
        dated=data.data.date,
        age_days=data.age(now),
        limit_days=LONGEST_DAYS[data.kind],
        too_old=data.too_old(now),
        how=_how(data),
        licence=data.data.licence,
        sources=tuple(f"{source.name} ({source.licence}): {source.url}" for source in data.data.source),
        unreadable=data.unreadable,
    )


def _how(data: Held) -> How:
    if not data.installed:
        return "shipped"
    try:
        origin = json.loads(_origin_file(data.kind).read_text(encoding="utf-8"))
        found = hashlib.sha256(installed_file(data.kind).read_bytes()).hexdigest()
    except (OSError, ValueError):
        return "unsigned"
    recorded = (origin.get("how"), origin.get("sha256")) if isinstance(origin, dict) else ()
    return "sha256" if recorded == ("sha256", found) else "unsigned"


def update_data(file: Path, *, sha256: str, trust_unsigned: bool, now: datetime) -> Installed:
    """Install a data set from a file, if it is sound, newer than the one in use, and vouched for.

    There is no signing key of the project yet. So either its SHA-256 is given, learnt over a channel that is trusted
    (a letter, a telephone call), or the officer says outright that the file is trusted without one.

    Args:
        file: the data set.
        sha256: its expected hash in hexadecimal, empty for none.
        trust_unsigned: install it without a hash.
        now: a data set dated later than tomorrow is refused.

    Raises:
        BadInput: the file cannot be read, is no data set, is older or dated in the future, or nobody vouches for it.
            Nothing was changed then.
        OSError: the data folder cannot be written. The data set in use before is still in place then.
    """
    content = read_bounded(file, LARGEST)
    found = hashlib.sha256(content).hexdigest()
    kind, data = _data_set(file, content)
    current = held(kind).data
    demand_newer(file, data.date, current.date, now)
    how = vouched(file, found, sha256, trust_unsigned)
    target = installed_file(kind)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        _replace(target.with_suffix(".previous.yaml"), target.read_bytes())
    # A record that is not about the very file counts for nothing, so the order of the two does not matter.
    record = {"sha256": found, "how": how, "installed_at": now.isoformat(), "replaced": current.date.isoformat()}
    _replace(_origin_file(kind), json.dumps(record, indent=1).encode())
    _replace(target, content)
    return Installed(kind, data.date, current.date, found, target)


def demand_newer(file: Path, dated: date, current: date | None, now: datetime) -> None:
    """Let pass only what is newer than the data in use (None for none yet) and not dated after tomorrow.

    Raises:
        BadInput: it is not.
    """
    if dated > (now + timedelta(days=1)).date():
        raise BadInput(message("{name} is dated {date}, which is in the future."), name=file, date=dated)
    if current is not None and dated <= current:
        raise BadInput(
            message("{name} is of {date}, not newer than the data in use ({current}). Nothing was changed."),
            name=file, date=dated, current=current,
        )  # fmt: skip


def read_bounded(file: Path, most: int) -> bytes:
    """Return a file's content.

    Args:
        file: a data set or a registry's file.
        most: so many bytes at most.

    Raises:
        BadInput: it cannot be read, or is larger.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise BadInput(
            message("The file {name} cannot be read ({detail})."), name=file, detail=error.strerror or error
        ) from None
    if len(content) > most:
        raise BadInput(message("{name} is larger than {limit} MiB and cannot be a data set."), name=file,
                       limit=most // 1024 // 1024)  # fmt: skip
    return content


def _data_set(file: Path, content: bytes) -> tuple[Kind, DataSet]:
    try:
        text = content.decode("utf-8")
        # An alias inside an alias inside an alias fills any memory; data sets have no use for them.
        if any(isinstance(event, AliasEvent) for event in safe_yaml().parse(text)):
            raise BadInput(message("{name} is no data set of secaudit: it uses YAML aliases."), name=file)
        loaded: Any = parse_yaml(content)
    except (UnicodeDecodeError, YAMLError, RecursionError, ValueError):
        raise BadInput(message("{name} is no data set of secaudit: it is not YAML in UTF-8."), name=file) from None
    kind = kind_of(loaded)
    if kind is None:
        raise BadInput(
            message("{name} is no data set of secaudit: its first field, format, must be one of {formats}."),
            name=file, formats=", ".join(f"secaudit.{kind}/1" for kind in SHAPES),
        )  # fmt: skip
    try:
        return kind, SHAPES[kind].model_validate(loaded)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            message("{name} is damaged or of another version: {count} faults, the first at {place} ({detail})."),
            name=file, count=error.error_count(), place=".".join(str(part) for part in first["loc"]) or "-",
            detail=first["msg"][:_DETAIL],
        ) from None  # fmt: skip


def vouched(file: Path, found: str, expected: str, trust_unsigned: bool) -> How:
    """Return how a file is vouched for.

    Args:
        file: for the sentence.
        found: its SHA-256.
        expected: what it should be, empty where nobody says.
        trust_unsigned: the officer takes it on trust.

    Raises:
        BadInput: another hash was expected, or nobody vouches for it.
    """
    if expected:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", expected):
            raise BadInput(message("--sha256 takes 64 hexadecimal digits."))
        if expected.lower() != found:
            raise BadInput(
                message("The SHA-256 of {name} is {found}, not the one given. The file was changed or is another one."),
                name=file, found=found,
            )  # fmt: skip
        return "sha256"
    if not trust_unsigned:
        raise BadInput(
            message(
                "Nobody vouches for {name} yet. Its SHA-256 is {found}: compare it with whoever gave you the file and "
                "pass it with --sha256, or take the file on trust with --trust-unsigned."
            ),
            name=file, found=found,
        )  # fmt: skip
    return "unsigned"


def _origin_file(kind: Kind) -> Path:
    return installed_file(kind).with_name(f"{kind}.origin.json")


def _replace(target: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    draft = target.with_name(target.name + ".new")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
