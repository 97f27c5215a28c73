from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from secaudit.model.base import Reason
from secaudit.model.errors import BadInput, StoreError
from secaudit.model.history import Judgement, ProcessMark, new_scan_id
from secaudit.model.scan import ProbeRun
from secaudit.model.words import ProbeStatus, ScanStatus, Severity
from secaudit.store.workspace import Workspace
from tests.store import facts

SCAN = "20261122-1405-7f3a9c"
NO_FINDINGS = dict.fromkeys(Severity, 0)


def begun(workspace: Workspace, scan_id: str = SCAN, **more: Any) -> str:
    workspace.scans.begin(facts.make_scan(scan_id, **more), facts.SITE.id, facts.MARK)
    return scan_id


def rows(workspace: Workspace, statement: str, values: tuple[str, ...] = ()) -> list[Any]:
    with closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()


def test_a_scan_comes_back_as_stored(workspace: Workspace) -> None:
    begun(workspace)
    seen = [facts.service(3), facts.visit("trang \x00 xã"), facts.service(1)]
    for observation in seen:
        workspace.scans.add_observation(SCAN, observation)
    fault = Reason(code="connect-timeout", params={"host": "a", "port": 1, "seconds": 2.5})
    first = ProbeRun(name="http", status=ProbeStatus.FAILED, seconds=1.5, fault=fault)
    again = ProbeRun(name="http", status=ProbeStatus.OK, seconds=1.5, notes=(fault, Reason(code="no-page")))
    failed = ProbeRun(name="tls", status=ProbeStatus.FAILED, fault=fault)
    for run in (first, failed, again):
        workspace.scans.finish_probe(SCAN, run)
    unfinished = workspace.scans.load(SCAN)
    assert (unfinished.status, unfinished.finished_at) == (ScanStatus.RUNNING, None)
    assert unfinished.tools == {"openssl": "3.0"}
    ended = facts.NOW + timedelta(minutes=1)
    workspace.scans.finish(SCAN, ScanStatus.COMPLETE, ended, {"nmap": "7.94"})
    assert workspace.scans.load(SCAN) == facts.make_scan(
        finished_at=ended,
        status=ScanStatus.COMPLETE,
        observations=tuple(seen),
        tools={"nmap": "7.94"},
        runs=(again, failed),
    )


def test_a_scan_that_already_saw_something_is_stored_whole(workspace: Workspace) -> None:
    scan = facts.make_scan(observations=(facts.service(1),), runs=(ProbeRun(name="tls", status=ProbeStatus.OK),))
    workspace.scans.begin(scan, facts.SITE.id, facts.MARK)
    assert workspace.scans.load(SCAN) == scan


def test_times_are_stored_as_utc_text(workspace: Workspace) -> None:
    local = datetime(2026, 11, 22, 21, 5, tzinfo=timezone(timedelta(hours=7)))
    begun(workspace, started_at=local)
    assert rows(workspace, "SELECT started_at FROM scan") == [("2026-11-22T14:05:00.000000Z",)]
    assert workspace.scans.load(SCAN).started_at == local


def test_unknown_scans_and_sites_are_refused(workspace: Workspace) -> None:
    scans = workspace.scans
    with pytest.raises(BadInput, match="no site elsewhere"):
        scans.begin(facts.make_scan(), "elsewhere", facts.MARK)
    attempts = [
        lambda: scans.add_observation(SCAN, facts.service(1)),
        lambda: scans.add_raw(SCAN, "x", b""),
        lambda: scans.finish_probe(SCAN, ProbeRun(name="tls", status=ProbeStatus.OK)),
        lambda: scans.finish(SCAN, ScanStatus.COMPLETE, facts.NOW, {}),
        lambda: scans.save_judgement(SCAN, "1", (), (), facts.NOW),
        lambda: scans.judgement(SCAN),
        lambda: scans.load(SCAN),
        lambda: scans.load(""),
        lambda: scans.load("%"),
    ]
    for attempt in attempts:
        with pytest.raises(BadInput, match="There is no scan"):
            attempt()
    begun(workspace)
    with pytest.raises(BadInput, match="stored already"):
        begun(workspace)


