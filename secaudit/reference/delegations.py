"""In which country an address is registered, by the statistics files of the regional internet registries.

The file is not shipped: it is large and changes daily. The officer fetches it once a year (APNIC's serves Vietnam,
`https://ftp.apnic.net/stats/apnic/delegated-apnic-latest`) and installs it with `secaudit data update FILE`.

The format is the RIR statistics exchange format, version 2: lines of fields between bars, of which a record is
`registry|cc|type|start|value|date|status…`; `value` is a count of addresses for ipv4, a prefix length for ipv6.
Registration is not place: an address registered in Vietnam may serve from elsewhere, rarely.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from secaudit.reference.folder import data_folder

LONGEST_DAYS = 400
"""A file older than this acquits nobody: blocks change hands slowly, but they do."""
REGISTRIES = ("afrinic", "apnic", "arin", "lacnic", "ripencc")
_HEAD = re.compile(r"2(?:\.\d)?\|(?P<registry>[a-z]+)\|(?P<serial>\d+)\|(?P<records>\d+)\|\d*\|(?P<end>\d{8})\|\S*")
_HELD = frozenset({"allocated", "assigned"})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NoStatistics(ValueError):
    """A file is no statistics file of a registry; the text says what is wrong, in English."""


@dataclass(frozen=True)
class Head:
    """What a file says of itself.

    Attributes:
        date: last day that it covers.
        records: how many records it says to hold.
    """

    registry: str
    date: date
    records: int


@dataclass(frozen=True)
class Delegation:
    """A block that holds an address.

    Attributes:
        country: two letters (ISO 3166), `ZZ` or empty where the registry names none.
    """

    registry: str
    country: str
    start: str
    value: str
    dated: date


def read_head(text: str) -> Head | None:
    """Return what the first line that is no comment says, None where the text is no such file."""
    first = next((line for line in text.splitlines() if line and not line.startswith("#")), "")
    found = _HEAD.fullmatch(first.strip())
    if not found or found["registry"] not in REGISTRIES:
        return None
    try:
        ends = datetime.strptime(found["end"], "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
    return Head(found["registry"], ends, int(found["records"]))


def check_whole(text: str) -> Head:
    """Return the head of a whole file.

    Raises:
        NoStatistics: no head, a record that is none, or fewer records than the head says: it was cut off.
    """
    head = read_head(text)
    if head is None:
        raise NoStatistics("no head line of a registry")
    count = 0
    for fields in _records(text.splitlines()):
        count += 1
        if fields[2] != "asn" and _block(fields) is None:
            raise NoStatistics(f"record {'|'.join(fields)[:80]!r}")
    if count < head.records:
        raise NoStatistics(f"{count} of {head.records} records")
    return head


def find(address: Address, lines: Iterable[str], head: Head) -> Delegation | None:
    """Return the block that holds an address, None where the file has none that was given out."""
    kind = f"ipv{address.version}"
    number = int(address)
    for fields in _records(lines):
        if fields[2] != kind or fields[6].strip() not in _HELD:
            continue
        block = _block(fields)
        if block and block[0] <= number < block[1]:
            return Delegation(head.registry, fields[1].upper(), fields[3], fields[4], head.date)
    return None


def _records(lines: Iterable[str]) -> Iterator[list[str]]:
    for line in lines:
        fields = line.split("|")
        # The head and the summaries have other fields.
        if len(fields) >= 7 and fields[2] in ("ipv4", "ipv6", "asn") and fields[3] != "*":
            yield fields


def _block(fields: Sequence[str]) -> tuple[int, int] | None:
    """Return the first number of a block and the one after its last."""
    try:
        start = ipaddress.ip_address(fields[3])
        value = int(fields[4])
    except ValueError:
        return None
    if start.version == 4:
        return (int(start), int(start) + value) if 0 < value <= 1 << 32 else None
    return (int(start), int(start) + (1 << (128 - value))) if 0 < value <= 128 else None


def installed_file(registry: str) -> Path:
    """Return where a registry's file stands once it is installed."""
    return data_folder() / f"delegated-{registry}.txt"


def installed_heads() -> dict[str, Head]:
    """Return the heads of the files that are installed, by registry."""
    found = {registry: _installed(registry) for registry in REGISTRIES}
    return {registry: held[0] for registry, held in found.items() if held}


def where(address: str) -> Delegation | None:
    """Return the block of any installed file that holds an address."""
    asked = ipaddress.ip_address(address)
    for registry in REGISTRIES:
        held = _installed(registry)
        if held and (found := find(asked, held[1], held[0])):
            return found
    return None


def _installed(registry: str) -> tuple[Head, tuple[str, ...]] | None:
    file = installed_file(registry)
    try:
        stamp = file.stat().st_mtime_ns
    except OSError:
        return None
    return _held(file, stamp)


@lru_cache(maxsize=len(REGISTRIES))
def _held(file: Path, stamp: int) -> tuple[Head, tuple[str, ...]] | None:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    head = read_head(text)
    return (head, tuple(text.splitlines())) if head else None
