"""Answers of the DNS about a name, its chain of trust and zone transfers, as seen."""

from __future__ import annotations

from typing import Literal

from secaudit.model.dns_look import DnsLook, ZoneLink
from secaudit.model.observation_base import ObservationBase


class DnsObservation(ObservationBase):
    """What a recursive resolver says of a host and of the zone that it lies in. `target` is the host.

    Attributes:
        zone: apex of the zone, ASCII without the last dot; empty where it was not found.
        mail_domain: the name that mail of this site would come from: the host without a leading `www`.
        resolver: IP address of the server that was asked, empty where there is none.
        looks: every question with its answer, in the order first asked; a question stands once.
    """

    kind: Literal["dns"] = "dns"
    host: str
    zone: str = ""
    mail_domain: str = ""
    resolver: str = ""
    looks: tuple[DnsLook, ...] = ()

    def look(self, name: str, type_: str) -> DnsLook | None:
        """Return the answer to one question, letter case ignored, or None when it was not asked."""
        wanted = name.lower()
        return next((one for one in self.looks if one.name == wanted and one.type == type_), None)


class DnssecObservation(ObservationBase):
    """Whether a chain of signatures leads from the trust anchor to the host (RFC 4035). `target` is the zone.

    Attributes:
        links: the zones on the way, the anchor's first.
        state: security status in the words of RFC 4035, section 4.3; None with a fault where it stays unknown.
        broken_at: the zone where the chain ends; empty when it is whole.
        error: the validator's own words, in English.
    """

    kind: Literal["dnssec"] = "dnssec"
    host: str
    zone: str
    links: tuple[ZoneLink, ...] = ()
    state: Literal["secure", "insecure", "bogus"] | None = None
    broken_at: str = ""
    error: str = ""


class ZoneTransferObservation(ObservationBase):
    """What one nameserver answers to a request for the whole zone (RFC 5936). `target` is the zone.

    Attributes:
        open: records of the zone were handed out; None, with a fault, when nobody could look.
        records: how many records were read before the connection was closed; the content is not kept.
        types: their types.
        answer: the server's answer code (`NOERROR`, `REFUSED`, …), or `connection-refused`, `connection-closed`.
    """

    kind: Literal["zone-transfer"] = "zone-transfer"
    zone: str
    nameserver: str
    open: bool | None = None
    records: int = 0
    types: tuple[str, ...] = ()
    answer: str = ""
