"""Recognising a file that should not be there: form, beginning, content, and unlike the host's usual answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.model.base import Reason
from secaudit.model.exposure_look import ExposureObservation, FileLook
from secaudit.reference.shapes import PathEntry

_BASELINES = frozenset({"home", "no-such-page", "control"})
_SERVER_FAULTS = range(500, 600)
_CLOSE = 0.02
_FEW_BYTES = 64


@dataclass(frozen=True)
class Seen:
    """What an answer comes to: found, not there, or nobody can say (then with the reason)."""

    look: FileLook
    found: bool
    unknown: Reason | None = None


def baselines(looks: Sequence[FileLook]) -> list[FileLook]:
    """Return what the host says to addresses that cannot exist, and its first page."""
    return [look for look in looks if look.entry in _BASELINES and look.fault is None]


def judge_look(look: FileLook, entry: PathEntry, whole: ExposureObservation, usual: Sequence[FileLook]) -> Seen:
    """Return what one answer comes to.

    Args:
        look: the answer.
        entry: what was asked for.
        whole: how far the answers can be trusted.
        usual: the host's answers to addresses that cannot exist.
    """
    if look.fault is not None:
        return Seen(look, False, look.fault)
    if look.number > whole.reliable or look.status == 429:
        return Seen(look, False, whole.stopped or Reason(code="exposure-blocked", params={"requests": whole.reliable}))
    if look.status in _SERVER_FAULTS and look.status not in entry.statuses:
        return Seen(look, False, Reason(code="exposure-server-error", params={"status": look.status}))
    if not fits(look, entry):
        return Seen(look, False)
    if any(alike(look, other) for other in usual):
        return Seen(look, False, Reason(code="exposure-answers-everything", params={"url": look.target}))
    return Seen(look, True)


def fits(look: FileLook, entry: PathEntry) -> bool:
    """Tell whether status, form, first bytes, headers and content are all those of the real thing."""
    return (
        look.status in entry.statuses
        and (not entry.form or look.sniffed in entry.form)
        and (not entry.magic or any(look.magic.startswith(start) for start in entry.magic))
        and all(re.search(pattern, look.excerpt) for pattern in entry.match)
        and all(
            any(re.search(pattern, value) for value in look.values(name)) for name, pattern in entry.headers.items()
        )
        and bool(entry.magic or entry.match or entry.headers)
    )


def alike(look: FileLook, other: FileLook) -> bool:
    """Tell whether two answers are the same page or file as far as anybody can see."""
    if look.status != other.status:
        return False
    if look.body_sha256 and look.body_sha256 == other.body_sha256:
        return True
    if look.sniffed != other.sniffed:
        return False
    if look.sniffed == "html":
        # A page with a token or a date in it differs a little each time.
        near = abs(look.body_bytes - other.body_bytes) <= max(_FEW_BYTES, _CLOSE * other.body_bytes)
        return look.title == other.title and near
    if look.sniffed == "binary":
        return look.magic == other.magic and look.body_bytes == other.body_bytes
    return False
