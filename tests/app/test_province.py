"""The overview against `status` and the yearly report: one rule, one figure; and files as they are sent by e-mail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from secaudit.app.annual import annual_report
from secaudit.app.judge import JudgedScan, assess_system
from secaudit.app.knowledge import Knowledge
from secaudit.app.portfolio import OWN_RULE, RuleInForce, portfolio_of, rule_in_force
from secaudit.app.province import province_from_files, province_from_workspace
from secaudit.app.report import report_model
from secaudit.app.rows import counting_checklist
from secaudit.app.rules import rules_version
from secaudit.app.status import system_statuses
from secaudit.model.organisation import Site, System, SystemKind
from secaudit.model.target import parse_target
from secaudit.model.words import AnswerValue, ScanStatus
from secaudit.report.annual.facts import AnnualFile
from secaudit.report.model import report_json
from secaudit.report.province.facts import Province, RankedSystem
from secaudit.store.workspace import Workspace
from tests.history import FIRST, OFFICE, add_scan, add_system, answer, outcomes

KNOWLEDGE = Knowledge()
NOW = FIRST + timedelta(days=40)
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "w") as opened:
        opened.registry.save_organisation(OFFICE)
        yield opened


def stored(
    workspace: Workspace, number: int, *, faults: tuple[str, ...] = (), met: bool = True, days: int = 5,
    status: ScanStatus = ScanStatus.COMPLETE, scanned: bool = True, **more: Any,
) -> tuple[System, Site]:  # fmt: skip
    """Store a system; by default one that has everything."""
    system, site = add_system(workspace, number, f"xa{number}.example")
    system = system.model_copy(update=more)
    workspace.registry.save_system(system)
    if scanned:
        seen(workspace, site, faults, days, status)
    for row in counting_checklist(KNOWLEDGE).requirements if met else ():
        said = answer(row.id, AnswerValue.MET, NOW - timedelta(days=1))
        workspace.answers.record(system.id, said)
    return system, site


def seen(
    workspace: Workspace, site: Site, faults: tuple[str, ...] = (), days: int = 5,
    status: ScanStatus = ScanStatus.COMPLETE,
) -> None:  # fmt: skip
    at = NOW - timedelta(days=days)
    add_scan(workspace, site, at, outcomes(site.target.host, faults), KNOWLEDGE, status=status, rules=rules_version())


def many(workspace: Workspace) -> None:
    stored(workspace, 1)
    stored(workspace, 2, faults=("port.cache",))
    stored(workspace, 3, level=2)
    stored(workspace, 4, days=200)
    stored(workspace, 5, status=ScanStatus.INCOMPLETE)
    stored(workspace, 6, status=ScanStatus.INTERRUPTED)
    stored(workspace, 7, met=False)
    stored(workspace, 8, scanned=False)
    stored(workspace, 9, kind=SystemKind.OTHER)
    stored(workspace, 10, kind=SystemKind.PRESS)
    _, site = stored(workspace, 11)
    workspace.registry.save_site(Site(id="trang-11b", system=site.system, target=parse_target("https://b.example/")))
    workspace.registry.save_system(System(id="khong-trang", name="Chưa có trang"))


def overview(workspace: Workspace) -> tuple[Province, RuleInForce]:
    in_force = rule_in_force(workspace.path, KNOWLEDGE)
    return province_from_workspace(workspace, KNOWLEDGE, in_force, NOW), in_force


def by_system(made: Province) -> dict[str, RankedSystem]:
    return {one.state.system: one for one in made.systems}


@pytest.mark.parametrize(
    "own", [None, "strict: 1\nworst_finding: none\ncontradicted: 1000\n", "kinds: [other]\nscan_complete: false\n"]
)
def test_status_annual_report_and_overview_give_one_figure(workspace: Workspace, own: str | None) -> None:
    many(workspace)
    if own is not None:
        (workspace.path / OWN_RULE).write_text(f"format: secaudit.solution/1\n{own}", encoding="utf-8")
    made, in_force = overview(workspace)
    figure = portfolio_of(system_statuses(workspace, KNOWLEDGE, NOW), in_force.rule, NOW.astimezone().date())
    annual = annual_report(workspace, KNOWLEDGE, AnnualFile(), NOW)
    assert (made.solution.have, made.solution.all) == (figure.total.have, figure.total.all)
    assert made.solution.have > 0, "the rule finds some, or the test shows nothing"
    assert (made.solution.left_out, made.solution.own) == (figure.left_out, own is not None)
    assert annual.portfolio == figure
    found = by_system(made)
    for verdict in figure.verdicts:
        one = found[verdict.system]
        assert (one.has_solution, one.counted) == (verdict.has, verdict.counted)
        assert [lack.vi for lack in one.lacks] == [KNOWLEDGE.render(reason, "vi") for reason in verdict.lacks]
    standing = {one.name: (one.applicable, one.met, one.has_solution) for one in annual.systems}
    assert standing == {one.state.name: (one.state.applicable, one.state.met, one.has_solution) for one in made.systems}


def test_only_what_has_everything_is_counted_by_the_rule_that_ships(workspace: Workspace) -> None:
    many(workspace)
    made, _ = overview(workspace)
    assert [name for name, one in by_system(made).items() if one.has_solution] == ["he-thong-1", "he-thong-10"]
    assert (made.solution.have, made.solution.all, made.solution.left_out) == (2, 11, 1)


def files(workspace: Workspace, folder: Path, change: Change = lambda data: None) -> Path:
    """Write the report of every page of a workspace, as `report --format json` does, after a change."""
    folder.mkdir()
    systems = {system.id: system for system in workspace.registry.systems()}
    for site in workspace.registry.sites():
        for summary in workspace.scans.summaries(site.id)[:1]:
            scan = workspace.scans.load(summary.id)
            known = workspace.scans.judgement(scan.id)
            assert known is not None
            judged = JudgedScan(scan, outcomes(site.target.host, [one.check for one in known.findings]), known.findings)
            system = systems[site.system]
            assessments = assess_system(workspace, system, [judged], KNOWLEDGE, NOW)
            data = report_json(report_model(workspace, system, site, judged, assessments, KNOWLEDGE, NOW))
            change(data)
            (folder / f"{site.id}.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def from_files(folder: Path, **rule: Any) -> Province:
    shipped = rule_in_force(folder, KNOWLEDGE).rule
    return province_from_files(folder, KNOWLEDGE, RuleInForce(shipped.model_copy(update=rule), None), "", NOW)


def test_files_of_the_same_systems_give_the_figure_of_their_workspace(workspace: Workspace, tmp_path: Path) -> None:
    many(workspace)
    here, _ = overview(workspace)
    made = from_files(files(workspace, tmp_path / "nhan"))
    assert made.unused == ()
    sent = by_system(made)
    assert set(by_system(here)) - set(sent) == {"he-thong-8", "khong-trang"}, "what was never scanned sends no file"
    for name, one in sent.items():
        own = by_system(here)[name]
        assert (one.has_solution, one.counted) == (own.has_solution, own.counted), name
        assert (one.state.met, one.state.applicable, one.state.against) == (
            own.state.met, own.state.applicable, own.state.against,
        )  # fmt: skip
        same = [lack.vi for lack in one.lacks] == [lack.vi for lack in own.lacks]
        assert same or name in {"he-thong-6", "he-thong-11"}, "killed scans and missing pages have words of their own"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: None, ""),
        (lambda d: d["system"].pop("kind"), "kind of system"),
        (lambda d: d.pop("pages"), "which pages"),
        (lambda d: d["pages"].append({"display_host": "other.example"}), "no report came for 1"),
        (lambda d: d["system"].update(level=2), "level 2"),
        (lambda d: d["scan"].update(status="incomplete"), "not complete"),
        (lambda d: d["scan"].update(started_at=(NOW - timedelta(days=91)).isoformat()), "91 days old"),
        (lambda d: first_row(d).update(against=[{"code": "x"}]), "contradicted"),
    ],
)
def test_what_a_file_does_not_say_counts_against_its_system(
    workspace: Workspace, tmp_path: Path, change: Change, words: str
) -> None:
    stored(workspace, 1)
    made = from_files(files(workspace, tmp_path / "nhan", change))
    [one] = made.systems
    assert (one.counted, one.has_solution) == (True, not words)
    assert words in "; ".join(lack.en for lack in one.lacks)
    assert (made.solution.have, made.solution.all) == (int(not words), 1)


def first_row(data: dict[str, Any]) -> dict[str, Any]:
    rows = (row for one in data["lists"] if one["counts"] for group in one["groups"] for row in group["rows"])
    found: dict[str, Any] = next(row for row in rows if row["counted"])
    return found


def test_a_list_cut_short_is_never_the_whole_list(workspace: Workspace, tmp_path: Path) -> None:
    def cut(data: dict[str, Any]) -> None:
        for one in data["lists"]:
            if one["counts"]:
                gone = one["groups"].pop()["standing"]
                for name in ("applicable", "met", "partial"):
                    data["standing"][name] -= gone[name]

    stored(workspace, 1)
    [one] = from_files(files(workspace, tmp_path / "nhan", cut)).systems
    assert (one.state.strict, one.has_solution) == (1.0, False)
    assert "of the list in force" in one.lacks[0].en


def test_a_finding_of_one_page_counts_for_the_whole_system(workspace: Workspace, tmp_path: Path) -> None:
    """Each file was judged with its own page only; together they say what `status` says."""
    _, first = stored(workspace, 1)
    second = Site(id="trang-1b", system=first.system, target=parse_target("https://b.example/"))
    workspace.registry.save_site(second)
    seen(workspace, second, ("port.cache", "tls.tls10"))
    here, _ = overview(workspace)
    made = from_files(files(workspace, tmp_path / "nhan"))
    [own], [one] = here.systems, made.systems
    assert one.state.against == own.state.against > 0
    assert (one.state.met, one.state.contradicted) == (own.state.met, own.state.contradicted)
    assert sum(group.met for group in one.state.groups) == one.state.met
    assert [lack.en for lack in one.lacks] == [lack.en for lack in own.lacks]
    assert one.points == own.points
