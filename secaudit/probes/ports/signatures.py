"""What a server's first bytes say of it. Pure: bytes in, name, product and version out.

Only what servers say of themselves in clear words or by an unmistakable form is used; anything else stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADER = re.compile(rb"(?im)^([A-Za-z0-9-]+):[ \t]*([^\r\n]*)")
_PRODUCT = re.compile(r"([A-Za-z][\w.+ -]*?)[/ _]v?(\d[\w.+~-]*)")
_OVER_TLS = {"http": "https", "smtp": "smtps", "imap": "imaps", "pop3": "pop3s", "ftp": "ftps", "": "ssl"}


@dataclass(frozen=True)
class Recognised:
    """What was recognised; empty strings where nothing was."""

    service: str = ""
    product: str = ""
    version: str = ""


NOTHING = Recognised()


@dataclass(frozen=True)
class _Signature:
    """A pattern at the start of what was received; its groups `product` and `version` are optional."""

    service: str
    pattern: re.Pattern[bytes]
    product: str = ""


def _signature(service: str, pattern: bytes, product: str = "") -> _Signature:
    return _Signature(service, re.compile(pattern, re.DOTALL | re.IGNORECASE), product)


_SIGNATURES = (
    # RFC 4253, section 4.2: SSH-protoversion-softwareversion
    _signature("ssh", rb"SSH-[\d.]+-(?P<product>[A-Za-z][^_\s-]*)[_-](?P<version>[\w.]+)"),
    _signature("ssh", rb"SSH-[\d.]+-(?P<product>[^\r\n]*)"),
    # RFC 6143, section 7.1.1
    _signature("vnc", rb"RFB (?P<version>\d{3}\.\d{3})\n"),
    # MySQL protocol 10 handshake, or its error packet for a client that is not welcome
    _signature("mysql", rb".{3}\x00\x0a(?:5\.5\.5-)?(?P<version>[\d.]+)-(?P<product>MariaDB)"),
    _signature("mysql", rb".{3}\x00\x0a(?P<version>\d[\w.+~-]*)\x00"),
    _signature("mysql", rb".{3}\x00\xff..[^\x00]{0,300}(?P<product>MariaDB|MySQL)"),
    _signature("ftp", rb"220[ -][^\r\n]*?(?P<product>vsFTPd|ProFTPD|Pure-FTPd|FileZilla Server|Microsoft FTP)"
                      rb"(?:[ :]+v?(?P<version>\d[\w.]*))?"),
    _signature("ftp", rb"220[ -][^\r\n]*\bftp\b"),
    _signature("ftp", rb"500 OOPS: (?P<product>vsftpd)"),
    _signature("smtp", rb"(?:220|554)[ -][^\r\n]*?(?P<product>Postfix|Exim|Sendmail|Microsoft ESMTP)"
                       rb"(?:[ /]+(?P<version>\d[\w.]*))?"),
    _signature("smtp", rb"220[ -][^\r\n]*\bE?SMTP\b"),
    _signature("pop3", rb"\+OK(?:[^\r\n]*?(?P<product>Dovecot|Cyrus))?"),
    _signature("imap", rb"\* (?:OK|PREAUTH|BYE)\b(?:[^\r\n]*?(?P<product>Dovecot|Cyrus|Courier))?"),
    # RFC 854: IAC WILL, WONT, DO or DONT comes before anything else
    _signature("telnet", rb"(?:\xff[\xfb-\xfe].)+"),
    _signature("rsync", rb"@RSYNCD: (?P<version>[\d.]+)", "rsync"),
    _signature("redis", rb"-(?:ERR unknown command|ERR wrong number|NOAUTH|DENIED Redis|MISCONF|LOADING)"),
    _signature("memcached", rb"ERROR\r\n"),
    _signature("mongodb", rb".{0,200}access MongoDB over HTTP"),
    _signature("rtsp", rb"RTSP/1\.\d "),
    _signature("sip", rb"SIP/2\.\d "),
    _signature("amqp", rb"AMQP\x00"),
    _signature("nats", rb"INFO \{[^\r\n]*?\"version\":\"(?P<version>[\d.]+)", "NATS"),
    _signature("ms-wbt-server", rb"\x03\x00\x00.\x0e\xd0"),
)  # fmt: skip

_SAID_BY_HEADER = (
    (b"x-elastic-product", "elasticsearch", "Elasticsearch"),
    (b"x-influxdb-version", "influxdb", "InfluxDB"),
    (b"x-clickhouse-server-display-name", "clickhouse", "ClickHouse"),
    (b"x-couchdb-body-time", "couchdb", "CouchDB"),
)
_SAID_BY_SERVER = {"couchdb": "couchdb", "docker": "docker", "etcd": "etcd"}


def recognise(received: bytes) -> Recognised:
    """Return what the received bytes say, unsolicited or as the answer to `HEAD / HTTP/1.0`."""
    if received.startswith(b"HTTP/"):
        return _http(received)
    for signature in _SIGNATURES:
        if match := signature.pattern.match(received):
            said = {name: (value or b"").decode("latin-1") for name, value in match.groupdict().items()}
            product = said.get("product", "").strip() or signature.product
            return Recognised(signature.service, product, said.get("version", ""))
    return NOTHING


def over_tls(recognised: Recognised) -> Recognised:
    """Return the same with the service's name as it is called inside TLS (`https`, `imaps`, …)."""
    service = _OVER_TLS.get(recognised.service, f"ssl/{recognised.service}")
    return Recognised(service, recognised.product, recognised.version)


def may_want_tls(received: bytes) -> bool:
    """Tell whether the answer to plain text was a TLS alert, or the "bad request" with which web servers refuse it.

    Why it was a bad request would stand in the body, and HEAD brings none.
    """
    return received.startswith(b"\x15\x03") or re.match(rb"HTTP/1\.\d 400\b", received) is not None


def printable(received: bytes, limit: int = 200) -> str:
    """Return the first bytes as text in which control characters and bytes above ASCII are escaped."""
    return received[:limit].decode("latin-1").encode("unicode_escape").decode("ascii")


def _http(received: bytes) -> Recognised:
    headers = {name.lower(): value.decode("latin-1").strip() for name, value in _HEADER.findall(received)}
    for name, service, product in _SAID_BY_HEADER:
        if name in headers:
            version = headers[name] if name.endswith(b"-version") else ""
            return Recognised(service, product, version)
    server = headers.get(b"server", "")
    match = _PRODUCT.match(server)
    product, version = (match[1], match[2]) if match else (server, "")
    return Recognised(_SAID_BY_SERVER.get(product.lower(), "http"), product, version)
