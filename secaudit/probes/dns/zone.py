"""Where a host's zone begins, and which names lie on the way from the host to the root."""

from __future__ import annotations

from secaudit.model.base import Reason
from secaudit.probes.dns.limits import SUFFIXES
from secaudit.probes.dns.stub import Stub


def suffixes(name: str, least: int = 1) -> list[str]:
    """Return `name` and its parents down to `least` labels, longest first; of a very deep name only the last eight.

    >>> suffixes("xa.tinh.gov.vn", least=2)
    ['xa.tinh.gov.vn', 'tinh.gov.vn', 'gov.vn']
    """
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - least + 1)][-SUFFIXES:]


def find_zone(stub: Stub, host: str) -> str | Reason:
    """Return the apex of the zone that `host` lies in, or why it is not known.

    The apex is the nearest name with an SOA record of its own (RFC 1034, section 4.2.1). A top-level domain is
    not taken for the zone of a site.
    """
    names = suffixes(host, least=2)
    stub.prefetch((name, "SOA") for name in names)
    for name in names:
        look = stub.look(name, "SOA")
        if look.fault:
            return look.fault
        if any(record.type == "SOA" and record.name == name for record in look.records):
            return name
    return Reason(code="dns-zone-not-found", params={"host": host})
