"""Tables of what was seen: ports, certificates, TLS versions, and which web server it is. Facts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from secaudit.model.base import Reason, Text
from secaudit.model.observation import (
    Certificate,
    CertificateObservation,
    HttpVisit,
    PortScanObservation,
    PortState,
    ServiceObservation,
    TlsObservation,
)
from secaudit.model.organisation import Site
from secaudit.model.scan import Scan, http_address, https_address
from secaudit.model.target import host_port
from secaudit.report.bounds import bounded
from secaudit.report.model import ServerKind
from secaudit.report.observed_model import CertificateEntry, PortEntry, PortScanEntry, TlsEntry

Phrase = Callable[[Reason, str], str]
NAME_LIMIT = 8
"""Names of one certificate that are shown."""


def said(reason: Reason | None, phrase: Phrase) -> Text | None:
    """Return the wording of a reason in both languages, bounded; None for no reason."""
    if reason is None:
        return None
    return Text(vi=bounded(phrase(reason, "vi"), 400), en=bounded(phrase(reason, "en"), 400))


def port_scans(scan: Scan, phrase: Phrase) -> tuple[PortScanEntry, ...]:
    """Return one entry for each host and protocol whose ports were looked at."""
    entries = []
    for seen in scan.observations:
        if isinstance(seen, PortScanObservation):
            states = Counter(look.state for look in seen.found)
            states[PortState.CLOSED] += max(0, len(seen.tried) - sum(states.values()))
            entries.append(
                PortScanEntry(
                    host=bounded(seen.host),
                    address=seen.address,
                    protocol=seen.protocol,
                    engine=seen.engine,
                    tried=len(seen.tried),
                    states={state: states[state] for state in PortState},
                    seconds=seen.seconds,
                    fault=said(seen.fault, phrase),
                )
            )
    return tuple(entries)


def open_ports(scan: Scan, site: Site) -> tuple[PortEntry, ...]:
    """Return the open ports with what speaks on them, ascending by host and port."""
    services = {(s.host, s.protocol, s.port): s for s in scan.observations if isinstance(s, ServiceObservation)}
    keys = set(services)
    for seen in scan.observations:
        if isinstance(seen, PortScanObservation):
            keys |= {(seen.host, seen.protocol, look.port) for look in seen.found if look.state is PortState.OPEN}
    own = {http_address(scan.target, scan.options)[1], https_address(scan.target, scan.options)[1]}
    expected = own | set(site.allowed_ports) | set(scan.options.allowed_ports)
    return tuple(_port(key, services.get(key), key[2] in expected) for key in sorted(keys))


def _port(key: tuple[str, str, int], service: ServiceObservation | None, expected: bool) -> PortEntry:
    host, protocol, port = key
    return PortEntry(
        host=bounded(host),
        port=port,
        protocol=protocol,
        service=bounded(service.service, 60) if service else "",
        product=bounded(service.product or service.banner, 120) if service else "",
        version=bounded(service.version, 60) if service else "",
        method=service.method if service else "",
        expected=expected,
    )


def certificates(scan: Scan, phrase: Phrase) -> tuple[CertificateEntry, ...]:
    """Return the chain of each endpoint, leaf first; an endpoint without one keeps its reason."""
    entries = []
    for seen in scan.observations:
        if isinstance(seen, CertificateObservation):
            endpoint = host_port(bounded(seen.host), seen.port)
            if not seen.chain:
                entries.append(_no_certificate(endpoint, said(seen.fault, phrase)))
            for position, certificate in enumerate(seen.chain):
                entry = _certificate(certificate, scan.started_at, phrase)
                placed: dict[str, object] = {"endpoint": endpoint, "position": position}
                if position == 0:
                    placed["hostname_matches"] = seen.hostname_matches
                    placed["trust"] = {bounded(look.store, 60): look.trusted for look in seen.trust}
                entries.append(entry.model_copy(update=placed))
    return tuple(entries)


def _no_certificate(endpoint: str, fault: Text | None) -> CertificateEntry:
    return CertificateEntry(endpoint=endpoint, position=0, fault=fault)


def _certificate(certificate: Certificate, at: datetime, phrase: Phrase) -> CertificateEntry:
    ends = certificate.not_after
    return CertificateEntry(
        endpoint="",
        position=0,
        subject=bounded(certificate.subject),
        issuer=bounded(certificate.issuer),
        names=tuple(bounded(name, 120) for name in certificate.names[:NAME_LIMIT]),
        names_omitted=max(0, len(certificate.names) - NAME_LIMIT),
        not_before=certificate.not_before,
        not_after=ends,
        days_left=(ends - at).days if ends else None,
        key=bounded(f"{certificate.key_type} {certificate.key_bits}", 60) if certificate.key_type else "",
        signature=bounded(certificate.signature_hash, 60),
        sha256=certificate.sha256,
        fault=said(certificate.fault, phrase),
    )


def tls_versions(scan: Scan, phrase: Phrase) -> tuple[TlsEntry, ...]:
    """Return for each endpoint which protocol versions it speaks, as the probe listed them."""
    entries = []
    for seen in scan.observations:
        if isinstance(seen, TlsObservation):
            endpoint = host_port(bounded(seen.host), seen.port)
            if not seen.versions:
                fault = said(seen.fault, phrase)
                entries.append(TlsEntry(endpoint=endpoint, version=None, accepted=None, fault=fault))
            entries += [
                TlsEntry(
                    endpoint=endpoint,
                    version=look.version,
                    accepted=True if look.accepted else None if look.fault else False,
                    suites=len(look.accepted),
                    fault=said(look.fault, phrase),
                )
                for look in seen.versions
            ]
    return tuple(entries)


def addresses(scan: Scan) -> tuple[str, ...]:
    """Return the IP addresses that answered, in the order seen."""
    return tuple(dict.fromkeys(seen.address for seen in scan.observations if seen.address))


def server_kind(scan: Scan) -> ServerKind:
    """Return which web server answers, by its own words; empty when it does not say or says several things."""
    own = {http_address(scan.target, scan.options)[1], https_address(scan.target, scan.options)[1]}
    words = [s.product for s in scan.observations if isinstance(s, ServiceObservation) and s.port in own]
    for visit in scan.observations:
        if isinstance(visit, HttpVisit) and visit.page:
            words += visit.page.values("server")
    kinds = {kind for word in words if (kind := _kind(word))}
    return kinds.pop() if len(kinds) == 1 else ""


def _kind(words: str) -> ServerKind:
    text = words.lower()
    if "nginx" in text or "openresty" in text:
        return "nginx"
    if "apache" in text and "coyote" not in text:
        return "apache"
    return "iis" if "microsoft-iis" in text or "microsoft iis" in text else ""


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """Return the items without repetition, in order."""
    return tuple(dict.fromkeys(items))


def distinct_texts(texts: Sequence[Text]) -> tuple[Text, ...]:
    """Return the texts without repetition, in order."""
    return tuple({(text.vi, text.en): text for text in texts}.values())
