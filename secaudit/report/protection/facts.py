"""What the draft of the protection plan says, and what the officer's file adds to it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from secaudit.model.base import Composed, Frozen, Text
from secaudit.model.words import Responsible, RowState, ScanStatus, Severity
from secaudit.report.official.letter import DocumentFields, Letter, Signer

PartLetter = Literal["a", "b", "c", "d", "đ", "e", "g"]
PARTS: tuple[PartLetter, ...] = ("a", "b", "c", "d", "đ", "e", "g")
General = Literal["body", "operator", "unit", "purpose", "users", "hosting", "level", "scan", "organisation"]


class ProtectionFile(Frozen):
    """The officer's file.

    Attributes:
        system: id of the system, empty where there is one only.
        unit: the owner's cybersecurity unit.
        purpose, users, hosting: what the system is for, for whom, where it runs.
        parts: the office's own text of each part, by the letter of its point.
        organisation: the sentences of part IV.
    """

    year: int | None = Field(default=None, ge=2023, le=2100)
    system: Composed = ""
    document: DocumentFields = DocumentFields()
    signer: Signer = Signer()
    summary: Composed = ""
    bases: tuple[Composed, ...] = ()
    unit: Composed = ""
    purpose: Composed = ""
    users: Composed = ""
    hosting: Composed = ""
    parts: dict[PartLetter, tuple[Composed, ...]] = {}
    organisation: tuple[Composed, ...] = ()


class LevelFacts(Frozen):
    """What the level sheet comes to.

    Attributes:
        level: by law, None while a question is open.
        criteria: article and wording of the criteria that are met.
        plan: the plan that asks for level 3 where the law asks for less, empty where none does.
    """

    level: int | None
    criteria: tuple[tuple[str, Text], ...]
    plan: str
    answered_by: str
    day: dt.date


class SeenPage(Frozen):
    """One page as its latest scan saw it.

    Attributes:
        ports: open ports, as `443/tcp https`.
        versions: TLS versions that are accepted.
    """

    host: str
    day: dt.date
    status: ScanStatus
    severities: dict[Severity, int]
    ports: tuple[str, ...]
    versions: tuple[str, ...]


class Row(Frozen):
    """One requirement of a part.

    Attributes:
        measure: what the answer says is done, empty where it says nothing.
        evidence: names of what backs it.
        wanted: what is to be kept as evidence.
    """

    clause: str
    text: Text
    state: RowState
    responsible: Responsible
    measure: str
    evidence: tuple[str, ...]
    wanted: Text

    @property
    def in_place(self) -> bool:
        """Tell whether the measure is there, in full or in part."""
        return self.state in (RowState.MET, RowState.PARTIAL)

    @property
    def described(self) -> bool:
        """Tell whether anything says what the measure is."""
        return bool(self.measure or self.evidence)


class Part(Frozen):
    """One of the seven parts.

    Attributes:
        own: the office's own text, empty where it has written none.
        rows: requirements that feed it and apply.
        set_aside: how many do not apply.
        findings: titles of findings that speak against its rows.
    """

    letter: PartLetter
    title: Text
    own: tuple[str, ...]
    rows: tuple[Row, ...]
    set_aside: int
    findings: tuple[Text, ...]


class Protection(Frozen):
    """The whole draft; it is always marked as one.

    Attributes:
        general: what the general part lacks.
        basis: why the level is aimed at: `approved`, `proposed` or `voluntary`.
    """

    as_of: dt.date
    letter: Letter
    summary: str
    bases: tuple[str, ...]
    system: str
    level: int
    basis: str
    owner: str
    operator: str
    unit: str
    purpose: str
    users: str
    hosting: str
    sheet: LevelFacts | None
    pages: tuple[SeenPage, ...]
    parts: tuple[Part, ...]
    organisation: tuple[str, ...]
    general: tuple[General, ...]
    notices: tuple[str, ...]
