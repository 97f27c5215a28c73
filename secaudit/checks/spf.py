"""Reading SPF policies (RFC 7208): strict syntax, what is allowed, and how many DNS look-ups it takes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from secaudit.model.base import Reason

LOOKUP_LIMIT = 10
"""RFC 7208, section 4.6.4: one more and receivers treat the policy as an error."""
WIDE_IPV4, WIDE_IPV6 = 8, 16
"""A range with a shorter prefix lets so much of the Internet send that the policy keeps nobody out."""

_VERSION = re.compile(r"v=spf1(?= |$)", re.IGNORECASE)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)")
_MECHANISM = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9_.-]*)([:/].*)?")
_DUAL_CIDR = re.compile(r"(.*?)(?:/(0|[1-9]\d?))?(?://(0|[1-9]\d{0,2}))?")
_MACRO = re.compile(r"%(?:\{[A-Za-z]\d{0,3}r?[.\-+,/_=]*\}|[%_-])")
_TOP_LABEL = re.compile(r"\.(?=[A-Za-z0-9-]*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?$")
_LOOKING_UP = frozenset({"include", "a", "mx", "ptr", "exists"})


@dataclass(frozen=True)
class Mechanism:
    """One mechanism: who it names, and what it says of them.

    Attributes:
        qualifier: `+` allowed, `-` not, `~` suspicious, `?` nothing said.
        name: `all`, `include`, `a`, `mx`, `ptr`, `ip4`, `ip6`, `exists`.
        domain: its domain, empty for the domain itself.
        prefix: length of the IPv4 or IPv6 prefix in bits; None where there is none.
    """

    qualifier: str
    name: str
    domain: str = ""
    prefix: int | None = None


@dataclass(frozen=True)
class Policy:
    """One policy as written.

    Attributes:
        redirect: domain whose policy goes on where no mechanism matches, empty for none.
        errors: terms that RFC 7208's grammar does not allow; one makes the whole policy void.
    """

    mechanisms: tuple[Mechanism, ...] = ()
    redirect: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weakness:
    """Why a policy keeps nobody out.

    Attributes:
        code: `allows-everyone`, `says-nothing`, `no-end`, `wide-range`, `syntax`, `several-policies`,
            `too-many-lookups`, `policy-not-found`, `loop`.
        domain: whose policy.
        detail: the term or the number.
    """

    code: str
    domain: str
    detail: str = ""


@dataclass
class SpfReading:
    """What a domain's policy comes to, with everything that it includes.

    Attributes:
        lookups: DNS look-ups that a receiver may have to make, in the worst case.
        weaknesses: why it keeps nobody out; empty for a policy that works.
        unseen: why a part could not be read.
    """

    lookups: int = 0
    weaknesses: list[Weakness] = field(default_factory=list)
    unseen: Reason | None = None


Texts = Callable[[str], Sequence[str] | Reason]
"""Gives the TXT strings of a domain, or why they are not known."""


def policies_in(texts: Sequence[str]) -> list[str]:
    """Return the strings that are SPF policies (RFC 7208, section 4.5)."""
    return [text for text in texts if _VERSION.match(text)]


def parse_policy(text: str) -> Policy:
    """Read one policy; never raises."""
    mechanisms: list[Mechanism] = []
    errors: list[str] = []
    modifiers: dict[str, str] = {}
    for term in text[len("v=spf1") :].split(" "):
        if not term:
            continue
        modifier = _MODIFIER.fullmatch(term)
        if modifier is None:
            mechanism = _mechanism(term)
            if mechanism is None:
                errors.append(term)
            else:
                mechanisms.append(mechanism)
            continue
        name, value = modifier[1].lower(), modifier[2]
        known = name in ("redirect", "exp")
        if name in modifiers or not (_is_domain(value) if known else _is_macro_string(value)):
            errors.append(term)
        elif known:
            modifiers[name] = value
    return Policy(tuple(mechanisms), modifiers.get("redirect", ""), tuple(errors))


def _mechanism(term: str) -> Mechanism | None:
    found = _MECHANISM.fullmatch(term)
    if found is None or not term.isascii():
        return None
    qualifier, name, rest = found[1] or "+", found[2].lower(), found[3] or ""
    if name == "all":
        return None if rest else Mechanism(qualifier, name)
    if name in ("ip4", "ip6"):
        return _range(qualifier, name, rest)
    if name in ("a", "mx"):
        parts = _DUAL_CIDR.fullmatch(rest)
        if parts is None or int(parts[2] or 0) > 32 or int(parts[3] or 0) > 128:
            return None
        domain = parts[1].removeprefix(":")
        wrong = parts[1] and (not parts[1].startswith(":") or not _is_domain(domain))
        return None if wrong else Mechanism(qualifier, name, domain, int(parts[2]) if parts[2] else None)
    if name in ("include", "exists", "ptr"):
        if not rest and name == "ptr":
            return Mechanism(qualifier, name)
        domain = rest.removeprefix(":")
        return Mechanism(qualifier, name, domain) if rest.startswith(":") and _is_domain(domain) else None
    return None


def _range(qualifier: str, name: str, rest: str) -> Mechanism | None:
    address, slash, prefix = rest.removeprefix(":").partition("/")
    longest = 32 if name == "ip4" else 128
    if not rest.startswith(":") or (slash and not re.fullmatch(r"0|[1-9]\d{0,2}", prefix)):
        return None
    try:
        if name == "ip4":
            ipaddress.IPv4Address(address)
        else:
            ipaddress.IPv6Address(address)
    except ValueError:
        return None
    bits = int(prefix) if slash else longest
    return Mechanism(qualifier, name, prefix=bits) if bits <= longest and "%" not in address else None


def _is_macro_string(text: str) -> bool:
    return all("!" <= c <= "~" for c in text) and "%" not in _MACRO.sub("", text)


def _is_domain(text: str) -> bool:
    """Tell whether `text` is a domain-spec: it ends in a name's last label or in a macro."""
    if not _is_macro_string(text):
        return False
    return bool(_TOP_LABEL.search(text)) or bool(re.search(r"%\{[^}]*\}$", text))


