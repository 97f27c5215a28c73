"""Reads HTML strictly enough to see every element and attribute, for tests of what a document is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "col"}


@dataclass
class Element:
    """One element with what is inside it, in order."""

    tag: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """Return the elements directly inside."""
        return [item for item in self.content if isinstance(item, Element)]

    @property
    def text(self) -> str:
        """Return the text directly inside."""
        return "".join(item for item in self.content if isinstance(item, str))

    def walk(self) -> Iterator[Element]:
        """Return this element and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        """Return all elements of these names."""
        return [element for element in self.walk() if element.tag in tags]

    def by_id(self, wanted: str) -> Element:
        """Return the element with that id."""
        return next(element for element in self.walk() if element.attributes.get("id") == wanted)

    @property
    def words(self) -> str:
        """Return all text below but styles, runs of white space as one space."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for item in self.content if self.tag != "style" else ():
            if isinstance(item, str):
                yield item
            else:
                yield from item._pieces()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment in the document: {data!r}")


def read_html(document: str) -> Element:
    """Return the document as a tree.

    Raises:
        AssertionError: elements overlap or stay open, an attribute stands twice, or there is a comment.
    """
    reader = _Reader()
    reader.feed(document)
    reader.close()
    assert reader.open == [reader.root], f"not closed: {[e.tag for e in reader.open[1:]]}"
    return reader.root
