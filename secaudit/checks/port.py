"""Checks over open ports: services that have no business being reachable by everyone.

Which ports count as what is data here (`KINDS`). A port counts by what was seen to speak there; only where nothing
was recognised does its number decide. The site's own http and https ports are never faults.

UDP is judged where it was looked at: SNMP, a memcached that answers datagrams, and anything else that is not meant
to be open. There silence is no answer to "is it open?", so `port.snmp` does not pass on it.

The list of allowed ports silences `port.unexpected` and `port.ssh`: administration over SSH is a decision that an
office may take. It silences nothing else: a database that is meant to be open to everyone is open all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.checks.registry import Verdict, check, failed, inconclusive, passed
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import PortScanObservation, PortState, ServiceObservation
from secaudit.model.scan import http_address, https_address
from secaudit.model.target import host_port

PROBES = ("ports",)


@dataclass(frozen=True)
class Kind:
    """One kind of service.

    Attributes:
        numbers: ports that count as this kind unless something else is seen to speak there; all of them must have
            been looked at before the check may pass.
        services: names of the service as nmap or the banner gives them.
        products: words of a product's name, in lower case, for services that speak plain http.
        over_http: those of `numbers` where http is what such a service speaks.
    """

    numbers: frozenset[int]
    services: frozenset[str]
    products: tuple[str, ...] = ()
    over_http: frozenset[int] = frozenset()


def _kind(
    numbers: set[int], services: set[str], products: tuple[str, ...] = (), over_http: set[int] | None = None
) -> Kind:
    return Kind(frozenset(numbers), frozenset(services), products, frozenset(over_http or ()))


KINDS = {
    "port.telnet": _kind({23}, {"telnet", "telnets"}),
    "port.ftp": _kind({21}, {"ftp", "ftps", "ftp-proxy"}),
    "port.smb": _kind({139, 445}, {"microsoft-ds", "netbios-ssn", "smb"}),
    "port.rdp": _kind({3389}, {"ms-wbt-server", "ms-term-serv", "rdp"}),
    "port.vnc": _kind({5800, 5900, 5901}, {"vnc", "vnc-http", "rfb"}, over_http={5800}),
    "port.ssh": _kind({22}, {"ssh"}),
    "port.database": _kind(
        {
            1433, 1434, 1521, 2379, 3050, 3306, 5432, 5433, 5984, 6984, 7474, 7687, 8086, 8123, 8529, 9042, 9160,
            9200, 9300, 27017, 27018, 27019, 28015, 33060, 50000,
        },
        {
            "arangodb", "cassandra", "cassandra-native", "clickhouse", "couchdb", "db2", "drda", "elasticsearch",
            "etcd", "firebird", "firebirdsql", "ibm-db2", "influxdb", "informix", "mongod", "mongodb", "ms-sql-m",
            "ms-sql-s", "mysql", "mysqlx", "neo4j", "oracle", "oracle-tns", "pgbouncer", "postgresql",
            "rethinkdb", "sybase",
        },
        (
            "arangodb", "clickhouse", "couchdb", "elasticsearch", "etcd", "influxdb", "mongodb", "neo4j",
            "opensearch", "rethinkdb", "solr",
        ),
        {2379, 5984, 6984, 7474, 8086, 8123, 8529, 9200},
    ),
    "port.cache": _kind({6379, 6380, 11211, 26379}, {"memcache", "memcached", "redis", "redis-sentinel"}),
    # 465, 993 and 995 begin with TLS, and 587 is where people hand in mail with STARTTLS (RFC 8314).
    "port.mail-plain": _kind({25, 106, 110, 143}, {"imap", "lmtp", "pop3", "pop3pw", "smtp", "smtp-proxy"}),
}  # fmt: skip
"""The kinds that are judged over TCP, by the check's id."""

MAIL_BESIDE_PLAIN = frozenset({465, 587, 993, 995})
"""Mail ports on which an answer in plain words does not mean that mail goes in plain."""
_SILENCED_BY_ALLOWED = ("port.unexpected", "port.ssh")
_SNMP_PORT = 161
_CACHE_UDP_PORT = 11211


@dataclass(frozen=True)
class _Open:
    """One open port of the host, with what is known of it at each address."""

    port: int
    addresses: tuple[str, ...]
    services: tuple[ServiceObservation, ...]
    protocol: str = "tcp"

    @property
    def place(self) -> str:
        """Return the port as findings name it: `23`, `161/udp`."""
        return str(self.port) if self.protocol == "tcp" else f"{self.port}/{self.protocol}"

    def is_a(self, check_id: str, kind: Kind) -> bool:
        """Tell whether the port counts as that kind at any of its addresses."""
        if check_id == "port.mail-plain" and self.port in MAIL_BESIDE_PLAIN:
            return False
        seen = {service.address: service for service in self.services}
        return any(_counts(kind, self.port, seen.get(address)) for address in self.addresses)

    def evidence(self) -> dict[str, Json]:
        """Return the facts that a person can verify."""
        evidence: dict[str, Json] = {"port": self.port, "addresses": list(self.addresses)}
        if self.protocol != "tcp":
            evidence["protocol"] = self.protocol
        best = max(self.services, key=lambda s: (s.method != "number", bool(s.product)), default=None)
        if best is not None:
            named = {
                "service": best.service,
                "product": best.product,
                "version": best.version,
                "banner": best.banner,
            }
            evidence |= {name: value for name, value in named.items() if value}
            evidence["method"] = best.method
        return evidence


