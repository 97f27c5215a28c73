"""The probes by name, imported only when one is run: sslyze alone costs half a second."""

from __future__ import annotations

from importlib import import_module

from secaudit.probes.probe import Probe

_PROBES = {
    "http": ("secaudit.probes.http.probe", "HttpProbe"),
    "tls": ("secaudit.probes.tls.probe", "TlsProbe"),
    "crawl": ("secaudit.probes.crawl.probe", "CrawlProbe"),
    "ports": ("secaudit.probes.ports.probe", "PortsProbe"),
    "exposure": ("secaudit.probes.exposure.probe", "ExposureProbe"),
    "dns": ("secaudit.probes.dns.probe", "DnsProbe"),
    "disclosure": ("secaudit.probes.disclosure.probe", "DisclosureProbe"),
}
PROBE_NAMES = tuple(_PROBES)


def make_probe(name: str) -> Probe:
    """Return a new probe.

    Raises:
        KeyError: no probe has that name.
    """
    module, cls = _PROBES[name]
    probe: Probe = getattr(import_module(module), cls)()
    return probe
