"""The rows of the standard against the figures of the reference."""

from __future__ import annotations

from collections import Counter

from secaudit.model.requirement import Checklist
from secaudit.model.words import Obligation

ROWS = [11, 11, 11, 18, 8, 20, 7, 10, 5, 8, 8, 34, 7, 7, 5, 11, 9, 5]
NEW = [9, 3, 4, 12, 1, 3, 2, 7, 1, 3, 4, 19, 7, 1, 0, 1, 9, 5]
PERIODS = {
    "P12M": "5.1.2.1 b,5.1.2.2 c,5.1.2.4 b,5.2.1 c,5.3.1 b,5.3.2.2 d,5.3.2.3 a,5.4.2.1 e,5.4.2.2 b,5.4.2.6 c,5.5.2.1 e,"
    "5.6.2.3,5.6.2.4,5.8.2.1 b,5.11.2.1 c,5.12.2.1 e,5.14.2.2 d,5.15.2,5.16.2.1 c,5.16.2.2 c,5.16.2.3 b,5.17.2.1 b,"
    "5.17.2.2 b",
    "P6M": "5.2.2.2 a,5.2.2.4 b,5.4.2.1 d,5.6.2.1 d,5.7.2.1 b,5.8.2.1 a,5.13.2.5",
    "P2M": "5.6.2.2 b",
    "P1M": "5.7.2.2",
}
FIGURES = {
    ("5.5.2.2 a", 15, "minute"): 2,
    ("5.5.2.2 a", 5, "minute"): 2,
    ("5.5.2.2 a", 10, "times"): 1,
    ("5.5.2.2 a", 5, "times"): 1,
    ("5.5.2.2 a", 12, "hour"): 1,
    ("5.5.2.2 a", 30, "day"): 1,
    ("5.6.2.2 b", 8, "characters"): 1,
    ("5.6.2.2 b", 14, "characters"): 1,
    ("5.6.2.2 b", 4, "classes"): 1,
    ("5.6.2.2 b", 10, "passwords"): 1,
    ("5.6.2.3", 45, "day"): 1,
    ("5.8.2.1 a", 3, "month"): 1,
    ("5.12.2.2 b", 7, "zones"): 1,
    ("5.4.2.1 b", 4, "classes"): 1,
}
CONDITIONS = {
    "uses-dhcp": {"5.2.2.4 a", "5.2.2.4 b"},
    "exploit-protection-available": {"5.10.2.3"},
    "uses-wireless": {"5.12.2.2 a"},
    "has-web-application": {"5.12.2.2 a"},
    "has-central-database": {"5.12.2.2 a"},
    "remote-admin-limits-supported": {"5.12.2.5"},
    "os-firewall-available": {"5.13.2.2"},
    "switch-port-control-supported": {"5.13.2.3 a"},
    "outsources-development": {"5.17.2.1 c"},
}
EQUIVALENT = Counter(
    {
        **dict.fromkeys(
            [
                "5.4.2.4 a", "5.4.2.4 b", "5.4.2.7 b", "5.8.2.1 a", "5.9.2.1 c", "5.9.2.1 d", "5.10.2.1 a",
                "5.10.2.4 a", "5.11.2.2 b", "5.11.2.3 a", "5.12.2.4 e", "5.12.2.5",
            ],
            1,
        ),
        "5.12.2.2 a": 6,
    }
)  # fmt: skip


def test_groups_have_the_rows_of_the_source(standard: Checklist) -> None:
    assert [group.id for group in standard.groups] == [f"5.{n}" for n in range(1, 19)]
    assert [group.rows for group in standard.groups] == ROWS
    found = Counter(row.group for row in standard.requirements)
    assert [found[group.id] for group in standard.groups] == ROWS
    assert len(standard.requirements) == sum(ROWS) == 195
    assert len({row.clause for row in standard.requirements}) == 152


def test_rows_that_are_new_at_this_level(standard: Checklist) -> None:
    found = Counter(row.group for row in standard.requirements if row.new_at_level)
    assert [found[group.id] for group in standard.groups] == NEW
    assert sum(NEW) == 91


def test_rows_that_share_a_clause_are_numbered_in_order(standard: Checklist) -> None:
    shared = Counter(row.clause for row in standard.requirements)
    seen: Counter[str] = Counter()
    for row in standard.requirements:
        seen[row.clause] += 1
        dotted = row.clause.replace(" ", ".")
        assert row.id == (f"{dotted}-{seen[row.clause]}" if shared[row.clause] > 1 else dotted)


def test_periods_are_those_of_the_reference(standard: Checklist) -> None:
    for period, clauses in PERIODS.items():
        found = sorted(row.clause for row in standard.requirements if row.period == period)
        assert found == sorted(clauses.split(",")), period
    assert {row.period for row in standard.requirements} == {"", *PERIODS}


def test_figures_are_those_of_the_reference(standard: Checklist) -> None:
    found = Counter(
        (row.clause, threshold.value, threshold.unit) for row in standard.requirements for threshold in row.thresholds
    )
    for figure, times in FIGURES.items():
        assert found[figure] == times, figure


def test_conditions_are_those_of_the_reference(standard: Checklist) -> None:
    found: dict[str, set[str]] = {}
    for row in standard.requirements:
        if row.condition:
            found.setdefault(row.condition, set()).add(row.clause)
    assert found == CONDITIONS


def test_suggested_and_equivalent_rows_are_those_of_the_reference(standard: Checklist) -> None:
    suggested = Counter(row.clause for row in standard.requirements if row.obligation is Obligation.SUGGESTED)
    assert suggested == {"5.4.2.1 b": 1, "5.5.2.2 a": 2, "5.6.2.2 b": 2}
    assert Counter(row.clause for row in standard.requirements if row.equivalent) == EQUIVALENT


def test_every_row_says_what_it_means_and_what_to_keep(standard: Checklist) -> None:
    for row in standard.requirements:
        assert row.meaning is not None and row.example is not None, row.id
        assert row.crosswalk["decree-331-2026"], row.id
        assert "tcvn-11930-2017-l3" in row.crosswalk, row.id


def test_what_level_three_does_not_ask_for_contradicts_no_row(standard: Checklist) -> None:
    linked = {link.check for row in standard.requirements for link in row.contradicted_by}
    assert not {check for check in linked if check.startswith("mail.dmarc")}
