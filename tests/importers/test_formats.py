"""What each format says: on files that the tools themselves wrote, and two written after their documentation."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from secaudit.importers import lynis, nmap, nuclei, openscap, sslyze, testssl, zap
from secaudit.importers.registry import detect
from secaudit.model.observation import (
    CertificateObservation,
    ImportedFinding,
    PortScanObservation,
    PortState,
    ServiceObservation,
    TlsObservation,
    TlsVersion,
)
from tests.importers.files import FILES, NOW, content, imported

FINDINGS = {
    "testssl.json": ("testssl.sh", "", None, ("127.0.0.1",), 5),
    "testssl-pretty.json": (
        "testssl.sh", "3.0.8", datetime(2026, 11, 22, 21, 25, 46, tzinfo=UTC), ("127.0.0.1",), 4
    ),
    "lynis-report.dat": ("Lynis", "3.0.8", datetime(2026, 11, 22, 21, 23, 7, tzinfo=UTC), ("may-chu-mau",), 8),
    "nuclei-by-hand.jsonl": (
        "Nuclei", "", datetime.fromisoformat("2026-11-20T08:16:03+07:00"), ("xamau.example.vn",), 3
    ),
    "zap-by-hand.json": (
        "ZAP", "2.16.1", datetime(2026, 11, 20, 1, 20, 11, 402000, UTC), ("xamau.example.vn",), 2
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_recognised_and_read(name: str) -> None:
    assert detect(content(name)) is FILES[name]
    assert imported(name).observations


@pytest.mark.parametrize("name", FINDINGS)
def test_tool_version_time_hosts_and_number_of_results(name: str) -> None:
    read = imported(name)
    seen = (read.tool, read.tool_version, read.made_at, read.hosts, len(read.observations))
    assert seen == FINDINGS[name]
    for found in read.observations:
        assert isinstance(found, ImportedFinding)
        assert found.tool == read.tool
        assert found.rule and found.title
        assert len(found.evidence) <= 1000


def test_nmap_gives_port_scans_and_services() -> None:
    read = imported("nmap.xml")
    assert (read.tool, read.tool_version, read.hosts) == ("nmap", "7.93", ("127.0.0.1",))
    assert read.made_at == datetime(2026, 11, 22, 21, 23, 57, tzinfo=UTC)
    scan, redis, page = read.observations
    assert isinstance(scan, PortScanObservation)
    assert (scan.tried, scan.engine, scan.fault) == ((22, 81, 6379, 11483), "nmap", None)
    assert [(look.port, look.state) for look in scan.found] == [(6379, PortState.OPEN), (11483, PortState.OPEN)]
    assert isinstance(redis, ServiceObservation)
    assert (redis.port, redis.service, redis.version, redis.method) == (6379, "redis", "7.0.15", "nmap")
    assert isinstance(page, ServiceObservation)
    assert (page.service, page.product) == ("https", "nginx")


NMAP = (
    '<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap" version="7.99" start="1795382625"><host>'
    '<address addr="192.0.2.10" addrtype="ipv4"/><address addr="00:00:5E:00:53:01" addrtype="mac"/>'
    '<hostnames><hostname name="xamau.example.vn" type="user"/></hostnames><ports>'
    '<extraports state="filtered" count="3"><extrareasons reason="no-response" count="3" proto="tcp" ports="1-2,9"/>'
    '</extraports><port protocol="tcp" portid="80"><state state="open"/></port>'
    '<port protocol="udp" portid="161"><state state="open|filtered"/></port>'
    '<port protocol="udp" portid="53"><state state="open"/><service name="domain" method="probed" conf="10"/>'
    '<script id="dns-recursion" output="Recursion appears to be enabled"/></port>'
    "</ports></host>{end}</nmaprun>"
)


def test_nmap_knows_silence_udp_scripts_names_and_what_it_only_sums_up() -> None:
    whole = NMAP.format(end='<runstats><finished time="1795382700" exit="success"/></runstats>')
    read = nmap.read(whole.encode(), NOW)
    assert read.hosts == ("xamau.example.vn", "192.0.2.10")
    tcp, udp = (seen for seen in read.observations if isinstance(seen, PortScanObservation))
    assert (tcp.protocol, tcp.host, tcp.address, tcp.tried) == ("tcp", "xamau.example.vn", "192.0.2.10", (1, 2, 9, 80))
    assert [look.state.value for look in tcp.found] == ["filtered", "filtered", "filtered", "open"]
    assert [(look.port, look.state.value) for look in udp.found] == [(53, "open"), (161, "filtered")]
    [script] = [seen for seen in read.observations if isinstance(seen, ImportedFinding)]
    assert (script.rule, script.evidence) == ("dns-recursion", "Recursion appears to be enabled")
    services = {s.port: s for s in read.observations if isinstance(s, ServiceObservation)}
    assert (services[80].method, services[53].method, services[53].protocol) == ("number", "nmap", "udp")


def test_an_nmap_that_was_killed_says_so() -> None:
    read = nmap.read(NMAP.format(end="").encode(), NOW)
    scan = read.observations[0]
    assert scan.fault is not None and scan.fault.code == "import-unfinished"
    assert read.made_at == datetime(2026, 11, 22, 21, 23, 45, tzinfo=UTC)


def test_sslyze_gives_versions_facts_and_certificates() -> None:
    tls, certificate = imported("sslyze.json").observations
    assert isinstance(tls, TlsObservation)
    accepted = {look.version: len(look.accepted) for look in tls.versions}
    assert accepted[TlsVersion.SSL_2_0] == accepted[TlsVersion.SSL_3_0] == 0
    assert min(accepted[version] for version in (TlsVersion.TLS_1_0, TlsVersion.TLS_1_1, TlsVersion.TLS_1_2)) > 0
    assert (tls.heartbleed.value, tls.fallback_scsv.value, tls.robot.value) == (False, True, False)
    assert tls.early_data.value is None and tls.early_data.fault is not None
    assert "X25519" in tls.curves
    assert isinstance(certificate, CertificateObservation)
    assert len(certificate.chain) == 2
    assert certificate.chain[0].pem.startswith("-----BEGIN CERTIFICATE-----")


def test_a_server_that_sslyze_did_not_reach_passes_nothing() -> None:
    whole = json.loads(content("sslyze.json"))
    whole["server_scan_results"][0] |= {"scan_result": None, "scan_status": "ERROR_NO_CONNECTIVITY"}
    read = sslyze.read(json.dumps(whole).encode(), NOW)
    assert {seen.fault.code for seen in read.observations if seen.fault} == {"import-not-reached"}
    assert len(read.observations) == 2


def test_sslyze_commands_that_failed_are_faults_of_their_version() -> None:
    whole = json.loads(content("sslyze.json"))
    scan = whole["server_scan_results"][0]["scan_result"]
    scan["ssl_3_0_cipher_suites"] = {"status": "ERROR", "result": None, "error_reason": "BUG_IN_SSLYZE"}
    scan["tls_1_0_cipher_suites"]["result"]["rejected_cipher_suites"][0]["error_message"] = "timed out"
    tls = sslyze.read(json.dumps(whole).encode(), NOW).observations[0]
    assert isinstance(tls, TlsObservation)
    faults = {look.version: look.fault.code for look in tls.versions if look.fault}
    assert faults == {TlsVersion.SSL_3_0: "import-not-in-file", TlsVersion.TLS_1_0: "import-unanswered"}


def test_testssl_keeps_what_is_not_in_order_with_its_own_grade() -> None:
    grades = {seen.rule: seen.severity for seen in imported("testssl-pretty.json").observations}  # type: ignore[union-attr]
    assert grades["TLS1"] == "LOW"
    assert grades["cert_chain_of_trust"] == "CRITICAL"
    assert "SSLv2" not in grades
    target = {seen.target for seen in imported("testssl-pretty.json").observations}
    assert target == {"127.0.0.1:11309"}


def test_lynis_keeps_warnings_and_suggestions() -> None:
    rules = [seen.rule for seen in imported("lynis-report.dat").observations]  # type: ignore[union-attr]
    assert rules.count("FILE-6310") == 3
    warning = (
        content("lynis-report.dat") + b"warning[]=SSH-7408|PermitRootLogin is yes|sshd_config|text:Set it to no|\n"
    )
    [found] = [s for s in lynis.read(warning, NOW).observations if s.severity == "warning"]  # type: ignore[union-attr]
    assert isinstance(found, ImportedFinding)
    assert (found.rule, found.title) == ("SSH-7408", "PermitRootLogin is yes")
    assert found.evidence == "sshd_config\ntext:Set it to no"


def test_openscap_keeps_rules_that_did_not_pass() -> None:
    [found] = imported("openscap-arf.xml").observations
    assert isinstance(found, ImportedFinding)
    assert (found.rule, found.title) == ("xccdf_vn.example_rule_banner", "A legal banner is set")
    assert (found.severity, found.evidence, found.target) == ("high", "result: fail", "may-chu-mau")
    assert "may-chu-mau" in imported("openscap-arf.xml").hosts
    assert openscap.read(content("openscap-arf.xml"), NOW).made_at == datetime(2026, 11, 22, 21, 24, tzinfo=UTC)


def test_nuclei_leaves_out_templates_that_did_not_match() -> None:
    rules = [seen.rule for seen in imported("nuclei-by-hand.jsonl").observations]  # type: ignore[union-attr]
    assert rules == ["git-config", "CVE-2021-41773", "http-missing-security-headers"]
    lines = [json.loads(line) for line in content("nuclei-by-hand.jsonl").splitlines()]
    array = nuclei.read(json.dumps(lines).encode("utf-16"), NOW)
    assert array == imported("nuclei-by-hand.jsonl")


def test_zap_lists_the_first_places_and_loses_its_html() -> None:
    csp, leak = imported("zap-by-hand.json").observations
    assert isinstance(csp, ImportedFinding) and isinstance(leak, ImportedFinding)
    assert csp.evidence.count("GET https://xamau.example.vn/trang/") == 5
    assert "[+2]" in csp.evidence
    assert (csp.severity, csp.rule) == ("Medium (High)", "10038-1")
    assert "evidence: nginx/1.18.0" in leak.evidence
    assert "The server leaks <version>." in leak.evidence
    assert "<p>" not in csp.evidence


def test_a_report_of_zap_without_alerts_holds_nothing() -> None:
    whole = {"@version": "2.16.1", "site": [{"@name": "https://x.example", "@host": "x.example", "alerts": []}]}
    assert zap.read(json.dumps(whole).encode(), NOW).observations == ()


def test_a_scan_of_testssl_that_failed_keeps_why() -> None:
    rows = [{"id": "scanProblem", "severity": "FATAL", "finding": "Can't connect to '192.0.2.1:443'"}]
    [found] = testssl.read(json.dumps(rows).encode(), NOW).observations
    assert isinstance(found, ImportedFinding)
    assert (found.severity, found.evidence) == ("FATAL", "Can't connect to '192.0.2.1:443'")
