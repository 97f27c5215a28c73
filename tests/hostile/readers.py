"""Reads each kind of output with a library that did not write it, and says what would be dangerous in it."""

from __future__ import annotations

import csv
import email
import email.policy
import json
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlsplit

import cmarkgfm
import icalendar
import lxml.etree
import openpyxl
from docx import Document
from docx.oxml.ns import qn
from lxml import html as lxml_html
from pypdf import PdfReader

from tests.report.tree import read_html

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href")
_STARTERS = "=+-@＝＋－＠\t\r"


@dataclass
class Seen:
    """What a reader found in an output.

    Attributes:
        text: everything that a person would read.
        shape: what it is built of; the same for harmless and hostile words.
        dangers: what must not be there, in words.
    """

    text: str
    shape: set[Any] = field(default_factory=set)
    dangers: list[str] = field(default_factory=list)


def hidden(text: str, *, kept: str = "\n\t") -> list[str]:
    """Return the letters that hide or reorder others, or that move a terminal's cursor."""
    return sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in _HIDDEN and c not in kept})


def html(data: bytes) -> Seen:
    """Elements and attributes, by a strict reader and by lxml's HTML parser."""
    document = data.decode("utf-8")
    tree = read_html(document)
    dangers = hidden(document)
    shape = set()
    for element in lxml_html.fromstring(document).iter():
        if not isinstance(element.tag, str):
            dangers.append(f"{element!r}")
            continue
        shape.add((element.tag, *sorted(element.attrib)))
        for name, value in element.attrib.items():
            if name in _ADDRESSES and not re.match(r"#|https?://|data:", value):
                dangers.append(f"{name}={value}")
            if name.startswith("on") or name == "srcdoc":
                dangers.append(f"{name}={value}")
            if name in ("href", "src") and value.startswith("data:") and not value.startswith("data:font/"):
                dangers.append(f"{name}={value[:40]}")
    return Seen(tree.words, shape, dangers)


def archive_page(data: bytes) -> Seen:
    """The index page of an archive, which links to the files beside it."""
    found = html(data)
    beside = re.compile(r"href=((bang-chung|bao-cao|ket-qua-quet)/[^/]+|SHA256SUMS)")
    return Seen(found.text, found.shape, [danger for danger in found.dangers if not beside.fullmatch(danger)])


def pdf(data: bytes) -> Seen:
    """Text of every page, actions and annotations."""
    reader = PdfReader(BytesIO(data))
    dangers = []
    for page in reader.pages:
        for note in page.get("/Annots") or ():
            action = note.get_object().get("/A")
            if action is None:
                continue
            kind, address = action.get_object().get("/S"), str(action.get_object().get("/URI", ""))
            if kind != "/GoTo" and not (kind == "/URI" and urlsplit(address).scheme in ("http", "https")):
                dangers.append(f"{kind} {address}")
    root = reader.trailer["/Root"]
    dangers += [name for name in ("/OpenAction", "/AA", "/AcroForm") if name in root]
    if "/Names" in root and "/JavaScript" in root["/Names"]:
        dangers.append("/JavaScript")
    return Seen(_pdf_text(data, reader), dangers=dangers)


def _pdf_text(data: bytes, reader: PdfReader) -> str:
    """Return the text as Poppler reads it, where there is one: pypdf loses a whole font over one odd letter in it."""
    if program := shutil.which("pdftotext"):
        return subprocess.run([program, "-", "-"], input=data, capture_output=True, check=True).stdout.decode("utf-8")
    return "\n".join(page.extract_text() for page in reader.pages)


_WORD_DANGERS = ("w:hyperlink", "w:object", "w:altChunk", "w:fldSimple", "w:control", "w:script", "w:subDoc")


