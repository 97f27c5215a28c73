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
    """Return the profiles that were imported for a system: the newest edition of each, or of each key's."""
    records = workspace.providers.records()
    mine = {(one.key, one.profile): one for one in records if one.system == system.id}  # the last one stands
    sites = [site for site in workspace.registry.sites() if site.system == system.id] if mine else []
    today = now.astimezone().date()
    seen = workspace.providers.last_seen() if mine else None
    circumstances = Circumstances(
        hosts=[site.target.host for site in sites],
        today=today,
        seen=max(today, seen.astimezone().date()) if seen else today,
    )
    if not mine:
        return Held((), circumstances)
    trusted = {key.public_key for key in workspace.providers.trusted_keys() if key.revoked_at is None}
    newest: dict[tuple[str, str], int] = {}
    for one in records:
        newest[one.key, one.profile] = max(one.serial, newest.get((one.key, one.profile), 0))
    profiles = [_checked(record, trusted, newest[key]) for key, record in mine.items()]
    return Held(profiles, circumstances)


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
