"""Reading Content-Security-Policy and what a set of policies lets through (W3C CSP Level 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.checks.meta import head_metas

_WIDE = re.compile(r"\*|https?:|data:|(?:https?://)?\*(?::(?:\*|\d+))?")
_NONCE_OR_HASH = re.compile(r"'(?:nonce-|sha256-|sha384-|sha512-)[A-Za-z0-9+/_-]+={0,2}'", re.IGNORECASE)
# A policy in <meta> may not use these (section 3.3).
_HEADER_ONLY = frozenset({"frame-ancestors", "report-uri", "sandbox"})

Sources = tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """One policy: directive names in lower case with their values, the first of equal names only (2.2.1)."""

    directives: dict[str, Sources]

    def first(self, *names: str) -> Sources | None:
        """Return the values of the first directive that is there; None when none is (section 6.8.3)."""
        return next((self.directives[name] for name in names if name in self.directives), None)

    @property
    def script_elements(self) -> Sources | None:
        """Return what governs `<script>`."""
        return self.first("script-src-elem", "script-src", "default-src")

    @property
    def script_attributes(self) -> Sources | None:
        """Return what governs event handlers such as `onclick`."""
        return self.first("script-src-attr", "script-src", "default-src")

    @property
    def evaluation(self) -> Sources | None:
        """Return what governs `eval`."""
        return self.first("script-src", "default-src")


def parse_policies(values: Iterable[str]) -> list[Policy]:
    """Return the policies of header values; a comma separates policies (section 2.2.2); never raises."""
    found = []
    for value in values:
        for text in value.split(","):
            directives: dict[str, Sources] = {}
            for directive in text.split(";"):
                words = directive.split()
                if words:
                    directives.setdefault(words[0].lower(), tuple(words[1:]))
            if directives:
                found.append(Policy(directives))
    return found


def policies_in_page(page: str) -> list[Policy]:
    """Return the policies that `<meta http-equiv>` in the head sets, without what the standard ignores there."""
    values = [
        meta.get("content", "")
        for meta in head_metas(page)
        if meta.get("http-equiv", "").strip().lower() == "content-security-policy"
    ]
    allowed = [
        Policy({name: sources for name, sources in policy.directives.items() if name not in _HEADER_ONLY})
        for policy in parse_policies(values)
    ]
    return [policy for policy in allowed if policy.directives]


def allows_inline(sources: Sources | None) -> bool:
    """Tell whether inline scripts run: no directive, or `'unsafe-inline'` that nothing neutralises (6.7.3.2)."""
    if sources is None:
        return True
    lower = [source.lower() for source in sources]
    neutral = "'strict-dynamic'" in lower or any(_NONCE_OR_HASH.fullmatch(source) for source in sources)
    return "'unsafe-inline'" in lower and not neutral


def allows_evaluation(sources: Sources | None) -> bool:
    """Tell whether text may be run as a script."""
    return sources is None or "'unsafe-eval'" in [source.lower() for source in sources]


def wide_sources(sources: Sources, *, scripts: bool = False) -> list[str]:
    """Return the sources that stand for any server; with `'strict-dynamic'` scripts heed none of them (8.2)."""
    if scripts and "'strict-dynamic'" in [source.lower() for source in sources]:
        return []
    return [source for source in sources if _WIDE.fullmatch(source.lower())]


def restricts(sources: Sources | None, *, scripts: bool = False) -> bool:
    """Tell whether there is a directive and it names fewer than all servers."""
    return sources is not None and not wide_sources(sources, scripts=scripts)
