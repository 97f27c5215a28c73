"""Loads checklists: shipped ones trusted and fast, other people's validated to the letter."""

from __future__ import annotations

from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from secaudit.checklist.compiled import compiled
from secaudit.checklist.mapping import Mapping
from secaudit.checklist.phrases import Phrases, load_phrases
from secaudit.checklist.profile import Questionnaire, load_profile
from secaudit.checklist.resources import checklist_files, shipped
from secaudit.checklist.texts import load_planned, load_texts, load_unmapped
from secaudit.model.base import Text
from secaudit.model.errors import BadInput, message
from secaudit.model.requirement import Checklist, CheckText

if TYPE_CHECKING:
    from secaudit.checklist.faults import Fault
    from secaudit.model.level import LevelSheet


class Library:
    """All data of the law that a run may need; each part is read once, when it is first asked for.

    Args:
        root: folder of the data, the shipped one when None. Its checklists are not held against the schema:
            the tests of the program have done so.
        extra: checklists of the user's own, by path. They are always validated.
    """

    def __init__(self, root: Traversable | None = None, extra: tuple[Path, ...] = ()) -> None:
        self.root = root or shipped()
        self._extra = extra
        self._loaded: dict[str, Checklist] = {}

    @property
    def shipped_ids(self) -> tuple[str, ...]:
        """Ids of the shipped checklists: the names of their files, so that listing them reads nothing."""
        return tuple(file.name.removesuffix(".yaml") for file in checklist_files(self.root))

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all checklists, shipped ones first.

        Raises:
            FaultyFile: a checklist of the user's own has faults.
            BadInput: it cannot be read, or has the id of another.
        """
        return (*self.shipped_ids, *self._own)

    def checklist(self, checklist_id: str) -> Checklist:
        """Return one checklist.

        Raises:
            BadInput: no checklist has that id.
            FaultyFile: a checklist of the user's own has faults.
        """
        if checklist_id in self._loaded:
            return self._loaded[checklist_id]
        if checklist_id in self.shipped_ids:
            self._loaded[checklist_id] = Checklist.model_validate_json(compiled(self.root / f"{checklist_id}.yaml"))
            return self._loaded[checklist_id]
        if checklist_id in self._own:
            return self._own[checklist_id]
        raise BadInput(
            message("There is no checklist {id!r}. Known are: {known}."),
            id=checklist_id,
            known=", ".join(self.ids()),
        )

    def all(self) -> tuple[Checklist, ...]:
        """Return every checklist, shipped ones first. Raises as `ids`."""
        return tuple(self.checklist(checklist_id) for checklist_id in self.ids())

    @cached_property
    def texts(self) -> dict[str, CheckText]:
        """Texts of checks by id."""
        return load_texts(self.root)

    @cached_property
    def planned(self) -> dict[str, Text]:
        """Checks that are not built yet, with the reason."""
        return load_planned(self.root)

    @cached_property
    def unmapped(self) -> dict[str, Text]:
        """Checks that no requirement is linked to, with the reason."""
        return load_unmapped(self.root)

    @cached_property
    def phrases(self) -> Phrases:
        """Wording of reason codes."""
        return load_phrases(self.root)

    @cached_property
    def profile(self) -> Questionnaire:
        """The applicability questions."""
        return load_profile(self.root)

    @cached_property
    def level_sheet(self) -> LevelSheet:
        """The level sheet by Decree 331/2026."""
        from secaudit.checklist.level_sheet import load_level_sheet  # noqa: PLC0415 - one command only

        return load_level_sheet(self.root)

    @cached_property
    def mapping(self) -> Mapping:
        """From checks to the rows of all checklists."""
        return Mapping(self.all())

    def validate(self, path: Path) -> tuple[Fault, ...]:
        """Return every fault of a checklist file, none when it can be used.

        Raises:
            BadInput: the file cannot be opened.
        """
        from secaudit.checklist.faults import FaultyFile  # noqa: PLC0415
        from secaudit.checklist.validate import checked_checklist  # noqa: PLC0415 - jsonschema only for strangers

        try:
            checked_checklist(path, self)
        except FaultyFile as error:
            return error.faults
        return ()

    @cached_property
    def _own(self) -> dict[str, Checklist]:
        if not self._extra:
            return {}
        from secaudit.checklist.validate import checked_checklist  # noqa: PLC0415 - as above

        own: dict[str, Checklist] = {}
        for path in self._extra:
            checklist = checked_checklist(path, self)
            if checklist.id in own or checklist.id in self.shipped_ids:
                raise BadInput(
                    message("{file}: another checklist has the id {id!r} already. Give this one an id of its own."),
                    file=str(path),
                    id=checklist.id,
                )
            own[checklist.id] = checklist
        return own
