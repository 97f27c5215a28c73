"""Profiles of what providers do, and the keys that are trusted. Nothing is ever removed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from secaudit.model.errors import BadInput, message
from secaudit.model.provider import ProfileRecord, TrustedKey
from secaudit.store.database import Database
from secaudit.store.registry import require_system
from secaudit.store.rows import fields
from secaudit.store.tables import journal as journal_table
from secaudit.store.tables import provider_key, provider_profile

_RECENT = 1000
"""How many of the newest entries of the journal are asked for the latest day."""


class ProviderRepository:
    """Profiles of providers for the systems of a workspace, and those that it issued itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def trusted_keys(self) -> list[TrustedKey]:
        """Return all keys that were ever trusted, in the order in which they were."""
        with self._database.read() as connection:
            found = connection.execute(select(provider_key).order_by(provider_key.c.id))
            return [TrustedKey(**fields(row, "id")) for row in found]

    def trust(self, key: TrustedKey) -> None:
        """Trust a key from now on; one that is trusted already stays as it is, a revoked one is trusted again."""
        mine = provider_key.c.public_key == key.public_key
        with self._database.write() as connection:
            row = connection.execute(select(provider_key).where(mine)).first()
            if row is not None and row.revoked_at is None:
                return
            if row is None:
                made = insert(provider_key).values(key.model_dump()).returning(provider_key.c.id)
                number = connection.execute(made).scalar_one()
            else:
                number = row.id
                connection.execute(update(provider_key).where(mine).values(key.model_dump()))
            self._database.journal(connection, "provider.trust", provider_key.name, number)

    def distrust(self, fingerprint: str, at: datetime, by: str) -> int:
        """Trust the keys of that fingerprint no longer and return how many changed."""
        mine = (provider_key.c.fingerprint == fingerprint, provider_key.c.revoked_at.is_(None))
        with self._database.write() as connection:
            numbers = connection.execute(select(provider_key.c.id).where(*mine)).scalars().all()
            connection.execute(update(provider_key).where(*mine).values(revoked_at=at, revoked_by=by))
            for number in numbers:
                self._database.journal(connection, "provider.distrust", provider_key.name, number)
        return len(numbers)

    def records(self, role: str = "imported") -> list[ProfileRecord]:
        """Return all profiles of a role, `imported` or `issued`, in the order in which they came."""
        query = select(provider_profile).where(provider_profile.c.role == role).order_by(provider_profile.c.number)
        with self._database.read() as connection:
            return [_record(row) for row in connection.execute(query)]

    def record(self, profile: ProfileRecord, systems: Iterable[str]) -> None:
        """Store a profile for some systems, all or none.

        An older edition than the newest known one is refused, so that nobody undoes a withdrawal by an old file; so
        is another file under the same number. The same file again counts from now on, also after `withdraw`.

        Raises:
            BadInput: as said, or there is no such system.
        """
        with self._database.write() as connection:
            self._refuse_older(connection, profile)
            for system_id in systems:
                require_system(connection, system_id)
                values = profile.model_dump(exclude={"number", "system"}) | {"system_id": system_id}
                row = insert(provider_profile).values(values).returning(provider_profile.c.number)
                number = connection.execute(row).scalar_one()
                self._database.journal(connection, f"provider.{profile.role}", provider_profile.name, number)

    def _refuse_older(self, connection: Connection, profile: ProfileRecord) -> None:
        mine = [provider_profile.c[name] == getattr(profile, name) for name in ("role", "key", "profile")]
        newest = connection.execute(select(func.max(provider_profile.c.serial)).where(*mine)).scalar_one()
        if newest is None or profile.serial > newest:
            return
        if profile.serial < newest:
            raise BadInput(
                message("This is edition {serial} of the profile {profile}; edition {newest} is known already. "
                        "An older one is not taken: ask the provider for the newest file."),
                serial=profile.serial, profile=profile.profile, newest=newest,
            )  # fmt: skip
        same = [*mine, provider_profile.c.serial == newest, provider_profile.c.document != profile.document]
        if connection.execute(select(provider_profile.c.number).where(*same).limit(1)).first():
            raise BadInput(
                message("Another file was imported as edition {serial} of the profile {profile}, and this one says "
                        "something else. Nothing was changed; ask the provider which one is right."),
                serial=profile.serial, profile=profile.profile,
            )  # fmt: skip

    def withdraw(self, numbers: Iterable[int], at: datetime, by: str, reason: str) -> None:
        """Use the records no longer; those that are withdrawn already stay as they are."""
        with self._database.write() as connection:
            for number in numbers:
                mine = (provider_profile.c.number == number, provider_profile.c.withdrawn_at.is_(None))
                changed = connection.execute(
                    update(provider_profile)
                    .where(*mine)
                    .values(withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason)
                )
                if changed.rowcount:
                    self._database.journal(connection, "provider.withdraw", provider_profile.name, number)

    def last_seen(self) -> datetime | None:
        """Return the latest time among the newest entries of the journal, None for an empty one.

        Where it lies after the present, the computer's clock was set back.
        """
        newest = select(journal_table.c.at).order_by(journal_table.c.sequence.desc()).limit(_RECENT).subquery()
        with self._database.read() as connection:
            latest = connection.execute(select(func.max(newest.c.at))).scalar_one()
        return datetime.fromisoformat(latest) if latest else None


def _record(row: Row[Any]) -> ProfileRecord:
    return ProfileRecord(**fields(row, "system_id"), system=row.system_id)
