"""Reading DMARC policies (RFC 7489) and finding the one that holds for a domain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_VERSION = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
_POLICIES = frozenset({"none", "quarantine", "reject"})
_REPORT_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^,;!\s]+")


@dataclass(frozen=True)
class DmarcPolicy:
    """A policy that receivers act on.

    Attributes:
        policy: `none`, `quarantine` or `reject`, for the domain itself.
        subdomains: the same for names below it.
        percent: share of the mail that it is applied to.
        text: as published.
    """

    policy: str
    subdomains: str
    percent: int
    text: str

    def in_force(self, *, inherited: bool) -> str:
        """Return what is done with forged mail, for the domain itself or for a name below it.

        Below 100 percent the rest gets the next weaker policy (RFC 7489, section 6.6.4), so `quarantine` for nobody
        comes to `none`.
        """
        wanted = self.subdomains if inherited else self.policy
        if self.percent == 0:
            return {"reject": "quarantine", "quarantine": "none"}.get(wanted, wanted)
        return wanted


def dmarc_records(texts: Sequence[str]) -> list[str]:
    """Return the strings that are DMARC records (RFC 7489, section 6.6.3): `DMARC1` in capital letters."""
    return [text for text in texts if _VERSION.match(text)]


def parse_dmarc(text: str) -> DmarcPolicy | None:
    """Read one record; None where receivers would apply no policy. Never raises.

    A missing or unknown `p` counts as `none` where the record asks for reports, else the record is void (RFC 7489,
    section 6.6.3, step 6). Tags that cannot be read take their defaults (section 6.3).
    """
    tags: dict[str, str] = {}
    for part in text.split(";")[1:]:
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip(" \t").lower(), value.strip(" \t"))
    policy = tags.get("p", "").lower()
    subdomains = tags.get("sp", policy).lower()
    if policy not in _POLICIES or subdomains not in _POLICIES:
        if not _REPORT_URI.search(tags.get("rua", "")):
            return None
        policy = subdomains = "none"
    percent = tags.get("pct", "")
    share = int(percent) if re.fullmatch(r"\d{1,3}", percent, re.ASCII) else 100
    return DmarcPolicy(policy, subdomains, min(share, 100), text)


def organisational_domain(name: str) -> str:
    """Return the domain that somebody registered (RFC 7489, section 3.2), by the shipped public suffix list.

    >>> organisational_domain("xa.hue.gov.vn")
    'hue.gov.vn'
    """
    domain, suffix = _split(name)
    if suffix and domain:
        return f"{domain}.{suffix}"
    return name if suffix else ".".join(name.split(".")[-2:])


@lru_cache(maxsize=64)
def _split(name: str) -> tuple[str, str]:
    # Loads a list of 300 KB: only where a policy must be looked for above the domain itself.
    from tldextract import TLDExtract  # noqa: PLC0415

    # No addresses and no cache folder: the list inside the package is read, nothing is fetched or written.
    found = TLDExtract(suffix_list_urls=(), cache_dir=None)(name)
    return found.domain, found.suffix
