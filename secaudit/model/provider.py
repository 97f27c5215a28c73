"""What a provider says it does for every page that it hosts, and how a workspace holds such a profile."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from secaudit.model.base import Composed, Frozen, Instant


class Extent(StrEnum):
    """How much of a requirement the provider does: all of it, or a part beside what the office does."""

    WHOLE = "whole"
    PART = "part"


class EvidenceReference(Frozen):
    """A piece of evidence that the provider keeps; the file itself stays with the provider.

    Attributes:
        name: the file's name or the link, as shown to people.
        sha256: of the file's content, empty for links.
        reference: the link, empty for files.
        dated: the day of the evidence itself.
        valid_until: last day on which it holds.
    """

    name: Composed
    sha256: str = ""
    size: int = 0
    reference: str = ""
    dated: date | None = None
    valid_until: date | None = None


class Fulfilment(Frozen):
    """One row that the provider fulfils.

    Attributes:
        how: what the provider does, in its own words; never empty.
        rest: what is left to the office where the provider does a part.
        named: the provider chose this very row; without that a row about rules cannot be inherited.
        evidence_date: date of the newest evidence; periods of the source count from it.
        valid_until: last day on which it holds, None where the profile's end is the end.
    """

    requirement: str
    extent: Extent
    how: Composed
    rest: Composed = ""
    named: bool = False
    evidence_date: date | None = None
    valid_until: date | None = None
    evidence: tuple[EvidenceReference, ...] = ()


class ProviderList(Frozen):
    """The rows of one checklist, bound to the edition that the provider looked at.

    Attributes:
        reviewed: the edition's date.
        rows_sha256: over the ids of all its rows in order (see `secaudit.assess.inheritance.rows_digest`).
    """

    checklist: str
    reviewed: date
    rows_sha256: str
    rows: tuple[Fulfilment, ...]


class ProviderProfile(Frozen):
    """What a provider signs. One profile serves every page that it hosts: it names no office.

    Attributes:
        id: the same for all editions of the profile.
        serial: 1, 2, 3 …; a higher one replaces all before.
        withdrawn: this edition takes the profile back; it has no rows.
        reason: why it was withdrawn.
        contact: where the office can ask, and where the fingerprint of the key can be read out.
        hosts: names below which a page must lie to be covered, empty for all.
        program: version of secaudit that wrote it.
    """

    id: str
    serial: int
    provider: Composed
    contact: Composed = ""
    issued_at: Instant
    valid_until: date
    withdrawn: bool = False
    reason: Composed = ""
    hosts: tuple[str, ...] = ()
    lists: tuple[ProviderList, ...] = ()
    program: str = ""


class Inherited(Frozen):
    """That a row's state comes from a provider's profile.

    Attributes:
        key: fingerprint of the key that signed it.
        until: last day on which it can count, by the row or the profile.
    """

    provider: str
    profile: str
    serial: int
    key: str
    until: date
    extent: Extent
    how: str
    rest: str = ""
    evidence: tuple[EvidenceReference, ...] = ()


class TrustedKey(Frozen):
    """A provider's public key that somebody at the office has compared.

    Attributes:
        public_key: the 32 bytes of an Ed25519 key (RFC 8032) in base64.
        fingerprint: what is read over the telephone.
        provider: whose it is, as said when it was trusted.
        revoked_at: from when on it is not trusted any more.
    """

    public_key: str
    fingerprint: str
    provider: Composed
    trusted_at: Instant
    trusted_by: Composed
    revoked_at: Instant | None = None
    revoked_by: Composed = ""


class ProfileRecord(Frozen):
    """A profile as it stands in the store.

    Attributes:
        role: `imported` from a provider for a system, or `issued` here for others.
        document: the signed file as canonical JSON text.
        withdrawn_at: from when on the office does not use it any more.
    """

    number: int = 0
    role: str
    system: str
    profile: str
    serial: int
    key: str
    provider: Composed
    document: str
    recorded_at: Instant
    recorded_by: Composed
    withdrawn_at: Instant | None = None
    withdrawn_by: Composed = ""
    withdrawn_reason: Composed = ""


class Holding(StrEnum):
    """What is known of a stored profile before its dates are looked at."""

    GOOD = "good"
    UNREADABLE = "unreadable"
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_KEY = "unknown-key"
    WITHDRAWN_HERE = "withdrawn-here"
    REPLACED = "replaced"


class HeldProfile(Frozen):
    """A stored profile, checked now.

    Attributes:
        profile: what it says; None where it cannot be read. Believe it only where `holding` is `good`.
        record: how it is stored.
    """

    holding: Holding
    profile: ProviderProfile | None
    record: ProfileRecord
