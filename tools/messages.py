"""Extract, update and compile the message catalogues.

`python -m tools.messages` writes; `--check` only says whether something is missing or out of date. New entries come
out empty, and the check fails until somebody has translated them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "secaudit" / "i18n" / "vi" / "LC_MESSAGES"
KEYWORDS = {
    "mark": None,
    "message": None,
    "translate": None,
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
# Where the sentences of each catalogue stand. click's own sentences are kept by hand: they come from click.
SOURCES: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {
    "cli": [
        ("secaudit", [("report/**", "ignore"), ("**.py", "python")]),
        # Their sentences are errors, which reach the officer on the command line.
        ("secaudit/report", [("official/**.py", "python"), ("pdf.py", "python")]),
    ],
    "report": [
        ("reports", [("**.j2", "jinja2")]),
        ("secaudit/report", [("official/**", "ignore"), ("pdf.py", "ignore"), ("**.py", "python")]),
    ],
}

TEMPLATE_OPTIONS = {
    "extensions": "jinja2.ext.i18n", "silent": "false", "trimmed": "true", "newstyle_gettext": "true",
}  # fmt: skip
"""As the report's environment is set up: only then are the ids the ones that it looks up."""


def extract(domain: str) -> Catalog:
    """Return all messages of `domain` as they stand in the sources."""
    catalogue = Catalog(project="secaudit", charset="utf-8")
    for folder, methods in SOURCES[domain]:
        found = extract_from_dir(
            str(ROOT / folder), method_map=methods, keywords=KEYWORDS,
            options_map={"**.j2": TEMPLATE_OPTIONS},
        )  # fmt: skip
        for file, _line, words, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
            place = (Path(folder) / file).as_posix()
            catalogue.add(words, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalogue


def updated(domain: str) -> Catalog:
    """Return the Vietnamese catalogue with exactly the messages of the sources, translations kept."""
    path = LOCALE / f"{domain}.po"
    with path.open("rb") if path.exists() else BytesIO(b"") as file:
        catalogue = read_po(file, locale="vi", domain=domain, charset="utf-8")
    if domain in SOURCES:
        catalogue.update(extract(domain), no_fuzzy_matching=True, update_header_comment=False)
        catalogue.obsolete.clear()
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue as a .po file without dates, so that it changes only with its messages."""
    buffer = BytesIO()
    catalogue.header_comment = "# Vietnamese sentences of secaudit."
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=False)
    volatile = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator', b'"Language-Team')
    return b"".join(line for line in buffer.getvalue().splitlines(keepends=True) if not line.startswith(volatile))


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue."""
    buffer = BytesIO()
    # The header would hold the moment of the run, and the file would change with nothing changed.
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def stable(po: bytes, domain: str) -> Catalog:
    """Return the catalogue read back from its file form, so that what is compiled is what is kept."""
    return read_po(BytesIO(po), locale="vi", domain=domain, charset="utf-8")


def missing(catalogue: Catalog) -> list[str]:
    """Return the messages without a translation."""
    return [str(entry.id) for entry in catalogue if entry.id and not _complete(entry.string)]


def _complete(string: str | Iterable[str]) -> bool:
    return bool(string) if isinstance(string, str) else all(string)


def main(arguments: list[str]) -> int:
    """Write or check all catalogues; 1 when a translation is missing or, with `--check`, a file is out of date."""
    code = 0
    for domain in ("cli", "report", "click"):
        po = po_bytes(updated(domain))
        catalogue = stable(po, domain)
        files = {LOCALE / f"{domain}.po": po, LOCALE / f"{domain}.mo": mo_bytes(catalogue)}
        for path, content in files.items():
            if path.exists() and path.read_bytes() == content:
                continue
            if "--check" in arguments:
                print(f"out of date: {path.relative_to(ROOT)}")
                code = 1
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for text in missing(catalogue):
            print(f"{domain}: no translation: {text}")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
