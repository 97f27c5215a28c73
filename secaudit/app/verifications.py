"""Rescans for the remediation register beside the scan that speaks for a site."""

from __future__ import annotations

from collections.abc import Sequence

from secaudit.model.judgement import CheckOutcome
from secaudit.store.workspace import Workspace


def with_verifications(
    workspace: Workspace, scan_id: str, outcomes: Sequence[CheckOutcome], again: Sequence[str]
) -> Sequence[CheckOutcome]:
    """Return the outcomes of a scan with what later rescans say of the checks that they repeated.

    Args:
        workspace: where the scans are.
        scan_id: the scan that speaks for the site.
        outcomes: what today's rules say of that scan.
        again: the rescans, in order.
    """
    # The rules take a while to load, and mostly nobody has looked again.
    from secaudit.checks.registry import probes_of, run_checks
    from secaudit.checks.view import view_of
    from secaudit.remedy.rescan import put_in

    whole = workspace.remediation.options_of([scan_id])[scan_id]
    for one in again:
        scan = workspace.scans.load(one)
        outcomes = put_in(outcomes, run_checks(view_of(scan)), scan, whole, probes_of)
    return outcomes
