"""Rules of the area `dns`: the host's zone, its signatures, its nameservers, and what its names point to."""

from __future__ import annotations

import ipaddress
import re

from secaudit.checks.names import on_names, seen_names
from secaudit.checks.registry import Verdict, check, failed, inconclusive, passed
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.dns_look import DnsLook
from secaudit.model.observation import DnsObservation, DnssecObservation, ZoneTransferObservation

PROBES = ("dns",)
_ISSUE = re.compile(r"\d+ (?:issue|issuewild) ", re.IGNORECASE)
# Addresses that a resolver or a tunnel makes up for hosts without IPv6 (RFC 6052, RFC 3056, RFC 4380).
_MADE_UP = tuple(ipaddress.IPv6Network(one) for one in ("64:ff9b::/96", "2002::/16", "2001::/32"))


def _unanswered(name: str, type_: str, look: DnsLook | None) -> Reason | None:
    """Return why a question has no answer, None when it has one."""
    if look is None:
        return Reason(code="dns-not-asked", params={"name": name, "type": type_})
    return look.fault


@check("dns.no-caa")
def _no_caa(view: View) -> list[Verdict]:
    return on_names(view, _judge_caa)


def _judge_caa(seen: DnsObservation) -> Verdict:
    """Climb from the host to the root as a certificate authority does (RFC 8659, section 3)."""
    labels = seen.host.split(".")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        look = seen.look(name, "CAA")
        if look is None or look.fault:
            return inconclusive(seen.host, _unanswered(name, "CAA", look) or Reason(code="dns-not-asked"))
        if look.values:
            records: list[Json] = [*look.values[:10]]
            # Records that only say where to report leave every authority free to issue (section 4.1).
            if any(_ISSUE.match(value) for value in look.values):
                return passed(seen.host, found_at=name, records=records)
            return failed(seen.host, found_at=name, records=records)
    return failed(seen.host, asked=[".".join(labels[start:]) for start in range(len(labels))])


@check("dns.no-dnssec")
def _no_dnssec(view: View) -> list[Verdict]:
    def rule(seen: DnsObservation) -> Verdict:
        chains = view.seen(DnssecObservation)
        if not chains:
            return inconclusive(seen.zone, view.why_nothing(DnssecObservation))
        chain = chains[0]
        if chain.fault or chain.state is None:
            return inconclusive(seen.zone, chain.fault or Reason(code="dnssec-not-passed"))
        links: list[Json] = [f"{link.zone} ({link.delegation})" for link in chain.links]
        if chain.state == "secure":
            return passed(seen.zone, state=chain.state, chain=links)
        return failed(seen.zone, state=chain.state, broken_at=chain.broken_at, error=chain.error, chain=links)

    return on_names(view, rule)


@check("dns.single-nameserver")
def _single_nameserver(view: View) -> list[Verdict]:
    return on_names(view, _judge_nameservers)


def _judge_nameservers(seen: DnsObservation) -> Verdict:
    """Count the nameservers that stand on addresses of their own (RFC 1034, section 4.1; RFC 2182, section 5)."""
    look = seen.look(seen.zone, "NS")
    if look is None or look.fault:
        return inconclusive(seen.zone, _unanswered(seen.zone, "NS", look) or Reason(code="dns-not-asked"))
    names = list(dict.fromkeys(value.rstrip(".").lower() for value in look.values))
    if not names:
        return inconclusive(seen.zone, Reason(code="dns-no-nameserver-named", params={"zone": seen.zone}))
    servers: list[set[str]] = []
    unseen: Reason | None = None
    for name in names:
        addresses: set[str] = set()
        for type_ in ("A", "AAAA"):
            answer = seen.look(name, type_)
            unseen = unseen or _unanswered(name, type_, answer)
            addresses |= set(answer.values) if answer else set()
        # Two names on one address are one server.
        joined = [one for one in servers if one & addresses]
        servers = [one for one in servers if not one & addresses]
        if addresses:
            servers.append(addresses.union(*joined))
    facts: dict[str, Json] = {"nameservers": [*names[:8]], "addresses": [*sorted(a for one in servers for a in one)]}
    if len(names) > 1 and len(servers) > 1:
        return passed(seen.zone, **facts)
    if len(names) > 1 and unseen:
        return inconclusive(seen.zone, unseen)
    return failed(seen.zone, place="", **facts)


