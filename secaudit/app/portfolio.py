"""The plan's figure over all systems of a workspace, by the office's own rule or the one that ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from secaudit.app.files import write_whole
from secaudit.app.knowledge import Knowledge
from secaudit.app.status import SystemStatus
from secaudit.assess.portfolio import Page, SystemFacts, portfolio
from secaudit.checklist.compiled import compiled
from secaudit.model.errors import BadInput, message
from secaudit.model.solution import Portfolio, SolutionRule
from secaudit.model.words import ScanStatus

OWN_RULE = "solution.yaml"
"""The office's own rule, in the folder of the workspace."""


@dataclass(frozen=True)
class RuleInForce:
    """A rule and the file of the office that it comes from, None for the one that ships."""

    rule: SolutionRule
    own: Path | None


def rule_in_force(workspace: Path, knowledge: Knowledge) -> RuleInForce:
    """Return the rule of a workspace; a field that the office's file leaves out is as in the one that ships.

    Raises:
        FaultyFile: the office's file cannot be used; a figure by another rule than the one meant would be worse.
        BadInput: it cannot be opened.
    """
    default = SolutionRule.model_validate_json(compiled(_shipped(knowledge)))
    file = workspace / OWN_RULE
    return RuleInForce(_own(file, default), file) if file.exists() else RuleInForce(default, None)


def write_own_rule(workspace: Path, knowledge: Knowledge) -> Path:
    """Write the rule that ships, with its comments, into a workspace to be changed there.

    Raises:
        BadInput: there is one already, or it cannot be written.
    """
    file = workspace / OWN_RULE
    if file.exists():
        raise BadInput(message("{path} is there already; change that file, or delete it first."), path=file)
    return write_whole(file, _shipped(knowledge).read_bytes(), message("{path} could not be written ({detail})."))


def portfolio_of(statuses: Sequence[SystemStatus], rule: SolutionRule, today: date) -> Portfolio:
    """Return the figure over the systems of a workspace on a day."""
    return portfolio(rule, [_facts(status) for status in statuses], today)


def _own(file: Path, default: SolutionRule) -> SolutionRule:
    # Holding a file against a schema takes long to load, and most workspaces have no rule of their own.
    from secaudit.checklist.validate import contents
    from secaudit.report.official.officer_file import read_officer_file

    return read_officer_file(contents(file), str(file), SolutionRule, defaults=default.model_dump(mode="json"))


def _facts(status: SystemStatus) -> SystemFacts:
    return SystemFacts(
        system=status.system,
        assessment=status.target,
        findings=status.findings,
        pages=[
            Page(look.scan.started_at.astimezone().date(), look.scan.status is ScanStatus.COMPLETE)
            if look is not None
            else Page(None)
            for _, look in status.sites
        ],
    )


def _shipped(knowledge: Knowledge) -> Traversable:
    return knowledge.root / "plan" / OWN_RULE