def read_spf(domain: str, texts: Texts) -> SpfReading:
    """Return what the policy of `domain` comes to. The domain must have one.

    Counted as RFC 7208, section 4.6.4 does: `include`, `a`, `mx`, `ptr`, `exists` and `redirect`, those of included
    policies too. Void look-ups and the ten names per `mx` are not counted: their answers are not at hand.
    """
    reading = SpfReading()
    _read(domain, texts, reading, (), top=True)
    if reading.lookups > LOOKUP_LIMIT:
        reading.weaknesses.append(Weakness("too-many-lookups", domain, str(reading.lookups)))
    return reading


def _read(domain: str, texts: Texts, reading: SpfReading, way: tuple[str, ...], *, top: bool) -> None:
    """Add what the policy of `domain` brings; `top` where its last word decides over everyone else."""
    if domain in way:
        reading.weaknesses.append(Weakness("loop", domain))
        return
    if len(way) > LOOKUP_LIMIT or reading.lookups > 10 * LOOKUP_LIMIT:
        return  # far beyond the limit already, and the count says so
    found = texts(domain)
    if isinstance(found, Reason):
        reading.unseen = reading.unseen or found
        return
    written = policies_in(found)
    if len(written) != 1:
        code = "several-policies" if written else "policy-not-found"
        reading.weaknesses.append(Weakness(code, domain, str(len(written))))
        return
    policy = parse_policy(written[0])
    reading.weaknesses += [Weakness("syntax", domain, term) for term in policy.errors]
    for mechanism in policy.mechanisms:
        if mechanism.name == "all":
            _judge_end(mechanism.qualifier, domain, reading, top=top)
            return
        _add(mechanism, domain, texts, reading, (*way, domain))
    if policy.redirect:
        reading.lookups += 1
        if "%" not in policy.redirect:
            _read(_plain(policy.redirect), texts, reading, (*way, domain), top=top)
    elif top:
        reading.weaknesses.append(Weakness("no-end", domain))


def _add(mechanism: Mechanism, domain: str, texts: Texts, reading: SpfReading, way: tuple[str, ...]) -> None:
    reading.lookups += mechanism.name in _LOOKING_UP
    if mechanism.name == "include" and "%" not in mechanism.domain:
        _read(_plain(mechanism.domain), texts, reading, way, top=False)
    wide = WIDE_IPV6 if mechanism.name == "ip6" else WIDE_IPV4
    if mechanism.qualifier == "+" and mechanism.prefix is not None and mechanism.prefix < wide:
        reading.weaknesses.append(Weakness("wide-range", domain, f"{mechanism.name}/{mechanism.prefix}"))


def _judge_end(qualifier: str, domain: str, reading: SpfReading, *, top: bool) -> None:
    # Inside an include only a plain "all" counts: it makes the include match everyone (RFC 7208, section 5.2).
    if qualifier == "+":
        reading.weaknesses.append(Weakness("allows-everyone", domain, "+all"))
    elif qualifier == "?" and top:
        reading.weaknesses.append(Weakness("says-nothing", domain, "?all"))


def _plain(domain: str) -> str:
    return domain.lower().rstrip(".")
