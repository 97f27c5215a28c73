"""Whether a set of records carries a valid signature of its zone (RFC 4035, section 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.exception import UnsupportedAlgorithm

from secaudit.probes.dns.limits import KEYS


@dataclass(frozen=True)
class ZoneKeys:
    """The keys of one zone, already trusted.

    Attributes:
        zone: its apex.
        keys: its DNSKEY records, or those of them that the parent vouches for.
        at: the moment at which signatures must be in force.
    """

    zone: dns.name.Name
    keys: dns.rrset.RRset
    at: datetime


class Invalid(Exception):
    """A set of records without a valid signature; the message says why, in the validator's words."""


class NoCryptography(Exception):
    """The installed cryptography library does not fit dnspython, which then validates nothing."""


class Unsupported(Exception):
    """A key or signature of a kind that this program cannot compute, or far too many of them."""


def rrset_in(
    section: list[dns.rrset.RRset], name: dns.name.Name, type_: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    """Return the records of one name and type in a section of a message; signatures are other sets."""
    return next((one for one in section if one.name == name and one.rdtype == type_), None)


def require_signed(rrset: dns.rrset.RRset, section: list[dns.rrset.RRset], keys: ZoneKeys) -> None:
    """Return quietly when one signature in `section` over `rrset` is valid under the zone's keys.

    Raises:
        Invalid: none is there, or none is valid now.
        Unsupported: only of a kind that cannot be computed here.
        NoCryptography: nothing can be computed here.
    """
    signatures = [
        signature
        for one in section
        if one.name == rrset.name and one.rdtype == dns.rdatatype.RRSIG and one.covers == rrset.rdtype
        for signature in one
        if signature.signer == keys.zone
    ]
    what = f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)}"
    if not signatures:
        raise Invalid(f"no signature over {what}")
    if len(signatures) > KEYS or len(keys.keys) > KEYS:
        raise Unsupported(f"too many keys or signatures for {what}")
    error = ""
    unsupported = 0
    for signature in signatures:
        try:
            dns.dnssec.validate_rrsig(rrset, signature, {keys.zone: keys.keys}, now=keys.at.timestamp())
        except UnsupportedAlgorithm:
            unsupported += 1
        except ImportError:  # dnspython does without a cryptography library that is too old for it
            raise NoCryptography from None
        except (dns.exception.DNSException, ValueError) as failure:
            error = str(failure)
        else:
            return
    if unsupported == len(signatures):
        raise Unsupported(f"signature algorithm over {what}")
    raise Invalid(f"signature over {what}: {error}")