def _counts(kind: Kind, port: int, service: ServiceObservation | None) -> bool:
    if service is None or service.method == "number" or not service.service:
        return port in kind.numbers
    name = service.service.removeprefix("ssl/")
    product = service.product.lower()
    if name in kind.services or any(word in product for word in kind.products):
        return True
    # A product known to be something else, such as a web server, is no database for standing on its number.
    return name in ("http", "https") and port in kind.over_http and not product


def _scans(view: View, protocol: str = "tcp") -> list[PortScanObservation]:
    return [scan for scan in view.seen(PortScanObservation) if scan.protocol == protocol]


def _open_ports(view: View, protocol: str = "tcp") -> list[_Open]:
    """Return the open ports of the host, ascending, without the site's own."""
    own = {http_address(view.target, view.options)[1], https_address(view.target, view.options)[1]}
    addresses: dict[int, list[str]] = {}
    for scan in _scans(view, protocol):
        for look in scan.found:
            if look.state is PortState.OPEN and not (protocol == "tcp" and look.port in own):
                addresses.setdefault(look.port, []).append(scan.address)
    services = [service for service in view.seen(ServiceObservation) if service.protocol == protocol]
    return [
        _Open(port, tuple(where), tuple(s for s in services if s.port == port), protocol)
        for port, where in sorted(addresses.items())
    ]


def _not_seen(view: View, numbers: frozenset[int], protocol: str = "tcp") -> Reason | None:
    """Return why not all of `numbers` were looked at on every address of the host, None when all were.

    Without numbers: why the look was not complete.
    """
    scans = _scans(view, protocol)
    if not scans:
        return view.why_nothing(PortScanObservation)
    for scan in scans:
        missing = sorted(numbers - set(scan.tried))
        if scan.fault is not None and (missing or not numbers):
            return scan.fault
        if missing:
            shown = ", ".join(str(port) for port in missing)
            return Reason(code="ports-not-looked-at", params={"address": scan.address, "ports": shown})
    return None


def _not_identified(view: View) -> Reason | None:
    """Return that identification ended before every open port had its turn, None when it did not."""
    nameless = [str(port.port) for port in _open_ports(view) if len(port.services) < len(port.addresses)]
    if not nameless:
        return None
    return Reason(code="services-not-identified", params={"ports": ", ".join(nameless)})


def _looked(view: View, numbers: frozenset[int], protocol: str) -> dict[str, Json]:
    """Return what was looked at, for a verdict that nothing was found."""
    scans = _scans(view, protocol)
    silent = {look.port for s in scans for look in s.found if look.state is PortState.FILTERED}
    evidence: dict[str, Json] = {"addresses": [scan.address for scan in scans]}
    if numbers:
        evidence["ports"] = list[Json](sorted(numbers))
        evidence["no_answer"] = list[Json](sorted(numbers & silent))
    else:
        evidence["ports_tried"] = len({port for scan in scans for port in scan.tried})
    return evidence


def _judge(
    view: View, faults: list[_Open], why_unsure: Reason | None, numbers: frozenset[int], protocol: str = "tcp"
) -> Iterator[Verdict]:
    """Yield a failure for each fault; where part of the host was not seen, that too; else a pass."""
    for fault in faults:
        yield failed(host_port(view.target.host, fault.port), place=fault.place, **fault.evidence())
    if why_unsure is not None:
        yield inconclusive(view.target.host, why_unsure)
    elif not faults:
        yield passed(view.target.host, **_looked(view, numbers, protocol))


def _judge_kind(view: View, check_id: str) -> Iterator[Verdict]:
    kind = KINDS[check_id]
    silenced = set(view.options.allowed_ports) if check_id in _SILENCED_BY_ALLOWED else set()
    faults = [port for port in _open_ports(view) if port.port not in silenced and port.is_a(check_id, kind)]
    if check_id == "port.cache":
        faults += [port for port in _open_ports(view, "udp") if port.port == _CACHE_UDP_PORT]
    why_unsure = _not_seen(view, kind.numbers - silenced) or _not_identified(view)
    return _judge(view, faults, why_unsure, kind.numbers)


def _register(check_id: str) -> None:
    @check(check_id)
    def rule(view: View) -> Iterator[Verdict]:
        return _judge_kind(view, check_id)


for _check_id in KINDS:
    _register(_check_id)


@check("port.snmp")
def snmp(view: View) -> Iterator[Verdict]:
    """SNMP answers on UDP port 161; without a look at UDP, or where that meets silence, nobody can say."""
    over_tcp = [
        port for port in _open_ports(view)
        if any(s.method != "number" and s.service == "snmp" for s in port.services)
    ]  # fmt: skip
    over_udp = [port for port in _open_ports(view, "udp") if port.port == _SNMP_PORT]
    numbers = frozenset({_SNMP_PORT})
    if _scans(view, "udp"):
        why_unsure = _not_seen(view, numbers, "udp") or _silent(view, _SNMP_PORT)
    else:
        why_unsure = Reason(code="udp-not-looked-at", params={"host": view.target.host, "port": _SNMP_PORT})
    return _judge(view, over_udp + over_tcp, why_unsure, numbers, "udp")


def _silent(view: View, port: int) -> Reason | None:
    """Return that a UDP port gave no answer on an address: it may be shut off, or may not answer strangers."""
    for scan in _scans(view, "udp"):
        if any(look.port == port and look.state is PortState.FILTERED for look in scan.found):
            return Reason(code="udp-silent", params={"address": scan.address, "port": port})
    return None


@check("port.unexpected")
def unexpected(view: View) -> Iterator[Verdict]:
    """Open, neither the site's own nor on its list of allowed ports."""
    allowed = set(view.options.allowed_ports)
    both = _open_ports(view) + _open_ports(view, "udp")
    faults = [port for port in both if port.port not in allowed]
    return _judge(view, faults, _not_seen(view, frozenset()), frozenset())