def test_references(workspace: Workspace) -> None:
    scans = workspace.scans
    workspace.registry.save_site(facts.SITE.model_copy(update={"id": "second"}))
    with pytest.raises(BadInput, match="no scan yet"):
        scans.resolve("latest")
    for hour, scan_id in enumerate(("20261122-1400-aaaaaa", "20261122-1500-bbbbbb", "20261122-1500-bcbcbc")):
        begun(workspace, scan_id, started_at=facts.NOW + timedelta(hours=hour))
    assert scans.resolve("last") == "20261122-1500-bcbcbc"  # none has ended yet
    scans.finish("20261122-1400-aaaaaa", ScanStatus.INCOMPLETE, facts.NOW, {})
    assert scans.resolve("LATEST") == "20261122-1400-aaaaaa"
    assert scans.resolve("20261122-14") == "20261122-1400-aaaaaa"
    assert scans.load("20261122-1500-bb").id == "20261122-1500-bbbbbb"
    with pytest.raises(BadInput, match="20261122-15 fits 2 scans"):
        scans.resolve("20261122-15")
    begun(workspace, "20261122-1500-bb", started_at=facts.NOW)
    assert scans.resolve("20261122-1500-bb") == "20261122-1500-bb"
    assert scans.resolve("last", facts.SITE.id) == "20261122-1400-aaaaaa"
    with pytest.raises(BadInput, match="no scan yet"):
        scans.resolve("latest", "second")
    with pytest.raises(BadInput, match="no scan 20261122-14"):
        scans.resolve("20261122-14", "second")


def test_the_last_judgement_holds(workspace: Workspace) -> None:
    begun(workspace)
    assert workspace.scans.judgement(SCAN) is None
    workspace.scans.save_judgement(SCAN, "1", facts.OUTCOMES, facts.FINDINGS, facts.NOW)
    assert workspace.scans.judgement("20261122") == Judgement(
        scan=SCAN, rules_version="1", judged_at=facts.NOW, outcomes=facts.OUTCOMES, findings=facts.FINDINGS
    )
    earlier = facts.NOW - timedelta(days=1)
    workspace.scans.save_judgement(SCAN, "2", (), (), earlier)
    assert workspace.scans.judgement(SCAN) == Judgement(scan=SCAN, rules_version="2", judged_at=earlier)
    assert rows(workspace, "SELECT count(*) FROM finding") == [(3,)]


def test_summaries_are_newest_first_with_counts_of_the_last_judgement(workspace: Workspace) -> None:
    workspace.registry.save_site(facts.SITE.model_copy(update={"id": "second"}))
    assert workspace.scans.summaries() == []
    for hour, scan_id in enumerate(("scan-a", "scan-b", "scan-c")):
        site = "second" if scan_id == "scan-c" else facts.SITE.id
        scan = facts.make_scan(scan_id, started_at=facts.NOW + timedelta(hours=hour))
        workspace.scans.begin(scan, site, facts.MARK)
    workspace.scans.save_judgement("scan-a", "1", facts.OUTCOMES, facts.FINDINGS, facts.NOW)
    workspace.scans.save_judgement("scan-b", "1", (), facts.FINDINGS, facts.NOW)
    workspace.scans.save_judgement("scan-b", "2", facts.OUTCOMES, (), facts.NOW)
    workspace.scans.finish("scan-a", ScanStatus.COMPLETE, facts.NOW + timedelta(minutes=2), {})
    third, second, first = workspace.scans.summaries()
    assert (third.id, third.site_id, third.judged, third.findings) == ("scan-c", "second", False, NO_FINDINGS)
    assert (second.id, second.judged, second.findings) == ("scan-b", True, NO_FINDINGS)
    assert first.findings == {**NO_FINDINGS, Severity.HIGH: 2, Severity.INFO: 1}
    assert (first.url, first.status, first.started_at) == (facts.TARGET.url, ScanStatus.COMPLETE, facts.NOW)
    assert first.finished_at == facts.NOW + timedelta(minutes=2)
    assert [line.id for line in workspace.scans.summaries(facts.SITE.id, limit=1)] == ["scan-b"]


def test_raw_results_are_compressed_and_checked(workspace: Workspace) -> None:
    begun(workspace)
    data = b"<nmaprun/>" * 10_000
    workspace.scans.add_raw(SCAN, "../nmap.xml", b"older")
    workspace.scans.add_raw(SCAN, "../nmap.xml", data)
    workspace.scans.add_raw(SCAN, "copy", data)
    assert workspace.scans.raw_names(SCAN) == ["../nmap.xml", "copy"]
    assert workspace.scans.raw("last", "../nmap.xml") == workspace.scans.raw(SCAN, "copy") == data
    files = [file for file in (workspace.path / "raw").rglob("*") if file.is_file()]
    assert len(files) == 2
    assert sum(file.stat().st_size for file in files) < len(data) / 20
    with pytest.raises(BadInput, match="no raw result named x"):
        workspace.scans.raw(SCAN, "x")
    for file in files:
        file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(StoreError, match="missing from the workspace or damaged"):
        workspace.scans.raw(SCAN, "copy")


