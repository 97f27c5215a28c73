"""Which questions are asked of a host and of its zone, beyond those that the chain of trust needs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from secaudit.model.words import Profile
from secaudit.probes.dns.limits import NAMESERVERS, SPF_QUESTIONS
from secaudit.probes.dns.stub import Question, Stub
from secaudit.probes.dns.zone import suffixes

_USUAL_NAMES = ("mail", "webmail", "autodiscover", "ftp", "dichvucong", "motcua")
"""Names that offices often leave behind as aliases of a service that they gave up."""
_POLICY = re.compile(r"v=spf1( |$)", re.IGNORECASE)
# Loose on purpose: it only says which other policies are worth fetching; the rules read the text strictly.
_ELSEWHERE = re.compile(r"(?:^| )[-+~?]?(?:include:|redirect=)([A-Za-z0-9_.-]{1,253})(?= |$)", re.IGNORECASE)


def mail_domain(host: str) -> str:
    """Return the name that mail of this site would come from: the host without a leading `www`."""
    rest = host.removeprefix("www.")
    return rest if "." in rest else host


def alias_candidates(host: str, profile: Profile) -> list[str]:
    """Return the names that are looked at for dead aliases: the host, its sibling with `www`, a few usual names."""
    domain = mail_domain(host)
    usual = () if profile is Profile.QUICK else _USUAL_NAMES
    return list(dict.fromkeys((host, domain, f"www.{domain}", *(f"{name}.{domain}" for name in usual))))


def host_questions(host: str, profile: Profile) -> list[Question]:
    """Return the questions that need no other answer first."""
    domain = mail_domain(host)
    return [
        *((name, type_) for name in alias_candidates(host, profile) for type_ in ("A", "AAAA")),
        *((name, "CAA") for name in suffixes(host)),
        (domain, "MX"),
        (domain, "TXT"),
        *((f"_dmarc.{name}", "TXT") for name in suffixes(domain, least=2)),
    ]


def nameservers(stub: Stub, zone: str) -> list[str]:
    """Return the names of the zone's nameservers as the resolver gives them, at most eight."""
    return [value.rstrip(".").lower() for value in stub.look(zone, "NS").values][:NAMESERVERS]


def ask_further(stub: Stub, host: str, zone: str, profile: Profile) -> None:
    """Put the questions that follow from answers: nameservers' addresses, ends of aliases, policies elsewhere."""
    stub.prefetch((name, type_) for name in nameservers(stub, zone) for type_ in ("A", "AAAA"))
    for name in alias_candidates(host, profile):
        if aliases := stub.look(name, "A").aliases:
            stub.prefetch((aliases[-1][1], type_) for type_ in ("A", "AAAA"))
    _ask_policies(stub, mail_domain(host))


def _ask_policies(stub: Stub, domain: str) -> None:
    """Fetch the SPF policies that the domain's own one points to, level by level (RFC 7208, section 5.2)."""
    seen = {domain}
    level = [domain]
    while level:
        found = [name for one in level for name in _pointed_to(stub.look(one, "TXT").values)]
        level = [name for name in dict.fromkeys(found) if name not in seen][: SPF_QUESTIONS - len(seen)]
        seen.update(level)
        stub.prefetch((name, "TXT") for name in level)


def _pointed_to(texts: Iterable[str]) -> list[str]:
    policies = [text for text in texts if _POLICY.match(text)]
    return [name.rstrip(".").lower() for text in policies for name in _ELSEWHERE.findall(text)]
