"""The status as JSON (`secaudit.status/1`): everything that the screen shows, whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secaudit.app.status_since import findings_by_change
from secaudit.assess.due import HORIZONS
from secaudit.model.solution import rule_in_words
from secaudit.model.words import Severity

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.status_since import Since
    from secaudit.app.status_view import SystemView
    from secaudit.model.assessment import Assessment
    from secaudit.model.solution import Portfolio, SolutionShare


def status_json(
    views: Sequence[SystemView], figure: Portfolio, own: Path | None, at: datetime, knowledge: Knowledge, language: str
) -> dict[str, Any]:
    """Return the whole status; sentences are in `language`, everything else is as the contract names it."""
    return {
        "schema": "secaudit.status/1",
        "at": at.isoformat(),
        "systems": [_system(view) for view in views],
        "portfolio": _portfolio(figure, own, knowledge, language),
    }


def _system(view: SystemView) -> dict[str, Any]:
    status = view.status
    return {
        "system": status.system.model_dump(mode="json"),
        "sites": [
            {
                "url": site.target.url,
                "scan": look.scan.id if look else None,
                "scanned_at": look.scan.started_at.isoformat() if look else None,
                "status": look.scan.status.value if look else None,
            }
            for site, look in status.sites
        ],
        "findings": {s.value: sum(f.severity is s for f in status.findings) for s in Severity},
        "checklists": [_checklist(view, assessment) for assessment in status.assessments],
        "contradictions": [
            {"check": one.check, "severity": one.severity.value, "claimed": list(one.claimed),
             "others": list(one.others), "findings": [finding.identity for finding in one.findings]}
            for one in view.contradictions
        ],
        "steps": [
            {"kind": step.kind, "subject": step.subject, "requirements": list(step.requirements),
             "unassessed": step.unassessed, "checks": list(step.checks), "strict": step.strict}
            for step in view.steps
        ],
        "since": _since(view.since) if view.since else None,
        "remediation": asdict(view.register),
    }  # fmt: skip


def _checklist(view: SystemView, assessment: Assessment) -> dict[str, Any]:
    total = assessment.total
    prefix = f"{assessment.checklist}:"
    due = [(row.removeprefix(prefix), one) for row, one in view.due if row.startswith(prefix)]
    return {
        "id": assessment.checklist,
        "counts": assessment is view.status.target,
        "strict": total.strict,
        "progress": total.progress,
        "missing": total.applicable - total.met,
        **total.model_dump(mode="json"),
        "due": {
            "overdue": [row for row, one in due if one.overdue],
            **{
                str(days): [row for row, one in due if not one.overdue and (one.days_left or 0) <= days]
                for days in HORIZONS
            },
        },
        "contradicted_rows": [row.requirement for row in assessment.rows if row.contradicted_by],
        "groups": {
            name: {"strict": score.strict, "progress": score.progress, **score.model_dump(mode="json")}
            for name, score in assessment.groups.items()
        },
    }


def _since(since: Since) -> dict[str, Any]:
    before = since.before.total if since.before else None
    return {
        "moment": since.moment.isoformat(),
        "strict": before.strict if before else None,
        "progress": before.progress if before else None,
        "met": before.met if before else None,
        "rows": [
            {"requirement": row.requirement, "before": row.before.value, "now": row.now.value} for row in since.rows
        ],
        "findings": findings_by_change(since.findings),
        "changes": [
            {"change": one.change.value, "finding": one.finding.identity, "check": one.finding.check,
             "target": one.finding.target, "severity": one.finding.severity.value}
            for one in since.findings
        ],
        "first_scans": [site.target.url for site in since.first_scans],
    }  # fmt: skip


def _portfolio(figure: Portfolio, own: Path | None, knowledge: Knowledge, language: str) -> dict[str, Any]:
    return {
        **_share(figure.total),
        "kinds": {kind.value: _share(part) for kind, part in figure.kinds.items()},
        "left_out": figure.left_out,
        "targets": [
            {"year": target.year, "wanted": target.share, "reached": figure.total.reaches(target)}
            for target in figure.rule.targets
        ],
        "rule": {
            **figure.rule.model_dump(mode="json"),
            "file": str(own) if own else None,
            "words": [knowledge.render(reason, language) for reason in rule_in_words(figure.rule)],
        },
        "systems": [
            {"system": one.system, "kind": one.kind.value, "counted": one.counted, "has": one.has,
             "lacks": [{"code": reason.code, **reason.params, "words": knowledge.render(reason, language)}
                       for reason in one.lacks]}
            for one in figure.verdicts
        ],
    }  # fmt: skip


def _share(part: SolutionShare) -> dict[str, Any]:
    return {"have": part.have, "all": part.all, "share": part.share}
