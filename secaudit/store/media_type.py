"""What kind of file this is: by its first bytes, and by its extension where these leave it open."""

from __future__ import annotations

from pathlib import PurePath

HEAD = 4096
"""How many of the first bytes are looked at."""

UNKNOWN = "application/octet-stream"

_BY_CONTENT = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument"
_INSIDE = {
    "application/zip": {
        ".docx": f"{_OFFICE}.wordprocessingml.document",
        ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
        ".pptx": f"{_OFFICE}.presentationml.presentation",
        ".odt": "application/vnd.oasis.opendocument.text",
        ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    },
    "application/x-ole-storage": {
        ".doc": "application/msword",
        ".xls": "application/vnd.ms-excel",
        ".ppt": "application/vnd.ms-powerpoint",
        ".msg": "application/vnd.ms-outlook",
    },
}
"""Containers that look alike in their first bytes; the extension tells which."""
_TEXTS = {
    ".csv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    ".json": "application/json",
    ".xml": "application/xml",
    ".eml": "message/rfc822",
    ".md": "text/markdown",
}


def media_type(name: str, head: bytes) -> str:
    """Return the media type of a file (RFC 6838).

    Args:
        name: with its extension; a false one changes nothing where the content tells.
        head: its first bytes, at most `HEAD`.
    """
    extension = PurePath(name).suffix.lower()
    for start, kind in _BY_CONTENT:
        if head.startswith(start):
            return _INSIDE.get(kind, {}).get(extension, kind)
    if _is_text(head):
        return _TEXTS.get(extension, "text/plain")
    return UNKNOWN


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16, as Windows programs write it
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter that is cut at the end of the head is no fault.
        return error.start >= len(head) - 3 and len(head) == HEAD
    return True
