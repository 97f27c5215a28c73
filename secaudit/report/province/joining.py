"""Joins the files of one system: the newest of each page, and what one page's scan says against the answers of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from secaudit.model.words import RowState, Severity
from secaudit.report.province.facts import Fault, SystemState
from secaudit.report.province.reading import Sent, SentRow


def newest(sent: Sequence[Sent]) -> tuple[list[SystemState], int]:
    """Return one state per system, the newest, and how many files a newer one replaces.

    A system with several pages comes as one file for each page; the newest of each page counts. Communes are told
    apart by the name of their office and of the body above it, since systems are numbered alike everywhere; without
    a name, by the page.
    """
    pages: dict[tuple[str, ...], Sent] = {}
    for one in sorted(sent, key=_age):
        pages[(*_system_key(one.state), _page_key(one.state))] = one
    systems: dict[tuple[str, ...], list[Sent]] = {}
    for one in pages.values():
        systems.setdefault(_system_key(one.state), []).append(one)
    return [_joined(parts) for parts in systems.values()], len(sent) - len(pages)


def _age(one: Sent) -> tuple[object, ...]:
    return (one.state.made_at, one.state.source)


def _system_key(state: SystemState) -> tuple[str, ...]:
    named = " ".join(state.office.casefold().split())
    return (" ".join(state.superior.casefold().split()), named or _page_key(state), state.system.casefold())


def _page_key(state: SystemState) -> str:
    return (state.looks[0].host if state.looks else state.unseen[0]).casefold()


def _joined(parts: Sequence[Sent]) -> SystemState:
    """Return the state of a system from those of its pages: answers of the newest file, scans of all of them."""
    latest = max(parts, key=_age)
    states = [part.state for part in parts]
    came = {_page_key(state) for state in states}
    rows = _seen_against(latest, parts)
    standing = Counter(row.state for row in rows)
    by_group = Counter(row.group for row in rows)
    in_state = Counter((row.group, row.state) for row in rows)
    findings: Counter[Severity] = Counter()
    for state in states:
        findings.update(state.findings)
    together = {
        "looks": tuple(look for state in states for look in state.looks),
        "unseen": tuple(page for state in states for page in state.unseen),
        "unsent": tuple(page for page in latest.pages if page.casefold() not in came),
        "findings": dict(findings),
        "applicable": len(rows),
        "met": standing[RowState.MET],
        "partial": standing[RowState.PARTIAL],
        "contradicted": standing[RowState.CONTRADICTED],
        "against": sum(row.against for row in rows),
        "groups": tuple(
            group.model_copy(
                update={
                    "applicable": by_group[group.id],
                    "met": in_state[group.id, RowState.MET],
                    "partial": in_state[group.id, RowState.PARTIAL],
                }
            )
            for group in latest.state.groups
        ),
        "faults": _faults(fault for state in states for fault in state.faults),
        "source": ", ".join(dict.fromkeys(state.source for state in states)),
        "seals": tuple(seal for state in states for seal in state.seals),
    }
    return latest.state.model_copy(update=together)


def _seen_against(latest: Sent, parts: Sequence[Sent]) -> list[SentRow]:
    """Return the rows of the newest file, held against the scans of the other pages too.

    Each file was judged with the scan of its own page only. What is answered as met, or as not applicable, and
    contradicted by another page's scan is contradicted, as `status` says it over all pages.
    """
    against = {key: row for part in parts for key, row in part.rows.items() if row.against}
    rows = [
        replace(row, against=True, state=RowState.CONTRADICTED if row.state is RowState.MET else row.state)
        if key in against and not row.against
        else row
        for key, row in latest.rows.items()
    ]
    set_aside = [row for key, row in against.items() if key not in latest.rows and row.state is RowState.CONTRADICTED]
    return rows + set_aside


def _faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return each failing check once, with all its places and the gravest severity that a file gives it."""
    joined: dict[str, Fault] = {}
    for fault in sorted(faults, key=lambda fault: (fault.severity.rank, fault.check)):
        known = joined.get(fault.check)
        joined[fault.check] = known.model_copy(update={"places": known.places + fault.places}) if known else fault
    return tuple(sorted(joined.values(), key=lambda fault: (fault.severity.rank, fault.check)))
