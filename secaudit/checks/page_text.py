"""The text of a page as a visitor reads it, and whether it can be relied on: pure, bounded, never raises.

Parsed by selectolax (lexbor), an HTML5 parser as browsers have it. Python's own html.parser needs minutes for hostile
markup of the size that the probe keeps; lexbor is quadratic only in the depth of nesting, so very deep pages are not
parsed at all.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser

from secaudit.markup import nests_too_deep
from secaudit.model.observation import HttpExchange

KEPT_BYTES = 256 * 1024
"""How much of a body the HTTP probe keeps as text; of a longer page the end, where offices sign, was not read."""
FEWEST_WORDS = 60
"""A page with scripts and fewer words is taken to be drawn by them."""

_SPACE = re.compile(r"\s+")
_HTML_TYPES = ("text/html", "application/xhtml+xml")

Gap = Literal["", "page-status", "page-not-html", "page-cut", "page-too-deep", "page-scripted", "page-framed"]
"""Why the absence of words proves nothing; also the code of the reason. Empty for a page that was read to its end."""


@dataclass(frozen=True)
class Link:
    """One link.

    Attributes:
        text: what a visitor reads, images by their alternative text.
        address: its `href` as written.
    """

    text: str
    address: str


@dataclass(frozen=True)
class PageText:
    """What a page says.

    Attributes:
        text: visible text in NFC, white space collapsed; e-mail and telephone links and alternative texts of images
            stand in it where they are on the page.
        links: at most 2,000.
        gap: why the page may say more than was read.
    """

    text: str = ""
    links: tuple[Link, ...] = ()
    gap: Gap = ""


def is_html(exchange: HttpExchange) -> bool:
    """Tell whether an answer is an HTML page, by its type, or by its first character where it names none."""
    types = [value.partition(";")[0].strip().lower() for value in exchange.values("content-type")]
    return types[0] in _HTML_TYPES if types else exchange.body.lstrip().startswith("<")


def page_text(exchange: HttpExchange) -> PageText:
    """Return what the page of an answer says."""
    if not is_html(exchange):
        return PageText(gap="page-not-html")
    if nests_too_deep(exchange.body):
        return PageText(gap="page-too-deep")
    tree = LexborHTMLParser(exchange.body)
    scripts = len(tree.css("script"))
    frames = len(tree.css("frame, iframe"))
    for node in tree.css("script, style, template, noscript"):
        node.decompose()
    for node in tree.css("img[alt]"):
        node.insert_after(f" {node.attributes.get('alt') or ''} ")
    links = []
    for node in tree.css("a[href]")[:2000]:
        address = (node.attributes.get("href") or "").strip()
        links.append(Link(plain(node.text(separator=" ")), address))
        if address.lower().startswith(("mailto:", "tel:")):
            node.insert_after(f" {address} ")
    text = plain(tree.body.text(separator=" ")) if tree.body is not None else ""
    return PageText(text, tuple(links), _gap(exchange, text, scripts, frames))


def plain(text: str) -> str:
    """Return text in Unicode NFC with white space collapsed, invisible joiners left out."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).replace("\u200b", "").replace("\ufeff", "")).strip()


def _gap(exchange: HttpExchange, text: str, scripts: int, frames: int) -> Gap:
    if exchange.status != 200:
        return "page-status"
    if exchange.fault is not None or exchange.truncated or exchange.body_bytes > KEPT_BYTES:
        return "page-cut"
    few = len(text.split()) < FEWEST_WORDS
    if few and scripts:
        return "page-scripted"
    return "page-framed" if few and frames else ""
