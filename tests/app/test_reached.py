"""When a page counts as reached: by an answer of the page itself, whichever probe heard it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from secaudit.app.scan import was_reached
from secaudit.model.base import Reason
from secaudit.model.observation import ExposureObservation, HttpExchange, HttpVisit, Observation, TlsObservation
from secaudit.model.scan import Scan, ScanOptions
from secaudit.model.target import parse_target

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
URL = "https://127.0.0.1/"
SILENT = Reason(code="connect-timeout", params={"host": "127.0.0.1", "port": 443, "seconds": 5})


def scan(probes: tuple[str, ...], *seen: Observation) -> Scan:
    return Scan(
        id="s", version="0", target=parse_target(URL), options=ScanOptions(probes=probes), started_at=AT,
        observations=seen,
    )  # fmt: skip


def visit(status: int) -> HttpVisit:
    return HttpVisit(target=URL, at=AT, purpose="page-https", exchanges=(HttpExchange(url=URL, status=status),))


@pytest.mark.parametrize(
    ("probes", "seen", "reached"),
    [
        (("http",), [visit(200)], True),
        (("http",), [visit(503)], True),
        (("http",), [visit(0)], False),
        (("http", "tls"), [visit(0), TlsObservation(target="x", at=AT, host="x", port=443)], True),
        (("tls",), [TlsObservation(target="x", at=AT, host="x", port=443, fault=SILENT)], False),
        (("exposure",), [ExposureObservation(target=URL, at=AT)], True),
        (("exposure",), [ExposureObservation(target=URL, at=AT, fault=SILENT)], False),
        (("dns",), [], True),
        (("ports",), [], False),
    ],
)
def test_what_counts_as_reached(probes: tuple[str, ...], seen: list[Observation], reached: bool) -> None:
    assert was_reached(scan(probes, *seen)) is reached
