"""The applicability profile and the level sheet: yes/no answers with a name, kept for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from secaudit.app.knowledge import Knowledge
from secaudit.app.remediation_follow import follow_system
from secaudit.assess.level import LevelResult, level_of
from secaudit.model.assessment import ProfileAnswer
from secaudit.model.errors import BadInput, message
from secaudit.model.level import LevelRecord
from secaudit.model.organisation import System
from secaudit.store.workspace import Workspace

_YES = {"yes", "y", "có", "co", "c", "true", "1"}
_NO = {"no", "n", "không", "khong", "k", "false", "0"}


def parse_yes_no(typed: str) -> bool:
    """Read `yes` or `no`, in English or Vietnamese.

    Raises:
        BadInput: it is neither.
    """
    word = typed.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadInput(message("{word!r} is neither yes nor no."), word=typed)


def parse_settings(typed: Sequence[str], known: Sequence[str]) -> dict[str, bool]:
    """Read settings such as `uses-wireless=no`; the last one of a question stands.

    Raises:
        BadInput: not of that form, or an unknown question.
    """
    answers = {}
    for setting in typed:
        question, equals, word = setting.partition("=")
        question = question.strip()
        if not equals:
            raise BadInput(message("{setting!r} is not a setting. Write QUESTION=yes or QUESTION=no."), setting=setting)
        if question not in known:
            raise BadInput(
                message("There is no question {id!r}. Known are: {known}."), id=question, known=", ".join(known)
            )
        answers[question] = parse_yes_no(word)
    return answers


def record_profile(
    workspace: Workspace, knowledge: Knowledge, system: System, answers: Mapping[str, bool], *, name: str,
    reason: str, now: datetime,
) -> None:  # fmt: skip
    """Store answers to applicability questions; the remediation register follows the rows that they set aside.

    Raises:
        BadInput: nobody is named, or a "no" would set rows aside without any reason.
    """
    if not name.strip():
        raise BadInput(message("Say who answers, with --name: a “no” without a name sets nothing aside."))
    conditions = {row.condition for checklist in knowledge.checklists for row in checklist.requirements}
    for question, yes in answers.items():
        if not yes and question in conditions and not reason.strip() and not knowledge.profile.sets_aside(question):
            raise BadInput(message("“No” to {id} sets requirements aside; say why with --reason."), id=question)
    for question, yes in answers.items():
        workspace.profile.record(
            system.id,
            ProfileAnswer(question=question, yes=yes, answered_by=name.strip(), answered_at=now, reason=reason.strip()),
        )
    follow_system(workspace, knowledge, system, now, name.strip())


def record_level(
    workspace: Workspace, knowledge: Knowledge, system: System, answers: Mapping[str, bool], *, plan: str, name: str,
    now: datetime,
) -> LevelResult:  # fmt: skip
    """Store a level sheet, open questions included, and return what it comes to.

    Raises:
        BadInput: nobody is named.
    """
    if not name.strip():
        raise BadInput(message("Say who fills in the level sheet, with --name."))
    record = LevelRecord(answers=dict(answers), plan=plan.strip(), answered_by=name.strip(), answered_at=now)
    workspace.levels.record(system.id, record)
    return level_of(knowledge.level_sheet, record.answers, record.plan)


def apply_level(workspace: Workspace, system: System, result: LevelResult) -> System:
    """Store the level that a sheet comes to with the system: as proposed, or as voluntary where a plan asks for it.

    Raises:
        BadInput: questions are open, or the system's level has been approved, which only a decision changes.
    """
    if result.aimed is None:
        raise BadInput(message("The level sheet has open questions: {ids}."), ids=", ".join(result.open))
    if system.level_basis == "approved":
        raise BadInput(
            message("Level {level} of {id} is approved; only a new decision changes it (secaudit init --level)."),
            level=system.level, id=system.id,
        )  # fmt: skip
    basis = "voluntary" if result.by_plan else "proposed"
    system = system.model_copy(update={"level": result.aimed, "level_basis": basis})
    workspace.registry.save_system(system)
    return system
