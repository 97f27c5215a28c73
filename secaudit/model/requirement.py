"""Checklists and check texts as data: the law is read here, never written in code (contract.md, section 4)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from secaudit.model.base import Composed, Frozen, Text
from secaudit.model.words import Nature, Obligation, Responsible, Severity


class Threshold(Frozen):
    """A figure that the source sets."""

    name: Text
    value: float
    unit: str
    comparison: Literal["at-least", "at-most", "exactly"] = "at-least"


class CheckLink(Frozen):
    """That a check informs a requirement, and why."""

    check: str
    reason: Text


class Provenance(Frozen):
    """Where a row comes from and how far it is confirmed.

    Attributes:
        sources: tags of the checklist's source list.
        confirmed: `summary` from third-party summaries only, `primary` from the law's text.
        open_points: what the source leaves open, shown to the user.
    """

    sources: tuple[str, ...]
    confirmed: Literal["summary", "primary"]
    open_points: tuple[Text, ...] = ()
    reviewed: date


class Requirement(Frozen):
    """One row of a checklist.

    Attributes:
        clause: the number in the source, as cited.
        meaning: what it comes to for a small office.
        period: ISO 8601 duration within which it must be done again, empty where the source sets none.
        condition: id of an applicability question; the row applies unless it is answered no.
        equivalent: the source allows an equivalent measure.
        new_at_level: new or stricter than the level below.
        crosswalk: checklist id to clause numbers or article points there.
    """

    id: str
    clause: str
    group: str
    text: Text
    meaning: Text | None = None
    evidence: Text
    example: Text | None = None
    nature: Nature
    obligation: Obligation = Obligation.MANDATORY
    period: str = ""
    deadline: Text | None = None
    thresholds: tuple[Threshold, ...] = ()
    condition: str = ""
    equivalent: bool = False
    new_at_level: bool = False
    responsible: Responsible = Responsible.SHARED
    crosswalk: dict[str, tuple[str, ...]] = {}
    contradicted_by: tuple[CheckLink, ...] = ()
    supported_by: tuple[CheckLink, ...] = ()
    provenance: Provenance


class Group(Frozen):
    """A group of requirements; `rows` is how many the source has."""

    id: str
    title: Text
    rows: int


class Source(Frozen):
    """A text that rows are taken from."""

    tag: str
    title: Text
    kind: Literal["law", "decree", "circular", "standard", "summary", "plan"]
    url: str = ""


class Milestone(Frozen):
    """A date of the law, for example the end of a transition."""

    date: date
    text: Text
    source: Composed


class YearlyDate(Frozen):
    """A day that comes back every year, for example the end of a reporting window. 29 February is not one."""

    month: int
    day: int
    text: Text
    source: Composed


class Point(Frozen):
    """A clause or article point that crosswalks of other checklists may name without its being a row."""

    clause: str
    title: Text


class Checklist(Frozen):
    """One standard or decree at one level.

    Attributes:
        role: `standard` the rows at the level; `duties` binding duties outside the standard; `advisory` good
            practice only; `former` a standard that was replaced, kept for what carries over.
        counts: its rows go into the 100 % figure. Only a `standard` does. `duties` show strict and progress
            figures of their own beside it; `advisory` and `former` lists have no figure.
        notice: says that the texts are summaries in our own words and that the official text rules.
        points: what crosswalks may name here beside the rows.
    """

    format: Literal["secaudit.checklist/1"]
    id: str
    title: Text
    level: int | None = None
    role: Literal["standard", "duties", "advisory", "former"] = "standard"
    counts: bool
    notice: Text
    replaces: tuple[str, ...] = ()
    reviewed: date
    sources: tuple[Source, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    points: tuple[Point, ...] = ()
    groups: tuple[Group, ...]
    requirements: tuple[Requirement, ...]


class Shift(Frozen):
    """Who does rows instead of those who usually do them, when a question is answered so.

    Attributes:
        answer: the answer that brings it about.
        was: rows usually done by these.
        becomes: who does them then.
        groups: `checklist:group` that it touches, empty for all.
        reason: why, in one sentence.
    """

    answer: Literal["yes", "no"]
    was: tuple[Responsible, ...]
    becomes: Responsible
    groups: tuple[str, ...] = ()
    reason: Text


class Question(Frozen):
    """One yes/no question of the applicability profile.

    Attributes:
        when_no: the reason kept for rows that a "no" sets aside; a question without it sets nothing aside.
        shifts: who does rows, depending on the answer.
    """

    id: str
    text: Text
    help: Text | None = None
    when_no: Text | None = None
    shifts: tuple[Shift, ...] = ()


class Fix(Frozen):
    """How to remove a fault on one kind of server; `code` is configuration to paste."""

    text: Text
    code: str = ""


class CheckText(Frozen):
    """The words and the severity of one check; data, so that a rule never carries wording.

    Attributes:
        title: names the fault in a few words.
        explanation: what it is, for a person who is not an engineer.
        risk: what can happen.
        remediation: what to do, in one or two sentences.
        fixes: `nginx`, `apache`, `iis`, and `provider` (what to ask the hosting provider).
        unmapped: why no requirement is linked, for checks that no checklist maps.
    """

    id: str
    severity: Severity
    title: Text
    explanation: Text
    risk: Text
    remediation: Text
    fixes: dict[Literal["nginx", "apache", "iis", "provider", "general"], Fix] = {}
    references: tuple[str, ...] = ()
    unmapped: Text | None = None