@check("dns.zone-transfer")
def _zone_transfer(view: View) -> list[Verdict]:
    def rule(seen: DnsObservation) -> Verdict:
        tries = view.seen(ZoneTransferObservation)
        if not tries:
            return inconclusive(seen.zone, Reason(code="dns-no-nameserver-named", params={"zone": seen.zone}))
        facts: list[Json] = [
            {"nameserver": one.nameserver, "address": one.address, "answer": one.answer, "types": [*one.types]}
            for one in tries
            if one.fault is None
        ]
        if given := [one for one in tries if one.open]:
            return failed(seen.zone, open_at=[*sorted(one.nameserver for one in given)], tried=facts)
        if unseen := next((one.fault for one in tries if one.fault), None):
            return inconclusive(seen.zone, unseen)
        look = seen.look(seen.zone, "NS")
        if look is not None and len(set(look.values)) > len(tries):
            left = len(set(look.values)) - len(tries)
            return inconclusive(seen.zone, Reason(code="dns-transfer-untried", params={"count": left}))
        return passed(seen.zone, tried=facts)

    return on_names(view, rule)


@check("dns.no-ipv6")
def _no_ipv6(view: View) -> list[Verdict]:
    return on_names(view, _judge_ipv6)


def _judge_ipv6(seen: DnsObservation) -> Verdict:
    look = seen.look(seen.host, "AAAA")
    if look is None or look.fault:
        return inconclusive(seen.host, _unanswered(seen.host, "AAAA", look) or Reason(code="dns-not-asked"))
    public = [value for value in look.values if _is_public(value)]
    if public:
        return passed(seen.host, addresses=[*public[:8]])
    plain = seen.look(seen.host, "A")
    if not look.exists or plain is None or not plain.values:
        # A name without any address: this resolver does not know the page at all.
        return inconclusive(seen.host, Reason(code="name-not-resolved", params={"host": seen.host}))
    return failed(seen.host, ipv4=[*plain.values[:8]], not_public=[*look.values[:8]])


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return address.is_global and address.ipv4_mapped is None and not any(address in net for net in _MADE_UP)


@check("dns.dangling-cname")
def _dangling_cname(view: View) -> list[Verdict]:
    seen = seen_names(view)
    if isinstance(seen, Verdict):
        return [seen]
    own = [one for one in seen.looks if one.type == "A" and _is_own(one.name, seen)]
    dead = [one for one in own if _ends_nowhere(one, seen)]
    if dead:
        return [
            failed(seen.mail_domain, place=one.name, name=one.name, points_to=[target for _, target in one.aliases])
            for one in dead
        ]
    for one in own:
        unseen = one.fault or _end_unseen(one, seen)
        if unseen:
            return [inconclusive(seen.mail_domain, unseen)]
    return [passed(seen.mail_domain, looked_at=[one.name for one in own])]


def _is_own(name: str, seen: DnsObservation) -> bool:
    return name in (seen.host, seen.mail_domain) or name.endswith(f".{seen.mail_domain}")


def _ends_nowhere(look: DnsLook, seen: DnsObservation) -> bool:
    """Tell whether the last alias points to a name that does not exist, so that someone else might create it."""
    if look.fault or not look.aliases or look.values:
        return False
    end = seen.look(look.aliases[-1][1], "A")
    return look.exists is False or (end is not None and end.exists is False)


def _end_unseen(look: DnsLook, seen: DnsObservation) -> Reason | None:
    if not look.aliases or look.values:
        return None
    end = look.aliases[-1][1]
    return _unanswered(end, "A", seen.look(end, "A"))
