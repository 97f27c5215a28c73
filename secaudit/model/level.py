"""The level sheet: which security level a system falls under, by Decree 331/2026 Arts 11-15."""

from __future__ import annotations

from typing import Literal

from secaudit.model.base import Composed, Frozen, Instant, Text


class LevelQuestion(Frozen):
    """One yes/no question of the level sheet.

    Attributes:
        ask_if: id of an earlier question; it is asked only after a "yes" to that one.
    """

    id: str
    text: Text
    help: Text | None = None
    ask_if: str = ""


class LevelCriterion(Frozen):
    """One criterion of the decree.

    Attributes:
        level: 1 to 5.
        article: in Decree 331/2026, for example `13.2.b`.
        all_yes: questions that must be answered "yes".
        all_no: questions that must be answered "no".
    """

    level: Literal[1, 2, 3, 4, 5]
    article: str
    text: Text
    all_yes: tuple[str, ...] = ()
    all_no: tuple[str, ...] = ()


class LevelSheet(Frozen):
    """The questions, the criteria and what must be said beside the result.

    Attributes:
        notes: what the law leaves open, always shown.
    """

    notice: Text
    questions: tuple[LevelQuestion, ...]
    criteria: tuple[LevelCriterion, ...]
    notes: tuple[Text, ...] = ()


class LevelRecord(Frozen):
    """A filled-in level sheet of one system.

    Attributes:
        answers: yes or no by question id.
        plan: the plan or document that asks for level 3 where the law asks for less, empty where none does.
    """

    answers: dict[str, bool]
    plan: Composed = ""
    answered_by: Composed
    answered_at: Instant
