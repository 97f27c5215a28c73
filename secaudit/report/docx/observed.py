"""Ports, certificates and TLS versions, the limits of the look and the dates of the law."""

from __future__ import annotations

from typing import Any

from secaudit.model.observation import PortState
from secaudit.report.clients_model import ClientEntry
from secaudit.report.model import ReportModel
from secaudit.report.observed_model import CertificateEntry, TlsEntry
from secaudit.report.wording import Wording


def observed_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return what was seen, without judgement."""
    return {
        "port_scans": [
            say.text(look.fault)
            or say.gettext(
                "%(host)s: %(tried)s ports tried; %(open)s open, %(filtered)s without an answer, %(closed)s closed.",
                host=look.host, tried=say.format.number(look.tried), open=look.states[PortState.OPEN],
                filtered=say.format.number(look.states[PortState.FILTERED]),
                closed=say.format.number(look.states[PortState.CLOSED]),
            )
            for look in report.port_scans
        ] or [say.gettext("Ports were not looked at.")],
        "ports": [
            {
                "host": port.host,
                "port": f"{port.port}/{port.protocol}",
                "service": port.service or say.gettext("unknown"),
                "product": " ".join(filter(None, (port.product, port.version))),
                "method": say.label("method", port.method) if port.method else say.gettext("not looked at"),
                "expected": say.gettext("yes") if port.expected else say.gettext("not on the site's list"),
            }
            for port in report.ports
        ],
        "certificates": [_certificate(one, say) for one in report.certificates],
        "tls": [
            {
                "endpoint": look.endpoint,
                "version": look.version or say.gettext("all versions"),
                "answer": _answer(look, say),
                "suites": str(look.suites) if look.accepted is not None else "",
            }
            for look in report.tls
        ],
        "clients": [_client(table.endpoint, client, say) for table in report.clients for client in table.clients],
    }  # fmt: skip


def _client(endpoint: str, client: ClientEntry, say: Wording) -> dict[str, str]:
    suite = f"{client.version}, {client.suite}"
    more = say.ngettext("or %(count)s other suite", "or %(count)s other suites", client.others) if client.others else ""
    return {
        "endpoint": endpoint,
        "name": f"{client.name} ({say.label('client', client.kind)})",
        "reach": say.label("reach", client.reach),
        "how": say.text(client.reason) or " ".join(filter(None, (suite, more))),
    }


def _certificate(one: CertificateEntry, say: Wording) -> dict[str, str]:
    valid = say.text(one.fault)
    if one.not_before and one.not_after and one.days_left is not None:
        left = (
            say.ngettext("ended %(count)s day ago", "ended %(count)s days ago", -one.days_left)
            if one.days_left < 0
            else say.ngettext("%(count)s day left", "%(count)s days left", one.days_left)
        )
        valid = f"{say.format.date(one.not_before)} – {say.format.date(one.not_after)} ({left})"
    trust = []
    if one.position == 0 and one.trust:
        trusted = sum(one.trust.values())
        trust.append(
            say.gettext("trusted by %(trusted)s of %(stores)s trust stores", trusted=trusted, stores=len(one.trust))
        )
    if one.position == 0 and one.hostname_matches is not None:
        trust.append(say.gettext("names the page") if one.hostname_matches else say.gettext("does not name the page"))
    return {
        "subject": one.subject or one.endpoint,
        "issuer": one.issuer,
        "valid": valid,
        "key": ", ".join(filter(None, (one.key, one.signature))),
        "trust": "; ".join(trust),
    }


def _answer(look: TlsEntry, say: Wording) -> str:
    if look.accepted is None:
        return f"{say.label('outcome', 'inconclusive')}: {say.text(look.fault)}"
    return say.gettext("accepted") if look.accepted else say.gettext("refused")
