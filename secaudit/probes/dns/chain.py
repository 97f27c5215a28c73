"""The chain of trust from an anchor down to a host, validated here and not by the resolver (RFC 4035, section 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import dns.dnssec
import dns.exception
import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from secaudit.model.base import Reason
from secaudit.model.dns_look import ZoneLink
from secaudit.model.observation import DnssecObservation
from secaudit.probes.dns.denial import Denial, ds_denial
from secaudit.probes.dns.limits import KEYS
from secaudit.probes.dns.signatures import Invalid, NoCryptography, Unsupported, ZoneKeys, require_signed, rrset_in
from secaudit.probes.dns.stub import Question, Reply, Stub, plain_name
from secaudit.probes.dns.zone import suffixes

ROOT_ANCHORS = (
    "20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    "38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
)
"""Keys of the root zone as IANA publishes them (KSK-2017 and KSK-2024), in the form of DS records."""

_DIGESTS = frozenset({1, 2, 4})
"""SHA-1, SHA-256, SHA-384 (RFC 4034, RFC 4509, RFC 6605)."""
Anchors = Mapping[str, Sequence[str]]
"""Zone to its trust anchors; `.` for the root."""


class _Unknown(Exception):
    """The status cannot be determined.

    Attributes:
        fault: why.
    """

    def __init__(self, fault: Reason) -> None:
        super().__init__(fault.code)
        self.fault = fault


class _Ended(Exception):
    """The chain ends above the host."""

    def __init__(self, state: str, zone: str, error: str = "") -> None:
        super().__init__(error)
        self.state, self.zone, self.error = state, zone, error


@dataclass
class _Walk:
    stub: Stub
    host: str
    zone: str
    at: datetime
    links: list[ZoneLink] = field(default_factory=list)


def chain_questions(host: str) -> list[Question]:
    """Return the questions that `chain_of_trust` will need, so that they can be put side by side."""
    names = suffixes(host)
    return [(".", "DNSKEY"), *((name, type_) for name in names for type_ in ("DS", "DNSKEY"))]


def chain_of_trust(stub: Stub, host: str, zone: str, anchors: Anchors, at: datetime) -> DnssecObservation:
    """Follow the chain from the anchor of the root to `host` in `zone` and return how far it holds.

    Args:
        stub: where to ask.
        host: the name whose records must be signed in the end.
        zone: apex of its zone.
        anchors: what is trusted to begin with.
        at: the moment at which signatures must be in force.
    """
    walk = _Walk(stub, host, zone, at)
    update: dict[str, object]
    try:
        _follow(walk, anchors)
        update = {"state": "secure"}
    except _Unknown as unknown:
        update = {"fault": unknown.fault}
    except NoCryptography:
        update = {"fault": Reason(code="dnssec-no-cryptography")}
    except _Ended as ended:
        update = {"state": ended.state, "broken_at": ended.zone, "error": ended.error[:300]}
    seen = DnssecObservation(target=zone, at=at, host=host, zone=zone, links=tuple(walk.links))
    return seen.model_copy(update=update)


def _follow(walk: _Walk, anchors: Anchors) -> None:
    keys = _root(walk, anchors.get(".", ()))
    for name in reversed(suffixes(walk.zone)):
        keys = _descend(walk, name, keys)
    if keys.zone != dns.name.from_text(walk.zone):
        raise _Unknown(Reason(code="dnssec-denial-not-proven", params={"zone": walk.zone}))
    _host_signed(walk, keys)


def _root(walk: _Walk, anchors: Sequence[str]) -> ZoneKeys:
    """Return the root's keys. A fault here says nothing of the site: it is the resolver, or this computer's clock."""
    reply = _asked(walk.stub.ask(".", "DNSKEY"))
    found = rrset_in(reply.answer, dns.name.root, dns.rdatatype.DNSKEY)
    if found is None or not any(one.rdtype == dns.rdatatype.RRSIG for one in reply.answer):
        raise _Unknown(Reason(code="dnssec-not-passed"))
    ds = dns.rrset.from_text_list(dns.name.root, 0, "IN", "DS", list(anchors))
    try:
        return _vouched(walk, dns.name.root, ds, reply, "anchor")
    except (Invalid, Unsupported) as error:
        raise _Unknown(Reason(code="dnssec-root-mismatch", params={"detail": str(error)[:120]})) from None


def _descend(walk: _Walk, name: str, parent: ZoneKeys) -> ZoneKeys:
    """Return the keys that hold at `name`: those of the zone that begins there, or the parent's when none does."""
    owner = dns.name.from_text(name)
    reply = _asked(walk.stub.ask(name, "DS"))
    ds = rrset_in(reply.answer, owner, dns.rdatatype.DS)
    try:
        if ds is not None:
            require_signed(ds, reply.answer, parent)
            return _vouched(walk, owner, ds, _asked(walk.stub.ask(name, "DNSKEY")), "signed")
    except Invalid as error:
        raise _Ended("bogus", name, str(error)) from None
    except Unsupported as error:
        raise _Unknown(Reason(code="dnssec-unsupported", params={"zone": name, "detail": str(error)[:120]})) from None
    denial = ds_denial(reply, owner, parent)
    if denial is Denial.OPT_OUT:
        look = walk.stub.look(name, "SOA")
        if look.fault:
            raise _Unknown(look.fault)
        cut = any(record.type == "SOA" and record.name == name for record in look.records)
        denial = Denial.CUT if cut else Denial.NO_CUT
    if denial is Denial.UNPROVEN:
        raise _Unknown(Reason(code="dnssec-denial-not-proven", params={"zone": name}))
    if denial is Denial.CUT:
        walk.links.append(ZoneLink(zone=name, delegation="unsigned"))
        raise _Ended("insecure", name, f"no DS record for {name} in its parent zone")
    return parent


