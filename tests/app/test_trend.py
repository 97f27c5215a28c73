"""From the store to trend and yearly comparison: stored judgements count, killed scans do not, old rules are redone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.app import trend as trend_module
from secaudit.app.annual import annual_report
from secaudit.app.annual_since import year_since
from secaudit.app.judge import JudgedScan, assess_system
from secaudit.app.knowledge import Knowledge
from secaudit.app.report import report_model
from secaudit.app.rules import rules_version
from secaudit.app.status import system_statuses
from secaudit.app.trend import SystemPast, site_past, system_past, system_trend
from secaudit.model.judgement import CheckOutcome
from secaudit.model.words import AnswerValue, Outcome, ScanStatus, Severity
from secaudit.report.annual.facts import AnnualFile
from secaudit.report.annual.words import annual_words
from secaudit.store.workspace import Workspace
from tests.history import FAULTS, FIRST, OFFICE, add_scan, add_system, answer, outcomes, with_history

DAY = timedelta(days=1)
NOW = FIRST + 400 * DAY


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge()


def past_of(workspace: Workspace, knowledge: Knowledge) -> SystemPast:
    [system] = workspace.registry.systems()
    return system_past(workspace, system, workspace.registry.sites(), knowledge, NOW, NOW)


def test_a_year_of_scans_gives_points_and_times_to_fix(tmp_path: Path, knowledge: Knowledge) -> None:
    with with_history(tmp_path / "w") as workspace:
        past = past_of(workspace, knowledge)
        made = system_trend(workspace, past, past.assessments(NOW), NOW)
    assert (made.scans, len(made.points), made.thinned) == (13, 14, 0)
    counts = [sum(point.severities.values()) for point in made.points]
    assert counts == [17, 16, 15, 14, 13, 12, 11, 10, 10, 8, 7, 7, 7, 7]
    assert [point.met for point in made.points] == sorted(point.met for point in made.points)
    assert made.points[0].met == 0, "answers count from the moment when they were given"
    assert made.points[0].certificates[0].days_left == 210
    assert made.points[-1].scan == ""
    assert made.total is not None
    assert (made.total.fixed, made.total.open) == (11, 7)
    assert made.total.longest == 300.0


def test_the_last_point_is_what_the_same_report_says(tmp_path: Path, knowledge: Knowledge) -> None:
    with with_history(tmp_path / "w") as workspace:
        [system], [site] = workspace.registry.systems(), workspace.registry.sites()
        scan = workspace.scans.load("latest")
        said = outcomes(site.target.host, FAULTS[:4])
        from secaudit.assess.findings import find

        judged = JudgedScan(scan, said, find(said, knowledge.texts))
        assessments = assess_system(workspace, system, [judged], knowledge, NOW)
        report = report_model(workspace, system, site, judged, assessments, knowledge, NOW)
    assert report.trend is not None
    assert report.standing is not None
    last = report.trend.points[-1]
    assert last.severities == report.severities
    assert (last.strict, last.progress) == (report.standing.strict, report.standing.progress)
    assert (last.met, last.unanswered) == (report.standing.met, report.standing.unanswered)


def test_stored_judgements_of_these_rules_are_taken_and_others_made_once(
    tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.create(tmp_path / "w") as workspace:
        _, site = add_system(workspace)
        old = add_scan(workspace, site, FIRST, outcomes("khetre.example", FAULTS), knowledge, rules="0.0.1")
        add_scan(workspace, site, FIRST + DAY, outcomes("khetre.example", FAULTS), knowledge)
        asked: list[str] = []
        real = trend_module.judge_scan

        def watched(scan, known):  # type: ignore[no-untyped-def]
            asked.append(scan.id)
            return real(scan, known)

        monkeypatch.setattr(trend_module, "judge_scan", watched)
        first = site_past(workspace, site, knowledge, NOW, NOW)
        second = site_past(workspace, site, knowledge, NOW, NOW)
        assert asked == [old]
        assert [len(look.findings) for look in first.looks] == [len(look.findings) for look in second.looks]
        kept = workspace.scans.judgement(old)
        assert kept is not None
        assert kept.rules_version == rules_version()


def test_killed_scans_and_later_ones_do_not_count(tmp_path: Path, knowledge: Knowledge) -> None:
    with Workspace.create(tmp_path / "w") as workspace:
        _, site = add_system(workspace)
        for number, status in enumerate((ScanStatus.COMPLETE, ScanStatus.INTERRUPTED, ScanStatus.INCOMPLETE)):
            said = outcomes("khetre.example", FAULTS[:3])
            add_scan(workspace, site, FIRST + number * DAY, said, knowledge, status=status)
        assert len(site_past(workspace, site, knowledge, NOW, NOW).scans) == 2
        assert len(site_past(workspace, site, knowledge, FIRST + DAY, NOW).scans) == 1


def test_a_contradiction_counts_from_the_scan_that_saw_it(tmp_path: Path, knowledge: Knowledge) -> None:
    row = next(
        row
        for one in knowledge.checklists
        if one.counts
        for row in one.requirements
        if "tls.tls10" in {link.check for link in row.contradicted_by} and not row.period
    )
    with Workspace.create(tmp_path / "w") as workspace:
        system, site = add_system(workspace)
        workspace.answers.record(
            system.id, answer(row.id, AnswerValue.MET, FIRST).model_copy(update={"reason": ""})
        )  # fmt: skip
        add_scan(workspace, site, FIRST + DAY, outcomes("khetre.example", []), knowledge)
        add_scan(workspace, site, FIRST + 2 * DAY, outcomes("khetre.example", ["tls.tls10"]), knowledge)
        past = past_of(workspace, knowledge)
        assert [past.assessments(FIRST + n * DAY)[0].total.met for n in (1, 2)] == [1, 0]


def test_the_year_compares_with_its_start(tmp_path: Path, knowledge: Knowledge) -> None:
    with with_history(tmp_path / "w") as workspace:
        start = (FIRST + 100 * DAY).date()
        statuses = system_statuses(workspace, knowledge, NOW)
        found = year_since(workspace, knowledge, statuses, (start, NOW.date()), NOW)
        assert found is not None
        assert found.first_scans == 0
        together = found.movements[-1]
        assert together.before == 14
        assert together.before + together.new + together.back - together.fixed - together.moot == together.now
        assert together.back == 1
        [system] = found.systems
        assert system.strict_then is not None
        assert system.strict_now is not None
        assert 0 < system.strict_then < system.strict_now
        whole = year_since(workspace, knowledge, statuses, (FIRST.date() - 30 * DAY, NOW.date()), NOW)
        assert whole is not None
        assert whole.first_scans == 1
        assert whole.movements[-1].before == len(FAULTS), "the first scan, not nothing, is the ground"
        assert whole.systems[0].strict_then is None, "nobody had answered: no figure instead of a zero"
        assert year_since(workspace, knowledge, statuses, (start - 400 * DAY, start - 200 * DAY), NOW) is None


def test_the_annual_report_prints_the_comparison(tmp_path: Path, knowledge: Knowledge) -> None:
    officer = AnnualFile(year=2025, period_from=(FIRST + 100 * DAY).date(), period_to=NOW.date())
    with with_history(tmp_path / "w") as workspace:
        report = annual_report(workspace, knowledge, officer, NOW)
        workspace.registry.save_organisation(OFFICE)
    words = annual_words(report, knowledge.render)["since"]
    assert len(words["systems"]) == 2
    assert [line["when"] for line in words["systems"]] == ["Đầu kỳ", "Hiện nay"]
    assert len(words["systems"][0]["bar"]) < len(words["systems"][1]["bar"])
    assert [row["severity"] for row in words["movements"]][-1] == "Cộng"
    assert len(words["movements"]) == len(Severity) + 1


def test_what_could_not_be_looked_at_stays_open_in_the_year(tmp_path: Path, knowledge: Knowledge) -> None:
    with Workspace.create(tmp_path / "w") as workspace:
        _, site = add_system(workspace)
        add_scan(workspace, site, FIRST, outcomes("khetre.example", FAULTS[:2]), knowledge)
        blind: list[CheckOutcome] = outcomes("khetre.example", [], unclear=FAULTS[:2])
        assert {one.result for one in blind[:2]} == {Outcome.INCONCLUSIVE}
        add_scan(workspace, site, FIRST + 40 * DAY, blind, knowledge)
        past = past_of(workspace, knowledge)
        made = system_trend(workspace, past, past.assessments(NOW), NOW)
    assert made.total is not None
    assert (made.total.fixed, made.total.open, made.total.unproven) == (0, 2, 2)
