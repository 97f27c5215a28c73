"""The parts of DNS observations: records, questions with their answers, links of the chain of trust."""

from __future__ import annotations

from typing import Literal

from secaudit.model.base import Frozen, Reason


class DnsRecord(Frozen):
    """One resource record (RFC 1035).

    Attributes:
        name: owner, ASCII in lower case, without the last dot.
        type: `A`, `TXT`, `CAA`, …
        data: presentation form; of a TXT record its strings joined (RFC 7208, section 3.3), bytes as Latin-1.
        ttl: seconds.
    """

    name: str
    type: str
    data: str
    ttl: int = 0


class DnsLook(Frozen):
    """One question and what came back, raw.

    Attributes:
        name: owner asked for, ASCII in lower case, without the last dot.
        type: type asked for.
        rcode: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …; of the last name where aliases were followed.
        records: the answer section, aliases (CNAME) included, signatures left out.
        omitted: records beyond the limit that were not kept.
        fault: why there is no usable answer; NXDOMAIN is an answer.
    """

    name: str
    type: str
    rcode: str = ""
    records: tuple[DnsRecord, ...] = ()
    omitted: int = 0
    fault: Reason | None = None

    @property
    def exists(self) -> bool | None:
        """Tell whether the name (behind its aliases) exists; None when nobody could look."""
        return None if self.fault else self.rcode != "NXDOMAIN"

    @property
    def values(self) -> tuple[str, ...]:
        """Return the data of the records of the type asked for."""
        return tuple(record.data for record in self.records if record.type == self.type)

    @property
    def aliases(self) -> tuple[tuple[str, str], ...]:
        """Return the aliases on the way as (name, target), in the order of the answer."""
        return tuple((r.name, r.data.rstrip(".").lower()) for r in self.records if r.type == "CNAME")


class ZoneLink(Frozen):
    """One zone on the way from the trust anchor down to the host's zone.

    Attributes:
        zone: its apex, `.` for the root.
        ds: the parent's DS records, or the anchor's, as `tag algorithm digest-type`.
        keys: the zone's DNSKEY records as `flags algorithm tag`.
        delegation: `anchor`, `signed` (the parent vouches for its key) or `unsigned` (the parent proves that there is
            no DS record).
    """

    zone: str
    ds: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    delegation: Literal["anchor", "signed", "unsigned"] = "signed"
