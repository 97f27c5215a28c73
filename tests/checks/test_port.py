"""Every check of open ports: fault there, fault not there, nobody can say."""

from __future__ import annotations

from typing import Any

import pytest

from secaudit.checks.port import KINDS
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import Observation, PortLook, PortScanObservation, PortState, ServiceObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import host_port, parse_target
from secaudit.model.words import Outcome
from secaudit.probes.ports.port_list import ports_for
from tests.probes.ports.scanning import NOW, failing, judge

HOST = "xa.example.vn"
FIRST, SECOND = "192.0.2.1", "2001:db8::1"
QUICK = ports_for("quick", (80, 443))  # type: ignore[arg-type]
ALL = [*KINDS, "port.snmp", "port.unexpected"]
PASS, FAIL, INCONCLUSIVE = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE


def _scan(
    *opened: int, address: str = FIRST, silent: tuple[int, ...] = (), tried: tuple[int, ...] = QUICK,
    fault: Reason | None = None, protocol: str = "tcp",
) -> PortScanObservation:  # fmt: skip
    looks = [PortLook(port=p, state=PortState.OPEN) for p in opened]
    looks += [PortLook(port=p, state=PortState.FILTERED) for p in silent]
    return PortScanObservation(
        target=HOST, at=NOW, address=address, fault=fault, host=HOST, protocol=protocol,  # type: ignore[arg-type]
        tried=tuple(sorted({*tried, *opened, *silent})), found=tuple(looks),
    )  # fmt: skip


