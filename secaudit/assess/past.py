"""What was said up to a moment, of records to which things are only ever added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from secaudit.model.assessment import Answer, ProfileAnswer


def answers_at(recorded: Iterable[Answer], moment: datetime) -> list[Answer]:
    """Return the answers that held at `moment`: the last one recorded by then for each row.

    Args:
        recorded: all answers of a system in the order of recording, which counts where clocks disagree.
        moment: with its time zone.
    """
    held = {(one.checklist, one.requirement): one for one in recorded if one.answered_at <= moment}
    return list(held.values())


def profile_at(recorded: Iterable[ProfileAnswer], moment: datetime) -> list[ProfileAnswer]:
    """Return the answers to the applicability questions that held at `moment`, as `answers_at`."""
    return list({one.question: one for one in recorded if one.answered_at <= moment}.values())
