"""Names of files that every system can unpack: readable, without folders, never longer than it can take."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
LONGEST = 80
"""Letters of a name; with folders and the folder of unpacking it stays below the 260 letters of Windows."""
_LONGEST_BYTES = 200
_LONGEST_ENDING = 12


def safe_name(name: str, prefix: str) -> str:
    """Return `prefix - name` as a file name for Windows and every other system.

    Args:
        name: a file's original name; folders in it, forbidden and invisible characters are replaced by a dash.
        prefix: what makes it unique, such as the id of the evidence; letters and digits.

    >>> safe_name("../Quyết định 12/QĐ.pdf", "E3")
    'E3 - Quyết định 12-QĐ.pdf'
    """
    letters = "".join("-" if unicodedata.category(one)[0] == "C" else one for one in unicodedata.normalize("NFC", name))
    plain = _FORBIDDEN.sub("-", letters)
    tidy = " ".join(plain.split()).strip(" .-") or "-"
    ending = PurePosixPath(tidy).suffix
    ending = ending if 1 < len(ending) <= _LONGEST_ENDING else ""
    stem = tidy[: len(tidy) - len(ending)].rstrip(" .") or "-"
    room = LONGEST - len(prefix) - len(ending) - 3
    stem = stem[:room]
    while len(f"{prefix} - {stem}{ending}".encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return f"{prefix} - {stem.rstrip(' .')}{ending}"
