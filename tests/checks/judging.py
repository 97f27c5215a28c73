"""Running the rules of some areas over a view, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib import import_module

from secaudit.checks import registry
from secaudit.checks.registry import Verdict
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import Observation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from secaudit.model.words import Outcome

AT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
HTTP_AREAS = ("http", "header", "cookie")


def make_view(
    observations: Sequence[Observation],
    *,
    target: Target | None = None,
    options: ScanOptions | None = None,
    missing: dict[str, Reason] | None = None,
) -> View:
    """Return a view of constructed observations."""
    return View(
        target or parse_target("https://xa.example/"), options or ScanOptions(), AT, observations, missing or {}
    )


def judge(check_id: str, view: View) -> list[Verdict]:
    """Return what one rule says."""
    import_module(f"secaudit.checks.{check_id.partition('.')[0]}")
    return list(registry._RULES[check_id](view))


def judge_one(check_id: str, view: View) -> Outcome:
    """Return the result of a rule that has one verdict; a reason stands beside it exactly where it must."""
    (verdict,) = judge(check_id, view)
    assert (verdict.reason is None) is (verdict.result in (Outcome.PASS, Outcome.FAIL))
    return verdict.result


def judge_areas(view: View, areas: Iterable[str] = HTTP_AREAS) -> dict[str, list[Verdict]]:
    """Return what all rules of the areas say, by check id."""
    areas = tuple(areas)
    for area in areas:
        import_module(f"secaudit.checks.{area}")
    return {name: list(rule(view)) for name, rule in registry._RULES.items() if name.partition(".")[0] in areas}


def failing(view: View, areas: Iterable[str] = HTTP_AREAS) -> set[str]:
    """Return `id`, or `id place`, of everything that fails."""
    return {
        f"{name} {verdict.place}".rstrip()
        for name, verdicts in judge_areas(view, areas).items()
        for verdict in verdicts
        if verdict.result is Outcome.FAIL
    }
