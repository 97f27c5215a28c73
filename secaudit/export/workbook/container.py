"""Before a workbook is opened: is it one, and may it be unpacked without filling the memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zlib import error as ZlibError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from secaudit.model.errors import BadInput, message

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_PART = 16 * 1024 * 1024
LARGEST_WHOLE = 40 * 1024 * 1024
"""Bytes. A workbook of ours with 195 rows, every cell filled in, has less than 1 MB unpacked."""
_MOST_PARTS = 2_000
MOST_TAGS = 400_000
"""Tags in a part. Empty cells take 4 bytes in the file and some 400 in memory; ours have about 15,000."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_UNREADABLE = message("{file} is damaged or only half there ({detail}). Copy it again from where it came from.")
_TOO_LARGE = message(
    "{file} would take {size} MB unpacked; a filled-in workbook takes less than 1 MB. Export again and copy your "
    "answers over."
)


_TOO_MANY = message(
    "{file} holds far more cells than a filled-in workbook ({part}). Delete what stands outside the table, or export "
    "again and copy your answers over."
)


@dataclass(frozen=True)
class Container:
    """A file that may be opened.

    Attributes:
        merged: ranges of merged cells (`A1:B2`) by the name of their sheet.
        with_macros: macros are in it; they are never looked at.
    """

    data: bytes
    merged: Mapping[str, tuple[str, ...]]
    with_macros: bool


def read_container(path: Path) -> Container:
    """Read a file and make sure that it can be opened as a workbook.

    Raises:
        BadInput: it cannot be read, is protected by a password, damaged, too large, or no .xlsx at all.
    """
    name = str(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadInput(_TOO_LARGE, file=name, size=path.stat().st_size // 1024 // 1024)
        data = path.read_bytes()
    except PermissionError:
        raise BadInput(
            message("{file} cannot be read. Close it in the spreadsheet program, or ask for the right to read it."),
            file=name,
        ) from None
    except OSError as error:
        raise BadInput(
            message("{file} cannot be read ({detail}). Check the name and the folder."),
            file=name, detail=error.strerror or error,
        ) from None  # fmt: skip
    _refuse_other_forms(data, name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _checked(archive, data, name)
    except (zipfile.BadZipFile, ZlibError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError) as error:
        raise BadInput(_UNREADABLE, file=name, detail=str(error)[:120] or type(error).__name__) from None


def is_open_elsewhere(path: Path) -> bool:
    """Tell whether LibreOffice or Excel says, by the file that it lays beside, that it has the workbook open."""
    return any(path.with_name(name).exists() for name in (f".~lock.{path.name}#", f"~${path.name}"))


def _refuse_other_forms(data: bytes, name: str) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise BadInput(
                message("{file} is protected by a password. Remove it (File, Info, Protect Workbook) and save again."),
                file=name,
            )
        raise BadInput(message("{file} is in the old format .xls. Save it as “Excel Workbook (.xlsx)”."), file=name)
    if not data.startswith(b"PK\x03\x04"):
        raise BadInput(
            message("{file} is no Excel workbook. Give the .xlsx file that `secaudit assess export` wrote."), file=name
        )


def _checked(archive: zipfile.ZipFile, data: bytes, name: str) -> Container:
    parts = archive.infolist()
    whole = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts), default=0)
    # Python never gives more of a part than the size that it declares, so the declared sizes bound what is unpacked.
    if whole > LARGEST_WHOLE or largest > LARGEST_PART or len(parts) > _MOST_PARTS:
        raise BadInput(_TOO_LARGE, file=name, size=whole // 1024 // 1024)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        other = message("{file} is no Excel workbook, or one in another form. Save it as “Excel Workbook (.xlsx)”.")
        raise BadInput(other, file=name)
    merged: dict[str, tuple[str, ...]] = {}
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        text = archive.read(part)  # proves its checksum, too
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in text:
            raise BadInput(_UNREADABLE, file=name, detail=part.filename)
        if text.count(b"<") > MOST_TAGS:
            raise BadInput(_TOO_MANY, file=name, part=part.filename)
        if _PART.fullmatch(part.filename):
            merged[part.filename] = tuple(found.decode("ascii") for found in _MERGED.findall(text))
    sheets = _sheet_parts(archive)
    return Container(
        data,
        {sheet: merged.get(part, ()) for sheet, part in sheets.items()},
        any(part.lower().endswith("vbaproject.bin") for part in names),
    )


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name (ECMA-376, Part 1, 12.3.23 and 12.3.24)."""
    try:
        book = fromstring(archive.read("xl/workbook.xml"))
        relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (SyntaxError, LookupError, ValueError, DefusedXmlException) as error:
        raise zipfile.BadZipFile(str(error)) from None
    targets = {one.get("Id"): one.get("Target", "") for one in relations.iter() if one.get("Id")}
    found = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            target = targets.get(element.get(_RELATION), "")
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found
