"""What probes return: facts as seen, with time and target, never a judgement.

Every kind carries `fault`: set when the probe could not look, so that checks over it become inconclusive.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from secaudit.model.base import Frozen, Instant, Reason
from secaudit.model.dns_look import DnsLook, ZoneLink
from secaudit.model.exposure_look import ExposureObservation, FileLook, ScriptFileObservation
from secaudit.model.observation_base import ObservationBase

# --- TLS -------------------------------------------------------------------------------------------


class TlsVersion(StrEnum):
    """Protocol versions, oldest first."""

    SSL_2_0 = "SSLv2"
    SSL_3_0 = "SSLv3"
    TLS_1_0 = "TLSv1.0"
    TLS_1_1 = "TLSv1.1"
    TLS_1_2 = "TLSv1.2"
    TLS_1_3 = "TLSv1.3"


class CipherSuite(Frozen):
    """One suite that the server accepted.

    Attributes:
        name: IANA name, for example `TLS_RSA_WITH_AES_128_CBC_SHA`.
        openssl_name: OpenSSL's name of it.
        key_bits: strength of the symmetric key in bits.
        anonymous: no certificate proves the server.
        exchange: `DH`, `ECDH`, … of the ephemeral key, empty where there is none.
        exchange_bits: size of the ephemeral key in bits, 0 where there is none or it is unknown.
        curve: name of the curve, empty where there is none.
    """

    name: str
    openssl_name: str = ""
    key_bits: int = 0
    anonymous: bool = False
    exchange: str = ""
    exchange_bits: int = 0
    curve: str = ""


class VersionLook(Frozen):
    """Which suites of one protocol version the server accepts.

    Attributes:
        accepted: suites accepted, empty when the version is refused.
        offered: how many suites were offered.
        fault: why this version could not be looked at.
    """

    version: TlsVersion
    accepted: tuple[CipherSuite, ...] = ()
    offered: int = 0
    fault: Reason | None = None


class Fact(Frozen):
    """A yes or no as seen; `value` is None, with a fault, when it could not be seen."""

    value: bool | None = None
    fault: Reason | None = None


class TlsObservation(ObservationBase):
    """How one port speaks TLS.

    Attributes:
        sni: server name that was sent, empty for an IP address.
        versions: one look per protocol version.
        heartbleed: vulnerable to CVE-2014-0160.
        ccs_injection: vulnerable to CVE-2014-0224.
        robot: vulnerable to the ROBOT attack; `robot_detail` says how sure.
        secure_renegotiation: RFC 5746 is supported.
        client_renegotiation: the client may renegotiate.
        fallback_scsv: RFC 7507 is supported.
        early_data: TLS 1.3 early data is accepted (RFC 8446, section 8).
        extended_master_secret: RFC 7627 is supported.
        curves: elliptic curves accepted.
        groups: all groups accepted for the key agreement: curves, finite fields, hybrids with ML-KEM.
        groups_fault: why `curves` and `groups` are not known, or not all.
    """

    kind: Literal["tls"] = "tls"
    host: str
    port: int
    sni: str = ""
    versions: tuple[VersionLook, ...] = ()
    compression: Fact = Fact()
    heartbleed: Fact = Fact()
    ccs_injection: Fact = Fact()
    robot: Fact = Fact()
    robot_detail: str = ""
    secure_renegotiation: Fact = Fact()
    client_renegotiation: Fact = Fact()
    fallback_scsv: Fact = Fact()
    early_data: Fact = Fact()
    extended_master_secret: Fact = Fact()
    curves: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    groups_fault: Reason | None = None


class Certificate(Frozen):
    """One X.509 certificate as served (RFC 5280).

    Attributes:
        key_type: `RSA`, `EC`, `Ed25519`, `DSA`, …
        key_bits: size of the key in bits.
        signature_hash: `sha256`, `sha1`, `md5`, … or empty for algorithms without a hash.
        names: DNS names and IP addresses of the subject alternative name.
        sct_count: signed certificate timestamps embedded in the certificate (RFC 6962), None where unreadable.
        ca_issuers: URLs where the issuer's certificate can be had (AIA).
        sha256: fingerprint, hexadecimal.
        fault: set when the certificate could not be parsed; then only `sha256` and `pem` hold.
    """

    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: Instant | None = None
    not_after: Instant | None = None
    key_type: str = ""
    key_bits: int = 0
    signature_hash: str = ""
    names: tuple[str, ...] = ()
    is_ca: bool = False
    self_issued: bool = False
    sct_count: int | None = None
    ca_issuers: tuple[str, ...] = ()
    sha256: str
    pem: str = ""
    fault: Reason | None = None


class TrustLook(Frozen):
    """Whether one trust store builds a path to the certificate.

    Attributes:
        store: name of the trust store, `own` for the file given with `--ca-file`.
        trusted: a path was found, whatever the leaf's own dates, names and key sizes.
        error: the strict validator's own words when it refused.
        issuer_known: the store holds a root with the very name of the issuer that ends the served chain
            (`name`), or at least one of the same organisation (`organisation`).
    """

    store: str
    version: str = ""
    trusted: bool
    error: str = ""
    issuer_known: Literal["name", "organisation", ""] = ""


class CertificateObservation(ObservationBase):
    """The chain that one port serves, leaf first, with every trust store's opinion.

    Attributes:
        hostname_matches: the leaf names the host (RFC 9525); None when it could not be compared.
        chain: certificates as served.
        stapled_sct_count: timestamps delivered by TLS extension or OCSP, None where not looked for.
    """

    kind: Literal["certificate"] = "certificate"
    host: str
    port: int
    sni: str = ""
    chain: tuple[Certificate, ...] = ()
    hostname_matches: bool | None = None
    trust: tuple[TrustLook, ...] = ()
    stapled_sct_count: int | None = None


# --- HTTP ------------------------------------------------------------------------------------------


class HttpExchange(Frozen):
    """One request and its answer, raw.

    Attributes:
        headers: names and values in the order received, nothing merged; undecodable bytes as Latin-1.
        body: the first part of the decoded text.
        body_bytes: bytes received after decompression.
        truncated: a limit on bytes or size cut the body.
        seconds: time from connecting to the last byte.
        fault: why there is no (complete) answer.
    """

    url: str
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    status: int = 0
    http_version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    body_sha256: str = ""
    body_bytes: int = 0
    truncated: bool = False
    seconds: float = 0.0
    fault: Reason | None = None

    def values(self, name: str) -> list[str]:
        """Return all values of header `name`, in order, letter case ignored."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    @property
    def is_html(self) -> bool:
        """Tell whether the answer is an HTML page; without a Content-Type, whether it looks like one."""
        kinds = self.values("content-type")
        return "html" in kinds[0].lower() if kinds else self.body.lstrip()[:1] == "<"


