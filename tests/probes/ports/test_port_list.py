"""The list of ports: what must be in it, and what it promises."""

from __future__ import annotations

import pytest

from secaudit.checks.port import KINDS
from secaudit.model.words import Profile
from secaudit.probes.ports.port_list import important_ports, listed_ports, may_send, ports_for, usual_service

LACKING_ELSEWHERE = {
    "redis": 6379, "memcached": 11211, "elasticsearch": 9200, "elasticsearch nodes": 9300, "docker": 2375,
    "docker over TLS": 2376, "kubernetes": 6443, "kubelet": 10250, "etcd": 2379, "mongodb": 27017, "couchdb": 5984,
    "cassandra": 9042, "kafka": 9092, "rabbitmq management": 15672, "mqtt": 1883, "modbus": 502, "ipp": 631,
    "camera stream": 554, "recorder": 37777, "hikvision": 8000,
}  # fmt: skip


def test_sizes_are_those_of_the_plan() -> None:
    assert 60 <= len(ports_for(Profile.QUICK)) <= 100
    assert 950 <= len(ports_for(Profile.STANDARD)) <= 1100
    assert len(ports_for(Profile.FULL)) > 10_000


@pytest.mark.parametrize("name", LACKING_ELSEWHERE)
def test_standard_holds_what_common_lists_lack(name: str) -> None:
    assert LACKING_ELSEWHERE[name] in ports_for(Profile.STANDARD)


def test_even_a_quick_scan_looks_at_every_port_that_a_check_needs() -> None:
    needed = frozenset().union(*(kind.numbers for kind in KINDS.values()))
    assert needed <= set(ports_for(Profile.QUICK))
    assert needed <= important_ports()


def test_ports_are_real_and_come_once_with_the_own_ones_first() -> None:
    ports = ports_for(Profile.FULL, extra=(18443, 22))
    assert ports[:2] == (18443, 22)
    assert len(ports) == len(set(ports))
    assert all(1 <= port <= 65535 for port in ports)
    assert ports_for(Profile.STANDARD)[: len(important_ports())] == ports_for(Profile.QUICK)


@pytest.mark.parametrize("port", [9100, 9105, 515, 502, 102, 20000, 44818])
def test_nothing_is_sent_to_printers_and_machines(port: int) -> None:
    assert not may_send(port)


def test_services_have_names() -> None:
    assert usual_service(22) == "ssh"
    assert usual_service(12) == ""
    assert may_send(12)
    assert all(listed.service for listed in listed_ports().values())
