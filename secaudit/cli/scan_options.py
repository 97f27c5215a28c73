"""The options that `audit` and `scan` share, and the ScanOptions that they make."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import option
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message
from secaudit.model.words import PROBES, PortEngine, Profile, Severity

if TYPE_CHECKING:
    from secaudit.app.audit import Permission
    from secaudit.model.scan import ScanOptions

NEVER = "never"
_PORT = click.IntRange(1, 65535)

_OPTIONS = (
    option(
        "--profile",
        type=click.Choice([p.value for p in Profile]),
        default=Profile.STANDARD.value,
        help=mark("How much to look at: quick, standard (default), full."),
    ),
    option(
        "--probe", "probes", multiple=True, type=click.Choice(PROBES), help=mark("Only this probe; may be repeated.")
    ),
    option(
        "--ca-file",
        type=click.Path(path_type=Path),
        metavar="PEM",
        help=mark("Extra trusted certificate authorities, a PEM file."),
    ),
    option(
        "--port-engine",
        type=click.Choice([e.value for e in PortEngine]),
        default=PortEngine.AUTO.value,
        help=mark("Who looks for ports: auto (default), nmap, embedded."),
    ),
    option(
        "--http-port",
        type=_PORT,
        metavar=mark("PORT"),
        help=mark("Port of the plain page when the address is https (default 80)."),
    ),
    option(
        "--https-port",
        type=_PORT,
        metavar=mark("PORT"),
        help=mark("Port of the TLS page when the address is http (default 443)."),
    ),
    option("--resolver", metavar="IP", help=mark("Ask this DNS server instead of the system's.")),
    option(
        "--contact",
        default="",
        metavar=mark("TEXT"),
        help=mark("How the site's people reach you; sent with every request."),
    ),
    option(
        "--time-limit",
        type=click.FloatRange(5, 3600),
        default=120.0,
        show_default=True,
        metavar=mark("SECONDS"),
        help=mark("Longest time for one probe."),
    ),
    option("--authorised-by", metavar=mark("TEXT"), help=mark("Who allowed this look; recorded for 24 hours.")),
    option("--document", default="", metavar=mark("TEXT"), help=mark("Document that allows it, with --authorised-by.")),
    option(
        "--fail-on",
        type=click.Choice([*(s.value for s in Severity), NEVER]),
        default=NEVER,
        show_default=True,
        help=mark("End with 1 when a finding is at least this grave."),
    ),
)


@dataclass(frozen=True)
class ScanRequest:
    """What the shared options of one call ask for."""

    options: ScanOptions
    permission: Permission | None
    fail_on: Severity | None


def scan_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options; the command receives them as one dict for `read_request`."""
    for add in reversed(_OPTIONS):
        function = add(function)
    return function


def read_request(values: dict[str, Any]) -> ScanRequest:
    """Turn the option values into a request.

    Raises:
        BadInput: the certificate file cannot be read or holds no certificate, the resolver is no address, or a
            document is given without the person who allows.
    """
    from secaudit.app.audit import Permission
    from secaudit.model.scan import ScanOptions
    from secaudit.model.target import address_or_none

    resolver = values["resolver"] or ""
    if resolver and address_or_none(resolver) is None:
        raise BadInput(message("--resolver takes an IP address, not {value!r}."), value=resolver)
    who = values["authorised_by"]
    if values["document"] and not who:
        raise BadInput(message("--document goes with --authorised-by: say who allowed the look."))
    options = ScanOptions(
        probes=tuple(name for name in PROBES if not values["probes"] or name in values["probes"]),
        profile=Profile(values["profile"]),
        ca_file=str(_certificates(values["ca_file"])) if values["ca_file"] else "",
        port_engine=PortEngine(values["port_engine"]),
        http_port=values["http_port"],
        https_port=values["https_port"],
        resolver=resolver,
        contact=values["contact"],
        time_limit=values["time_limit"],
    )
    permission = Permission(who, values["document"], getpass.getuser()) if who is not None else None
    fail_on = None if values["fail_on"] == NEVER else Severity(values["fail_on"])
    return ScanRequest(options, permission, fail_on)


def _certificates(path: Path) -> Path:
    """Return the file's absolute path after a look that it holds certificates."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise BadInput(message("The file {name} cannot be read ({detail})."), name=str(path),
                       detail=error.strerror or error) from None  # fmt: skip
    except ValueError:
        found = []
    if not found:
        raise BadInput(message("The file {name} holds no certificate in PEM form."), name=str(path))
    return path.absolute()
