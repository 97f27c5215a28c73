"""robots.txt: which paths a crawler may fetch (RFC 9309). Matching takes linear time whatever the pattern."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

AGENT = "secaudit"
"""The product token that a site may name in robots.txt."""
_MOST_RULES = 2000


@dataclass(frozen=True)
class Robots:
    """The rules for us.

    Attributes:
        rules: path pattern and whether it allows.
        sitemaps: addresses of sitemaps as written.
        delay: seconds between requests that are asked for, 0 for none.
        refuses_all: no robots.txt could be read, which forbids everything (RFC 9309, section 2.3.1.4).
    """

    rules: tuple[tuple[str, bool], ...] = ()
    sitemaps: tuple[str, ...] = ()
    delay: float = 0.0
    refuses_all: bool = False

    def allows(self, url: str) -> bool:
        """Tell whether `url` may be fetched: the longest matching pattern decides, allow wins a tie (2.2.2)."""
        if self.refuses_all:
            return False
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        best = max(((len(pattern), allow) for pattern, allow in self.rules if matches(pattern, path)), default=None)
        return best is None or best[1]


def parse_robots(text: str) -> Robots:
    """Read a robots.txt; lines that nobody understands are skipped (2.2)."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    delays: dict[str, float] = {}
    sitemaps: list[str] = []
    agents: list[str] = []
    in_rules = False
    count = 0
    for line in text.splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            agents = [value.lower()] if in_rules else [*agents, value.lower()]
            in_rules = False
            groups.setdefault(value.lower(), [])
        elif name == "sitemap":
            sitemaps.append(value)
        elif name in ("allow", "disallow"):
            in_rules = True
            count += 1
            if value and count <= _MOST_RULES:
                for agent in agents:
                    groups[agent].append((_normal(value), name == "allow"))
        elif name == "crawl-delay":
            in_rules = True
            delays.update(dict.fromkeys(agents, _seconds(value)))
    ours = AGENT if AGENT in groups else "*"
    return Robots(tuple(groups.get(ours, ())), tuple(sitemaps[:50]), delays.get(ours, 0.0))


def matches(pattern: str, path: str) -> bool:
    """Tell whether a pattern (`*` any characters, `$` at the end the end of the path) matches (2.2.3)."""
    anchored = pattern.endswith("$")
    first, *rest = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    if not rest:
        return not anchored or place == len(path)
    last = rest.pop()
    for part in rest:
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    if anchored:
        return path.endswith(last) and len(path) - len(last) >= place
    return path.find(last, place) >= 0


def _normal(text: str) -> str:
    return quote(unquote(text), safe="/*$?=&;,:@!'()+~%-._")


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < 3600 else 0.0
