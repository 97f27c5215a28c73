"""What a signed zone proves of a name that has no DS record: a delegation without one, or no delegation at all."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from enum import Enum

import dns.dnssec
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.NSEC import NSEC
from dns.rdtypes.ANY.NSEC3 import NSEC3

from secaudit.probes.dns.limits import HASH_ITERATIONS
from secaudit.probes.dns.signatures import Invalid, Unsupported, ZoneKeys, require_signed

_OPT_OUT = 1


class Denial(Enum):
    """What the records prove.

    `CUT` is a delegation to a zone without DS, `NO_CUT` a name inside this very zone, `OPT_OUT` either of them
    (RFC 5155, section 6), `UNPROVEN` nothing.
    """

    CUT = "cut"
    NO_CUT = "no-cut"
    OPT_OUT = "opt-out"
    UNPROVEN = "unproven"


def ds_denial(message: dns.message.Message, name: dns.name.Name, keys: ZoneKeys) -> Denial:
    """Return what the parent zone proves of `name` in its answer to a question for its DS record.

    Only records with a valid signature of the parent zone count (RFC 4035, section 5.4).
    """
    proof = Denial.UNPROVEN
    for rrset in _signed(message, keys):
        for record in rrset:
            said = Denial.UNPROVEN
            if isinstance(record, NSEC):
                said = _nsec(rrset.name, record, name)
            elif isinstance(record, NSEC3):
                said = _nsec3(rrset.name, record, name, keys.zone)
            if said in (Denial.CUT, Denial.NO_CUT):
                return said
            if said is Denial.OPT_OUT:
                proof = said
    return proof


def _signed(message: dns.message.Message, keys: ZoneKeys) -> Iterator[dns.rrset.RRset]:
    for rrset in message.authority[:20]:
        if rrset.rdtype in (dns.rdatatype.NSEC, dns.rdatatype.NSEC3):
            try:
                require_signed(rrset, message.authority, keys)
            except (Invalid, Unsupported):
                continue
            yield rrset


def _by_types(record: NSEC | NSEC3) -> Denial:
    held = {window * 256 + byte * 8 + bit for window, bits in record.windows for byte, value in enumerate(bits)
            for bit in range(8) if value & (0x80 >> bit)}  # fmt: skip
    if dns.rdatatype.DS in held or dns.rdatatype.SOA in held:
        return Denial.UNPROVEN  # it says the opposite, or it is the child's own record
    return Denial.CUT if dns.rdatatype.NS in held else Denial.NO_CUT


def _nsec(owner: dns.name.Name, record: NSEC, name: dns.name.Name) -> Denial:
    if owner == name:
        return _by_types(record)
    # A name without records of its own, with names below it, shows as a gap that ends below it.
    if owner < name and record.next.is_subdomain(name):
        return Denial.NO_CUT
    return Denial.UNPROVEN


def _nsec3(owner: dns.name.Name, record: NSEC3, name: dns.name.Name, zone: dns.name.Name) -> Denial:
    if record.algorithm != 1 or record.iterations > HASH_ITERATIONS or owner.parent() != zone:
        return Denial.UNPROVEN
    hashed = dns.dnssec.nsec3_hash(name, record.salt, record.iterations, 1).rstrip("=").upper()
    start = owner.labels[0].decode("ascii", "replace").upper()
    if start == hashed:
        return _by_types(record)
    end = base64.b32hexencode(record.next).decode("ascii").rstrip("=")
    covers = start < hashed < end if start < end else hashed > start or hashed < end
    return Denial.OPT_OUT if covers and record.flags & _OPT_OUT else Denial.UNPROVEN
