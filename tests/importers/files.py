"""The captured files of other tools."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from secaudit.importers.document import Imported
from secaudit.importers.registry import read
from secaudit.model.imported import ImportFormat

FOLDER = Path(__file__).parents[1] / "captured" / "imports"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FILES = {
    "nmap.xml": ImportFormat.NMAP,
    "testssl.json": ImportFormat.TESTSSL,
    "testssl-pretty.json": ImportFormat.TESTSSL,
    "sslyze.json": ImportFormat.SSLYZE,
    "lynis-report.dat": ImportFormat.LYNIS,
    "openscap-arf.xml": ImportFormat.OPENSCAP,
    "nuclei-by-hand.jsonl": ImportFormat.NUCLEI,
    "zap-by-hand.json": ImportFormat.ZAP,
}


def content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def imported(name: str) -> Imported:
    return read(content(name), FILES[name], NOW)
