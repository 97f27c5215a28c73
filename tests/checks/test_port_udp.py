"""What was seen over UDP, judged: a fault there, none, or nobody can say."""

from __future__ import annotations

import pytest

from secaudit.checks.registry import Verdict
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import PortLook, PortScanObservation, PortState, ServiceObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome
from secaudit.probes.ports.port_list import ports_for
from secaudit.probes.ports.udp_look import UDP_PORTS
from tests.probes.ports.scanning import NOW, failing, judge

HOST, FIRST, SECOND = "xa.example.vn", "192.0.2.1", "2001:db8::1"
TCP = PortScanObservation(target=HOST, at=NOW, address=FIRST, host=HOST, tried=ports_for("quick", (80, 443)))


def _udp(address: str = FIRST, fault: Reason | None = None, **states: str) -> PortScanObservation:
    """Return a look at the UDP ports, all closed but those named (`p161="open"`)."""
    found = tuple(PortLook(port=int(name[1:]), state=PortState(state)) for name, state in states.items())
    tried = () if fault else tuple(sorted(UDP_PORTS))
    return PortScanObservation(
        target=HOST, at=NOW, address=address, host=HOST, protocol="udp", tried=tried, found=found, fault=fault
    )


def _judge(*seen: PortScanObservation | ServiceObservation, **options: object) -> dict[str, list[Verdict]]:
    view = View(parse_target(f"https://{HOST}/"), ScanOptions(**options), NOW, (TCP, *seen), {})
    return judge(view)


@pytest.mark.parametrize(
    ("port", "faults"),
    [
        (161, {"port.snmp", "port.unexpected"}),
        (11211, {"port.cache", "port.unexpected"}),
        (53, {"port.unexpected"}),
        (123, {"port.unexpected"}),
    ],
)
def test_an_answer_is_open(port: int, faults: set[str]) -> None:
    verdicts = _judge(_udp(**{f"p{port}": "open"}))
    assert failing(verdicts) == faults
    [fault] = [v for v in verdicts["port.unexpected"] if v.result is Outcome.FAIL]
    assert (fault.place, fault.target) == (f"{port}/udp", f"{HOST}:{port}")


def test_refused_everywhere_passes() -> None:
    assert [v.result for v in _judge(_udp(), _udp(SECOND))["port.snmp"]] == [Outcome.PASS]


def test_silence_at_one_address_is_inconclusive_and_hides_no_answer_at_another() -> None:
    silent = _udp(p161="filtered")
    [verdict] = _judge(silent, _udp(SECOND))["port.snmp"]
    assert (verdict.result, verdict.reason.code) == (Outcome.INCONCLUSIVE, "udp-silent")
    both = [v.result for v in _judge(silent, _udp(SECOND, p161="open"))["port.snmp"]]
    assert both == [Outcome.FAIL, Outcome.INCONCLUSIVE]


def test_a_look_that_could_not_be_made_is_inconclusive_with_its_reason() -> None:
    fault = Reason(code="address-unreachable", params={"address": SECOND})
    [verdict] = _judge(_udp(), _udp(SECOND, fault))["port.snmp"]
    assert (verdict.result, verdict.reason) == (Outcome.INCONCLUSIVE, fault)


def test_silence_of_other_services_fails_nothing() -> None:
    assert failing(_judge(_udp(p53="filtered", p123="filtered", p11211="filtered"))) == set()


def test_the_allowed_list_holds_for_datagrams_too() -> None:
    assert failing(_judge(_udp(p53="open", p161="open"), allowed_ports=(53, 161))) == {"port.snmp"}
