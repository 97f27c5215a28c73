"""Data sets that age: the ones that ship with the program, and newer ones installed by hand.

Installed ones stand in the user's data folder (`SECAUDIT_DATA` names another), one file per kind. The newer of the
two by their own date is used; an installed file that can no longer be read counts as absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import ValidationError
from ruamel.yaml.error import YAMLError

from secaudit.reference.folder import data_folder
from secaudit.reference.reading import parse_yaml, read_shipped
from secaudit.reference.shapes import DataSet, EndOfLife, Systems, VulnerableScripts

Kind = Literal["eol", "cms", "vulnerable-js"]
SHAPES: dict[Kind, type[DataSet]] = {"eol": EndOfLife, "cms": Systems, "vulnerable-js": VulnerableScripts}
"""The kinds of data sets, in the order of lists."""
LONGEST_DAYS: dict[Kind, int] = {"eol": 400, "cms": 200, "vulnerable-js": 200}
"""A data set older than this says no longer that nothing is wrong: ends of life are announced years ahead, new
vulnerabilities and repaired versions come every month."""

D = TypeVar("D", bound=DataSet)


@dataclass(frozen=True)
class Held:
    """A data set in use.

    Attributes:
        installed: it came by `secaudit data update`, not with the program.
        unreadable: why an installed file was set aside, empty where there is none or it was read.
    """

    kind: Kind
    data: DataSet
    installed: bool
    unreadable: str = ""

    def age(self, at: datetime) -> int:
        """Return its age in days at a moment; negative for a data set newer than that."""
        return (at.date() - self.data.date).days

    def too_old(self, at: datetime) -> bool:
        """Tell whether a clean result can no longer rest on it."""
        return self.age(at) > LONGEST_DAYS[self.kind]


def installed_file(kind: Kind) -> Path:
    """Return where an installed data set of that kind stands."""
    return data_folder() / f"{kind}.yaml"


def held(kind: Kind) -> Held:
    """Return the data set in use."""
    file = installed_file(kind)
    try:
        stamp = file.stat().st_mtime_ns
    except OSError:
        stamp = 0
    return _held(kind, file, stamp)


def data_of(kind: Kind, shape: type[D]) -> D:
    """Return the content of the data set in use, as the shape that its kind has."""
    data = held(kind).data
    if not isinstance(data, shape):
        raise TypeError(kind)
    return data


@lru_cache(maxsize=8)
def _held(kind: Kind, file: Path, stamp: int) -> Held:
    shipped = SHAPES[kind].model_validate(read_shipped(f"data/{kind}.yaml"))
    if not stamp:
        return Held(kind, shipped, installed=False)
    try:
        own = SHAPES[kind].model_validate(parse_yaml(file.read_bytes()))
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError) as error:
        return Held(kind, shipped, installed=False, unreadable=type(error).__name__)
    return Held(kind, own, installed=True) if own.date > shipped.date else Held(kind, shipped, installed=False)


def kind_of(content: object) -> Kind | None:
    """Return which kind of data set a file's content says to be, None where it says none that is known."""
    named = content.get("format") if isinstance(content, dict) else None
    for kind in SHAPES:
        if named == f"secaudit.{kind}/1":
            return kind
    return None
