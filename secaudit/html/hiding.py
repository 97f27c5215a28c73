"""How elements are hidden from people: inline styles, simple rules of `<style>`, attributes, and plain scripts.

Rules inside at-rules (`@media`) are left out, because those hide menus from small or large screens on purpose, and
so are selectors with anything beyond tag, id, class and descent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Declarations = dict[str, str]

FAR = 500
"""Pixels beyond the edge from which a block counts as off-screen; sliding menus stay below."""
TINY_FONT = 2.0
TRANSPARENT = 0.05
_MOST_RULES = 3000
_LONGEST_STYLE = 400_000

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COMPOUND = re.compile(r"([a-zA-Z][\w-]*)?((?:[.#][\w-]+)*)")
_NUMBER = re.compile(r"(-?\d{0,7}(?:\.\d{1,4})?)\s*(px|em|rem|pt|%|vw|vh)?\s*(?:!important)?")
_BY_SCRIPT = re.compile(
    r"""getElementById\(\s*["']([\w-]{1,80})["']\s*\)\s*\.style\.(display|visibility)\s*=\s*["'](none|hidden)["']"""
)
_COLOURS = {"white": "ffffff", "black": "000000", "red": "ff0000", "transparent": "transparent"}
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*([\d.]+)\s*)?\)")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})(?![0-9a-f])")


@dataclass(frozen=True)
class Element:
    """What selectors can see of one element."""

    tag: str
    id: str
    classes: frozenset[str]


@dataclass(frozen=True)
class _Simple:
    tag: str
    id: str
    classes: frozenset[str]

    def matches(self, element: Element) -> bool:
        named = (not self.tag or self.tag == element.tag) and (not self.id or self.id == element.id)
        return named and self.classes <= element.classes


@dataclass(frozen=True)
class _Rule:
    chain: tuple[_Simple, ...]
    declarations: Declarations

    def matches(self, element: Element, ancestors: Sequence[Element]) -> bool:
        if not self.chain[-1].matches(element):
            return False
        wanted = list(self.chain[:-1])
        for ancestor in reversed(ancestors):
            if wanted and wanted[-1].matches(ancestor):
                wanted.pop()
        return not wanted


class StyleSheet:
    """The rules of a page's own `<style>` elements, found by what their last part names."""

    def __init__(self, styles: Iterable[str], scripts: Iterable[str] = ()) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        self._count = 0
        for style in styles:
            for selectors, declarations in _blocks(style):
                for selector in selectors.split(","):
                    self._add(selector, declarations)
        for script in scripts:
            for name, attribute, value in _BY_SCRIPT.findall(script):
                self._add(f"#{name}", {attribute: value})

    def _add(self, selector: str, declarations: Declarations) -> None:
        chain = []
        for part in selector.split():
            found = _COMPOUND.fullmatch(part)
            if found is None:
                return
            marks = re.findall(r"([.#])([\w-]+)", found[2])
            ids = [name for sign, name in marks if sign == "#"]
            classes = frozenset(name for sign, name in marks if sign == ".")
            chain.append(_Simple((found[1] or "").lower(), ids[0] if ids else "", classes))
        if chain and declarations and self._count < _MOST_RULES:
            last = chain[-1]
            key = f"#{last.id}" if last.id else f".{min(last.classes)}" if last.classes else last.tag
            self._rules.setdefault(key, []).append(_Rule(tuple(chain), declarations))
            self._count += 1

    def declared(self, element: Element, ancestors: Sequence[Element], inline: str) -> Declarations:
        """Return what the rules and the inline style declare for an element, the inline style last."""
        found: Declarations = {}
        if self._rules:
            for key in (element.tag, *(f".{name}" for name in sorted(element.classes)), f"#{element.id}"):
                for rule in self._rules.get(key, ()):
                    if rule.matches(element, ancestors):
                        found.update(rule.declarations)
        if inline:
            found.update(_declarations(inline))
        return found


