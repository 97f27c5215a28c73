"""The formats by name, how each is recognised, and how each is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from secaudit.importers.document import Imported, NotReadable, packing
from secaudit.model.imported import ImportFormat

Read = Callable[[bytes, datetime], Imported]
_HEAD = 65536


@dataclass(frozen=True)
class Form:
    """One format.

    Attributes:
        expected: what the file is and which option of the tool writes it.
        marks: bytes of which each stands near the beginning of such a file.
    """

    expected: str
    marks: tuple[bytes, ...]


FORMS = {
    ImportFormat.NMAP: Form("nmap XML (nmap -oX FILE)", (b"<nmaprun",)),
    ImportFormat.OPENSCAP: Form("OpenSCAP ARF (oscap xccdf eval --results-arf FILE)", (b"asset-report-collection",)),
    ImportFormat.LYNIS: Form("Lynis report (lynis-report.dat)", (b"lynis_version=",)),
    ImportFormat.SSLYZE: Form("sslyze JSON (sslyze --json_out FILE)", (b'"server_scan_results"',)),
    ImportFormat.ZAP: Form("ZAP Traditional JSON Report", (b'"@version"', b'"site"')),
    ImportFormat.NUCLEI: Form("Nuclei JSON lines (nuclei -jsonl -o FILE)", (b'"template-id"',)),
    ImportFormat.TESTSSL: Form("testssl.sh JSON (testssl.sh --jsonfile FILE)", (b'"severity"', b'"finding"')),
}
"""Most particular first: the first whose marks are there is taken."""


def detect(data: bytes) -> ImportFormat | None:
    """Return the format that the beginning of the bytes looks like, None when it is none of them."""
    head = data[:_HEAD]
    return next((form for form, known in FORMS.items() if all(mark in head for mark in known.marks)), None)


def read(data: bytes, form: ImportFormat, now: datetime) -> Imported:
    """Return the facts of a file.

    Args:
        now: stands for the time of a result where the file does not tell it.

    Raises:
        NotReadable: it is compressed, broken, or of another format.
    """
    if packed := packing(data):
        raise NotReadable(f"compressed with {packed}; unpack it first")
    if not data.strip():
        raise NotReadable("it is empty")
    reader: Read = import_module(f"secaudit.importers.{form.value}").read
    return reader(data, now)
