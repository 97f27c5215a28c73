"""Whether a Form 08 agrees with itself, before anything is written.

The numbers are those of the public guide's list, `order` is the expected order of the counts, `data` is what the form
cannot do without. An error makes the document a draft; a warning is for the officer to weigh.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Literal

from secaudit.model.base import Frozen, Reason
from secaudit.report.form08.facts import (
    Decision,
    Examination,
    Form08,
    Implementation,
    counted,
)
from secaudit.report.official.letter import Capacity, letter_gaps, short_date

_COUNTS = ("total_systems", "classified", "dossier_built", "appraised", "approved", "approved_and_checked")
_PARTY = ("name", "representative", "position", "address", "phone", "email")
Weight = Literal["error", "warning"]


class Note(Frozen):
    """One thing that does not agree.

    Attributes:
        rule: `1` to `10`, `order` or `data`.
        why: as a phrase.
    """

    weight: Weight
    rule: str
    why: Reason


def check_form(form: Form08) -> tuple[Note, ...]:
    """Return everything that does not agree, errors first, each in the order of the rules."""
    notes = [note for rule in _RULES for note in rule(form)]
    return tuple(sorted(notes, key=lambda note: note.weight != "error"))


def _note(weight: Weight, rule: str, code: str, **params: str | int | float) -> Note:
    return Note(weight=weight, rule=rule, why=Reason(code=f"form08-{code}", params=params))


def _data(form: Form08) -> Iterator[Note]:
    for gap in letter_gaps(form.letter):
        if gap != "signer":  # rule 10 speaks of it
            yield Note(weight="error", rule="data", why=Reason(code=f"document-gap-{gap}"))
    unknown = [key for key in _COUNTS if getattr(form.counts, key) is None]
    if unknown:
        yield _note("error", "data", "count-missing", count=", ".join(unknown))
    for block in form.owners:
        for kind, party in (("owner", block.owner), ("unit", block.unit)):
            lacking = [f"{kind}.{name}" for name in _PARTY if not getattr(party, name).strip()]
            if lacking:
                yield _note("error", "data", f"{kind}-field-missing", field=", ".join(lacking))
            if not party.regulation.strip():
                yield _note("warning", "data", "regulation-unsaid", field=f"{kind}.regulation")
    for row in form.rows:
        lacking = [name for name in ("name", "owner", "operator") if not getattr(row, name).strip()]
        if lacking:
            yield _note("error", "data", "system-field-missing", system=row.key, field=", ".join(lacking))
        if row.status is None:
            yield _note("error", "data", "status-missing", system=row.key)
        if not row.candidate.strip():
            yield _note("error", "data", "candidate-unsaid", system=row.key)
        if row.implementation is None:
            proposal = row.proposed.value if row.proposed else ""
            code = "implementation-unconfirmed" if proposal else "implementation-unknown"
            yield _note("error", "data", code, system=row.key, proposal=proposal)


def _rule_1(form: Form08) -> Iterator[Note]:
    total = form.counts.total_systems
    if total is not None and total != len(form.rows):
        yield _note("error", "1", "total-differs", count=total, rows=len(form.rows))


def _rule_2(form: Form08) -> Iterator[Note]:
    approved = [row for row in form.rows if row.approved]
    if form.counts.approved is not None and form.counts.approved != len(approved):
        yield _note("error", "2", "approved-differs", count=form.counts.approved, rows=len(approved))
    for row in approved:
        if not _complete(row.approval):
            yield _note("error", "2", "approval-decision-missing", system=row.key)
    for row in form.rows:
        if row.approval and not row.approved and row.status is not None:
            yield _note("error", "2", "approval-decision-too-early", system=row.key, status=row.status.value)


def _rule_3(form: Form08) -> Iterator[Note]:
    for row in form.rows:
        if not row.approved and not row.approval_expected.strip():
            yield _note("error", "3", "approval-date-missing", system=row.key)
        if row.implementation is not Implementation.FULL and not row.implementation_expected.strip():
            yield _note("error", "3", "implementation-date-missing", system=row.key)


def _rule_4(form: Form08) -> Iterator[Note]:
    for row in form.rows:
        if not row.approved:
            continue
        approved = row.approval.date if row.approval else None
        regulated = row.regulation.date if row.regulation else None
        if not _complete(row.regulation):
            yield _note("error", "4", "regulation-missing", system=row.key)
        elif approved and regulated and regulated >= approved:
            days = {"regulation": short_date(regulated), "approval": short_date(approved)}
            yield _note("error", "4", "regulation-later", system=row.key, **days)


def _rule_5(form: Form08) -> Iterator[Note]:
    periodic = [row for row in form.rows if Examination.PERIODIC in row.examinations]
    approved = sum(row.approved for row in periodic)
    count = form.counts.approved_and_checked
    if count is not None and count != approved:
        yield _note("error", "5", "checked-differs", count=count, approved=approved, all=len(periodic))
    elif len(periodic) != approved:
        yield _note("warning", "5", "checked-ambiguous", approved=approved, all=len(periodic))


def _rule_6(form: Form08) -> Iterator[Note]:
    for row in form.rows:
        if row.stored_level is not None and row.level != row.stored_level:
            yield _note("error", "6", "level-differs", system=row.key, level=row.level, stored=row.stored_level)
        elif row.level_basis == "voluntary":
            yield _note("warning", "6", "level-voluntary", system=row.key, level=row.level)
        elif row.level_basis == "approved" and not row.approved:
            yield _note("warning", "6", "level-approved-elsewhere", system=row.key)


def _rule_7(form: Form08) -> Iterator[Note]:
    if not form.counts.all_approved_by.strip():
        yield _note("error", "7", "all-approved-missing")


def _rule_8(form: Form08) -> Iterator[Note]:
    for row in form.rows:
        if row.implementation is Implementation.FULL and row.open_rows:
            yield _note("warning", "8", "full-but-open", system=row.key, open=row.open_rows)


def _rule_9(form: Form08) -> Iterator[Note]:
    first, last = form.window
    if not first <= form.as_of <= last:
        yield _note(
            "warning", "9", "outside-window", day=short_date(form.as_of), first=short_date(first), last=short_date(last)
        )
    before = dt.date(form.year, 12, 20)
    reports = [("unit", form.unit_report), *((row.key, row.operator_report) for row in form.rows)]
    for who, day in reports:
        code = "unit-report" if who == "unit" else "operator-report"
        if day is None:
            yield _note("warning", "9", f"{code}-undated", system=who)
        elif not first <= day < before:
            yield _note("error", "9", f"{code}-late", system=who, day=short_date(day), before=short_date(before))
    signed, due = form.letter.fields.date, dt.date(form.year, 12, 25)
    if signed is not None and signed >= due:
        yield _note("warning", "9", "sent-late", day=short_date(signed), before=short_date(due))
    if signed is not None and signed < form.as_of:
        yield _note("error", "9", "dated-before-data", day=short_date(signed), data=short_date(form.as_of))


def _rule_10(form: Form08) -> Iterator[Note]:
    signer = form.letter.signer
    if not signer.name.strip() or not signer.lines:
        yield _note("error", "10", "signer-missing")
        return
    printed = " ".join(signer.lines).upper()
    if signer.capacity is Capacity.DEPUTY and "KT." not in printed:
        yield _note("error", "10", "deputy-without-prefix", lines=" / ".join(signer.lines))
    if signer.capacity is Capacity.AUTHORISED:
        if not signer.authorised_by.strip():
            yield _note("error", "10", "authority-missing", name=signer.name)
        if "TUQ." not in printed and "TL." not in printed:
            yield _note("error", "10", "authorised-without-prefix", lines=" / ".join(signer.lines))


def _order(form: Form08) -> Iterator[Note]:
    expected = (
        ("total_systems", "classified"),
        ("total_systems", "dossier_built"),
        ("dossier_built", "appraised"),
        ("appraised", "approved"),
        ("approved", "approved_and_checked"),
    )
    for more, fewer in expected:
        high, low = getattr(form.counts, more), getattr(form.counts, fewer)
        if high is not None and low is not None and low > high:
            yield _note("warning", "order", "counts-order", more=more, fewer=fewer, high=high, low=low)
    implied = counted(form.rows)
    for key in ("classified", "dossier_built", "appraised"):
        said, follows = getattr(form.counts, key), getattr(implied, key)
        if said is not None and follows is not None and said != follows:
            yield _note("warning", "order", "count-overridden", count=key, said=said, follows=follows)


def _complete(decision: Decision | None) -> bool:
    return decision is not None and bool(decision.number.strip() and decision.date and decision.body.strip())


_RULES: tuple[Callable[[Form08], Iterator[Note]], ...] = (
    _data, _rule_1, _rule_2, _rule_3, _rule_4, _rule_5, _rule_6, _rule_7, _rule_8, _rule_9, _rule_10, _order,
)  # fmt: skip


def proposed_implementation(applicable: int, met: int, partial: int) -> Implementation:
    """Return what the self-assessment suggests for column (10); only the user may put it into the form."""
    if applicable and met == applicable:
        return Implementation.FULL
    return Implementation.SOME if met or partial else Implementation.NONE