def _blocks(style: str) -> Iterable[tuple[str, Declarations]]:
    """Return selectors and declarations of the rules outside at-rules."""
    text = _COMMENT.sub(" ", style[:_LONGEST_STYLE])
    position = 0
    while (opening := text.find("{", position)) >= 0:
        selectors = text[position:opening].rpartition(";")[2].strip()
        closing = text.find("}", opening)
        if closing < 0:
            return
        if selectors.startswith("@"):
            depth, inner = 1, opening + 1
            while depth and (brace := re.compile(r"[{}]").search(text, inner)):
                depth += 1 if brace[0] == "{" else -1
                inner = brace.end()
            position = inner if not depth else len(text)
            continue
        yield selectors, _declarations(text[opening + 1 : closing])
        position = closing + 1


def _declarations(text: str) -> Declarations:
    found = {}
    for one in text[:5000].split(";"):
        name, colon, value = one.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip().lower()
    return found


def technique(declared: Declarations, attributes: Mapping[str, str | None], tag: str) -> str:
    """Return the word for how an element hides itself and what is in it, empty when it does not.

    The words: `display-none`, `visibility-hidden`, `hidden-attribute`, `noscript`, `tiny-text`, `transparent`,
    `no-size`, `clipped`, `off-screen`.
    """
    if tag == "noscript":
        return "noscript"
    if "hidden" in attributes and declared.get("display", "none") == "none":
        return "hidden-attribute"
    if _word(declared, "display") == "none":
        return "display-none"
    if _word(declared, "visibility") in ("hidden", "collapse"):
        return "visibility-hidden"
    if _small(declared.get("opacity"), TRANSPARENT):
        return "transparent"
    if _small(declared.get("font-size"), TINY_FONT):
        return "tiny-text"
    if _is_off_screen(declared):
        return "off-screen"
    return _sizeless(declared, attributes, tag)


def _sizeless(declared: Declarations, attributes: Mapping[str, str | None], tag: str) -> str:
    sizes = [declared.get(name) for name in ("height", "width", "max-height", "max-width")]
    if _word(declared, "overflow") in ("hidden", "clip") and any(_small(size, 1) for size in sizes):
        return "no-size"
    clip = declared.get("clip", "").replace(" ", "")
    if clip.startswith(("rect(0,0,0,0", "rect(0000", "rect(1px,1px,1px,1px", "rect(0px,0px,0px,0px")):
        return "clipped"
    if tag == "marquee" and any(_small(attributes.get(name), 2) for name in ("height", "width")):
        return "no-size"
    return ""


def _is_off_screen(declared: Declarations) -> bool:
    placed = _word(declared, "position") in ("absolute", "fixed", "relative")
    names = (("left", "top", "right", "bottom") if placed else ()) + ("text-indent", "margin-left", "margin-top")
    return any(_number(declared.get(name), "px") <= -FAR for name in names)


def _word(declared: Declarations, name: str) -> str:
    return declared.get(name, "").split("!", 1)[0].strip()


def _number(value: str | None, unit: str) -> float:
    """Return a length in `unit`; ems count as 16 pixels; infinity for what is no such number."""
    found = _NUMBER.fullmatch((value or "").strip())
    if not found or found[1] in ("", "-", "."):
        return float("inf")
    number = float(found[1])
    if found[2] in ("em", "rem"):
        return number * 16
    return number if found[2] in (unit, "pt", None) else float("inf")


def _small(value: str | None, limit: float) -> bool:
    return 0 <= _number(value, "px") <= limit


def colour(value: str | None) -> str:
    """Return a colour as six hexadecimal digits, empty where it is not plainly one."""
    text = (value or "").split("!", 1)[0].strip().lower()
    if text in _COLOURS:
        return _COLOURS[text]
    if found := _RGB.match(text):
        return "" if found[4] else "".join(f"{min(255, int(part)):02x}" for part in found.group(1, 2, 3))
    if found := _HEX.match(text):
        digits = found[1]
        return digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    return ""
