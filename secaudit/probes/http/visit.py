"""One visit: the first address, every redirect followed by hand inside the scope, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from secaudit.model.authorisation import is_loopback
from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit, VisitEnd, VisitPurpose
from secaudit.model.target import Target
from secaudit.probes.gate import Gate, Refused
from secaudit.probes.http.fetch import Ask, head_complete
from secaudit.probes.http.jar import VisitJar
from secaudit.probes.http.limits import REDIRECTS
from secaudit.probes.http.redirects import BadLocation, next_hop


@dataclass(frozen=True)
class Errand:
    """What a visit is for and how it begins.

    Attributes:
        start: the first address.
        headers: sent with every request of the visit.
        follow: whether redirects are followed.
    """

    purpose: VisitPurpose
    start: Target
    headers: tuple[tuple[str, str], ...]
    method: str = "GET"
    follow: bool = True


def make_visit(
    errand: Errand, gate: Gate, clock: Callable[[], datetime], fetch: Callable[[Ask], HttpExchange]
) -> HttpVisit:
    """Go where the errand begins, follow redirects, and return everything that was seen.

    A visit that ends with `fault` has the exchange that failed as its last one.
    """
    at = clock()
    exchanges: list[HttpExchange] = []
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    jar = VisitJar()
    target = errand.start

    def ended(end: VisitEnd, next_url: str = "", fault: Reason | None = None) -> HttpVisit:
        answered = [e.address for e in exchanges if e.address]
        return HttpVisit(
            target=errand.start.url,
            at=at,
            address=answered[0] if answered else "",
            fault=fault,
            purpose=errand.purpose,
            exchanges=tuple(exchanges),
            end=end,
            next_url=next_url,
        )

    while True:
        cookies = jar.header(target)
        seen.add((target.url, cookies))
        exchange = fetch(Ask(target, errand.method, (*errand.headers, *cookies)))
        exchanges.append(exchange)
        if not head_complete(exchange):
            return ended(VisitEnd.FAULT, fault=exchange.fault)
        jar.keep(target, exchange)
        hop = next_hop(target, exchange.status, exchange.values("location")) if errand.follow else None
        if hop is None:
            return ended(VisitEnd.FINAL)
        if isinstance(hop, BadLocation):
            return ended(VisitEnd.BAD_LOCATION, hop.location)
        # The same address with the same cookies gives the same answer again.
        if (hop.url, jar.header(hop)) in seen:
            return ended(VisitEnd.LOOP, hop.url)
        if len(exchanges) > REDIRECTS:
            return ended(VisitEnd.TOO_MANY, hop.url)
        if not _may_follow(gate, exchange.address, hop):
            return ended(VisitEnd.OFF_SCOPE, hop.url)
        target = hop


def _may_follow(gate: Gate, here: str, hop: Target) -> bool:
    """Tell whether a redirect may be followed: the gate decides, but a public page never leads to loopback.

    Loopback needs no permission when the officer names it; a server elsewhere must not be able to aim the probe at
    the services of the officer's own computer.
    """
    try:
        addresses = gate.addresses(hop.host, hop.port)
    except Refused as refused:
        # A name that no record covers is out of scope whether or not it resolves; a covered one is broken,
        # which the next exchange shows.
        return refused.reason.code == "name-not-resolved" and gate.covering(hop.host, "", hop.port) is not None
    return is_loopback(here) or not any(is_loopback(address) for address in addresses)
