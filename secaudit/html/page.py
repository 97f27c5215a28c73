"""What one page holds: title, links with how they are hidden, scripts, styles, media, forms, text, outline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from secaudit.html.addresses import absolute, host_of
from secaudit.html.depth import shallow
from secaudit.html.hiding import Element, StyleSheet, colour, technique

LONGEST_TEXT = 300_000
"""Characters of text that are kept of one page."""
MOST = 5000
"""Links, scripts and media that are kept of one page, each."""
_LONGEST_SCRIPT = 100_000
_OUTLINE_MOST = 200
_STRUCTURE = frozenset({"header", "nav", "main", "aside", "footer", "form", "iframe", "frame", "h1"})
_PASSING_ID = re.compile(r"\d{5,}|[0-9a-f]{12,}")
_REFRESH = re.compile(r"""\s*[\d.]*\s*[;,]?\s*url\s*=\s*["']?([^"'>]{1,2000})""", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "template"})
_MEDIA = {"img": "src", "audio": "src", "video": "src", "source": "src", "track": "src", "input": "src"}
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}


@dataclass(frozen=True)
class Link:
    """A link that people can follow.

    Attributes:
        url: absolute.
        text: what can be clicked, with the alternative text of images.
        hidden: how it is hidden (see `hiding.technique`, and `same-colour`), empty when it is not.
    """

    url: str
    text: str
    hidden: str = ""


@dataclass(frozen=True)
class Resource:
    """Something that the browser loads with the page.

    Attributes:
        url: absolute; empty for an inline script.
        tag: the element that names it.
        integrity: value of the attribute (W3C Subresource Integrity).
        text: content of an inline script.
    """

    url: str
    tag: str
    integrity: str = ""
    text: str = ""


@dataclass(frozen=True)
class Form:
    """A form; `action` is absolute, the page's own address when none is named."""

    action: str
    method: str
    password: bool


@dataclass(frozen=True)
class Page:
    """The facts of one page.

    Attributes:
        refresh: where `<meta http-equiv="refresh">` leads, empty for nowhere.
        text: all text, that of links included.
        prose: the text outside links.
        outline: the page's skeleton: structural elements with their ids, in order.
        loose_password: a password field outside any form.
        cut: nested deeper than is read, so that the rest is missing.
    """

    url: str
    title: str = ""
    description: str = ""
    headings: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    scripts: tuple[Resource, ...] = ()
    styles: tuple[Resource, ...] = ()
    media: tuple[Resource, ...] = ()
    frames: tuple[Resource, ...] = ()
    forms: tuple[Form, ...] = ()
    refresh: str = ""
    text: str = ""
    prose: str = ""
    outline: tuple[str, ...] = ()
    loose_password: bool = False
    cut: bool = False


def read_page(body: str, url: str) -> Page:
    """Return the facts of a page; never raises, whatever the markup.

    Args:
        body: the page's text.
        url: where it was fetched, for relative addresses.
    """
    text, cut = shallow(body.replace("\x00", ""))
    tree = LexborHTMLParser(text)
    root = tree.root
    if root is None:
        return Page(url, cut=cut)
    reader = _Reader(tree, url)
    reader.read(root)
    return reader.page(cut)


@dataclass
class _Open:
    """An element whose content is being read."""

    element: Element
    hidden: str
    background: str


