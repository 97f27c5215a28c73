"""How much the exposure probe asks for and takes."""

from __future__ import annotations

from dataclasses import dataclass

from secaudit.model.words import Profile

BRISK, SLOW = 30.0, 12.0
"""Most requests begun in one second: about what a browser does to open one page, and less where there are many."""
SIDE_BY_SIDE = 4
"""Most requests under way at once."""
FILE_BYTES = 4 * 1024
"""Most bytes taken of a file that should not be there; the request asks for no more (Range, RFC 9110, section 14)."""
PAGE_BYTES = 128 * 1024
"""Most bytes taken of a page such as a login form."""
SCRIPT_BYTES = 32 * 1024
"""Most bytes taken of a script."""
REQUEST_SECONDS = 10.0
"""Longest time of one request."""
PANEL_REDIRECTS = 2
"""Redirects followed to a login form, on the same host and port only."""
LOST_IN_A_ROW = 3
"""So many requests in a row without an answer mean that the server has begun to block."""
DENIED_IN_A_ROW = 6
"""So many refusals in a row are reason to ask whether an address that cannot exist is refused as well by now."""
DENYING = frozenset({403, 405, 406, 429, 444, 503})
"""Statuses with which a server or a firewall in front of it turns a visitor away."""


@dataclass(frozen=True)
class Budget:
    """What one profile may send beside the list of paths.

    Attributes:
        fingerprints: addresses that cannot exist, asked for first.
        scripts: scripts of the first page.
        per_second: most requests begun in one second.
        seconds: longest time in all, for servers that let every answer drip.
    """

    fingerprints: int
    scripts: int
    per_second: float
    seconds: float


BUDGETS = {
    Profile.QUICK: Budget(3, 3, BRISK, 20.0),
    Profile.STANDARD: Budget(5, 6, BRISK, 40.0),
    Profile.FULL: Budget(5, 15, SLOW, 100.0),
}
