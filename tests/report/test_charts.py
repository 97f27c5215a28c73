from __future__ import annotations

from xml.etree import ElementTree

import pytest

from secaudit.model.words import Outcome, ProbeStatus, RowState, Severity
from secaudit.report import palette
from secaudit.report.charts import ICONS, Part, bar_chart, icon, share_bar

SVG = "{http://www.w3.org/2000/svg}"
PARTS = [Part("Cao <b>", 5, "#b3341b"), Part("Thấp", 0, "#2b5c8a"), Part("Vừa", 10, "#7d5200")]


@pytest.mark.parametrize("draw", [bar_chart, share_bar])
def test_a_chart_says_what_it_shows_in_words(draw):
    root = ElementTree.fromstring(draw(PARTS, prefix="x", title="T & t", description="D < d"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "x-title x-desc"
    assert (root.find(f"{SVG}title").get("id"), root.find(f"{SVG}title").text) == ("x-title", "T & t")
    assert (root.find(f"{SVG}desc").get("id"), root.find(f"{SVG}desc").text) == ("x-desc", "D < d")


def test_bars_are_as_long_as_their_numbers():
    root = ElementTree.fromstring(bar_chart(PARTS, prefix="x", title="", description=""))
    high, none, most = (float(bar.get("width")) for bar in root.findall(f"{SVG}rect"))
    assert high == pytest.approx(most / 2, abs=1)
    assert none <= 2
    texts = [text.text for text in root.findall(f"{SVG}text")]
    assert texts == ["Cao <b>", "5", "Thấp", "0", "Vừa", "10"]


def test_shares_fill_the_bar():
    root = ElementTree.fromstring(share_bar(PARTS, prefix="x", title="", description=""))
    *pieces, frame = root.findall(f"{SVG}rect")
    assert len(pieces) == 2
    last = pieces[-1]
    assert float(last.get("x")) + float(last.get("width")) == pytest.approx(1000, abs=0.2)
    assert frame.get("fill") == "none"


def test_empty_charts_are_drawn():
    ElementTree.fromstring(bar_chart([], prefix="x", title="", description=""))
    root = ElementTree.fromstring(share_bar([Part("a", 0, "#000000")], prefix="x", title="", description=""))
    assert len(root.findall(f"{SVG}rect")) == 1


def test_every_coloured_word_has_a_shape_of_its_own_kind():
    colours = {
        "severity": palette.SEVERITY, "state": palette.STATE, "outcome": palette.OUTCOME, "probe": palette.PROBE,
    }  # fmt: skip
    for kind, words in {"severity": Severity, "state": RowState, "outcome": Outcome, "probe": ProbeStatus}.items():
        assert set(ICONS[kind]) == {word.value for word in words} == {word.value for word in colours[kind]}
        assert len(set(ICONS[kind].values())) == len(ICONS[kind]), "two words share a shape"
        for word in words:
            root = ElementTree.fromstring(icon(kind, word, colours[kind][word]))
            assert root.get("aria-hidden") == "true"


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_every_text_colour():
    colours = [palette.INK, palette.MUTED, palette.NAVY, "#17508a"]
    for table in (palette.SEVERITY, palette.STATE, palette.OUTCOME, palette.PROBE):
        colours += table.values()
    for colour in colours:
        for ground in (palette.PAPER, palette.SOFT):
            assert contrast(colour, ground) >= 4.5, (colour, ground)
    assert contrast(palette.PAPER, palette.NAVY) >= 4.5