def docx(data: bytes) -> Seen:
    """Fields, links and objects of a Word document, and its text; relationships that lead outside."""
    document = Document(BytesIO(data))
    shape, dangers, text = set(), [], []
    with zipfile.ZipFile(BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.endswith(".rels") and b'TargetMode="External"' in parts.read(name):
                dangers.append(f"{name} leads outside")
            if "vbaProject" in name or "embeddings" in name:
                dangers.append(name)
            if name.startswith("word/") and name.endswith(".xml"):
                tree = lxml.etree.fromstring(parts.read(name))
                fields = ["".join(e.itertext()).strip() for e in tree.iter(qn("w:instrText"))]
                shape |= {("field", one) for one in fields}
                dangers += [f"{name}: {tag}" for tag in _WORD_DANGERS for _ in tree.iter(qn(tag))]
    for element in document.element.body.iter(qn("w:t"), qn("w:br"), qn("w:p"), qn("w:tab")):
        text.append(element.text or "" if element.tag == qn("w:t") else "\n")
        dangers += hidden(element.text or "")
    return Seen("".join(text), shape, dangers)


def xlsx(data: bytes) -> Seen:
    """Formulas, links, names and connections of a workbook, and its cells."""
    book = openpyxl.load_workbook(BytesIO(data))
    shape: set[Any] = set(book.defined_names)
    dangers, text = [], []
    with zipfile.ZipFile(BytesIO(data)) as parts:
        shape |= {re.sub(r"\d+", "", name) for name in parts.namelist()}
        dangers += [n for n in parts.namelist() if re.search("externalLink|connections|vbaProject|oleObject", n)]
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    dangers.append(f"formula {cell.coordinate}")
                if cell.hyperlink is not None:
                    dangers.append(f"link {cell.coordinate}")
                if isinstance(cell.value, str):
                    text.append(cell.value)
                    dangers += hidden(cell.value)
    return Seen("\n".join(text), shape, dangers)


def plain_json(data: bytes) -> Seen:
    """Data for programs: every text as it was, nothing raw that a terminal would act upon."""
    document = data.decode("utf-8")
    dangers = [f"U+{ord(c):04X}" for c in set(document) if ord(c) < 32 and c != "\n"]
    return Seen("\n".join(_strings(json.loads(document))), dangers=dangers)


_OSCAL_MARKUP = ("title", "description", "statement", "prose", "text", "label", "remarks")


def oscal(data: bytes) -> Seen:
    """Every text that OSCAL takes for Markdown is rendered, and must give paragraphs only."""
    text, dangers = [], []
    for name, value in _named(json.loads(data.decode("utf-8"))):
        dangers += hidden(value)
        shown = value
        if name in _OSCAL_MARKUP:
            # Remarks of a list hold a list of dates, which is ours.
            tags = ("#document", "p", "a", *(("ul", "li") if name == "remarks" else ()))
            tree = read_html(cmarkgfm.github_flavored_markdown_to_html(value))
            dangers += [f"<{e.tag}> in {value[:60]}" for e in tree.walk() if e.tag not in tags]
            # GitHub makes links of mail addresses whatever one does; OSCAL's CommonMark does not.
            dangers += [e.attributes["href"] for e in tree.all("a") if not e.attributes["href"].startswith("mailto:")]
            shown = tree.words
        if name == "href" and not re.match(r"https?://|#[0-9a-f-]{36}\Z|c\.json\Z", value):
            dangers.append(f"href {value}")
        text.append(shown)
    return Seen("\n".join(text), dangers=dangers)


def sarif(data: bytes) -> Seen:
    """Messages without links and placeholders, addresses of known schemes."""
    text, dangers = [], []
    for name, value in _named(json.loads(data.decode("utf-8"))):
        dangers += hidden(value)
        shown = value
        if name == "text":
            bare = value.replace("{{", "").replace("}}", "")
            dangers += [f"placeholder in {value[:60]}"] * bool(re.search("[{}]", bare))
            dangers += [f"link in {value[:60]}"] * bool(re.search(r"(?<!\\)\]\(", value))
            shown = value.replace("{{", "{").replace("}}", "}").replace("\\](", "](")
        if name in ("uri", "helpUri"):
            if urlsplit(value).scheme not in ("http", "https", "tcp", "urn"):
                dangers.append(f"address {value}")
            if not re.fullmatch(r"[!#-;=?-\[\]_a-z~]+", value):
                dangers.append(f"not an address: {value[:80]}")
        text.append(shown)
    return Seen("\n".join(text), dangers=dangers)


def table(data: bytes) -> Seen:
    """Cells of a CSV file, read with every separator that a spreadsheet may be set to."""
    document = data.decode("utf-8-sig")
    delimiter = max(";,", key=document.splitlines()[0].count)
    rows = list(csv.reader(StringIO(document, newline=""), delimiter=delimiter, strict=True))
    dangers = hidden(document, kept="\r\n")
    if len({len(row) for row in rows}) != 1:
        dangers.append("rows of different lengths")
    if document.count("\n") != len(rows):
        dangers.append("a line break inside a cell")
    for separator in ",;\t":
        for line in document.splitlines():
            cells = line.split(separator) if separator != delimiter else next(csv.reader([line], delimiter=delimiter))
            dangers += [f"{separator!r}: {c[:40]}" for c in cells if c.strip(" \"'")[:1] in _STARTERS and _bare(c)]
    return Seen("\n".join(cell for row in rows for cell in row), dangers=dangers)


def _bare(cell: str) -> bool:
    """Tell whether a spreadsheet would see the starter first: an apostrophe in front makes it text."""
    stripped = cell.strip(' "')
    return bool(stripped) and stripped[0] in _STARTERS


def calendar(data: bytes) -> Seen:
    """Components and properties of a calendar, and its texts."""
    document = data.decode("utf-8")
    dangers = hidden(document, kept="\r\n")
    dangers += ["a line of more than 75 bytes"] * any(len(line) > 75 for line in data.split(b"\r\n"))
    found = icalendar.Calendar.from_ical(data)
    shape, text = set(), []
    for component in found.walk():
        shape.add((component.name, *sorted(component.keys())))
        text += [str(component[name]) for name in component if name in ("SUMMARY", "DESCRIPTION", "X-WR-CALNAME")]
    return Seen("\n".join(text), shape, dangers)


def terminal(data: bytes) -> Seen:
    """What a terminal would be sent."""
    text = data.decode("utf-8")
    return Seen(text, dangers=hidden(text, kept="\n"))


def mail(data: bytes) -> Seen:
    """Headers and parts of a mail, and its text."""
    read = email.message_from_bytes(data, policy=email.policy.default)
    text = f"{read['Subject']}\n{read.get_content()}"
    shape = {("header", name) for name in read} | {("part", part.get_content_type()) for part in read.walk()}
    # A mail's own lines end in CR LF.
    return Seen(text, shape, hidden(text.replace("\r\n", "\n")))


def yaml(data: bytes) -> Seen:
    """A library as YAML 1.1 and 1.2 read it: texts stay texts."""
    from ruamel.yaml import YAML

    document = data.decode("utf-8")
    reader = YAML(typ="safe")
    reader.version = (1, 1)  # type: ignore[assignment]
    found = reader.load(document)
    return Seen("\n".join(_strings(found)), dangers=hidden(document))


def _strings(value: Any) -> Iterator[str]:
    for _, text in _named(value):
        yield text


def _named(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Return every text with the name that it stands under."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield "", str(key)
            yield from _named(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, name)
    elif isinstance(value, str):
        yield name, value
