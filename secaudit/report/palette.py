"""Colours, once for style sheet and charts. Each text colour has a contrast of 4.5:1 or more on white and on `soft`."""

from __future__ import annotations

from secaudit.model.words import Outcome, ProbeStatus, RowState, Severity

INK = "#1b2733"
MUTED = "#4d5965"
NAVY = "#14375e"
LINE = "#c5ced7"
SOFT = "#f3f6f9"
PAPER = "#ffffff"
BLANK = "#dfe5ea"
"""Fill of what nobody has answered; always drawn with an outline in `MUTED`."""

BASE = {"ink": INK, "muted": MUTED, "navy": NAVY, "line": LINE, "soft": SOFT, "paper": PAPER}

_GREEN, _RED, _DARK_RED, _OCHRE, _VIOLET, _GREY, _BLUE = (
    "#1d6b3f", "#a3261f", "#7f1320", "#7d5200", "#5f3a86", "#56616d", "#2b5c8a",
)  # fmt: skip

SEVERITY = {
    Severity.CRITICAL: _DARK_RED,
    Severity.HIGH: "#b3341b",
    Severity.MEDIUM: _OCHRE,
    Severity.LOW: _BLUE,
    Severity.INFO: _GREY,
}
STATE = {
    RowState.MET: _GREEN,
    RowState.PARTIAL: _OCHRE,
    RowState.NOT_MET: _RED,
    RowState.CONTRADICTED: _DARK_RED,
    RowState.STALE: _VIOLET,
    RowState.UNASSESSED: _GREY,
    RowState.NOT_APPLICABLE: _GREY,
}
OUTCOME = {
    Outcome.PASS: _GREEN,
    Outcome.FAIL: _RED,
    Outcome.INCONCLUSIVE: _OCHRE,
    Outcome.NOT_APPLICABLE: _GREY,
}
PROBE = {ProbeStatus.OK: _GREEN, ProbeStatus.FAILED: _RED, ProbeStatus.SKIPPED: _OCHRE}


def style_properties() -> str:
    """Return the colours as CSS custom properties of `:root`."""
    named = dict(BASE)
    for prefix, colours in (("severity", SEVERITY), ("state", STATE), ("outcome", OUTCOME), ("probe", PROBE)):
        named |= {f"{prefix}-{word.value}": colour for word, colour in colours.items()}
    return ":root{" + ";".join(f"--{name}:{colour}" for name, colour in named.items()) + "}"
