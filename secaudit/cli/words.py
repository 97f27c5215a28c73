"""Words for the closed lists of the contract, as the interface shows them."""

from __future__ import annotations

from secaudit.assess.changes import Change
from secaudit.i18n import mark, translate
from secaudit.model.assessment import RequirementStatus
from secaudit.model.organisation import SystemKind
from secaudit.model.words import RowState, ScanStatus, Severity

_SEVERITIES = {
    Severity.CRITICAL: mark("Critical"),
    Severity.HIGH: mark("High"),
    Severity.MEDIUM: mark("Medium"),
    Severity.LOW: mark("Low"),
    Severity.INFO: mark("Information"),
}
_STATES = {
    RowState.MET: mark("Met"),
    RowState.PARTIAL: mark("Partly met"),
    RowState.NOT_MET: mark("Not met"),
    RowState.NOT_APPLICABLE: mark("Not applicable"),
    RowState.UNASSESSED: mark("Unassessed"),
    RowState.CONTRADICTED: mark("Contradicted by the scan"),
    RowState.STALE: mark("Evidence out of date"),
}
_STATUSES = {
    ScanStatus.RUNNING: mark("running"),
    ScanStatus.COMPLETE: mark("complete"),
    ScanStatus.INCOMPLETE: mark("incomplete"),
    ScanStatus.INTERRUPTED: mark("interrupted"),
}
_CHANGES = {
    Change.NEW: mark("New"),
    Change.BACK: mark("Back again"),
    Change.OPEN: mark("Still open"),
    Change.FIXED: mark("Fixed"),
    Change.UNKNOWN: mark("Cannot be told"),
    Change.NO_LONGER_APPLIES: mark("No longer applies"),
}
_KINDS = {
    SystemKind.PAGE: mark("information page"),
    SystemKind.PRESS: mark("e-press body"),
    SystemKind.OTHER: mark("other system"),
}
_AREAS = {
    "tls": mark("Encryption (TLS)"),
    "cert": mark("Certificate"),
    "http": mark("HTTP and redirects"),
    "header": mark("HTTP headers"),
    "cookie": mark("Cookies"),
    "port": mark("Ports and services"),
    "content": mark("Content of the page"),
    "integrity": mark("Signs of tampering"),
    "expose": mark("Files and pages left open"),
    "software": mark("Software versions"),
    "dns": mark("Domain name (DNS)"),
    "mail": mark("E-mail protection"),
    "site": mark("Duties of a state website"),
    "disclosure": mark("Contact for security reports"),
}


def severity_word(severity: Severity) -> str:
    """Return the word for a severity in the current language."""
    return translate(_SEVERITIES[severity])


def state_word(state: RowState) -> str:
    """Return the word for a requirement's state in the current language."""
    return translate(_STATES[state])


def status_word(status: RequirementStatus) -> str:
    """Return the word for what a row counts as; one that a provider fulfils says so."""
    return translate(mark("Met (by the provider)")) if status.met_by_provider else state_word(status.state)


def scan_status_word(status: ScanStatus) -> str:
    """Return the word for how a scan ended in the current language."""
    return translate(_STATUSES[status])


def change_word(change: Change) -> str:
    """Return the word for what became of a finding in the current language."""
    return translate(_CHANGES[change])


def share(value: float | None) -> str:
    """Return a share as a percentage with one decimal, comma in Vietnamese; a dash where there is none."""
    from secaudit.i18n import current_language

    if value is None:
        return "–"
    tenths = round(value * 1000)
    if 0 < value < 1:
        tenths = min(max(tenths, 1), 999)  # as in the reports: 99.96 % must not read as 100 %
    text = f"{tenths // 10}.{tenths % 10}".removesuffix(".0")
    return (text.replace(".", ",") if current_language() == "vi" else text) + " %"


def kind_word(kind: SystemKind) -> str:
    """Return what a system is to the plan in the current language."""
    return translate(_KINDS[kind])


def area_word(area: str) -> str:
    """Return the name of an area of checks in the current language; one that is unknown goes by its id."""
    return translate(_AREAS[area]) if area in _AREAS else area