def test_observations_of_older_and_newer_programs(workspace: Workspace) -> None:
    begun(workspace)
    workspace.scans.add_observation(SCAN, facts.service(1))
    older = '{"kind":"service","target":"a:2","at":"2026-11-22T14:05:30Z","host":"a","port":2}'
    newer = '{"kind":"satellite","target":"a","at":"2026-11-22T14:05:30Z","records":[]}'
    odd = older.replace('"port":2', '"port":2,"mood":"new"')
    for body in (older, newer, odd):
        rows(
            workspace,
            "INSERT INTO observation (scan_id, kind, target, at, body) VALUES (?, 'x', 'a', ?, ?)",
            (SCAN, "2026-11-22T14:05:30.000000Z", body),
        )
    loaded = workspace.scans.load(SCAN).observations
    assert [(seen.port, seen.method) for seen in loaded] == [(1, "number"), (2, "number")]
    assert workspace.scans.unreadable(SCAN) == 2
    assert rows(workspace, "SELECT count(*) FROM observation") == [(4,)]


def test_a_page_that_utf8_cannot_write_is_kept_as_far_as_it_goes(workspace: Workspace) -> None:
    begun(workspace)
    workspace.scans.add_observation(SCAN, facts.visit("a\ud83db 😀"))
    [seen] = workspace.scans.load(SCAN).observations
    assert seen == facts.visit("a\ufffdb 😀")


def test_scans_of_dead_processes_are_marked(workspace: Workspace) -> None:
    for scan_id in ("gone", "there", "done"):
        begun(workspace, scan_id)
    alive = facts.MARK.model_copy(update={"pid": 1})
    workspace.scans.begin(facts.make_scan("alive"), facts.SITE.id, alive)
    workspace.scans.finish("done", ScanStatus.COMPLETE, facts.NOW, {})
    seen_at = facts.NOW + timedelta(seconds=40)
    workspace.scans.add_observation("gone", facts.service(1, at=seen_at))
    workspace.scans.finish_probe("gone", ProbeRun(name="http", status=ProbeStatus.OK))
    marked = workspace.scans.mark_interrupted(lambda mark: mark.pid == 1, facts.NOW + timedelta(hours=1))
    assert sorted(marked) == ["gone", "there"]
    assert workspace.scans.mark_interrupted(lambda mark: mark.pid == 1, facts.NOW + timedelta(hours=1)) == []
    gone = workspace.scans.load("gone")
    assert (gone.status, gone.finished_at, len(gone.observations)) == (ScanStatus.INTERRUPTED, seen_at, 1)
    faults = {run.name: run.fault and run.fault.code for run in gone.runs}
    others = set(gone.options.probes) - {"http"}
    assert faults == {"http": None} | dict.fromkeys(others, "probe-interrupted")
    assert workspace.scans.load("there").finished_at == facts.NOW
    assert workspace.scans.load("alive").status is ScanStatus.RUNNING
    assert workspace.scans.load("done").runs == ()


def test_a_silent_scan_on_another_computer_is_given_up_after_a_day(workspace: Workspace) -> None:
    here = ProcessMark(host=socket.gethostname(), pid=7)
    workspace.scans.begin(facts.make_scan("elsewhere"), facts.SITE.id, facts.MARK)
    workspace.scans.begin(facts.make_scan("here"), facts.SITE.id, here)
    assert workspace.scans.mark_interrupted(lambda _: True, facts.NOW + timedelta(hours=23)) == []
    assert workspace.scans.mark_interrupted(lambda _: True, facts.NOW + timedelta(hours=25)) == ["elsewhere"]


def test_a_scan_that_was_given_up_too_early_can_still_end(workspace: Workspace) -> None:
    begun(workspace)
    assert workspace.scans.mark_interrupted(lambda _: False, facts.NOW) == [SCAN]
    workspace.scans.add_observation(SCAN, facts.service(1))
    for name in workspace.scans.load(SCAN).options.probes:
        workspace.scans.finish_probe(SCAN, ProbeRun(name=name, status=ProbeStatus.OK))
    workspace.scans.finish(SCAN, ScanStatus.COMPLETE, facts.NOW, {})
    scan = workspace.scans.load(SCAN)
    assert (scan.status, {run.status for run in scan.runs}) == (ScanStatus.COMPLETE, {ProbeStatus.OK})


def test_scan_ids_sort_by_time_in_utc() -> None:
    local = datetime(2026, 11, 22, 21, 5, tzinfo=timezone(timedelta(hours=7)))
    assert new_scan_id(local, lambda count: b"\x7f\x3a\x9c"[:count]) == SCAN
