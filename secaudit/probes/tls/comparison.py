"""Where our own enumeration and sslyze's disagree, and what to make of both. No network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from secaudit.model.base import Reason
from secaudit.model.observation import VersionLook
from secaudit.probes.tls.enumeration import Enumeration

_MOST_NAMED = 8


def compare(found: Enumeration, by_sslyze: Sequence[VersionLook]) -> tuple[Enumeration, list[Reason]]:
    """Return the enumeration with what sslyze saw besides, and one reason per version in which the two differ.

    What either saw accepted is accepted. A version that we could not look at counts as looked at where sslyze could.
    Where sslyze could not look at a version there is nothing to compare.
    """
    other = {look.version: look for look in by_sslyze}
    versions, differences = [], []
    for own in found.versions:
        theirs = other.get(own.version)
        if theirs is None:
            versions.append(own)
            continue
        names, their_names = _names(own), _names(theirs)
        added = tuple(suite for suite in theirs.accepted if suite.name not in names)
        both_looked = own.fault is None and theirs.fault is None
        if both_looked and names != their_names:
            params: dict[str, str | int | float] = {
                "version": own.version.value,
                "own": _listed(names - their_names),
                "sslyze": _listed(their_names - names),
            }
            differences.append(Reason(code="tls-enumerations-differ", params=params))
        fault = own.fault if theirs.fault else None
        versions.append(own.model_copy(update={"accepted": (*own.accepted, *added), "fault": fault}))
    return replace(found, versions=tuple(versions)), differences


def _names(look: VersionLook) -> set[str]:
    return {suite.name for suite in look.accepted}


def _listed(names: set[str]) -> str:
    """Return names for a sentence, at most eight; `-` where there are none."""
    shown = sorted(names)[:_MOST_NAMED]
    more = [f"+ {len(names) - _MOST_NAMED}"] if len(names) > _MOST_NAMED else []
    return ", ".join((*shown, *more)) or "-"
