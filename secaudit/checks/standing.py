"""Where a version stands in its line of releases: kept up, ended, or unknown to the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from secaudit.reference.shapes import Cycle
from secaudit.reference.versions import Version


@dataclass(frozen=True)
class Standing:
    """What the data say of a version on a day.

    Attributes:
        ended: its line gets no security fixes any more.
        since: the day when they ended; None where the data only say that it was long ago.
        behind: a newer release of the same line, empty where none is known.
        known: the data know the line.
        exact: the version is precise enough for a clean verdict.
    """

    ended: bool = False
    since: date | None = None
    behind: str = ""
    known: bool = True
    exact: bool = True


def standing(version: Version, cycles: Sequence[Cycle], older: str | None, day: date) -> Standing:
    """Return where `version` stands on `day`; a coarse version (`Drupal 9`) stands for all its lines."""
    if not version.known:
        return Standing(known=False)
    lines = [cycle for cycle in cycles if _belongs(version, Version(cycle.cycle))]
    if not lines:
        # Below every line that the data list, and said to have ended as a whole.
        return Standing(ended=True) if older and version < Version(older) else Standing(known=False)
    ends = [cycle.ended for cycle in lines if cycle.ended is not None and cycle.ended < day]
    if len(ends) == len(lines):
        return Standing(ended=True, since=max(ends))
    precise = [cycle for cycle in lines if version.starts_with(Version(cycle.cycle))]
    if not precise:
        return Standing(exact=False)
    newest = precise[0].latest
    if not newest:
        return Standing()
    if len(version.numbers) < len(Version(newest).numbers) and Version(newest).starts_with(version):
        return Standing(exact=False)
    return Standing(behind=newest if version < Version(newest) else "")


def _belongs(version: Version, line: Version) -> bool:
    return version.starts_with(line) or line.starts_with(version)