class VisitEnd(StrEnum):
    """How a visit ended."""

    FINAL = "final"
    LOOP = "loop"
    TOO_MANY = "too-many"
    OFF_SCOPE = "off-scope"
    BAD_LOCATION = "bad-location"
    FAULT = "fault"


VisitPurpose = Literal[
    "page-http",
    "page-https",
    "trace",
    "options",
    "cors",
    "home",
    "home-again",
    "as-crawler",
    "as-search-visitor",
    "crawl",
    "no-such-page",
    "robots",
    "sitemap",
    "security-txt",
    "contact-page",
]
"""What a visit was for. Of the crawl: `home` the first page as a browser sees it, `home-again` once more at the end,
`as-crawler` as a search engine's crawler, `as-search-visitor` as somebody who comes from a search engine, `crawl`
another page, `no-such-page` an address that does not exist. Of disclosure: `security-txt` RFC 9116's file,
`contact-page` a page that may tell how to report."""


class HttpVisit(ObservationBase):
    """One visit: the first address, every hop of redirects, and how it ended. `target` is the first URL.

    Attributes:
        purpose: what the visit was for.
        exchanges: every hop in order; the last one is the page when `end` is `final`.
        next_url: where the last redirect pointed when it was not followed.
    """

    kind: Literal["http-visit"] = "http-visit"
    purpose: VisitPurpose
    exchanges: tuple[HttpExchange, ...] = ()
    end: VisitEnd = VisitEnd.FINAL
    next_url: str = ""

    @property
    def page(self) -> HttpExchange | None:
        """Return the final page, or None when the visit did not reach one."""
        return self.exchanges[-1] if self.end is VisitEnd.FINAL and self.exchanges else None


# --- Crawl -----------------------------------------------------------------------------------------


