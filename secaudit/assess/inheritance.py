"""Which rows of a checklist a provider's profiles offer to a system, and why others of theirs do not count.

A profile counts where its signature is good, its key is trusted, nobody has withdrawn it, no newer edition is known,
its days run, the system's pages lie where it says, and the checklist is the very edition that the provider looked at.
A row about rules (management) counts only where the provider named it: nobody inherits duties of an office by the
dozen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from secaudit.model.assessment import Answer
from secaudit.model.base import Reason
from secaudit.model.provider import Extent, Fulfilment, HeldProfile, Holding, Inherited, ProviderProfile
from secaudit.model.requirement import Checklist
from secaudit.model.words import AnswerValue, Nature

_SAYS = {Extent.WHOLE: AnswerValue.MET, Extent.PART: AnswerValue.PARTIAL}


@dataclass(frozen=True)
class Circumstances:
    """What a profile is held against.

    Attributes:
        hosts: ASCII names of the system's pages.
        today: the local day.
        seen: the latest day that the workspace has seen; later than today where the clock was set back.
    """

    hosts: Sequence[str]
    today: date
    seen: date


@dataclass(frozen=True)
class Offer:
    """What a provider says of a row.

    Attributes:
        claim: the statement in the form of an answer, so that it is judged by the same rules.
    """

    claim: Answer
    inherited: Inherited


@dataclass(frozen=True)
class Offers:
    """What providers do for one system, of one checklist.

    Attributes:
        by_row: the statement that counts, by row.
        lapsed: why a row that a profile speaks of is not covered by it, by row.
    """

    by_row: Mapping[str, Offer] = field(default_factory=dict)
    lapsed: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)


NO_OFFERS = Offers()


def rows_digest(checklist: Checklist) -> str:
    """Return SHA-256 over the ids of all rows, as a JSON array in ASCII without white space, in hexadecimal."""
    ids = json.dumps([row.id for row in checklist.requirements], separators=(",", ":"))
    return hashlib.sha256(ids.encode("ascii")).hexdigest()


def objection(held: HeldProfile, now: Circumstances) -> Reason | None:
    """Return why a profile does not count for a system, None where it does."""
    profile = held.profile
    if held.holding in (Holding.UNREADABLE, Holding.BAD_SIGNATURE) or profile is None:
        return _reason(f"provider-{held.holding}", held)
    if held.holding is Holding.UNKNOWN_KEY:
        return _reason("provider-unknown-key", held, key=held.record.key)
    if profile.withdrawn:
        return _reason("provider-withdrawn", held, date=profile.issued_at.date().isoformat())
    if held.holding is not Holding.GOOD:
        return _reason(f"provider-{held.holding}", held)
    # A day of leeway: the provider's clock may run ahead of the office's, and days begin at different moments.
    if (profile.issued_at.date() - now.today).days > 1:
        return _reason("provider-not-yet", held, date=profile.issued_at.date().isoformat())
    if profile.valid_until < now.today:
        return _reason("provider-expired", held, date=profile.valid_until.isoformat())
    if profile.valid_until < now.seen:
        return _reason("provider-expired-clock", held, date=profile.valid_until.isoformat(), seen=now.seen.isoformat())
    outside = [host for host in now.hosts if not covers(profile.hosts, host)]
    if profile.hosts and (outside or not now.hosts):
        return _reason("provider-elsewhere", held, host=next(iter(outside), "–"))
    return None


def covers(suffixes: Iterable[str], host: str) -> bool:
    """Tell whether a name is one of the suffixes or lies below one; by labels, without regard to case."""
    name = host.rstrip(".").lower()
    return any(name == suffix or name.endswith(f".{suffix}") for suffix in (s.strip(".").lower() for s in suffixes))


def offers(checklist: Checklist, held: Iterable[HeldProfile], now: Circumstances) -> Offers:
    """Return what the profiles offer to a system for a checklist.

    Where several speak of a row, one that does all of it comes before one that does a part, then the one that
    holds longest.
    """
    rows = {row.id: row for row in checklist.requirements}
    found: dict[str, list[Offer]] = {}
    lapsed: dict[str, list[Reason]] = {}
    for one in held:
        profile = one.profile
        believable = one.holding not in (Holding.UNREADABLE, Holding.BAD_SIGNATURE)
        if profile is None or not believable:
            continue
        against = objection(one, now)
        for part in (part for part in profile.lists if part.checklist == checklist.id):
            other_edition = part.reviewed != checklist.reviewed or part.rows_sha256 != rows_digest(checklist)
            for entry in (entry for entry in part.rows if entry.requirement in rows):
                why = against or (_reason("provider-other-edition", one) if other_edition else None)
                why = why or _objection_to_row(one, entry, rows[entry.requirement].nature, now)
                if why is None:
                    found.setdefault(entry.requirement, []).append(_offer(checklist.id, one, profile, entry))
                else:
                    lapsed.setdefault(entry.requirement, []).append(why)
    by_row = {row: max(several, key=_rank) for row, several in found.items()}
    return Offers(by_row, {row: tuple(why) for row, why in lapsed.items() if row not in by_row})


def _objection_to_row(held: HeldProfile, entry: Fulfilment, nature: Nature, now: Circumstances) -> Reason | None:
    if nature is Nature.MANAGEMENT and not entry.named:
        return _reason("provider-not-named", held)
    if entry.valid_until is not None and entry.valid_until < max(now.today, now.seen):
        return _reason("provider-row-expired", held, date=entry.valid_until.isoformat())
    return None


def _offer(checklist: str, held: HeldProfile, profile: ProviderProfile, entry: Fulfilment) -> Offer:
    until = min(profile.valid_until, entry.valid_until or profile.valid_until)
    claim = Answer(
        checklist=checklist, requirement=entry.requirement, value=_SAYS[entry.extent], answered_by=profile.provider,
        answered_at=profile.issued_at, note=entry.how, evidence_date=entry.evidence_date, valid_until=until,
    )  # fmt: skip
    inherited = Inherited(
        provider=profile.provider, profile=profile.id, serial=profile.serial, key=held.record.key, until=until,
        extent=entry.extent, how=entry.how, rest=entry.rest, evidence=entry.evidence,
    )  # fmt: skip
    return Offer(claim, inherited)


def _rank(offer: Offer) -> tuple[bool, date, date, str]:
    evidence = offer.claim.evidence_date or date.min
    return offer.inherited.extent is Extent.WHOLE, offer.inherited.until, evidence, offer.inherited.profile


def _reason(code: str, held: HeldProfile, **params: str) -> Reason:
    return Reason(code=code, params={"provider": held.record.provider, "profile": held.record.profile, **params})
