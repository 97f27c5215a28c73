"""Installing a registry's statistics file, by which addresses are told to be in Vietnam or abroad."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from secaudit.app.data import demand_newer, read_bounded, vouched
from secaudit.app.files import write_whole
from secaudit.model.errors import BadInput, message
from secaudit.reference.delegations import (
    LONGEST_DAYS,
    NoStatistics,
    check_whole,
    installed_file,
    installed_heads,
    read_head,
)

LARGEST = 64 * 1024 * 1024
"""Most bytes of a file; the largest registry's has some 25 MB."""
_BEGINNING = 4096


@dataclass(frozen=True)
class InstalledAddresses:
    """What an update did; `replaced` is None where there was no file of that registry."""

    registry: str
    dated: date
    replaced: date | None
    records: int
    sha256: str
    path: Path


@dataclass(frozen=True)
class AddressRow:
    """One installed file."""

    registry: str
    dated: date
    age_days: int
    limit_days: int
    too_old: bool


def list_addresses(now: datetime) -> list[AddressRow]:
    """Return the files that are installed, with their age at `now`."""
    rows = []
    for registry, head in installed_heads().items():
        age = (now.date() - head.date).days
        rows.append(AddressRow(registry, head.date, age, LONGEST_DAYS, age > LONGEST_DAYS))
    return rows


def is_statistics(file: Path) -> bool:
    """Tell whether a file begins as a registry's statistics do; False for one that cannot be read."""
    try:
        with file.open("rb") as stream:
            return read_head(stream.read(_BEGINNING).decode("utf-8", "replace")) is not None
    except OSError:
        return False


def install_statistics(file: Path, *, sha256: str, trust_unsigned: bool, now: datetime) -> InstalledAddresses:
    """Install a statistics file, if it is whole, newer than the one in use, and vouched for.

    Takes and refuses what `secaudit.app.data.update_data` does; nothing is changed when it refuses.

    Raises:
        BadInput: the file cannot be read, is cut off, is older or dated in the future, or nobody vouches for it.
    """
    content = read_bounded(file, LARGEST)
    try:
        head = check_whole(content.decode("utf-8"))
    except (UnicodeDecodeError, NoStatistics) as error:
        raise BadInput(
            message("{name} is no whole statistics file of an address registry ({detail}). Fetch it again."),
            name=file, detail=error,
        ) from None  # fmt: skip
    before = installed_heads().get(head.registry)
    demand_newer(file, head.date, before.date if before else None, now)
    found = hashlib.sha256(content).hexdigest()
    how = vouched(file, found, sha256, trust_unsigned)
    target, failure = installed_file(head.registry), message("{path} could not be written ({detail}).")
    record = {"sha256": found, "how": how, "installed_at": now.isoformat()}
    write_whole(target.with_suffix(".origin.json"), json.dumps(record, indent=1).encode(), failure)
    write_whole(target, content, failure)
    return InstalledAddresses(head.registry, head.date, before.date if before else None, head.records, found, target)