@dataclass
class _Draft:
    """A link whose text is being gathered."""

    url: str
    hidden: str
    depth: int
    words: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, tree: LexborHTMLParser, url: str) -> None:
        self._url = url
        base = tree.css_first("base[href]")
        self._base = absolute(url, (base.attributes.get("href") or "") if base else "") or url
        styles = [node.text(deep=True) for node in tree.css("style")]
        scripts = [node.text(deep=True)[:_LONGEST_SCRIPT] for node in tree.css("script")]
        self._sheet = StyleSheet(styles, scripts)
        self._path: list[_Open] = []
        self._ancestors: list[Element] = []
        self._words: list[str] = []
        self._prose: list[str] = []
        self._length = 0
        self._drafts: list[_Draft] = []
        self._links: list[Link] = []
        self._found: dict[str, list[Resource]] = {"scripts": [], "styles": [], "media": [], "frames": []}
        self._forms: list[list[object]] = []
        self._form_depth = 0
        self._loose = False
        self._titles: list[str] = []
        self._description = self._refresh = ""
        self._headings: list[str] = []
        self._outline: list[str] = []

    def page(self, cut: bool) -> Page:
        forms = tuple(Form(str(action), str(method), bool(password)) for action, method, password in self._forms)
        return Page(
            url=self._url,
            title=_line(self._titles[0]) if self._titles else "",
            description=_line(self._description),
            headings=tuple(self._headings[:200]),
            links=tuple(self._links),
            **{name: tuple(found) for name, found in self._found.items()},
            forms=forms,
            refresh=self._refresh,
            text=" ".join(self._words),
            prose=" ".join(self._prose),
            outline=tuple(self._outline[:_OUTLINE_MOST]),
            loose_password=self._loose,
            cut=cut,
        )

    def read(self, root: LexborNode) -> None:
        """Go through the tree in document order without recursion: a page may be nested deeper than Python's stack."""
        for node, depth in _walk(root):
            del self._path[depth:], self._ancestors[depth:]
            while self._drafts and self._drafts[-1].depth >= depth:
                self._close_link()
            if self._form_depth and depth <= self._form_depth:
                self._form_depth = 0
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "")
            elif not tag.startswith(("-", "!")):
                self._element(node, tag, depth)
        while self._drafts:
            self._close_link()

    def _text(self, text: str) -> None:
        if any(opened.element.tag in _SILENT or opened.element.tag == "title" for opened in self._path[-2:]):
            return
        words = text.split()
        if not words:
            return
        for draft in self._drafts:
            draft.words += words[:50]
        if self._length < LONGEST_TEXT:
            self._words += words
            if not self._drafts:
                self._prose += words
            self._length += len(text)

    def _element(self, node: LexborNode, tag: str, depth: int) -> None:
        attributes = node.attributes
        classes = frozenset((attributes.get("class") or "").split())
        element = Element(tag, attributes.get("id") or "", classes)
        declared = self._sheet.declared(element, self._ancestors, attributes.get("style") or "")
        above = self._path[-1] if self._path else None
        hidden = technique(declared, attributes, tag) or (above.hidden if above else "")
        painted = colour(declared.get("background-color") or declared.get("background"))
        background = painted or (above.background if above else "")
        if not hidden and background and background != "transparent" and colour(declared.get("color")) == background:
            hidden = "same-colour"
        self._path.append(_Open(element, hidden, background))
        self._ancestors.append(element)
        if tag in ("a", "area"):
            target = self._join(attributes.get("href"))
            if host_of(target):
                label = attributes.get("title") or attributes.get("alt") or ""
                self._drafts.append(_Draft(target, hidden, depth, label.split()[:20]))
        elif tag == "img":
            for draft in self._drafts:
                draft.words += (attributes.get("alt") or "").split()[:20]
        self._resource(node, tag, attributes)
        self._head(node, tag, attributes)
        self._form(tag, attributes, depth)
        if tag in _STRUCTURE:
            self._outline_entry(tag, element.id, attributes)

    def _close_link(self) -> None:
        draft = self._drafts.pop()
        if len(self._links) < MOST:
            self._links.append(Link(draft.url, " ".join(draft.words)[:300], draft.hidden))

    def _join(self, reference: str | None) -> str:
        return absolute(self._base, reference) if reference else ""

    def _resource(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        integrity = (attributes.get("integrity") or "").strip()
        if tag == "script":
            text = "" if attributes.get("src") else node.text(deep=True)[:_LONGEST_SCRIPT]
            self._keep("scripts", Resource(self._join(attributes.get("src")), tag, integrity, text))
        elif tag == "link" and "stylesheet" in (attributes.get("rel") or "").lower().split():
            self._keep("styles", Resource(self._join(attributes.get("href")), tag, integrity))
        elif tag in _FRAMES:
            if target := self._join(attributes.get(_FRAMES[tag])):
                self._keep("frames", Resource(target, tag))
        elif tag in _MEDIA:
            for name in (_MEDIA[tag], "poster"):
                if target := self._join(attributes.get(name)):
                    self._keep("media", Resource(target, tag))

    def _keep(self, kind: str, resource: Resource) -> None:
        if len(self._found[kind]) < MOST:
            self._found[kind].append(resource)

    def _head(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "title" and not any(o.element.tag == "svg" for o in self._path):
            self._titles.append(node.text(deep=True))
        elif tag in ("h1", "h2", "h3"):
            if words := _line(node.text(deep=True, separator=" ")):
                self._headings.append(words)
        elif tag == "meta":
            if (attributes.get("name") or "").lower() == "description":
                self._description = attributes.get("content") or ""
            elif (attributes.get("http-equiv") or "").lower() == "refresh":
                found = _REFRESH.match(attributes.get("content") or "")
                self._refresh = self._refresh or (self._join(found[1]) if found else "")

    def _form(self, tag: str, attributes: dict[str, str | None], depth: int) -> None:
        if tag == "form" and len(self._forms) < MOST:
            action = self._join(attributes.get("action")) or self._url
            self._forms.append([action, (attributes.get("method") or "get").lower(), False])
            self._form_depth = depth
        elif tag == "input" and (attributes.get("type") or "").lower() == "password":
            if self._form_depth and self._forms:
                self._forms[-1][2] = True
            else:
                self._loose = True
        elif tag in ("button", "input") and attributes.get("formaction") and len(self._forms) < MOST:
            self._forms.insert(0, [self._join(attributes.get("formaction")), "post", False])

    def _outline_entry(self, tag: str, name: str, attributes: dict[str, str | None]) -> None:
        entry = f"{tag}#{name[:60]}" if name and not _PASSING_ID.search(name.lower()) else tag
        if tag in ("iframe", "frame"):
            entry = f"{tag} {host_of(self._join(attributes.get('src'))) or '-'}"
        if entry not in self._outline[-1:]:
            self._outline.append(entry)


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, int]]:
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if depth and node.next is not None:
            waiting.append((node.next, depth))
        if node.first_child is not None:
            waiting.append((node.first_child, depth + 1))


def _line(text: str) -> str:
    return " ".join(text.split())[:500]
