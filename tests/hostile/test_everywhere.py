"""Every hostile string, in every place of every kind of output, stays text."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from functools import cache

import pytest

from secaudit.report.bounds import bounded
from secaudit.text import printable, visible
from tests.hostile.kinds import KINDS
from tests.hostile.places import Choose
from tests.hostile.readers import Seen
from tests.hostile.strings import CORPUS

HARMLESS = "nginx"
FAST = [name for name, kind in KINDS.items() if not kind.slow]
TURNS = 2
# The model bounds what servers say (`bounds.py`); other fields hold what people type.
VALUES = {name: bounded(value, 600) if name != "surrogate" else value for name, value in CORPUS.items()}


def everywhere(value: str) -> Choose:
    return lambda path: value


def mixed(turn: int) -> Choose:
    """Put another string into each place, by its path; another turn puts others there."""
    values = list(VALUES.values())

    def choose(path: str) -> str:
        digest = hashlib.sha256(f"{turn}{path}".encode()).digest()
        return values[int.from_bytes(digest[:4], "big") % len(values)]

    return choose


def seen(name: str, choose: Choose) -> dict[str, Seen]:
    kind = KINDS[name]
    return {file: kind.reader(file)(data) for file, data in kind.make(choose).items()}


@cache
def harmless(name: str) -> dict[str, Seen]:
    return seen(name, everywhere(HARMLESS))


def letters(text: str) -> str:
    """Return the letters and digits of a text: spaces, quotes and line breaks are each format's own business."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", visible(text)))


def stands(value: str, text: str, most: int = 30) -> bool:
    """Tell whether the beginning of a value stands in a text, in either way of writing out what is hidden."""
    return any((wanted := letters(shown)[:most]) and wanted in text for shown in (visible(value), printable(value)))


def judge(name: str, found: dict[str, Seen]) -> None:
    expected = harmless(name)
    assert found.keys() == expected.keys()
    for file, one in found.items():
        assert one.dangers == [], file
        assert one.shape <= expected[file].shape, file


@pytest.mark.parametrize("name", KINDS)
def test_harmless_words_show_no_danger(name: str) -> None:
    judge(name, harmless(name))
    assert any(HARMLESS in one.text for one in harmless(name).values())


@pytest.mark.slow
@pytest.mark.parametrize("case", VALUES)
@pytest.mark.parametrize("name", FAST)
def test_one_string_everywhere(name: str, case: str) -> None:
    found = seen(name, everywhere(VALUES[case]))
    judge(name, found)
    assert stands(VALUES[case], letters("".join(one.text for one in found.values())), 60), "the text is still there"


@pytest.mark.parametrize("turn", range(TURNS))
@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] * KINDS[n].slow) for n in KINDS])
def test_all_strings_mixed(name: str, turn: int) -> None:
    found = seen(name, mixed(turn))
    judge(name, found)
    text = letters("".join(one.text for one in found.values()))
    if name.endswith("pdf") and not shutil.which("pdftotext"):
        return
    kept = [case for case, value in VALUES.items() if stands(value, text)]
    assert len(kept) >= KINDS[name].room * len(VALUES)
