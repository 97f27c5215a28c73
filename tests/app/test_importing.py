"""A file of another tool becomes a stored scan of its page: whole, once, marked, and never in place of our own."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.app import importing
from secaudit.app.importing import ImportRequest, ImportResult, imports_of, read_file, store_import
from secaudit.app.judge import latest_judged
from secaudit.app.knowledge import Knowledge
from secaudit.app.setup import site_of
from secaudit.model.errors import BadInput
from secaudit.model.imported import ImportFormat
from secaudit.model.observation import CertificateObservation, ImportedFinding
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome, ScanStatus
from secaudit.store.workspace import Workspace
from tests.importers.files import FILES, FOLDER, NOW, content

KNOWLEDGE = Knowledge()
# What the server that the file is about was built to be (tests/servers/tls.py, `weak`).
WEAK = {
    "tls.tls10", "tls.tls11", "tls.cipher-null", "tls.cipher-anonymous", "tls.cipher-cbc", "tls.no-forward-secrecy",
    "tls.weak-dh",
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w")


def _import(
    workspace: Workspace, name: str | Path, url: str = "https://127.0.0.1/", host: str = "",
    form: ImportFormat | None = None,
) -> ImportResult:  # fmt: skip
    return store_import(workspace, read_file(ImportRequest(FOLDER / name, form, url, host), NOW), KNOWLEDGE)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_stored_whole_with_its_origin(workspace: Workspace, name: str) -> None:
    scan = _import(workspace, name).judged.scan
    stored = workspace.scans.load(scan.id)
    assert stored == scan
    assert stored.status is ScanStatus.COMPLETE
    assert stored.source is not None
    assert stored.source.format is FILES[name]
    assert (stored.source.file_name, stored.source.size) == (name, len(content(name)))
    assert stored.source.sha256 == hashlib.sha256(content(name)).hexdigest()
    assert workspace.scans.raw(scan.id, name) == content(name)
    assert stored.started_at == (stored.source.made_at or NOW)
    [summary] = workspace.scans.summaries()
    assert summary.source == stored.source


def test_facts_are_judged_as_if_we_had_seen_them(workspace: Workspace) -> None:
    result = _import(workspace, "sslyze.json", "https://127.0.0.1:11488/")
    assert {finding.check for finding in result.judged.findings} == WEAK
    outcomes = {o.check: o for o in result.judged.outcomes}
    # What sslyze was not asked, or what an import leaves out, is no pass.
    for check in ("tls.early-data", "cert.untrusted", "port.snmp", "header.no-hsts"):
        if check in outcomes:
            assert outcomes[check].result is Outcome.INCONCLUSIVE, check
    [certificate] = [s for s in result.judged.scan.observations if isinstance(s, CertificateObservation)]
    assert certificate.chain[0].names == ("localhost", "127.0.0.1")
    assert certificate.hostname_matches is True
    ports = _import(workspace, "nmap.xml")
    assert {finding.check for finding in ports.judged.findings} == {"port.cache", "port.unexpected"}


def test_findings_of_others_make_no_finding_of_ours(workspace: Workspace) -> None:
    result = _import(workspace, "nuclei-by-hand.jsonl")
    assert not result.judged.findings
    assert all(outcome.result is not Outcome.PASS for outcome in result.judged.outcomes)


def test_an_import_never_stands_for_a_scan_of_our_own(workspace: Workspace) -> None:
    site = _import(workspace, "nmap.xml").site
    assert latest_judged(workspace, site, KNOWLEDGE) is None
    with pytest.raises(BadInput, match="no scan yet"):
        workspace.scans.resolve("latest")


def test_the_same_file_is_taken_once(workspace: Workspace) -> None:
    _import(workspace, "nmap.xml")
    with pytest.raises(BadInput, match="was imported already, as 2026"):
        _import(workspace, "nmap.xml")
    assert len(workspace.scans.summaries()) == 1
    _import(workspace, "nmap.xml", "https://other.example/")
    assert len(workspace.scans.summaries()) == 2


def test_the_newest_import_of_each_tool_goes_into_the_report(workspace: Workspace, tmp_path: Path) -> None:
    result = _import(workspace, "lynis-report.dat")
    later = tmp_path / "later.dat"
    later.write_bytes(content("lynis-report.dat").replace(b"2026-11-22 21:23:07", b"2026-11-22 22:00:00"))
    newer = _import(workspace, later)
    _import(workspace, "zap-by-hand.json")
    shown = imports_of(workspace, result.site)
    assert [scan.source.tool for scan in shown if scan.source] == ["Lynis", "ZAP"]
    assert shown[0].id == newer.judged.scan.id


# --- which page --------------------------------------------------------------------------------------


def test_the_page_is_found_by_the_hosts_in_the_file(workspace: Workspace) -> None:
    known = site_of(workspace, parse_target("https://xamau.example.vn/"))
    site_of(workspace, parse_target("https://khac.example.vn/"))
    assert _import(workspace, "zap-by-hand.json", url="").site == known
    with pytest.raises(BadInput, match=r"Which page .* They name 127.0.0.1\. Say it with --site URL"):
        _import(workspace, "nmap.xml", url="")


def test_a_machines_own_name_means_the_only_page(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="Which page"):
        _import(workspace, "lynis-report.dat", url="")
    only = site_of(workspace, parse_target("https://xamau.example.vn/"))
    assert _import(workspace, "lynis-report.dat", url="").site == only
    assert _import(workspace, "openscap-arf.xml", url="").site == only


def test_of_several_hosts_only_the_pages_own_is_taken(workspace: Workspace, tmp_path: Path) -> None:
    text = content("nmap.xml").decode()
    host = text[text.index("<host ") : text.index("</host>") + len("</host>")]
    several = tmp_path / "several.xml"
    several.write_text(text.replace(host, host + host.replace("127.0.0.1", "192.0.2.5")), encoding="utf-8")
    with pytest.raises(BadInput, match=r"about 127.0.0.1, 192.0.2.5, none about xa.example.vn. Choose one with --host"):
        _import(workspace, several, "https://xa.example.vn/")
    assert workspace.registry.sites() == []
    result = _import(workspace, several, "https://xa.example.vn/", host="192.0.2.5")
    assert {seen.address or seen.target for seen in result.judged.scan.observations} == {"192.0.2.5"}
    assert result.left_out == 3


# --- refused, and nothing left behind -----------------------------------------------------------------


def _refused(request: ImportRequest, pattern: str) -> None:
    with pytest.raises(BadInput, match=pattern) as refused:
        read_file(request, datetime.now(UTC))
    assert "\n" not in str(refused.value)


def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x"
    _refused(ImportRequest(file), "cannot be read")
    _refused(ImportRequest(tmp_path), "cannot be read")
    file.write_bytes(b"")
    _refused(ImportRequest(file), "cannot be imported: it is empty")
    file.write_bytes(b"\x1f\x8b\x08rest")
    _refused(ImportRequest(file), "compressed with gzip; unpack it first")
    file.write_text("một bức thư", encoding="utf-8")
    _refused(ImportRequest(file), "of no format that can be imported. Expected: results of nmap, .*testssl")
    file.write_bytes(content("nmap.xml")[:900])
    _refused(ImportRequest(file), r"is not nmap XML \(nmap -oX FILE\), or is damaged: broken XML")
    _refused(ImportRequest(file, ImportFormat.ZAP), "is not ZAP Traditional JSON Report, or is damaged: broken JSON")
    monkeypatch.setattr(importing, "MOST_BYTES", 800)
    _refused(ImportRequest(file), "is larger than")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    _refused(ImportRequest(tmp_path / "pipe"), "not a regular file")


def test_a_fault_while_storing_leaves_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from secaudit.store import scans

    stored = iter(range(3))

    def fails(*_: object) -> None:
        if next(stored) == 2:
            raise RuntimeError("in the middle")

    real = scans._insert_observation
    monkeypatch.setattr(scans, "_insert_observation", lambda *args: (fails(), real(*args)))
    with pytest.raises(RuntimeError, match="in the middle"):
        _import(workspace, "nmap.xml")
    assert workspace.scans.summaries() == []


def test_what_another_tool_says_is_kept_in_its_own_words(workspace: Workspace) -> None:
    scan = _import(workspace, "openscap-arf.xml").judged.scan
    [found] = workspace.scans.load(scan.id).observations
    assert isinstance(found, ImportedFinding)
    assert (found.tool, found.severity, found.title) == ("OpenSCAP", "high", "A legal banner is set")