class CrawlObservation(ObservationBase):
    """How a crawl went; the pages themselves are visits. `target` is the first page's URL.

    Attributes:
        pages: pages that answered, the first one included.
        planned: most pages that the profile allows.
        requests: requests sent, redirects, robots.txt and sitemaps included.
        received: bytes of bodies received, after decompression.
        seconds: wall time.
        left: addresses known but not fetched when the crawl ended.
        skipped: how many addresses were not followed, by the phrase code that says why.
        delay: seconds between requests that robots.txt asks for (Crawl-delay), 0 for none.
        stopped: why the crawl ended before `planned` pages or before it knew no more addresses.
        changed: the first page's title or links changed while it was looked at.
    """

    kind: Literal["crawl"] = "crawl"
    pages: int = 0
    planned: int = 0
    requests: int = 0
    received: int = 0
    seconds: float = 0.0
    left: int = 0
    skipped: dict[str, int] = {}
    delay: float = 0.0
    stopped: Reason | None = None
    changed: bool = False


class ScriptHostObservation(ObservationBase):
    """Whether the name of a host that a page loads scripts from still exists. `target` is the host.

    Attributes:
        resolution: `not-looked` carries a fault; `no-address` means that the name exists without an address.
        closest: for `no-such-name`, the longest parent of the name that does exist.
    """

    kind: Literal["script-host"] = "script-host"
    host: str
    resolution: Literal["resolves", "no-such-name", "no-address", "not-looked"] = "not-looked"
    closest: str = ""


# --- Ports -----------------------------------------------------------------------------------------


class PortState(StrEnum):
    """What a port answered: `filtered` means no answer within the time limit."""

    OPEN = "open"
    CLOSED = "closed"
    FILTERED = "filtered"


class PortLook(Frozen):
    """The state of one port."""

    port: int
    state: PortState


class PortScanObservation(ObservationBase):
    """Which ports of one address are open. `target` is the host.

    A fault beside ports that were tried says why the look ended before all were: what stands in `tried` holds.

    Attributes:
        engine: `embedded` or `nmap`.
        tried: ports that were looked at, ascending.
        found: the open and the filtered ones; every other tried port is closed.
        seconds: how long it took.
    """

    kind: Literal["port-scan"] = "port-scan"
    host: str
    protocol: Literal["tcp", "udp"] = "tcp"
    engine: Literal["embedded", "nmap"] = "embedded"
    tried: tuple[int, ...] = ()
    found: tuple[PortLook, ...] = ()
    seconds: float = 0.0


class ServiceObservation(ObservationBase):
    """What speaks on one open port. `target` is `host:port`.

    Attributes:
        service: name such as `ssh`, `http`, `redis`; empty when unknown.
        method: how it was learnt; `number` means guessed from the port number only.
        banner: first bytes as text, control characters escaped.
    """

    kind: Literal["service"] = "service"
    host: str
    port: int
    protocol: Literal["tcp", "udp"] = "tcp"
    service: str = ""
    product: str = ""
    version: str = ""
    method: Literal["nmap", "banner", "site", "number"] = "number"
    banner: str = ""


# --- DNS -------------------------------------------------------------------------------------------


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


# --- Results of other tools --------------------------------------------------------------------------


class ImportedFinding(ObservationBase):
    """What another tool found, in its own words. No check judges it; it stands in the report and serves as evidence.

    Attributes:
        rule: the tool's own id of the rule.
        severity: the tool's own word, empty where it has none.
        evidence: an excerpt of what the tool says shows it, lines of text.
    """

    kind: Literal["imported-finding"] = "imported-finding"
    tool: str
    tool_version: str = ""
    rule: str
    title: str = ""
    severity: str = ""
    evidence: str = ""


Observation = Annotated[
    TlsObservation
    | CertificateObservation
    | HttpVisit
    | PortScanObservation
    | ServiceObservation
    | FileLook
    | ExposureObservation
    | ScriptFileObservation
    | DnsObservation
    | DnssecObservation
    | ZoneTransferObservation
    | CrawlObservation
    | ScriptHostObservation
    | ImportedFinding,
    Field(discriminator="kind"),
]
OBSERVATION: TypeAdapter[Observation] = TypeAdapter(Observation)
"""Reads any observation from JSON by its `kind`."""