def _service(port: int, name: str = "", *, method: str = "nmap", address: str = FIRST, **more: Any) -> Observation:
    return ServiceObservation(
        target=host_port(HOST, port), at=NOW, address=address, host=HOST, port=port, service=name,
        method=method, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _view(*seen: Observation, url: str = f"https://{HOST}/", **options: Any) -> View:
    missing = {} if seen else {"ports": Reason(code="probe-interrupted", params={"probe": "ports"})}
    return View(parse_target(url), ScanOptions(**options), NOW, seen, missing)


def _results(view: View) -> dict[str, set[Outcome]]:
    return {check: {verdict.result for verdict in given} for check, given in judge(view).items()}


SITE = (_service(80, "http", method="site"), _service(443, "https", method="site"))
CLEAN = (_scan(80, 443), *SITE)


def test_a_host_with_its_page_alone_passes_everything_but_snmp() -> None:
    assert _results(_view(*CLEAN)) == {check: {PASS} for check in ALL} | {"port.snmp": {INCONCLUSIVE}}
    verdict = judge(_view(*CLEAN))["port.database"][0]
    assert verdict.target == HOST
    assert 3306 in verdict.evidence["ports"]  # type: ignore[operator]
    assert verdict.evidence["addresses"] == [FIRST]


@pytest.mark.parametrize(
    ("check", "port"), [(check, port) for check, kind in KINDS.items() for port in sorted(kind.numbers)]
)
def test_an_open_port_of_the_kind_fails_by_its_number(check: str, port: int) -> None:
    view = _view(_scan(80, 443, port), *SITE, _service(port, method="number"))
    assert failing(judge(view)) == {check, "port.unexpected"}
    verdict = judge(view)[check][0]
    assert (verdict.target, verdict.place) == (f"{HOST}:{port}", str(port))
    assert verdict.evidence["addresses"] == [FIRST]


UNUSUAL = [
    ("port.telnet", "telnet", 2323), ("port.ftp", "ftp", 2121), ("port.smb", "microsoft-ds", 1445),
    ("port.rdp", "ms-wbt-server", 33890), ("port.vnc", "vnc", 5999), ("port.ssh", "ssh", 2222),
    ("port.database", "postgresql", 15432), ("port.database", "mysql", 3310), ("port.cache", "redis", 7777),
    ("port.cache", "memcached", 12211), ("port.mail-plain", "smtp", 2525),
]  # fmt: skip


@pytest.mark.parametrize(("check", "service", "port"), UNUSUAL)
@pytest.mark.parametrize("method", ["nmap", "banner"])
def test_a_service_on_an_unusual_number_fails_by_what_it_is(check: str, service: str, port: int, method: str) -> None:
    view = _view(_scan(80, 443, port), *SITE, _service(port, service, method=method, product="X", version="1.2"))
    assert failing(judge(view)) == {check, "port.unexpected"}
    evidence = judge(view)[check][0].evidence
    assert (evidence["service"], evidence["product"], evidence["version"]) == (service, "X", "1.2")
    assert evidence["method"] == method


@pytest.mark.parametrize(("check", "port"), [(c, min(k.numbers - k.over_http)) for c, k in KINDS.items()])
def test_what_was_seen_overrules_the_number(check: str, port: int) -> None:
    view = _view(_scan(80, 443, port), *SITE, _service(port, "http", product="nginx"))
    assert failing(judge(view)) == {"port.unexpected"}
    assert _results(view)[check] == {PASS}


@pytest.mark.parametrize(("check", "port"), [(c, min(k.numbers)) for c, k in KINDS.items()])
def test_a_guess_by_number_overrules_nothing(check: str, port: int) -> None:
    view = _view(_scan(80, 443, port), *SITE, _service(port, "http-alt", method="number"))
    assert check in failing(judge(view))


def test_databases_that_speak_http() -> None:
    def fails(port: int, product: str) -> bool:
        view = _view(_scan(80, 443, port), *SITE, _service(port, "http", product=product))
        return "port.database" in failing(judge(view))

    assert fails(9200, "")
    assert fails(9200, "Elasticsearch REST API")
    assert fails(8888, "CouchDB httpd")
    assert not fails(9200, "nginx")
    assert not fails(8888, "")
    assert not fails(5432, "")


def test_the_sites_own_port_is_no_fault_whatever_its_number() -> None:
    own = _service(9200, "https", method="site")
    view = _view(_scan(80, 9200), _service(80, "http", method="site"), own, url=f"https://{HOST}:9200/")
    assert failing(judge(view)) == set()
    other = _view(_scan(443, 8080), _service(8080, "http", method="site"), http_port=8080)
    assert failing(judge(other)) == set()


def test_mail_that_begins_with_tls_is_not_plain_mail() -> None:
    ports = (465, 587, 993, 995)
    services = [_service(465, "smtp"), _service(587, "smtp"), _service(993, "imaps"), _service(995, "pop3s")]
    view = _view(_scan(80, 443, *ports), *SITE, *services)
    assert failing(judge(view)) == {"port.unexpected"}
    assert [v.place for v in judge(view)["port.unexpected"]] == ["465", "587", "993", "995"]


def test_the_allowed_list_silences_the_unexpected_and_ssh_and_nothing_else() -> None:
    ports = (21, 22, 3306, 6379)
    services = [_service(21, "ftp"), _service(22, "ssh"), _service(3306, "mysql"), _service(6379, "redis")]
    view = _view(_scan(80, 443, *ports), *SITE, *services, allowed_ports=ports)
    assert failing(judge(view)) == {"port.ftp", "port.database", "port.cache"}
    assert _results(view)["port.ssh"] == {PASS}
    partly = _view(_scan(80, 443, 22, 2222), *SITE, _service(22, "ssh"), _service(2222, "ssh"), allowed_ports=(22,))
    assert [v.place for v in judge(partly)["port.ssh"]] == ["2222"]


def test_several_addresses_make_one_finding_per_port() -> None:
    view = _view(
        _scan(80, 443, 23), _scan(80, 443, 23, address=SECOND), *SITE, _service(23, "telnet"),
        _service(23, "telnet", address=SECOND), *(_service(s.port, s.service, method="site", address=SECOND)
        for s in SITE if isinstance(s, ServiceObservation)),
    )  # fmt: skip
    [verdict] = judge(view)["port.telnet"]
    assert (verdict.target, verdict.evidence["addresses"]) == (f"{HOST}:23", [FIRST, SECOND])


def test_one_address_that_answers_otherwise_is_enough() -> None:
    view = _view(
        _scan(80, 443, 22), _scan(80, 443, 22, address=SECOND), *SITE,
        _service(22, "http", product="nginx"), _service(22, "ssh", address=SECOND),
    )  # fmt: skip
    assert "port.ssh" in failing(judge(view))


def test_ipv6_targets_are_bracketed() -> None:
    view = View(
        parse_target("https://[2001:db8::1]/"), ScanOptions(), NOW,
        [_scan(443, 23, address=SECOND), _service(23, "telnet", address=SECOND)], {},
    )  # fmt: skip
    assert judge(view)["port.telnet"][0].target == "[2001:db8::1]:23"


# --- nobody can say ---------------------------------------------------------------------------------


@pytest.mark.parametrize("check", ALL)
def test_without_a_look_every_check_is_inconclusive_with_the_reason(check: str) -> None:
    [verdict] = judge(_view())[check]
    assert verdict.result is INCONCLUSIVE
    expected = "udp-not-looked-at" if check == "port.snmp" else "probe-interrupted"
    assert verdict.reason is not None and verdict.reason.code == expected


@pytest.mark.parametrize("check", KINDS)
@pytest.mark.parametrize("allowed", [(), (22,)])
def test_a_port_of_the_kind_that_was_not_tried_makes_it_inconclusive(check: str, allowed: tuple[int, ...]) -> None:
    numbers = KINDS[check].numbers
    rest = tuple(port for port in QUICK if port not in numbers)
    view = _view(_scan(80, 443, tried=rest), *SITE, allowed_ports=allowed)
    if check == "port.ssh" and allowed:
        assert _results(view)[check] == {PASS}, "an allowed port need not be looked at"
        return
    [verdict] = judge(view)[check]
    assert verdict.result is INCONCLUSIVE
    assert verdict.reason is not None and verdict.reason.code == "ports-not-looked-at"
    assert all(str(port) in str(verdict.reason.params["ports"]) for port in numbers)


@pytest.mark.parametrize("code", ["ports-blackout", "ports-time-limit", "ports-sockets-short"])
def test_a_look_that_was_cut_short_passes_only_what_it_saw(code: str) -> None:
    view = _view(_scan(80, 443, tried=(22, 23, 80, 443), fault=Reason(code=code)), *SITE)
    results = _results(view)
    assert results["port.telnet"] == results["port.ssh"] == {PASS}
    for check in set(ALL) - {"port.telnet", "port.ssh", "port.snmp"}:
        assert results[check] == {INCONCLUSIVE}, check
        reason = judge(view)[check][0].reason
        assert reason is not None and reason.code == code


def test_one_address_that_could_not_be_looked_at_spoils_the_pass_and_hides_no_failure() -> None:
    fault = Reason(code="address-unreachable", params={"address": SECOND})
    unseen = _scan(address=SECOND, tried=(), fault=fault)
    view = _view(_scan(80, 443, 23), unseen, *SITE, _service(23, "telnet"))
    results = _results(view)
    assert results["port.telnet"] == {FAIL, INCONCLUSIVE}
    assert results["port.ssh"] == {INCONCLUSIVE}
    assert judge(view)["port.ssh"][0].reason == fault


def test_silent_ports_that_were_looked_at_count_as_not_open() -> None:
    view = _view(_scan(80, 443, silent=(22, 3306)), *SITE)
    assert _results(view)["port.ssh"] == _results(view)["port.database"] == {PASS}
    assert judge(view)["port.ssh"][0].evidence["no_answer"] == [22]


def test_an_open_port_that_nobody_identified_could_be_anything() -> None:
    view = _view(_scan(80, 443, 8022), *SITE)
    results = _results(view)
    assert results["port.unexpected"] == {FAIL}
    for check in KINDS:
        assert results[check] == {INCONCLUSIVE}
        reason = judge(view)[check][0].reason
        assert reason is not None and reason.code == "services-not-identified"


# --- SNMP ------------------------------------------------------------------------------------------


def test_snmp_needs_a_look_at_udp() -> None:
    closed, opened = _scan(tried=(161,), protocol="udp"), _scan(161, tried=(161,), protocol="udp")
    other = _scan(tried=(53,), protocol="udp")
    assert _results(_view(*CLEAN))["port.snmp"] == {INCONCLUSIVE}
    assert _results(_view(*CLEAN, closed))["port.snmp"] == {PASS}
    assert _results(_view(*CLEAN, other))["port.snmp"] == {INCONCLUSIVE}
    [verdict] = judge(_view(*CLEAN, opened))["port.snmp"]
    assert (verdict.result, verdict.target) == (FAIL, f"{HOST}:161")


def test_snmp_seen_over_tcp_fails_and_the_rest_stays_open() -> None:
    view = _view(_scan(80, 443, 161), *SITE, _service(161, "snmp"))
    assert _results(view)["port.snmp"] == {FAIL, INCONCLUSIVE}
    guessed = _view(_scan(80, 443, 161), *SITE, _service(161, "snmp", method="number"))
    assert _results(guessed)["port.snmp"] == {INCONCLUSIVE}
