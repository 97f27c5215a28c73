"""On whose permission, how and with what limits the look was made; the dates of the law."""

from __future__ import annotations

from typing import Any

from secaudit.model.authorisation import Authorisation
from secaudit.report.model import ReportModel
from secaudit.report.wording import Wording


def scope_words(report: ReportModel, say: Wording) -> dict[str, Any]:
    """Return permission, way of looking, limits and deadlines."""
    return {
        "permission": list(_permission(report, say)),
        "made": [{"label": label, "value": value} for label, value in _made(report, say) if value],
        "probes": [
            {
                "name": say.label("probe-name", probe.name),
                "result": say.label("probe", probe.status),
                "seconds": say.format.number(probe.seconds, 1),
                "notes": " ".join(filter(None, (say.text(probe.fault), *(say.text(note) for note in probe.notes)))),
            }
            for probe in report.scan.probes
        ],
        "limits": list(_limits(say)),
        "deadlines": [
            {"date": say.format.date(one.date), "what": say.text(one.text), "source": one.source}
            for one in report.deadlines
        ],
        "notices": [say.text(notice) for notice in report.notices],
        "made_by": say.gettext(
            "Made by secaudit %(version)s at %(moment)s (%(zone)s). All times in this report are in this time zone.",
            version=report.version, moment=say.format.moment(report.made_at),
            zone=say.format.zone_name(report.made_at),
        ),
    }  # fmt: skip


def _permission(report: ReportModel, say: Wording) -> list[str]:
    if report.scan.authorisation == "loopback":
        return [
            say.gettext(
                "The page runs on the computer that looked at it (loopback address): a demonstration or one's own "
                "machine. No permission of others is needed."
            )
        ]
    if not report.authorisations:
        return [
            say.gettext("No record of a permission is at hand."),
            say.gettext("Probing a system without permission is an offence (Decree 330/2026, Article 16.1.đ)."),
        ]
    return [_record(record, say) for record in report.authorisations]


def _record(record: Authorisation, say: Wording) -> str:
    spans = (f"{one.first}" if one.first == one.last else f"{one.first}–{one.last}" for one in record.ports)
    parts = [
        (say.gettext("Allowed by"), record.granted_by),
        (say.gettext("Document"), record.document or say.gettext("(none given)")),
        (say.gettext("Hosts"), ", ".join(record.hosts)),
        (say.gettext("Ports"), ", ".join(spans) or say.gettext("all")),
        (say.gettext("In force"), f"{say.format.moment(record.valid_from)} – {say.format.moment(record.valid_until)}"),
    ]
    if record.revoked_at:
        parts.append(("", say.gettext("withdrawn at %(moment)s", moment=say.format.moment(record.revoked_at))))
    return "; ".join(f"{label}: {value}" if label else value for label, value in parts) + "."


def _made(report: ReportModel, say: Wording) -> list[tuple[str, str]]:
    scan = report.scan
    ended = say.format.moment(scan.finished_at) if scan.finished_at else say.gettext("not ended")
    limit = say.gettext("at most %(seconds)s seconds per probe", seconds=say.format.number(scan.time_limit))
    address = f"{scan.url} ({', '.join(scan.addresses[:6])})" if scan.addresses else scan.url
    ports = " ".join((say.gettext("ports:"), say.label("engine", scan.port_engine)))
    return [
        (say.gettext("Address looked at"), address),
        (
            say.gettext("Begin and end"),
            f"{say.format.moment(scan.started_at)} – {ended} ({say.format.zone_name(scan.started_at)}); "
            f"{say.label('scan', scan.status)}",
        ),
        (say.gettext("Scan number"), scan.id),
        (say.gettext("Depth"), f"{say.label('profile', scan.profile)}; {ports}; {limit}"),
        (say.gettext("DNS server asked"), scan.resolver),
        (say.gettext("Own trust anchors"), scan.certificate_file),
        (
            say.gettext("Programs"),
            ", ".join([f"secaudit {scan.version}", *(f"{name} {version}" for name, version in scan.tools.items())]),
        ),
        (say.gettext("Sent and received"), _traffic(report, say)),
    ]


def _traffic(report: ReportModel, say: Wording) -> str:
    used = report.scan.traffic
    if used is None:
        return ""
    number = say.format.number
    text = say.gettext(
        "Sent: %(connections)s connections (at most %(busiest)s in one second), %(requests)s HTTP requests; received: "
        "%(kilobytes)s kB.",
        connections=number(used.connections), busiest=number(used.busiest_second), requests=number(used.requests),
        kilobytes=number(used.received / 1000),
    )  # fmt: skip
    if used.spent:
        text += " " + say.gettext("This limit was reached, so part of the page was not looked at.")
    return text


def _limits(say: Wording) -> list[str]:
    return [
        say.gettext(
            "It shows one moment, from one place on the network. Another moment or place may show something else."
        ),
        say.gettext(
            "It never signed in, changed nothing and used no weakness; what lies behind a sign-in was not seen."
        ),
        say.gettext(
            "A fault that was not seen may still be there; a look from outside replaces neither the self-assessment "
            "nor a penetration test."
        ),
        say.gettext(
            "The state's forms for self-assessment are not yet issued; this form is provisional. Self-assessment "
            "counts only when those who assess are independent of those who run the system (Decree 331/2026, Article "
            "31.2.c)."
        ),
    ]
