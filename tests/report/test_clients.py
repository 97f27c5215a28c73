"""The table of clients: counted, explained, unconfirmed ones marked, and in the JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from secaudit.model.base import Reason
from secaudit.model.clients import ClientReach, EndpointClients, Reach
from secaudit.model.observation import TlsVersion
from secaudit.report.build import build_report
from secaudit.report.model import ReportModel, report_json
from tests.report.sample import sample_inputs
from tests.report.tree import read_html

GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"


def reported(*clients: ClientReach) -> ReportModel:
    endpoint = EndpointClients(endpoint="xa.example:443", as_of=date(2026, 11, 22), clients=clients)
    return build_report(replace(sample_inputs(answered=False), clients=[endpoint] if clients else []))


def client(name: str, reach: Reach, reason: Reason | None = None, *, confirmed: bool = True) -> ClientReach:
    connects = reach is Reach.CONNECTS
    return ClientReach(
        client=name.lower(), name=name, kind="telephone", confirmed=confirmed, reach=reach, reason=reason,
        version=TlsVersion.TLS_1_2 if connects else None, suites=(GCM, "TLS_B", "TLS_C") if connects else (),
    )  # fmt: skip


REFUSED = Reason(code="client-version", params={"newest": "TLSv1.0", "spoken": "TLSv1.2"})
SEEN = (
    client("Mới", Reach.CONNECTS), client("Cũ", Reach.CANNOT, REFUSED),
    client("Lạ", Reach.UNKNOWN, Reason(code="client-groups-unseen"), confirmed=False),
)  # fmt: skip


def test_each_client_has_a_row_that_says_with_what_or_why_not(render):
    section = read_html(render(reported(*SEEN), "en")).by_id("observed").words
    assert "xa.example:443: 1 of 3 can connect, 1 cannot, of 1 nobody can say." in section
    assert f"TLSv1.2, {GCM} or 2 other suites" in section
    assert "It speaks TLSv1.0 at most, and the server takes TLSv1.2 only." in section
    assert "not confirmed: taken from a client of the same make" in section
    assert section.count("not confirmed") == 1


def test_without_a_look_at_tls_there_is_no_table(render):
    assert "clients-title" not in render(reported(), "vi")


def test_the_json_holds_the_same(render):
    (table,) = report_json(reported(*SEEN))["clients"]
    assert (table["endpoint"], table["as_of"]) == ("xa.example:443", "2026-11-22")
    assert [row["reach"] for row in table["clients"]] == ["connects", "cannot", "unknown"]
    assert table["clients"][0]["suite"] == GCM
    assert table["clients"][0]["others"] == 2
    assert table["clients"][1]["reason"]["vi"].startswith("Chỉ nói được đến TLSv1.0")


def test_a_server_cannot_write_into_the_table(render):
    hostile = client("<b>x", Reach.CANNOT, Reason(code="client-signature", params={"key": "<script>alert(1)</script>"}))
    written = render(reported(hostile), "vi")
    assert "<script>" not in written
    assert "<b>x" not in written
