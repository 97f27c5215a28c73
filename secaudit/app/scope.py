"""Permission to probe: recording it, and asking for it before a scan starts."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from secaudit.model.authorisation import Authorisation, PortRange
from secaudit.model.errors import BadInput, Incomplete, NotAuthorised, message
from secaudit.model.target import Target, address_or_none
from secaudit.probes.gate import Gate, Refused

ON_THE_WAY = timedelta(hours=24)
"""How long a permission given with `--authorised-by` lasts: one session of work, not a standing one."""
LONGEST = timedelta(days=366)
"""A record must be renewed at least yearly, as TCVN 14423:2026 clause 5.18.2.1 b asks for a stated time."""

_LARGEST_NETWORK = 4096
# A wildcard right below one of these would cover other people's systems.
_PUBLIC_SUFFIXES = frozenset(
    ["vn", *(f"{second}.vn" for second in ("gov", "com", "net", "org", "edu", "ac", "info", "name", "pro",
                                           "health", "int", "biz", "id", "io", "ai"))]
)  # fmt: skip
_NAME = re.compile(r"^(\*\.)?([a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")


def parse_hosts(typed: Sequence[str]) -> tuple[str, ...]:
    """Read the hosts of a permission: names, `*.name`, addresses, networks of at most 4,096 addresses.

    Raises:
        BadInput: none at all, one that is none of these, or one that covers other people's systems.
    """
    hosts = tuple(dict.fromkeys(_host(text.strip().lower().rstrip(".")) for text in typed))
    if not hosts:
        raise BadInput(message("A permission must name at least one host. Give it with --host."))
    return hosts


def _host(text: str) -> str:
    if address_or_none(text):
        return text
    if "/" in text:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise BadInput(message("{host} is not a network such as 203.0.113.0/28."), host=text) from None
        if network.num_addresses > _LARGEST_NETWORK:
            raise BadInput(message("The network {host} is too large; record the addresses that are meant."), host=text)
        return str(network)
    try:
        ascii_text = text if text.isascii() else _ascii(text)
    except UnicodeError:
        ascii_text = ""
    if not _NAME.match(ascii_text):
        raise BadInput(
            message("{host!r} is not a host name, an address or a network. Leave out https:// and the path."), host=text
        )
    base = ascii_text.removeprefix("*.")
    if ascii_text.startswith("*.") and (base in _PUBLIC_SUFFIXES or "." not in base):
        raise BadInput(message("{host} would cover systems of other owners; name the hosts that are meant."), host=text)
    return ascii_text


def _ascii(text: str) -> str:
    import idna

    prefix = "*." if text.startswith("*.") else ""
    return prefix + idna.encode(text.removeprefix("*."), uts46=True).decode("ascii")


def parse_ports(typed: Sequence[str]) -> tuple[PortRange, ...]:
    """Read ports such as `443`, `80,443` or `8000-8100`; nothing means all ports.

    Raises:
        BadInput: not a port or a range from 1 to 65535.
    """
    ranges = []
    for part in (part.strip() for text in typed for part in text.split(",") if part.strip()):
        found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= 65535:
            raise BadInput(message("{port!r} is not a port or a range of ports from 1 to 65535."), port=part)
        ranges.append(PortRange(first=first, last=last))
    return tuple(ranges)


def new_authorisation(
    *,
    hosts: Sequence[str],
    ports: Sequence[str],
    granted_by: str,
    document: str,
    valid_from: datetime,
    valid_until: datetime,
    recorded_by: str,
    now: datetime,
    new_id: Callable[[], str],
) -> Authorisation:
    """Return a permission record, checked for sense.

    Raises:
        BadInput: nobody named, hosts or ports unusable, an end before the beginning, or longer than a year.
    """
    if not granted_by.strip():
        raise BadInput(message("Say who allowed it: name and position, or the body, with --by."))
    if valid_until <= valid_from:
        raise BadInput(message("The permission ends before it begins. Check --from and --until."))
    if valid_until - valid_from > LONGEST:
        raise BadInput(message("A permission lasts at most one year. Choose an earlier --until and renew it then."))
    return Authorisation(
        id=new_id(),
        hosts=parse_hosts(hosts),
        ports=parse_ports(ports),
        granted_by=granted_by.strip(),
        document=document.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_at=now,
        recorded_by=recorded_by,
    )


def require_permission(gate: Gate, target: Target) -> str:
    """Return the id of the record that covers the target's own port, or `loopback`.

    Raises:
        NotAuthorised: the target is not loopback and no record in force covers it. A name that does not resolve is
            treated so as well unless a record names it: nobody can know that it is ours.
        Incomplete: a record names the host, but the name does not resolve.
    """
    host, port = target.host, target.port
    try:
        addresses = gate.resolve(host)
    except Refused:
        if gate.covering(host, "", port) is not None:
            raise Incomplete(
                message("The name {host} does not resolve to an address. Check the spelling and the network."),
                host=host,
            ) from None
        raise _refusal(target) from None
    for address in addresses:
        covering = gate.covering(host, address, port)
        if covering is not None:
            return covering
    raise _refusal(target)


def _refusal(target: Target) -> NotAuthorised:
    return NotAuthorised(
        message(
            "No permission is recorded for probing {host} (port {port}). Looking for weaknesses of a system without "
            "its owner's consent is an offence (Decree 330/2026 Art. 16.1.đ; Law 116/2025 Art. 7). Record the consent "
            "with `secaudit scope add`, or give --authorised-by with the person and the document."
        ),
        host=target.display_host,
        port=target.port,
    )
