"""The yearly report against `status` of the same workspace: figures, findings, comparison and register agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from secaudit.app import judge as judging
from secaudit.app.annual import annual_report
from secaudit.app.knowledge import Knowledge
from secaudit.app.portfolio import portfolio_of, rule_in_force
from secaudit.app.remediation_follow import follow_judged
from secaudit.app.rows import counting_checklist
from secaudit.app.status import SystemStatus, system_statuses
from secaudit.app.status_register import RegisterCount, register_counts
from secaudit.model.imported import ImportFormat, ImportSource
from secaudit.model.judgement import CheckOutcome
from secaudit.model.scan import ProbeRun, ScanOptions
from secaudit.model.words import PROBES, AnswerValue, Outcome, ProbeStatus, ScanStatus
from secaudit.report.annual.facts import Annual, AnnualFile
from secaudit.store.workspace import Workspace
from tests.history import answer
from tests.store import facts

NOW = datetime.now(UTC)
KNOWLEDGE = Knowledge()
PERIOD = AnnualFile(period_from=(NOW - timedelta(days=300)).date(), period_to=NOW.astimezone().date())
STILL_OPEN = {"open", "new", "back", "unknown"}


def scanned(workspace: Workspace, name: str, days: int, server: str, **options: Any) -> None:
    """Store a scan that saw the page without any header of protection, from a server that calls itself so."""
    at = NOW - timedelta(days=days)
    wanted = ScanOptions.model_validate({"probes": PROBES, **options})
    scan = facts.make_scan(name, started_at=at, options=wanted)
    workspace.scans.begin(scan, facts.SITE.id, facts.MARK)
    visit = facts.visit("<title>Trang</title>")
    page = visit.exchanges[0].model_copy(update={"headers": (("Server", server),)})
    workspace.scans.add_observation(name, visit.model_copy(update={"exchanges": (page,), "at": at}))
    for probe in wanted.probes:
        workspace.scans.finish_probe(name, ProbeRun(name=probe, status=ProbeStatus.OK))
    workspace.scans.finish(name, ScanStatus.COMPLETE, at, {}, None)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A page that was scanned twice and whose answers are half done; one of them contradicts the scan."""
    with facts.new_workspace(tmp_path / "w") as opened:
        scanned(opened, "s1", 200, "nginx/1.18.0")
        scanned(opened, "s2", 20, "nginx")
        for row in counting_checklist(KNOWLEDGE).requirements[::2]:
            said = answer(row.id, AnswerValue.MET, NOW - timedelta(days=2))
            opened.answers.record(facts.SYSTEM.id, said)
        judged = judging.latest_judged(opened, facts.SITE, KNOWLEDGE)
        assert judged is not None
        follow_judged(opened, facts.SITE, judged, KNOWLEDGE, NOW)
        yield opened


def both(workspace: Workspace, officer: AnnualFile = PERIOD) -> tuple[Annual, SystemStatus]:
    [status] = system_statuses(workspace, KNOWLEDGE, NOW)
    return annual_report(workspace, KNOWLEDGE, officer, NOW), status


def test_figures_and_share_are_those_of_status(workspace: Workspace) -> None:
    annual, status = both(workspace)
    [system] = annual.systems
    assert status.target is not None
    total = status.target.total
    assert (system.met, system.applicable) == (total.met, total.applicable)
    assert (system.strict, system.progress) == (total.strict, total.progress)
    rule = rule_in_force(workspace.path, KNOWLEDGE).rule
    assert annual.portfolio == portfolio_of([status], rule, NOW.astimezone().date())


def test_the_comparison_ends_with_the_figures_of_status(workspace: Workspace) -> None:
    annual, status = both(workspace)
    assert annual.since is not None
    assert status.target is not None
    [system] = annual.since.systems
    assert (system.strict_now, system.progress_now) == (status.target.total.strict, status.target.total.progress)
    now = Counter(finding.severity for finding in status.findings)
    assert now.total() > 0
    for line in annual.since.movements:
        assert line.now == (now.total() if line.severity is None else now[line.severity]), line.severity
        assert line.before + line.new + line.back - line.fixed - line.moot == line.now


def open_lines(annual: Annual) -> Counter[tuple[str, str]]:
    return Counter((line.severity.value, line.title) for line in annual.findings if line.fate in STILL_OPEN)


def of_status(status: SystemStatus) -> Counter[tuple[str, str]]:
    return Counter((one.severity.value, KNOWLEDGE.title(one.check, "vi")) for one in status.findings)


def test_findings_still_open_are_those_of_status(workspace: Workspace) -> None:
    annual, status = both(workspace)
    assert open_lines(annual) == of_status(status)


def test_what_was_looked_at_again_counts_in_both(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rescan proves one repair: the page's latest scan still shows the fault, and no list may."""

    def repaired(_: Workspace, __: str, outcomes: Sequence[CheckOutcome], again: Sequence[str]) -> list[CheckOutcome]:
        assert list(again) == ["s3"]
        return [
            one.model_copy(update={"result": Outcome.PASS}) if one.check == "header.csp-missing" else one
            for one in outcomes
        ]

    before = both(workspace)[0]
    scanned(workspace, "s3", 0, "nginx", probes=("http",), verifies=True)
    monkeypatch.setattr(judging, "with_verifications", repaired)
    annual, status = both(workspace)
    assert "header.csp-missing" not in {finding.check for finding in status.findings}
    assert open_lines(annual) == of_status(status)
    assert open_lines(annual).total() < open_lines(before).total()
    assert annual.since is not None
    assert annual.since.movements[-1].now == len(status.findings)


def test_the_register_counts_what_status_counts(workspace: Workspace) -> None:
    annual, _ = both(workspace)
    counts = register_counts(workspace, NOW).get(facts.SYSTEM.id, RegisterCount())
    assert counts.open > 0
    standing = Counter(line.standing for line in annual.work)
    assert (standing["open"], standing["accepted"]) == (counts.open, counts.accepted)
    assert sum(line.overdue for line in annual.work) == counts.overdue
    late = annual_report(
        workspace, KNOWLEDGE, AnnualFile(period_from=date(2020, 1, 1), period_to=date(2020, 2, 1)), NOW
    )
    assert late.work == (), "work that was opened after the period is none of it"


def test_a_scan_of_another_tool_is_no_scan_of_the_period(workspace: Workspace) -> None:
    at = NOW - timedelta(days=1)
    source = ImportSource(format=ImportFormat.ZAP, tool="ZAP", file_name="x.xml", sha256="0" * 64, size=1)
    imported = facts.make_scan("i1", started_at=at, finished_at=at, status=ScanStatus.COMPLETE, source=source)
    workspace.scans.add_whole(imported, facts.SITE.id, {})
    annual, status = both(workspace)
    assert len(annual.scans) == 2
    assert open_lines(annual) == of_status(status)
