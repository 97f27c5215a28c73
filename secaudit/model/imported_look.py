"""What another tool found, in its own words."""

from __future__ import annotations

from typing import Literal

from secaudit.model.observation_base import ObservationBase


class ImportedFinding(ObservationBase):
    """What another tool found, in its own words. No check judges it; it stands in the report and serves as evidence.

    Attributes:
        rule: the tool's own id of the rule.
        severity: the tool's own word, empty where it has none.
        evidence: an excerpt of what the tool says shows it, lines of text.
    """

    kind: Literal["imported-finding"] = "imported-finding"
    tool: str
    tool_version: str = ""
    rule: str
    title: str = ""
    severity: str = ""
    evidence: str = ""
