"""The words by which injected pages are known, read from data, and how a text is searched for them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from urllib.parse import unquote, urlsplit

from secaudit.model.base import Composed, Frozen
from secaudit.yaml_loader import safe_yaml

FILE = "integrity/vocabulary.yaml"


class Term(Frozen):
    """One word or phrase.

    Attributes:
        weight: its points.
        bare: also found where it is typed without diacritics.
        joined: also found inside host names, its words written together.
    """

    term: Composed
    weight: float
    bare: bool = True
    joined: bool = False


class Words(Frozen):
    """The vocabulary as it stands in the file; what the lists mean stands there."""

    reviewed: date
    gambling: tuple[Term, ...]
    promotion: tuple[Term, ...]
    other: tuple[Term, ...]
    brands: tuple[str, ...]
    lucky_names: tuple[str, ...]
    not_brands: tuple[str, ...]
    context: tuple[Composed, ...]
    no_context: tuple[Composed, ...] = ()
    trusted_hosts: tuple[str, ...]
    defacement: tuple[Composed, ...]


@dataclass(frozen=True)
class Folded:
    """A text in lower case, and the same without diacritics, letter for letter."""

    text: str
    bare: str


def fold(text: str) -> Folded:
    """Return `text` for searching: NFC, lower case, all space single."""
    composed = " ".join(unicodedata.normalize("NFC", text).lower().split())
    return Folded(composed, composed.translate(_BARE))


class _Bare(dict[int, str]):
    """Maps a letter to the letter below its diacritics, one for one; learns as it goes."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        base = "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0] if code > 127 else letter
        self[code] = base
        return base


_BARE = _Bare()


class Terms:
    """A list of terms that a text is searched for in one go."""

    def __init__(self, terms: Iterable[Term], without: Iterable[str] = ()) -> None:
        """Take the terms, and phrases within which none of them counts."""
        self._without = frozenset(fold(phrase).bare for phrase in without)
        self._by_bare: dict[str, list[tuple[str, Term]]] = {}
        for term in terms:
            folded = fold(term.term)
            self._by_bare.setdefault(folded.bare, []).append((folded.text, term))
        # Longer phrases first, so that the most telling one is taken where several begin.
        names = sorted({*self._by_bare, *self._without}, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, names))})(?![^\W_])") if names else None

    def places_of(self, text: Folded) -> Iterator[tuple[int, Term]]:
        """Return where each term begins, in the order of the text."""
        for match in self._pattern.finditer(text.bare) if self._pattern else ():
            written = text.text[match.start() : match.end()]
            for spelt, term in self._by_bare.get(match[0], ()) if match[0] not in self._without else ():
                if written == spelt or (term.bare and written.isascii()):
                    yield match.start(), term

    def found(self, text: Folded) -> Counter[Term]:
        """Return the terms in the text, each with how often it stands there."""
        return Counter(term for _, term in self.places_of(text))

    def places(self, text: Folded) -> list[int]:
        """Return where the terms begin."""
        return [place for place, _ in self.places_of(text)]


class Vocabulary:
    """The words, ready for searching.

    Attributes:
        words: as they stand in the file.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.gambling, self.promotion, self.other = Terms(words.gambling), Terms(words.promotion), Terms(words.other)
        self.context = Terms((Term(term=word, weight=0) for word in words.context), words.no_context)
        self._brand = re.compile("|".join(f"(?:{pattern})" for pattern in words.brands))
        self._lucky = re.compile("|".join(f"(?:{pattern})" for pattern in words.lucky_names))
        self._not_brand = re.compile("|".join(f"(?:{pattern})" for pattern in words.not_brands))
        self._joined = {
            fold(term.term).bare.replace(" ", ""): term for term in (*words.gambling, *words.other) if term.joined
        }
        self.defacement = re.compile("|".join(words.defacement), re.IGNORECASE)

    def brands_in(self, words: Iterable[str]) -> list[str]:
        """Return the words that look like the name of a betting site."""
        return [word for word in words if self._is_name(word, self._brand)]

    def lucky_in(self, words: Iterable[str]) -> list[str]:
        """Return the words of letters and a lucky number: names of betting sites, or of shops."""
        return [word for word in words if self._is_name(word, self._lucky)]

    def _is_name(self, word: str, pattern: re.Pattern[str]) -> bool:
        if not 2 < len(word) < 24 or not word.isascii():
            return False
        return bool(pattern.fullmatch(word)) and not self._not_brand.fullmatch(word)

    def joined_in(self, host: str) -> list[Term]:
        """Return the terms that a host name holds with their words written together."""
        flat = host.lower().replace("-", "").replace(".", " ")
        return [term for text, term in self._joined.items() if text in flat]

    def is_trusted(self, host: str) -> bool:
        """Tell whether a state page may well link to that host."""
        return any(host == name or host.endswith(f".{name}") for name in self.words.trusted_hosts)


def words_of_path(url: str) -> str:
    """Return the words in path and query of an address, separators as spaces."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return re.sub(r"[-_/.+?&=%\s]+", " ", unquote(f"{parts.path} {parts.query}"))


def labels(host: str) -> Iterator[str]:
    """Return the parts of a host name and of its labels, without the last label."""
    for label in host.lower().split(".")[:-1]:
        yield from label.split("-")


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary."""
    text = (resources.files("secaudit.checklists") / FILE).read_text(encoding="utf-8")
    return Vocabulary(Words.model_validate(safe_yaml().load(text)))
