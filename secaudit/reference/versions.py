"""Comparing versions as software publishers write them: `1.22.1`, `4.0.0-beta.2`, `7.4.33-1+deb11u3`, `1.1.1w`."""

from __future__ import annotations

import re
from functools import total_ordering

_PART = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
_BEFORE = {"alpha": -3, "a": -3, "beta": -2, "b": -2, "rc": -1, "pre": -1, "preview": -1, "dev": -4}
_LEADING = re.compile(r"v?(\d+(?:\.\d+)*)", re.IGNORECASE)
# What a distribution adds: `-4ubuntu2.18`, `+deb11u3`, `~bpo11`, `.el8`.
_PACKAGING = re.compile(r"([-.](?:\d+(?:\.\d+)*)?\+?(?:ubuntu|deb|el\d|fc\d|amzn).*|[+~].*)$", re.IGNORECASE)


@total_ordering
class Version:
    """One version; compares by number, part by part, a pre-release before its release.

    Attributes:
        text: as written.
        numbers: the leading numbers, `(1, 22, 1)`; empty where there are none.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        bare = _PACKAGING.sub("", self.text)
        leading = _LEADING.match(bare)
        self.numbers = tuple(int(part) for part in leading[1].split(".")) if leading else ()
        self._rest = tuple(_rank(part) for part in _PART.findall(bare[leading.end() :])) if leading else ()

    @property
    def known(self) -> bool:
        """Tell whether there is a number at all."""
        return bool(self.numbers)

    def starts_with(self, other: Version) -> bool:
        """Tell whether `other` is a coarser name of this version: `4.5.02` starts with `4.5`."""
        return self.numbers[: len(other.numbers)] == other.numbers

    def _key(self) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        numbers = self.numbers
        while numbers and numbers[-1] == 0:
            numbers = numbers[:-1]
        # The end of a release sorts after a pre-release word and before a patch letter (OpenSSL's 1.1.1w).
        return numbers, (*self._rest, (0, 0))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key() == other._key()

    def __lt__(self, other: Version) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Version({self.text!r})"


def _rank(part: str) -> tuple[int, int]:
    if part.isdigit():
        return 1, int(part)
    before = _BEFORE.get(part.lower())
    return (before, 0) if before is not None else (1, ord(part[0].lower()))
