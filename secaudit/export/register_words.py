"""The words of the remediation register as officials read them."""

from __future__ import annotations

from secaudit.export.words import RESPONSIBLE
from secaudit.i18n import catalogue, mark
from secaudit.model.remediation import ItemSource, ItemState, Priority
from secaudit.model.words import Responsible, Severity

STATES = {
    ItemState.OPEN: mark("Not assigned"),
    ItemState.ASSIGNED: mark("Assigned"),
    ItemState.DONE: mark("Said to be done, not proven"),
    ItemState.VERIFIED: mark("Verified"),
    ItemState.REOPENED: mark("Back again"),
    ItemState.ACCEPTED: mark("Risk accepted"),
    ItemState.DUPLICATE: mark("Merged into another"),
}
SEVERITIES = {
    Severity.CRITICAL: mark("Critical"),
    Severity.HIGH: mark("High"),
    Severity.MEDIUM: mark("Medium"),
    Severity.LOW: mark("Low"),
    Severity.INFO: mark("Information"),
}
PRIORITIES = {
    Priority.URGENT: mark("Urgent"),
    Priority.HIGH: mark("Raised"),
    Priority.NORMAL: mark("Normal"),
    Priority.LOW: mark("Can wait"),
}
SOURCES = {
    ItemSource.FINDING: mark("Finding of a scan"),
    ItemSource.REQUIREMENT: mark("Requirement not met"),
    ItemSource.HAND: mark("Entered by hand"),
}
KINDS = {
    "opened": mark("Entered in the register"),
    "changed": mark("Changed"),
    "commented": mark("Comment"),
    "attached": mark("Evidence attached"),
    "verified": mark("Verified by proof"),
    "not-verified": mark("Said to be done, but the fault is still there"),
    "reopened": mark("The fault is back"),
    "accepted": mark("Risk accepted"),
    "acceptance-ended": mark("The acceptance of the risk has ended"),
    "merged": mark("Merged"),
}


class RegisterWords:
    """Words in one language, called with a message id.

    Attributes:
        language: `vi` or `en`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = catalogue("cli", language)

    def __call__(self, text: str) -> str:
        """Return a message in the language; an empty one stays empty."""
        return self._catalogue.gettext(text) if text else ""

    def state(self, state: ItemState) -> str:
        """Return the word for a state."""
        return self(STATES[state])

    def severity(self, severity: Severity) -> str:
        """Return the word for a severity."""
        return self(SEVERITIES[severity])

    def priority(self, priority: Priority) -> str:
        """Return the word for a priority."""
        return self(PRIORITIES[priority])

    def source(self, source: ItemSource) -> str:
        """Return what an item came from."""
        return self(SOURCES[source])

    def responsible(self, who: Responsible | None) -> str:
        """Return who usually does it, empty where no requirement says so."""
        return self(RESPONSIBLE[who]) if who else ""

    def kind(self, kind: str) -> str:
        """Return what happened; a kind of a newer program stands as it is."""
        return self(KINDS[kind]) if kind in KINDS else kind
