"""Permission records: what may be recorded, and what a scan asks before it starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from secaudit.app.scope import new_authorisation, parse_hosts, parse_ports, require_permission
from secaudit.model.authorisation import LOOPBACK, Authorisation, PortRange
from secaudit.model.errors import BadInput, Incomplete, NotAuthorised
from secaudit.model.target import parse_target
from secaudit.probes.gate import Gate

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def make(**changes: object) -> Authorisation:
    values = {
        "hosts": ["xa.tinh.gov.vn"], "ports": [], "granted_by": "Chủ tịch UBND xã", "document": "15/QĐ-UBND",
        "valid_from": NOW, "valid_until": NOW + timedelta(days=30), "recorded_by": "cb", "now": NOW,
        "new_id": lambda: "r1",
    }  # fmt: skip
    return new_authorisation(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "host",
    ["*", "*.vn", "*.gov.vn", "*.com.vn", "https://xa.vn/", "xa.vn/path", "a b", "0.0.0.0/0", "10.0.0.0/8",
     "10.0.0.0/x", "", "-a.vn", "*.*.vn", "xa.*.vn"],
)  # fmt: skip
def test_hosts_that_would_cover_others_or_nothing_are_refused(host: str) -> None:
    with pytest.raises(BadInput):
        parse_hosts([host])


def test_hosts_are_normalised() -> None:
    typed = ["XA.Tinh.gov.vn.", "*.xa.tinh.gov.vn", "203.0.113.7", "203.0.113.8/28", "xã.vn", "xa.tinh.gov.vn"]
    assert parse_hosts(typed) == (
        "xa.tinh.gov.vn", "*.xa.tinh.gov.vn", "203.0.113.7", "203.0.113.0/28", "xn--x-yfa.vn",
    )  # fmt: skip


def test_ports_are_read() -> None:
    assert parse_ports(["443", "80, 8000-8100"]) == (
        PortRange(first=443, last=443), PortRange(first=80, last=80), PortRange(first=8000, last=8100),
    )  # fmt: skip


@pytest.mark.parametrize("port", ["0", "65536", "90-80", "a", "1-", "-1", "80-90-100"])
def test_ports_that_are_none(port: str) -> None:
    with pytest.raises(BadInput):
        parse_ports([port])


@pytest.mark.parametrize(
    "changes",
    [
        {"granted_by": "  "},
        {"hosts": []},
        {"valid_until": NOW},
        {"valid_until": NOW + timedelta(days=400)},
    ],
)
def test_a_record_must_make_sense(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        make(**changes)


def ask(url: str, records: list[Authorisation], names: dict[str, list[str]]) -> str:
    def resolve(host: str) -> list[str]:
        if host not in names:
            raise OSError
        return names[host]

    return require_permission(Gate(records, lambda: NOW, resolve), parse_target(url))


def test_who_may_be_scanned() -> None:
    assert ask("https://127.0.0.1:8443/", [], {}) == LOOPBACK
    assert ask("https://localhost/", [], {"localhost": ["127.0.0.1"]}) == LOOPBACK
    assert ask("https://xa.tinh.gov.vn/", [make()], {"xa.tinh.gov.vn": ["203.0.113.7"]}) == "r1"
    with pytest.raises(NotAuthorised) as refused:
        ask("https://khac.tinh.gov.vn/", [make()], {"khac.tinh.gov.vn": ["203.0.113.8"]})
    assert "330/2026" in str(refused.value)
    with pytest.raises(NotAuthorised):
        ask("https://khong-co.tinh.gov.vn/", [make()], {})
    with pytest.raises(NotAuthorised):
        ask("https://xa.tinh.gov.vn:8443/", [make(ports=["443"])], {"xa.tinh.gov.vn": ["203.0.113.7"]})
    with pytest.raises(Incomplete):
        ask("https://xa.tinh.gov.vn/", [make()], {})