def _vouched(
    walk: _Walk, owner: dns.name.Name, ds: dns.rrset.RRset, reply: dns.message.Message, delegation: str
) -> ZoneKeys:
    """Return the zone's keys once one of them is the one that `ds` names and has signed them all.

    Raises:
        Invalid: no key matches, or its signature does not hold.
        Unsupported: the DS records name only kinds that cannot be computed here.
    """
    found = rrset_in(reply.answer, owner, dns.rdatatype.DNSKEY)
    link = ZoneLink(
        zone=plain_name(str(owner)),
        ds=tuple(f"{one.key_tag} {int(one.algorithm)} {int(one.digest_type)}" for one in list(ds)[:KEYS]),
        keys=tuple(f"{key.flags} {int(key.algorithm)} {dns.dnssec.key_id(key)}" for key in list(found or [])[:KEYS]),
        delegation="anchor" if delegation == "anchor" else "signed",
    )
    walk.links.append(link)
    if found is None:
        raise Invalid(f"{owner} has a DS record but no DNSKEY record")
    if len(found) > KEYS or len(ds) > KEYS:
        raise Unsupported("too many keys")
    if all(one.digest_type not in _DIGESTS for one in ds):
        raise Unsupported(f"DS digest type of {owner}")
    trusted = [key for key in found if any(_matches(owner, key, one) for one in ds)]
    if not trusted:
        raise Invalid(f"no key of {owner} matches its DS record")
    entry = dns.rrset.from_rdata_list(owner, 0, trusted)
    require_signed(found, reply.answer, ZoneKeys(owner, entry, walk.at))
    return ZoneKeys(owner, found, walk.at)


def _matches(owner: dns.name.Name, key: DNSKEY, ds: DS) -> bool:
    if ds.digest_type not in _DIGESTS or ds.key_tag != dns.dnssec.key_id(key) or ds.algorithm != key.algorithm:
        return False
    return bool(dns.dnssec.make_ds(owner, key, ds.digest_type, validating=True).digest == ds.digest)


def _host_signed(walk: _Walk, keys: ZoneKeys) -> None:
    """Check the host's own records, or the zone's SOA record where the host has none that lie in this zone."""
    owner = dns.name.from_text(walk.host)
    for type_ in ("A", "AAAA"):
        reply = _asked(walk.stub.ask(walk.host, type_))
        wanted = (dns.rdatatype.from_text(type_), dns.rdatatype.CNAME)
        sets = [one for kind in wanted if (one := rrset_in(reply.answer, owner, kind)) is not None]
        for rrset in sets:
            _require(walk, rrset, reply, keys)
        if sets:
            return
    apex = dns.name.from_text(walk.zone)
    reply = _asked(walk.stub.ask(walk.zone, "SOA"))
    soa = rrset_in(reply.answer, apex, dns.rdatatype.SOA)
    if soa is None:
        raise _Unknown(Reason(code="dns-zone-not-found", params={"host": walk.host}))
    _require(walk, soa, reply, keys)


def _require(walk: _Walk, rrset: dns.rrset.RRset, reply: dns.message.Message, keys: ZoneKeys) -> None:
    try:
        require_signed(rrset, reply.answer, keys)
    except Invalid as error:
        raise _Ended("bogus", walk.zone, str(error)) from None
    except Unsupported as error:
        detail = str(error)[:120]
        raise _Unknown(Reason(code="dnssec-unsupported", params={"zone": walk.zone, "detail": detail})) from None


def _asked(reply: Reply) -> dns.message.Message:
    if reply.message is None:
        raise _Unknown(reply.look.fault or Reason(code="dnssec-not-passed"))
    return reply.message
