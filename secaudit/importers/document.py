"""What all readers share: the result, its limits, and reading XML, JSON and text without trusting them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from secaudit.model.observation import Observation

MOST_OBSERVATIONS = 20_000
EXCERPT = 1000
"""Characters of evidence kept of one finding."""
_TITLE = 300

_PACKED = {
    b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z", b"Rar!": "rar",
}  # fmt: skip


class NotReadable(Exception):
    """The bytes are not what the format promises.

    Attributes:
        detail: what is wrong, for a person.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class Imported:
    """What one file says.

    Attributes:
        tool: name as people write it.
        made_at: when the tool ran by its own account; None where the file does not tell.
        hosts: names and addresses of the machines looked at, in the file's order; empty where the file does not tell.
    """

    tool: str
    tool_version: str
    made_at: datetime | None
    observations: tuple[Observation, ...]
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.observations) > MOST_OBSERVATIONS:
            raise NotReadable(f"{len(self.observations)} results; at most {MOST_OBSERVATIONS} can be taken")


def packing(data: bytes) -> str:
    """Return how the bytes are compressed (`gzip`, `zip`, …), empty when they are not."""
    return next((name for mark, name in _PACKED.items() if data.startswith(mark)), "")


def text_of(data: bytes) -> str:
    """Return UTF-8 text, with or without a byte order mark; UTF-16 with one, as PowerShell writes it.

    Raises:
        NotReadable: it is neither.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotReadable(f"no UTF-8 text at byte {error.start}") from None
    if "\0" in text:
        raise NotReadable("binary data")
    return text


def xml_of(data: bytes, *roots: str) -> Element:
    """Return the root element, its name without namespace being one of `roots`. Entities are refused.

    Raises:
        NotReadable: broken XML, one with entities of its own, or another root.
    """
    try:
        root = fromstring(data, forbid_entities=True, forbid_external=True)
    except ParseError as error:
        raise NotReadable(f"broken XML: {error}") from None
    except DefusedXmlException as error:
        raise NotReadable(f"XML with entities of its own ({type(error).__name__})") from None
    except (ValueError, LookupError, RecursionError) as error:
        raise NotReadable(f"broken XML: {error}") from None
    if local(root) not in roots:
        raise NotReadable(f"the root element is {local(root)[:40]}, not {' or '.join(roots)}")
    return root


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def json_of(data: bytes) -> Any:
    """Return the parsed JSON.

    Raises:
        NotReadable: broken JSON, or one nested too deeply.
    """
    return _parsed(text_of(data))


def json_lines_of(data: bytes) -> list[Any]:
    """Return the values of JSON lines, empty lines skipped; a single JSON array gives its members.

    Raises:
        NotReadable: a line is no JSON.
    """
    text = text_of(data)
    if text.lstrip().startswith("["):
        values = _parsed(text)
        return values if isinstance(values, list) else [values]
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(_parsed(line))
            except NotReadable as fault:
                raise NotReadable(f"line {number}: {fault.detail}") from None
    return found


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise NotReadable("JSON nested too deeply") from None
    except ValueError as error:
        raise NotReadable(f"broken JSON: {error}"[:160]) from None


def mapping(value: Any, what: str) -> Mapping[str, Any]:
    """Return `value` when it is a JSON object.

    Raises:
        NotReadable: it is not.
    """
    if not isinstance(value, dict):
        raise NotReadable(f"{what} is no object")
    return value


def members(value: Any, what: str) -> list[Any]:
    """Return `value` when it is a JSON array; None counts as empty.

    Raises:
        NotReadable: it is not.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotReadable(f"{what} is no array")
    return value


def words(value: Any, limit: int = _TITLE) -> str:
    """Return a scalar as one line of text of at most `limit` characters; anything else gives empty text."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def excerpt(parts: Iterable[tuple[str, Any]]) -> str:
    """Return `name: value` lines of what is there, at most `EXCERPT` characters together."""
    lines = [f"{name}: {text}" if name else text for name, value in parts if (text := words(value, EXCERPT))]
    joined = "\n".join(lines)
    return joined if len(joined) <= EXCERPT else joined[: EXCERPT - 1] + "…"


def epoch(value: Any) -> datetime | None:
    """Return seconds since 1970 as a moment, None when it is no such number."""
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def moment(value: Any) -> datetime | None:
    """Return an ISO 8601 text as a moment, None when it is none; without a zone it counts as UTC."""
    try:
        read = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
