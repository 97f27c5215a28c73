"""What Form 08 says (Decree 331/2026, Annex, Mẫu số 08): counts, owner and unit, one row for each system."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from secaudit.model.base import Composed, Frozen
from secaudit.report.official.letter import Letter
from secaudit.report.official.requirements import RequirementLine

SUBJECT = "V/v kết quả công tác bảo đảm an ninh mạng hệ thống thông tin"


class Approval(StrEnum):
    """Column (6), letter by letter: the ministry aggregates by these words."""

    DRAFTING = "Đang dự thảo"
    SUBMITTED = "Đã gửi thẩm định"
    APPRAISED = "Đã thẩm định"
    APPROVED = "Đã được phê duyệt"

    @property
    def rank(self) -> int:
        """Return how far the dossier is, 0 for drafting."""
        return list(Approval).index(self)


class Implementation(StrEnum):
    """Column (10), letter by letter."""

    NONE = "Chưa triển khai"
    SOME = "Đã triển khai một số hạng mục"
    FULL = "Đã triển khai đầy đủ"


class Examination(StrEnum):
    """Column (12), letter by letter; a row may have both."""

    BEFORE_USE = "Trước khi đưa vào sử dụng"
    PERIODIC = "Định kỳ"


class Decision(Frozen):
    """A decision or regulation: number, date, body that issued it."""

    number: Composed = ""
    date: dt.date | None = None
    body: Composed = ""


class Party(Frozen):
    """The owner, or the unit in charge of cybersecurity: the five fields of section 2.

    Attributes:
        regulation: document that sets its functions; may stay empty.
    """

    name: Composed = ""
    regulation: Composed = ""
    representative: Composed = ""
    position: Composed = ""
    address: Composed = ""
    phone: Composed = ""
    email: Composed = ""


class OwnerBlock(Frozen):
    """Blocks a) and b) of section 2 for one owner."""

    owner: Party
    unit: Party


class Review(Frozen):
    """One check of whether rules are followed: a line of Phụ lục 2 (Art. 36, item 7)."""

    period: Composed = ""
    procedures: Composed = ""
    nonconformities: Composed = ""
    fixed: Composed = ""
    note: Composed = ""


class Counts(Frozen):
    """The seven lines of section 1; None where nobody can say."""

    total_systems: int | None = None
    classified: int | None = None
    dossier_built: int | None = None
    appraised: int | None = None
    approved: int | None = None
    approved_and_checked: int | None = None
    all_approved_by: Composed = ""


class SystemRow(Frozen):
    """A row of section 3.

    Attributes:
        key: id of the system.
        stored_level: level in the workspace, None for a system that is not in it; `level_basis` says why that level.
        classified: its type has been determined; None where nobody says.
        implementation: column (10), only as the user confirmed it; `proposed` is what the self-assessment suggests.
        open_rows: counted rows of the self-assessment that are not met; None without a self-assessment.
        operator_report: date of the operator's own report.
        candidate: criterion of Art. 16 that the system meets, as the officer wrote it: `Không có` says that there is
            none, empty says nothing.
    """

    key: str
    name: str
    owner: str
    operator: str
    level: int
    stored_level: int | None = None
    level_basis: str = ""
    classified: bool | None = None
    status: Approval | None = None
    approval: Decision | None = None
    regulation: Decision | None = None
    approval_expected: str = ""
    implementation: Implementation | None = None
    proposed: Implementation | None = None
    implementation_expected: str = ""
    examinations: tuple[Examination, ...] = ()
    open_rows: int | None = None
    operator_report: dt.date | None = None
    candidate: str = ""
    reviews: tuple[Review, ...] = ()
    requirements: tuple[RequirementLine, ...] = ()

    @property
    def is_candidate(self) -> bool:
        """Tell whether the officer names a criterion of Art. 16."""
        return bool(self.candidate.strip()) and not says_none(self.candidate)

    @property
    def approved(self) -> bool:
        """Tell whether the level has been approved."""
        return self.status is Approval.APPROVED


class Form08(Frozen):
    """The whole report.

    Attributes:
        year: reporting year; its window runs from 15 December of the year before to 14 December.
        as_of: day up to which the data goes.
        unit_report: date of the report of the cybersecurity unit.
        additions: parts that the form itself lacks and Decree 30/2020 adds.
        notices: what must stand wherever requirement texts are shown.
    """

    year: int
    as_of: dt.date
    letter: Letter
    counts: Counts
    owners: tuple[OwnerBlock, ...]
    rows: tuple[SystemRow, ...]
    unit_report: dt.date | None = None
    additions: tuple[str, ...] = ("signature", "recipients", "annexes")
    notices: tuple[str, ...] = ()

    @property
    def window(self) -> tuple[dt.date, dt.date]:
        """Return first and last day of the data window (Decree 331/2026, Art. 35.3)."""
        return dt.date(self.year - 1, 12, 15), dt.date(self.year, 12, 14)


def says_none(words: str) -> bool:
    """Tell whether somebody wrote that there is none, which is not the same as writing nothing."""
    return words.strip(" .").casefold() in ("không có", "không", "none")


def counted(rows: tuple[SystemRow, ...]) -> Counts:
    """Return the counts that follow from the rows; a count that some row leaves open is None."""
    ranks = [row.status.rank if row.status else None for row in rows]
    known = [rank for rank in ranks if rank is not None]
    complete = len(known) == len(rows)
    classified = [row.classified for row in rows]
    return Counts(
        total_systems=len(rows),
        classified=None if None in classified else sum(map(bool, classified)),
        dossier_built=sum(rank >= Approval.SUBMITTED.rank for rank in known) if complete else None,
        appraised=sum(rank >= Approval.APPRAISED.rank for rank in known) if complete else None,
        approved=sum(row.approved for row in rows) if complete else None,
        approved_and_checked=(
            sum(row.approved and Examination.PERIODIC in row.examinations for row in rows) if complete else None
        ),
    )
