"""The gate: loopback free, everything else by a record in force, names pinned for the whole scan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from secaudit.model.authorisation import Authorisation, PortRange, is_loopback
from secaudit.probes.gate import Gate, Refused

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def record(*hosts: str, ports: tuple[PortRange, ...] = (), **changes: datetime) -> Authorisation:
    times = {"valid_from": NOW - timedelta(days=1), "valid_until": NOW + timedelta(days=1), "recorded_at": NOW}
    return Authorisation(id="r1", hosts=hosts, ports=ports, granted_by="Chủ tịch", **{**times, **changes})


def gate(*records: Authorisation, **names: list[str]) -> Gate:
    table = {name.replace("_", "."): addresses for name, addresses in names.items()}

    def resolve(host: str) -> list[str]:
        if host not in table:
            raise OSError("no such name")
        return table[host]

    return Gate(records, lambda: NOW, resolve)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.255.3.4", "::1", "::ffff:127.0.0.1"])
def test_loopback_is_free(address: str) -> None:
    assert is_loopback(address)
    assert gate().addresses(address, 443) == (address,)


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "128.0.0.1", "10.0.0.1", "::", "fe80::1", "::ffff:10.0.0.1", "localhost"]
)
def test_nothing_else_is_loopback(address: str) -> None:
    assert not is_loopback(address)


def test_a_name_is_loopback_only_where_it_resolves_to_it() -> None:
    g = gate(a_vn=["127.0.0.1"], b_vn=["203.0.113.5"], c_vn=["127.0.0.1", "203.0.113.5"])
    assert g.addresses("a.vn", 443) == ("127.0.0.1",)
    with pytest.raises(Refused):
        g.addresses("b.vn", 443)
    assert g.addresses("c.vn", 443) == ("127.0.0.1",)
    with pytest.raises(Refused):
        g.enter("c.vn", "203.0.113.5", 443)


@pytest.mark.parametrize(
    ("hosts", "host", "covered"),
    [
        (["xa.tinh.gov.vn"], "xa.tinh.gov.vn", True),
        (["XA.tinh.gov.vn."], "xa.tinh.gov.vn", True),
        (["xa.tinh.gov.vn"], "www.xa.tinh.gov.vn", False),
        (["xa.tinh.gov.vn"], "evilxa.tinh.gov.vn", False),
        (["*.xa.tinh.gov.vn"], "www.xa.tinh.gov.vn", True),
        (["*.xa.tinh.gov.vn"], "a.b.xa.tinh.gov.vn", True),
        (["*.xa.tinh.gov.vn"], "xa.tinh.gov.vn", False),
        (["203.0.113.5"], "xa.tinh.gov.vn", True),
        (["203.0.113.0/28"], "xa.tinh.gov.vn", True),
        (["203.0.114.0/28"], "xa.tinh.gov.vn", False),
    ],
)
def test_a_record_covers_what_it_names(hosts: list[str], host: str, covered: bool) -> None:
    g = Gate([record(*hosts)], lambda: NOW, lambda _: ["203.0.113.5"])
    if covered:
        assert g.addresses(host, 443) == ("203.0.113.5",)
    else:
        with pytest.raises(Refused) as refused:
            g.addresses(host, 443)
        assert refused.value.reason.code == "not-in-scope"


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": NOW - timedelta(seconds=1)},
        {"valid_from": NOW + timedelta(seconds=1)},
        {"revoked_at": NOW},
    ],
)
def test_a_record_not_in_force_covers_nothing(changes: dict[str, datetime]) -> None:
    with pytest.raises(Refused):
        gate(record("xa.vn", **changes), xa_vn=["203.0.113.5"]).addresses("xa.vn", 443)


def test_a_record_that_ends_during_the_scan_stops_it() -> None:
    moment = [NOW]
    g = Gate([record("xa.vn")], lambda: moment[0], lambda _: ["203.0.113.5"])
    g.enter("xa.vn", "203.0.113.5", 443)
    moment[0] = NOW + timedelta(days=2)
    with pytest.raises(Refused):
        g.enter("xa.vn", "203.0.113.5", 443)
    assert g.connections == 1


def test_ports_of_a_record_limit_it() -> None:
    g = gate(
        record("xa.vn", ports=(PortRange(first=80, last=80), PortRange(first=440, last=443))), xa_vn=["203.0.113.5"]
    )
    assert g.addresses("xa.vn", 443)
    with pytest.raises(Refused):
        g.addresses("xa.vn", 22)


def test_a_name_stays_where_it_was_first_seen() -> None:
    answers = [["203.0.113.5"], ["198.51.100.9"]]
    g = Gate([record("xa.vn")], lambda: NOW, lambda _: answers.pop(0))
    assert g.addresses("xa.vn", 443) == ("203.0.113.5",)
    assert g.addresses("xa.vn", 80) == ("203.0.113.5",)
    with pytest.raises(Refused):
        g.enter("xa.vn", "198.51.100.9", 443)


def test_a_name_that_leads_nowhere() -> None:
    with pytest.raises(Refused) as refused:
        gate(record("xa.vn")).addresses("xa.vn", 443)
    assert refused.value.reason.code == "name-not-resolved"
