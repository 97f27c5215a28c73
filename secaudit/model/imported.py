"""Where imported results come from."""

from __future__ import annotations

from enum import StrEnum

from secaudit.model.base import Frozen, Instant


class ImportFormat(StrEnum):
    """Files of other tools that can be read."""

    NMAP = "nmap"
    TESTSSL = "testssl"
    SSLYZE = "sslyze"
    NUCLEI = "nuclei"
    ZAP = "zap"
    OPENSCAP = "openscap"
    LYNIS = "lynis"


class ImportSource(Frozen):
    """The file behind a scan that was imported, not made.

    Attributes:
        tool: the tool's name as people write it.
        tool_version: as the file tells it, empty where it does not.
        file_name: name of the file without its folder.
        sha256: of the file's bytes, hexadecimal.
        size: in bytes.
        made_at: when the tool ran by its own account; None where the file does not tell.
    """

    format: ImportFormat
    tool: str
    tool_version: str = ""
    file_name: str
    sha256: str
    size: int
    made_at: Instant | None = None
