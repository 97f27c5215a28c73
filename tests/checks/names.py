"""Constructed DNS observations for tests of rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.dns_look import DnsLook, DnsRecord, ZoneLink
from secaudit.model.observation import DnsObservation, DnssecObservation, Observation, ZoneTransferObservation
from secaudit.model.target import parse_target
from tests.checks.judging import AT, make_view

HOST, ZONE = "xa.hue.gov.vn", "hue.gov.vn"
TARGET = parse_target(f"https://{HOST}/")
DOWN = Reason(code="dns-timeout", params={"server": "192.0.2.53", "seconds": 2})
Answers = dict[str, Sequence[str] | Reason | None]
"""`name type` to data, to a fault, or to None for a name that does not exist."""

GOOD: Answers = {
    f"{HOST} A": ["113.160.0.1"],
    f"{HOST} AAAA": ["2001:dc8::80"],
    f"{HOST} CAA": [],
    f"{ZONE} CAA": ['0 issue "letsencrypt.org"'],
    f"{ZONE} NS": ["ns1.hue.gov.vn.", "NS2.hue.gov.vn."],
    "ns1.hue.gov.vn A": ["113.160.0.53"],
    "ns1.hue.gov.vn AAAA": [],
    "ns2.hue.gov.vn A": ["113.161.0.53"],
    "ns2.hue.gov.vn AAAA": [],
    f"www.{HOST} A": None,
    f"{HOST} TXT": ["v=spf1 -all"],
    f"{HOST} MX": [],
    f"_dmarc.{HOST} TXT": None,
    f"_dmarc.{ZONE} TXT": ["v=DMARC1; p=reject"],
}


def look(question: str, answer: Sequence[str] | Reason | None, aliases: Sequence[str] = ()) -> DnsLook:
    """Return one answered question; `aliases` are the names on the way to the data."""
    name, type_ = question.split(" ")
    way = [name, *aliases]
    records = [DnsRecord(name=a, type="CNAME", data=f"{b}.") for a, b in pairwise(way)]
    if isinstance(answer, Reason):
        return DnsLook(name=name, type=type_, fault=answer)
    records += [DnsRecord(name=way[-1], type=type_, data=data) for data in answer or ()]
    return DnsLook(name=name, type=type_, rcode="NXDOMAIN" if answer is None else "NOERROR", records=tuple(records))


def named(changes: Answers | None = None, *further: DnsLook, without: Sequence[str] = ()) -> DnsObservation:
    """Return what a resolver says of a good zone, with changes; `without` was not asked."""
    answers = {key: value for key, value in {**GOOD, **(changes or {})}.items() if key not in without}
    looks = [*further, *(look(question, answer) for question, answer in answers.items())]
    return DnsObservation(
        target=HOST, at=AT, host=HOST, zone=ZONE, mail_domain=HOST, resolver="192.0.2.53", looks=tuple(looks)
    )


def chain(state: str | None = "secure", **more: object) -> DnssecObservation:
    """Return a chain of trust in that state."""
    links = (ZoneLink(zone=".", delegation="anchor"), ZoneLink(zone="vn"))
    return DnssecObservation.model_validate(
        {"target": ZONE, "at": AT, "host": HOST, "zone": ZONE, "links": links, "state": state, **more}
    )


def tried(nameserver: str = "ns1.hue.gov.vn", **more: object) -> ZoneTransferObservation:
    """Return one try to transfer the zone; refused unless told otherwise."""
    facts = {"open": False, "answer": "REFUSED", **more}
    return ZoneTransferObservation.model_validate(
        {"target": ZONE, "at": AT, "zone": ZONE, "nameserver": nameserver, **facts}
    )


def names_view(*observations: Observation, url: str = TARGET.url, missing: dict[str, Reason] | None = None) -> View:
    """Return a view of these observations."""
    return make_view(observations, target=parse_target(url), missing=missing)
