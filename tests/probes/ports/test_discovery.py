"""What silence means, on sweeps that answer by the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from secaudit.model.base import Reason
from secaudit.model.observation import PortState
from secaudit.probes.ports.discovery import SweepResult, discover

OPEN, CLOSED, SILENT = PortState.OPEN, PortState.CLOSED, PortState.FILTERED
PORTS = (443, 22, 3306, 8080, 9200)
IMPORTANT = {22, 3306}


@dataclass
class Host:
    """A host whose answers change from sweep to sweep; the last entry goes on for ever."""

    answers: list[dict[int, PortState]]
    asked: list[tuple[tuple[int, ...], bool]] = field(default_factory=list)

    def sweep(self, ports: Sequence[int], gently: bool) -> SweepResult:
        now = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append((tuple(ports), gently))
        missing = [port for port in ports if port not in now]
        trouble = Reason(code="ports-time-limit") if missing else None
        return SweepResult({port: now[port] for port in ports if port in now}, trouble)


def _all(state: PortState, **other: PortState) -> dict[int, PortState]:
    return {port: other.get(f"p{port}", state) for port in PORTS}


def test_a_host_that_refuses_is_asked_once() -> None:
    host = Host([_all(CLOSED, p443=OPEN)])
    seen = discover("192.0.2.1", PORTS, IMPORTANT, host.sweep)
    assert (seen.tried, seen.open_ports, seen.silent, seen.fault) == (tuple(sorted(PORTS)), [443], [], None)
    assert host.asked == [(PORTS, False)]


def test_silence_beside_an_open_port_that_still_answers_is_filtered() -> None:
    host = Host([_all(SILENT, p443=OPEN)])
    seen = discover("192.0.2.1", PORTS, IMPORTANT, host.sweep)
    assert seen.silent == [22, 3306, 8080, 9200]
    assert seen.tried == tuple(sorted(PORTS))
    assert seen.fault is None
    assert host.asked[0] == (PORTS, False)
    assert ((22, 3306), True) in host.asked
    assert not any(8080 in ports for ports, _ in host.asked[1:])


def test_a_host_that_stops_answering_midway_is_not_called_filtered() -> None:
    host = Host([_all(SILENT, p443=OPEN, p22=CLOSED), _all(SILENT)])
    seen = discover("192.0.2.1", PORTS, IMPORTANT, host.sweep)
    assert seen.tried == (22, 443)
    assert seen.open_ports == [443]
    assert seen.silent == []
    assert seen.fault is not None and seen.fault.code == "ports-blackout"
    assert seen.fault.params["count"] == 3
    assert seen.fault in seen.notes
    assert len(host.asked) == 2, "a host that shuts us out is left alone"


def test_being_shut_out_during_second_looks_counts_too() -> None:
    host = Host([_all(SILENT, p443=OPEN), _all(SILENT, p443=OPEN), _all(SILENT)])
    seen = discover("192.0.2.1", PORTS, IMPORTANT, host.sweep)
    assert seen.tried == (443,)
    assert seen.fault is not None and seen.fault.code == "ports-blackout"


def test_answers_that_were_lost_are_found_by_second_looks() -> None:
    host = Host([_all(SILENT, p443=OPEN), _all(CLOSED, p443=OPEN, p3306=OPEN, p9200=OPEN)])
    seen = discover("192.0.2.1", PORTS, IMPORTANT, host.sweep)
    assert seen.open_ports == [443, 3306, 9200]
    assert seen.silent == []
    assert seen.fault is None
    assert [note.code for note in seen.notes] == ["ports-answers-lost"]


def test_a_host_of_which_nothing_answers_says_nothing() -> None:
    seen = discover("192.0.2.1", PORTS, IMPORTANT, Host([_all(SILENT)]).sweep)
    assert (seen.tried, seen.found) == ((), ())
    assert seen.fault is not None and seen.fault.code == "host-silent"


def test_ports_that_could_not_be_looked_at_are_not_tried() -> None:
    seen = discover("192.0.2.1", PORTS, IMPORTANT, Host([{443: OPEN, 22: CLOSED}]).sweep)
    assert seen.tried == (22, 443)
    assert seen.fault is not None and seen.fault.code == "ports-time-limit"


def test_silence_that_could_not_be_verified_is_not_vouched_for() -> None:
    host = Host([_all(SILENT, p443=OPEN), {}])
    seen = discover("192.0.2.1", PORTS, IMPORTANT, host.sweep)
    assert seen.tried == (443,)
    assert seen.fault is not None and seen.fault.code == "ports-time-limit"
