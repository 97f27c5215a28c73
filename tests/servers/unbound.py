"""unbound from Debian on loopback: a validating resolver over the lab's authoritative server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.knot import Knot, Zone
from tests.servers.process import free_port, require, running

_CONFIGURATION = """
server:
    directory: "{folder}"
    chroot: ""
    username: ""
    pidfile: "{folder}/unbound.pid"
    use-syslog: no
    interface: 127.0.0.1@{port}
    port: {port}
    num-threads: 1
    do-ip6: no
    do-not-query-localhost: no
    access-control: 127.0.0.0/8 allow
    trust-anchor: ". DS {anchor}"
    prefetch: no
remote-control:
    control-enable: no
{stubs}
"""
_STUB = 'stub-zone:\n    name: "{zone}"\n    stub-addr: 127.0.0.1@{port}\n'


@contextmanager
def unbound(folder: Path, upstream: Knot, zones: Sequence[Zone]) -> Iterator[int]:
    """Run a resolver that knows nothing but `zones` of the lab and trusts the lab's root; yields its port."""
    program = require("unbound")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    # Every zone is named: delegations say port 53, where the lab does not listen.
    stubs = "\n".join(_STUB.format(zone=zone.origin, port=upstream.port) for zone in zones)
    configuration = folder / "unbound.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, port=port, anchor=upstream.anchor[0], stubs=stubs),
        encoding="utf-8",
    )
    with running([program, "-d", "-c", str(configuration)], [port], folder):
        yield port
