"""The register of checks: an id, and a pure function from a view to verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module

from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.judgement import CheckOutcome
from secaudit.model.words import Outcome

AREAS = (
    "tls",
    "cert",
    "http",
    "header",
    "cookie",
    "content",
    "integrity",
    "expose",
    "software",
    "port",
    "dns",
    "mail",
    "site",
    "disclosure",
)
"""One module of checks per area, in the order of reports."""


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one target; the registry adds the check's id."""

    result: Outcome
    target: str
    evidence: dict[str, Json] = field(default_factory=dict)
    reason: Reason | None = None
    place: str = ""


Rule = Callable[[View], Iterable[Verdict]]
_RULES: dict[str, Rule] = {}
_PROBES: dict[str, tuple[str, ...]] = {}


def check(check_id: str, probes: tuple[str, ...] | None = None) -> Callable[[Rule], Rule]:
    """Register the decorated rule under `check_id`; an id can be taken once.

    Args:
        check_id: names the fault.
        probes: whose looks it judges, where they are not those of its area (`PROBES` of the module).
    """

    def register(rule: Rule) -> Rule:
        if check_id in _RULES:
            raise ValueError(f"two rules for {check_id}")
        _RULES[check_id] = rule
        if probes is not None:
            _PROBES[check_id] = probes
        return rule

    return register


def passed(target: str, **evidence: Json) -> Verdict:
    """Return that the fault is not there."""
    return Verdict(Outcome.PASS, target, evidence)


def failed(target: str, *, place: str = "", **evidence: Json) -> Verdict:
    """Return that the fault is there, with the facts that show it."""
    return Verdict(Outcome.FAIL, target, evidence, place=place)


def inconclusive(target: str, reason: Reason) -> Verdict:
    """Return that nobody can say, and why."""
    return Verdict(Outcome.INCONCLUSIVE, target, reason=reason)


def not_applicable(target: str, reason: Reason) -> Verdict:
    """Return that the question does not arise, and why."""
    return Verdict(Outcome.NOT_APPLICABLE, target, reason=reason)


def all_rules() -> dict[str, Rule]:
    """Return every registered rule by id, in the order of the areas."""
    for area in AREAS:
        import_module(f"secaudit.checks.{area}")
    return dict(_RULES)


def probes_of(check_id: str) -> tuple[str, ...]:
    """Return the probes whose looks a check judges; without all of them its pass proves nothing.

    Raises:
        KeyError: there is no such check.
    """
    rules = all_rules()
    if check_id not in rules:
        raise KeyError(check_id)
    if check_id in _PROBES:
        return _PROBES[check_id]
    area: tuple[str, ...] = import_module(f"secaudit.checks.{check_id.split('.', 1)[0]}").PROBES
    return area


def run_checks(view: View) -> list[CheckOutcome]:
    """Judge a view by all rules. Every rule gives at least one outcome; pure, so it can be repeated at will."""
    outcomes = []
    for check_id, rule in all_rules().items():
        for verdict in rule(view):
            outcomes.append(
                CheckOutcome(
                    check=check_id,
                    result=verdict.result,
                    target=verdict.target,
                    place=verdict.place,
                    evidence=verdict.evidence,
                    reason=verdict.reason,
                )
            )
    return outcomes
