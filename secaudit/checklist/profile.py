"""The applicability questions: which rows apply to a system, and who does them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from secaudit.checklist.compiled import compiled_data
from secaudit.checklist.resources import PROFILE, shipped
from secaudit.model.requirement import Question, Requirement
from secaudit.model.words import Responsible


class Questionnaire:
    """The questions in the order in which they are asked."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        self.questions = questions
        self._by_id = {question.id: question for question in questions}
        self._shifting = tuple(question for question in questions if question.shifts)

    def __getitem__(self, question_id: str) -> Question:
        return self._by_id[question_id]

    def __contains__(self, question_id: str) -> bool:
        return question_id in self._by_id

    def sets_aside(self, question_id: str) -> bool:
        """Tell whether "no" to that question sets rows aside: it is known, and has a reason for it."""
        return question_id in self._by_id and self._by_id[question_id].when_no is not None

    def responsible(self, checklist: str, row: Requirement, answers: Mapping[str, bool]) -> Responsible:
        """Return who does a row of `checklist` for a system whose questions were answered so.

        The questions are asked in order, and what one has changed the next may change again.
        """
        does = row.responsible
        place = f"{checklist}:{row.group}"
        for question in self._shifting:
            said = answers.get(question.id)
            if said is None:
                continue
            for shift in question.shifts:
                fits = shift.answer == ("yes" if said else "no")
                if fits and does in shift.was and (not shift.groups or place in shift.groups):
                    does = shift.becomes
                    break
        return does


def load_profile(root: Traversable | None = None) -> Questionnaire:
    """Return the shipped questions.

    Raises:
        FaultyFile: the file is not YAML.
    """
    file = (root or shipped()) / PROFILE
    entries = compiled_data(file)["questions"]
    return Questionnaire(tuple(Question.model_validate(entry) for entry in entries))
