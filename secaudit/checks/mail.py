"""Rules of the area `mail`: may anyone send mail in the site's name (SPF, RFC 7208; DMARC, RFC 7489).

They look at the site's own name without `www`, whether or not it receives mail: any name that exists can be forged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.checks.dmarc import DmarcPolicy, dmarc_records, organisational_domain, parse_dmarc
from secaudit.checks.names import on_names
from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.spf import policies_in, read_spf
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import DnsObservation

PROBES = ("dns",)
_SHOWN = 300


@check("mail.spf-missing")
def _spf_missing(view: View) -> list[Verdict]:
    def rule(seen: DnsObservation) -> Verdict:
        domain, texts = seen.mail_domain, _texts(seen, seen.mail_domain)
        if isinstance(texts, Reason):
            return inconclusive(domain, texts)
        policies = policies_in(texts)
        if policies:
            return passed(domain, policy=policies[0][:_SHOWN])
        return failed(domain, place="", texts=len(texts), **_receives(seen))

    return on_names(view, rule)


@check("mail.spf-permissive")
def _spf_permissive(view: View) -> list[Verdict]:
    def rule(seen: DnsObservation) -> Verdict:
        domain, texts = seen.mail_domain, _texts(seen, seen.mail_domain)
        if isinstance(texts, Reason):
            return inconclusive(domain, texts)
        policies = policies_in(texts)
        if not policies:
            return not_applicable(domain, Reason(code="mail-no-spf", params={"domain": domain}))
        reading = read_spf(domain, lambda name: _texts(seen, name))
        facts: dict[str, Json] = {"policies": [one[:_SHOWN] for one in policies[:3]], "lookups": reading.lookups}
        if reading.weaknesses:
            why: list[Json] = [
                {"code": one.code, "domain": one.domain, "detail": one.detail[:100]} for one in reading.weaknesses[:10]
            ]
            return failed(domain, place="", why=why, **facts)
        return inconclusive(domain, reading.unseen) if reading.unseen else passed(domain, **facts)

    return on_names(view, rule)


@check("mail.dmarc-missing")
def _dmarc_missing(view: View) -> list[Verdict]:
    def rule(seen: DnsObservation) -> Verdict:
        found = _dmarc(seen)
        if isinstance(found, Reason):
            return inconclusive(seen.mail_domain, found)
        if found.policy is None:
            return failed(seen.mail_domain, place="", asked=[*found.asked], why=found.why, **_receives(seen))
        return passed(seen.mail_domain, **found.facts())

    return on_names(view, rule)


@check("mail.dmarc-none")
def _dmarc_none(view: View) -> list[Verdict]:
    def rule(seen: DnsObservation) -> Verdict:
        domain, found = seen.mail_domain, _dmarc(seen)
        if isinstance(found, Reason):
            return inconclusive(domain, found)
        if found.policy is None:
            return not_applicable(domain, Reason(code="mail-no-dmarc", params={"domain": domain}))
        weak = found.policy.in_force(inherited=found.inherited) == "none"
        return failed(domain, place="", **found.facts()) if weak else passed(domain, **found.facts())

    return on_names(view, rule)


@dataclass(frozen=True)
class _Dmarc:
    """The policy that holds for a domain.

    Attributes:
        asked: names that were looked at.
        why: why there is no policy: `none`, `several`, `void`.
    """

    asked: tuple[str, ...]
    policy: DmarcPolicy | None = None
    why: str = ""

    @property
    def inherited(self) -> bool:
        return len(self.asked) > 1

    def facts(self) -> dict[str, Json]:
        assert self.policy is not None
        return {
            "found_at": self.asked[-1],
            "policy": self.policy.text[:_SHOWN],
            "in_force": self.policy.in_force(inherited=self.inherited),
        }


def _dmarc(seen: DnsObservation) -> _Dmarc | Reason:
    """Return the policy of the domain itself, else that of its organisational domain (RFC 7489, section 6.6.3)."""
    asked: tuple[str, ...] = ()
    records: list[str] = []
    for domain in dict.fromkeys((seen.mail_domain, organisational_domain(seen.mail_domain))):
        texts = _texts(seen, f"_dmarc.{domain}")
        if isinstance(texts, Reason):
            return texts
        asked += (f"_dmarc.{domain}",)
        records = dmarc_records(texts)
        if records:
            break
    if len(records) != 1:
        return _Dmarc(asked, why="several" if records else "none")
    policy = parse_dmarc(records[0])
    return _Dmarc(asked, policy, "" if policy else "void")


def _texts(seen: DnsObservation, name: str) -> Sequence[str] | Reason:
    look = seen.look(name, "TXT")
    if look is None or look.omitted:
        return Reason(code="dns-not-asked", params={"name": name, "type": "TXT"})
    return look.fault or look.values


def _receives(seen: DnsObservation) -> dict[str, Json]:
    """Return where the domain receives mail, for the evidence."""
    look = seen.look(seen.mail_domain, "MX")
    return {"mx": [*look.values[:5]]} if look is not None and not look.fault else {}
