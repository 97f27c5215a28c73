"""Words for everything that the model carries as a code: message ids in English, Vietnamese in `report.po`."""

from __future__ import annotations


def N_(text: str) -> str:
    """Mark `text` for the catalogue and return it unchanged."""
    return text


LABELS: dict[str, dict[str, str]] = {
    "severity": {
        "critical": N_("Critical"),
        "high": N_("High"),
        "medium": N_("Medium"),
        "low": N_("Low"),
        "info": N_("Information"),
    },
    "state": {
        "met": N_("Met"),
        "partial": N_("Partly met"),
        "not-met": N_("Not met"),
        "not-applicable": N_("Not applicable"),
        "unassessed": N_("Not assessed"),
        "contradicted": N_("Contradicts the scan"),
        "stale": N_("Evidence out of date"),
    },
    "outcome": {
        "pass": N_("No fault seen"),
        "fail": N_("Fault found"),
        "inconclusive": N_("Inconclusive"),
        "not-applicable": N_("Does not arise"),
    },
    "probe": {"ok": N_("Done"), "failed": N_("Failed"), "skipped": N_("Not run")},
    "probe-name": {
        "http": N_("The web page: redirects, headers, cookies"),
        "tls": N_("Encryption (TLS) and certificate"),
        "crawl": N_("Content of the pages and signs of tampering"),
        "ports": N_("Open ports and services"),
    },
    "scan": {
        "running": N_("still running"),
        "complete": N_("complete"),
        "incomplete": N_("not complete"),
        "interrupted": N_("interrupted"),
    },
    "profile": {"quick": N_("quick"), "standard": N_("standard"), "full": N_("full")},
    "engine": {
        "auto": N_("built-in look, nmap names the services where it is installed"),
        "nmap": N_("nmap"),
        "embedded": N_("built-in look"),
    },
    "responsible": {
        "owner": N_("The office (system owner)"),
        "operator": N_("The operator"),
        "provider": N_("The hosting provider"),
        "shared": N_("The office together with the hosting provider"),
    },
    "nature": {"management": N_("rules"), "technical": N_("technology"), "mixed": N_("rules and technology")},
    "basis": {
        "approved": N_("level approved"),
        "proposed": N_("level proposed, not yet approved"),
        "voluntary": N_("voluntary target of the level's measures"),
    },
    "gap": {
        "organisation-name": N_("name of the office"),
        "place": N_("place"),
        "contact-name": N_("contact person"),
        "contact-channel": N_("contact e-mail or telephone"),
        "operator": N_("operator of the system"),
    },
    "area": {
        "tls": N_("Encryption (TLS)"),
        "cert": N_("Certificate"),
        "http": N_("HTTP and redirects"),
        "header": N_("HTTP headers"),
        "cookie": N_("Cookies"),
        "port": N_("Ports and services"),
        "content": N_("Content of the page"),
        "integrity": N_("Signs of tampering"),
        "expose": N_("Files and pages left open"),
        "software": N_("Software versions"),
        "dns": N_("Domain name (DNS)"),
        "mail": N_("E-mail protection"),
        "site": N_("Duties of a state website"),
        "disclosure": N_("Contact for security reports"),
    },
    "fix": {
        "nginx": N_("On nginx"),
        "apache": N_("On Apache"),
        "iis": N_("On IIS (Windows)"),
        "general": N_("In general"),
    },
    "method": {
        "nmap": N_("nmap's identification"),
        "banner": N_("the service's own greeting"),
        "site": N_("the page itself"),
        "number": N_("guessed from the port number"),
    },
    "comparison": {"at-least": N_("at least"), "at-most": N_("at most"), "exactly": N_("exactly")},
}
"""Table to word to message id. Tables are apart because words of different tables are spelt alike."""

EVIDENCE: dict[str, str] = {
    "address": N_("IP address"),
    "banner": N_("greeting"),
    "cipher": N_("cipher suite"),
    "cookie": N_("cookie"),
    "days_left": N_("days left"),
    "host": N_("host"),
    "issuer": N_("issuer"),
    "location": N_("redirects to"),
    "names": N_("names in the certificate"),
    "not_after": N_("valid until"),
    "not_before": N_("valid from"),
    "port": N_("port"),
    "product": N_("product"),
    "service": N_("service"),
    "status": N_("HTTP status"),
    "subject": N_("subject"),
    "suites": N_("cipher suites accepted"),
    "url": N_("address"),
    "value": N_("value"),
    "version": N_("version"),
}
"""Words for the names of facts in evidence; a name that is not here is shown as the check wrote it."""
