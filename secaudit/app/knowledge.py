"""The data that ships with the program, read once per run: requirements, check texts, phrases, questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from secaudit.checklist.loader import load_shipped
from secaudit.checklist.mapping import contradicted_by
from secaudit.checklist.phrases import Phrases, load_phrases
from secaudit.checklist.profile import load_questions
from secaudit.checklist.texts import load_texts
from secaudit.model.base import Reason
from secaudit.model.requirement import Checklist, CheckText, Question


class Knowledge:
    """Everything the program knows of law and wording. Each part is read when it is first asked for."""

    @cached_property
    def texts(self) -> Mapping[str, CheckText]:
        """Return the check texts by id."""
        return load_texts()

    @cached_property
    def phrases(self) -> Phrases:
        """Return the wording of reasons."""
        return load_phrases()

    @cached_property
    def checklists(self) -> tuple[Checklist, ...]:
        """Return all shipped checklists, the standard in force first."""
        return load_shipped()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return the applicability questions."""
        return load_questions()

    @cached_property
    def _contradicted(self) -> Mapping[str, Sequence[str]]:
        return contradicted_by(self.checklists)

    def requirements_of(self, check: str) -> Sequence[str]:
        """Return the rows that a failing check contradicts, as `checklist:requirement`."""
        return self._contradicted.get(check, ())

    def render(self, reason: Reason, language: str) -> str:
        """Return the sentence of a reason."""
        return self.phrases.render(reason, language)
