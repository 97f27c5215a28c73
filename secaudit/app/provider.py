"""What providers do for the systems of a workspace: the stored profiles, proven anew each time they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.assess.inheritance import NO_OFFERS, Circumstances, Offers, objection, offers
from secaudit.model.base import Reason
from secaudit.model.organisation import System
from secaudit.model.provider import HeldProfile, Holding, ProfileRecord
from secaudit.model.requirement import Checklist
from secaudit.store.workspace import Workspace


@dataclass(frozen=True)
class Held:
    """The profiles of one system and what they are held against."""

    profiles: Sequence[HeldProfile]
    circumstances: Circumstances

    def offers(self, checklist: Checklist) -> Offers:
        """Return what providers do, of one checklist."""
        return offers(checklist, self.profiles, self.circumstances) if self.profiles else NO_OFFERS

    def objection(self, profile: HeldProfile) -> Reason | None:
        """Return why a profile does not count now, None where it does."""
        return objection(profile, self.circumstances)


def held_by(workspace: Workspace, system: System, now: datetime) -> Held:
    """Return the profiles that were imported for a system, the edition imported last of each."""
    if not workspace.standing.has_providers(system.id):
        return _nothing(now)  # without loading what reads the profiles
    records = workspace.providers.records()
    seen = workspace.providers.last_seen() if records else None
    trusted = {key.public_key for key in workspace.providers.trusted_keys() if key.revoked_at is None}
    return _held(workspace, system, records, trusted, now, seen)


def held_at(workspace: Workspace, system: System, moment: datetime) -> Held:
    """Return the profiles of a system as they stood at a moment of the past: imported, withdrawn and trusted then.

    For judging again what once held, for example for a trend.
    """
    if not workspace.standing.has_providers(system.id):
        return _nothing(moment)
    known = [one for one in workspace.providers.records() if one.recorded_at <= moment]
    records = [
        one.model_copy(update={"withdrawn_at": None}) if one.withdrawn_at and one.withdrawn_at > moment else one
        for one in known
    ]
    trusted = {
        key.public_key
        for key in workspace.providers.trusted_keys()
        if key.trusted_at <= moment and (key.revoked_at is None or key.revoked_at > moment)
    }
    return _held(workspace, system, records, trusted, moment, None)


def _nothing(moment: datetime) -> Held:
    today = moment.astimezone().date()
    return Held((), Circumstances(hosts=(), today=today, seen=today))


def _held(
    workspace: Workspace, system: System, records: Sequence[ProfileRecord], trusted: set[str], moment: datetime,
    seen: datetime | None,
) -> Held:  # fmt: skip
    mine = {(one.key, one.profile): one for one in records if one.system == system.id}  # the last one stands
    sites = [site for site in workspace.registry.sites() if site.system == system.id] if mine else []
    today = moment.astimezone().date()
    circumstances = Circumstances(
        hosts=[site.target.host for site in sites],
        today=today,
        seen=max(today, seen.astimezone().date()) if seen else today,
    )
    newest: dict[tuple[str, str], int] = {}
    for one in records:
        newest[one.key, one.profile] = max(one.serial, newest.get((one.key, one.profile), 0))
    return Held([_checked(record, trusted, newest[key]) for key, record in mine.items()], circumstances)


def _checked(record: ProfileRecord, trusted: set[str], newest: int) -> HeldProfile:
    # jsonschema and the like are not needed here, cryptography is: it is loaded only where there is a profile.
    from secaudit.app.provider_file import reopen

    found = reopen(record.document)
    if found is None:
        return HeldProfile(holding=Holding.UNREADABLE, profile=None, record=record)
    same = (found.fingerprint, found.profile.id, found.profile.serial) == (record.key, record.profile, record.serial)
    if not (found.genuine and same):
        holding = Holding.BAD_SIGNATURE
    elif found.public_key not in trusted:
        holding = Holding.UNKNOWN_KEY
    elif record.serial < newest:
        holding = Holding.REPLACED
    elif record.withdrawn_at is not None:
        holding = Holding.WITHDRAWN_HERE
    else:
        holding = Holding.GOOD
    return HeldProfile(holding=holding, profile=found.profile, record=record)
