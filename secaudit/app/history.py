"""Comparing stored scans."""

from __future__ import annotations

from secaudit.app.judge import JudgedScan, judge_scan
from secaudit.app.knowledge import Knowledge
from secaudit.assess.changes import FindingChange, compare
from secaudit.model.errors import BadInput, message
from secaudit.store.workspace import Workspace

_DEEPEST = 24
"""How many older scans are looked through to tell `back again` from `new`: two years of monthly scans."""


def compare_scans(
    workspace: Workspace, before: str, after: str, knowledge: Knowledge
) -> tuple[JudgedScan, JudgedScan, list[FindingChange]]:
    """Return both scans, judged by the same rules of today, and what changed from the first to the second.

    Args:
        before: id of a scan, or an unambiguous beginning of one.
        after: the same, or `latest` for the newest scan of the same site.

    Raises:
        BadInput: an unknown scan, or two scans of different sites.
    """
    scans = workspace.scans
    older = scans.load(scans.resolve(before))
    sites = {summary.id: summary.site_id for summary in scans.summaries(verifications=True)}
    newer = scans.load(scans.resolve(after, sites[older.id]))
    if sites[older.id] != sites[newer.id]:
        raise BadInput(
            message("{before} and {after} are scans of different pages; compare two scans of one page."),
            before=older.id, after=newer.id,
        )  # fmt: skip
    own = [s for s in scans.summaries(sites[older.id]) if s.source is None]
    earlier = [s for s in own if s.started_at < older.started_at][:_DEEPEST]
    seen_earlier = {
        finding.identity
        for summary in earlier
        if (judgement := scans.judgement(summary.id)) is not None
        for finding in judgement.findings
    }
    first, second = judge_scan(older, knowledge), judge_scan(newer, knowledge)
    return first, second, compare(first.findings, second.findings, second.outcomes, seen_earlier)
