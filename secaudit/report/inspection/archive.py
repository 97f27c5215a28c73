"""Writes the archive of an inspection: streamed, with the same bytes for the same content, readable everywhere."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

SUMS = "SHA256SUMS"
CHUNK = 1024 * 1024
"""Bytes held in memory at a time."""
_PLAIN_FILE = 0o644 << 16
_UNIX = 3


class Changed(Exception):
    """A file is no longer what its sum says; its argument is the place in the archive."""


@dataclass(frozen=True)
class Member:
    """One file of the archive.

    Attributes:
        place: its path in the archive, with forward slashes.
        size: in bytes.
        opened: opens its content.
        sha256: what the content must be, empty where nobody knows.
        packed: whether to compress it; evidence mostly is already.
    """

    place: str
    size: int
    opened: Callable[[], BinaryIO]
    sha256: str = ""
    packed: bool = True


def member_of(place: str, data: bytes) -> Member:
    """Return a file whose content is at hand."""
    return Member(place, len(data), lambda: BytesIO(data))


def write_archive(target: BinaryIO, members: Iterable[Member], at: datetime) -> None:
    """Write a ZIP archive with all members and their sums, as `sha256sum -c SHA256SUMS` reads them.

    The archive holds nothing but stored and deflated files and UTF-8 names, so that Windows Explorer opens it; files of
    4 GB and more make it a ZIP64 archive. Memory does not grow with the files.

    Args:
        target: file open for writing that can be sought in.
        members: in the order in which they are to stand.
        at: time of all files in the archive.

    Raises:
        Changed: a file is no longer what its sum says.
        OSError: a file cannot be read, or the archive not written.
    """
    sums = []
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        for member in members:
            sums.append(f"{_copy(archive, member, at)}  {member.place}\n")
        _copy(archive, member_of(SUMS, "".join(sums).encode("utf-8")), at)


def _copy(archive: zipfile.ZipFile, member: Member, at: datetime) -> str:
    entry = zipfile.ZipInfo(member.place, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.compress_type = zipfile.ZIP_DEFLATED if member.packed else zipfile.ZIP_STORED
    entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
    entry.file_size = member.size  # tells the writer whether the entry needs ZIP64
    digest = hashlib.sha256()
    with member.opened() as source, archive.open(entry, "w") as copy:
        while piece := source.read(CHUNK):
            digest.update(piece)
            copy.write(piece)
    if member.sha256 and digest.hexdigest() != member.sha256:
        raise Changed(member.place)
    return digest.hexdigest()
