"""The data that ships with the program, as the use cases want it: lists in the order of reports, reasons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from secaudit.checklist.calendar import load_calendar
from secaudit.checklist.loader import Library
from secaudit.model.base import Reason
from secaudit.model.requirement import Checklist, Question, YearlyDate
from secaudit.model.words import Responsible

_ROLES = ("standard", "duties", "advisory", "former")


class Knowledge(Library):
    """The library, each part read when it is first asked for."""

    @cached_property
    def checklists(self) -> tuple[Checklist, ...]:
        """Return all checklists: the standard in force, duties outside it, advice, the former standard."""
        return tuple(sorted(self.all(), key=lambda checklist: _ROLES.index(checklist.role)))

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Return the applicability questions by id."""
        return {question.id: question for question in self.profile.questions}

    @cached_property
    def calendar(self) -> tuple[YearlyDate, ...]:
        """Return the dates that come back every year."""
        return load_calendar(self.root)

    def read_all(self) -> None:
        """Read everything now, for example while a scan is waited for."""
        _ = self.checklists, self.mapping, self.texts, self.phrases, self.questions, self.calendar

    def requirements_of(self, check: str) -> Sequence[str]:
        """Return the rows that a failing check contradicts, as `checklist:requirement`."""
        return self.mapping.contradicted(check)

    def responsible_of(self, check: str) -> Responsible:
        """Return who usually repairs it: whoever does the rows that it bears on, else office and provider together."""
        rows = set(self.requirements_of(check))
        people = {
            requirement.responsible
            for checklist in self.checklists
            if checklist.counts
            for requirement in checklist.requirements
            if f"{checklist.id}:{requirement.id}" in rows
        }
        return people.pop() if len(people) == 1 else Responsible.SHARED

    def title(self, check: str, language: str) -> str:
        """Return the title of a check; one that the texts do not know (of a newer program) goes by its id."""
        text = self.texts.get(check)
        return text.title.in_language(language) if text else check

    def render(self, reason: Reason, language: str) -> str:
        """Return the sentence of a reason."""
        return self.phrases.render(reason, language)
