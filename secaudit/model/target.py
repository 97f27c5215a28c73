"""The address of a page, read strictly: what the officer typed becomes one unambiguous target."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urlsplit

import idna

from secaudit.model.base import Frozen
from secaudit.model.errors import BadInput, message

DEFAULT_PORTS = {"http": 80, "https": 443}
_NEVER_PUBLIC = frozenset({"localhost", "local", "test", "invalid", "example", "internal", "arpa", "alt", "onion"})
_LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")


class Target(Frozen):
    """One page to look at.

    Attributes:
        scheme: `http` or `https`.
        host: ASCII name in lower case, or an IP address without brackets.
        port: TCP port.
        path: path and query, at least `/`.
        display_host: the host as people write it (IDN letters kept).
    """

    scheme: str
    host: str
    port: int
    path: str = "/"
    display_host: str

    @property
    def is_address(self) -> bool:
        """Tell whether the host is an IP address rather than a name."""
        return address_or_none(self.host) is not None

    @property
    def is_public_name(self) -> bool:
        """Tell whether the host is a name that the public DNS could hold (RFC 6761, RFC 6762, RFC 8375, RFC 9476)."""
        labels = self.host.split(".")
        return not self.is_address and len(labels) > 1 and labels[-1] not in _NEVER_PUBLIC

    @property
    def url(self) -> str:
        """Return the normalised URL, default ports left out."""
        return build_url(self.scheme, self.host, self.port, self.path)

    @property
    def origin(self) -> str:
        """Return scheme, host and port without a path."""
        return build_url(self.scheme, self.host, self.port, "")


def address_or_none(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return `host` as an IP address, or None when it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def host_port(host: str, port: int) -> str:
    """Return `host:port`, IPv6 addresses in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def build_url(scheme: str, host: str, port: int, path: str = "/") -> str:
    """Return a URL of its parts; the scheme's default port is left out."""
    authority = f"[{host}]" if ":" in host else host
    if DEFAULT_PORTS.get(scheme) != port:
        authority = f"{authority}:{port}"
    return f"{scheme}://{authority}{path}"


def parse_target(typed: str) -> Target:
    """Read the address that an officer typed.

    A bare name such as `xa.gov.vn` means `https://xa.gov.vn/`. Names with Vietnamese letters become their
    ASCII form (IDNA 2008, RFC 5891). Fragments are dropped.

    Raises:
        BadInput: credentials, spaces, another scheme, no host, a port outside 1 to 65535, a name that
            cannot be a host name.
    """
    text = typed.strip()
    if not text:
        raise BadInput(message("The address is empty. Give one such as https://xa.tinh.gov.vn/."))
    if re.search(r"[\s\x00-\x1f\x7f\\]", text):
        raise BadInput(
            message("The address {address!r} contains a space or a control character. Write it without."),
            address=text,
        )
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadInput(
            message("The address {address!r} cannot be read. Check the brackets and the port (1 to 65535)."),
            address=typed,
        ) from None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise BadInput(
            message("The address must begin with http:// or https://, not {scheme}://."), scheme=parts.scheme
        )
    if "@" in parts.netloc:
        raise BadInput(
            message(
                "The address contains a user name or a password. Leave them out: secaudit never signs in to the page."
            )
        )
    if not parts.hostname or port == 0:
        raise BadInput(message("The address {address!r} names no host, or port 0."), address=typed)
    host, display = _ascii_host(parts.hostname, typed)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(scheme=scheme, host=host, port=port or DEFAULT_PORTS[scheme], path=path, display_host=display)


def _ascii_host(host: str, typed: str) -> tuple[str, str]:
    bare = host.rstrip(".").lower()
    if address := address_or_none(bare.split("%", 1)[0]):
        return str(address), str(address)
    try:
        ascii_name = idna.encode(bare, uts46=True).decode("ascii") if not bare.isascii() else bare
    except idna.IDNAError:
        ascii_name = ""
    labels = ascii_name.split(".")
    looks_numeric = labels[-1].isdigit()
    if len(ascii_name) > 253 or looks_numeric or not all(_LABEL.match(label) for label in labels):
        raise BadInput(
            message("{host!r} in the address {address!r} is not a valid host name."), host=host, address=typed
        )
    return ascii_name, bare
