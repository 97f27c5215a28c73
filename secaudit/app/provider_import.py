"""Taking a provider's file: whose key, for which systems, and what it changes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from secaudit.app.key_files import fingerprint, load_public, raw_public, same_fingerprint
from secaudit.app.provider_file import LARGEST, SignedProfile, read_stranger
from secaudit.app.rows import choose_system
from secaudit.checklist.validate import contents
from secaudit.model.errors import BadInput, message
from secaudit.model.provider import ProfileRecord, ProviderProfile, TrustedKey
from secaudit.store.workspace import Workspace

Asked = Callable[[SignedProfile], bool]
"""Shows the fingerprint to a person and returns whether they compared it and trust the key."""


@dataclass(frozen=True)
class Imported:
    """A profile that was stored.

    Attributes:
        systems: for which systems.
        newly_trusted: the key was not trusted before.
    """

    profile: ProviderProfile
    fingerprint: str
    systems: Sequence[str]
    newly_trusted: bool


def read_profile(path: Path) -> SignedProfile:
    """Return what a provider's file says, its signature proven.

    Raises:
        BadInput: the file cannot be read, is no such file, or was changed after it was signed.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(message("{file} is too large for a provider's profile."), file=path)
    except OSError:
        pass  # `contents` says what is wrong
    found = read_stranger(contents(path), str(path))
    if not found.genuine:
        raise BadInput(
            message("The signature of {file} is wrong: the file was changed after it was signed, or damaged on the "
                    "way. Nothing was taken; ask the provider to send it again."),
            file=path,
        )  # fmt: skip
    return found


def import_profile(
    workspace: Workspace, path: Path, system_id: str | None, trusted: str | None, asked: Asked, now: datetime, by: str
) -> Imported:
    """Store a provider's file for a system.

    A newer edition also goes to every other system of the workspace that uses the profile, and one that takes the
    profile back to all of them, so that no system is left with what the provider has withdrawn.

    Args:
        path: the file.
        system_id: for which system; None for the only one, or for those that use an earlier edition.
        trusted: a fingerprint that the officer has compared, None where they are to be asked.
        asked: asks them.
        now: time of the import.
        by: who imports.

    Raises:
        BadInput: the file is bad, its key is not trusted, or an edition that is as new is known.
    """
    found = read_profile(path)
    using = _using(workspace, found)
    systems = list(dict.fromkeys([*using, *_chosen(workspace, system_id, using)]))
    known = {key.public_key for key in workspace.providers.trusted_keys() if key.revoked_at is None}
    newly = found.public_key not in known
    if newly or trusted is not None:
        _agree(found, trusted, asked)
    record = ProfileRecord(
        role="imported", system="", profile=found.profile.id, serial=found.profile.serial, key=found.fingerprint,
        provider=found.profile.provider, document=found.text, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    workspace.providers.record(record, systems)
    if newly:
        workspace.providers.trust(_trusted(found.public_key, found.profile.provider, now, by))
    return Imported(found.profile, found.fingerprint, systems, newly)


def _using(workspace: Workspace, found: SignedProfile) -> list[str]:
    """Return the systems that use an edition of the profile."""
    last = {
        record.system: record
        for record in workspace.providers.records()
        if (record.key, record.profile) == (found.fingerprint, found.profile.id)
    }
    return [system for system, record in last.items() if record.withdrawn_at is None]


def _chosen(workspace: Workspace, system_id: str | None, using: Sequence[str]) -> list[str]:
    if system_id is None and using:
        return []
    return [choose_system(workspace, system_id).id]


def _agree(found: SignedProfile, trusted: str | None, asked: Asked) -> None:
    if trusted is not None:
        if not same_fingerprint(trusted, found.fingerprint):
            raise BadInput(
                message("The file is signed with the key {found}, not with {trusted}. Nothing was taken; ask the "
                        "provider."),
                found=found.fingerprint, trusted=trusted,
            )  # fmt: skip
    elif not asked(found):
        raise BadInput(
            message("The key {fingerprint} is not trusted, so nothing was taken. Have the provider read out its "
                    "fingerprint, then run the import again with --trust \"{fingerprint}\"."),
            fingerprint=found.fingerprint,
        )  # fmt: skip


def _trusted(public_key: str, provider: str, now: datetime, by: str) -> TrustedKey:
    print_ = fingerprint(base64.b64decode(public_key))
    return TrustedKey(public_key=public_key, fingerprint=print_, provider=provider, trusted_at=now, trusted_by=by)


def trust_key(workspace: Workspace, typed: str, provider: str, now: datetime, by: str) -> TrustedKey:
    """Trust a public key and return it.

    Args:
        workspace: where it is to be trusted.
        typed: a file with the key (PEM), or the key in base64.
        provider: whose it is.
        now: from when on.
        by: who says so.

    Raises:
        BadInput: it is no such key.
    """
    if Path(typed).is_file():
        raw = raw_public(load_public(Path(typed)))
    else:
        try:
            raw = base64.b64decode(typed.strip(), validate=True)
        except ValueError:
            raw = b""
        if len(raw) != 32:
            raise BadInput(
                message("{typed!r} is neither a file with a public key (.pub) nor such a key in base64."), typed=typed
            )
    key = _trusted(base64.b64encode(raw).decode("ascii"), provider, now, by)
    workspace.providers.trust(key)
    return key


def distrust_key(workspace: Workspace, typed: str, now: datetime, by: str) -> str:
    """Trust a key no longer and return its fingerprint; what it signed counts no more.

    Raises:
        BadInput: no key with that fingerprint is trusted.
    """
    for key in workspace.providers.trusted_keys():
        if key.revoked_at is None and same_fingerprint(typed, key.fingerprint):
            workspace.providers.distrust(key.fingerprint, now, by)
            return key.fingerprint
    raise BadInput(message("No key with the fingerprint {typed} is trusted here."), typed=typed)


def withdraw_profile(
    workspace: Workspace, profile: str, system_id: str | None, reason: str, now: datetime, by: str
) -> Sequence[str]:
    """Use a profile no longer, for one system or for all that use it, and return them.

    Raises:
        BadInput: no system uses such a profile, or the reason is missing.
    """
    if not reason.strip():
        raise BadInput(message("Say why with --reason."))
    last: dict[tuple[str, str], ProfileRecord] = {}
    for record in workspace.providers.records():
        if record.profile == profile and system_id in (None, record.system):
            last[record.system, record.key] = record
    mine = [record for record in last.values() if record.withdrawn_at is None]
    if not mine:
        raise BadInput(
            message("No profile {profile} is in use here; see `secaudit assess provider list`."), profile=profile
        )
    workspace.providers.withdraw([record.number for record in mine], now, by, reason.strip())
    return sorted({record.system for record in mine})
