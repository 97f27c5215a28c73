"""The seal of a report: what its files were, from which data they were made, and where the journal stood."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from secaudit.model.base import Composed, Frozen, Instant


class SealedFile(Frozen):
    """One file of the report; `name` is its name without a folder."""

    name: Composed
    size: int
    sha256: str


class SealedJudgement(Frozen):
    """What the rules of a version said of a scan, as stored."""

    rules_version: str
    judged_at: str
    sha256: str


class SealedScan(Frozen):
    """A scan that the report speaks of.

    Attributes:
        observations: how many are stored.
        sha256: over the scan's head, its observations and how its probes went.
        judgement: the newest one that is stored, None where there is none.
    """

    id: str
    url: str
    started_at: Instant
    observations: int
    sha256: str
    judgement: SealedJudgement | None = None


class SealedAnswers(Frozen):
    """The answers of all systems that held; other records hang on the journal's hash.

    Attributes:
        rows: how many.
        sha256: over them (see `secaudit.store.seal_state`).
    """

    rows: int
    sha256: str


class SealedChecklist(Frozen):
    """The edition of a list that was judged; `sha256` is over its canonical JSON."""

    id: str
    reviewed: date
    sha256: str


class SealedData(Frozen):
    """What a report was made from."""

    scans: tuple[SealedScan, ...]
    answers: SealedAnswers
    checklists: tuple[SealedChecklist, ...]


class JournalMark(Frozen):
    """Where a workspace's journal stood.

    Attributes:
        first: hash of the first entry, by which the workspace is known again.
        sequence, hash: of the newest entry.
    """

    first: str
    sequence: int
    hash: str


class Seal(Frozen):
    """The manifest beside a report.

    Attributes:
        report: kind of the report.
        program: version of secaudit.
    """

    schema_: Literal["secaudit.seal/1"] = Field(default="secaudit.seal/1", alias="schema")
    sealed_at: Instant
    program: str
    report: str
    files: tuple[SealedFile, ...]
    data: SealedData
    journal: JournalMark


class FileState(StrEnum):
    """What became of a sealed file."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    MISSING = "missing"


class SignatureState(StrEnum):
    """What a signature says.

    `bad`: it does not fit the manifest, or is none at all; `unknown`: it is of a kind that cannot be checked here.
    """

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


class Certified(StrEnum):
    """Who confirms the name in a certificate, as far as the file itself shows.

    `self`: nobody but the signer; `issuer`: the issuer's certificate is in the file and its signature fits; `unproven`:
    the issuer is only named.
    """

    SELF = "self"
    ISSUER = "issuer"
    UNPROVEN = "unproven"


class DataState(StrEnum):
    """Whether what a report was made from is still the same.

    `superseded`: it was changed since by the ordinary way, and the journal still proves what it was.
    """

    SAME = "same"
    SUPERSEDED = "superseded"
    CHANGED = "changed"
    MISSING = "missing"


class Signer(Frozen):
    """Who signed, as far as the signature itself tells.

    Attributes:
        name: common name in the certificate, or all of its subject; empty for a bare key.
        issuer: who issued the certificate; whether to believe that authority, nobody here has checked.
        key: fingerprint of the public key.
        valid_at_sealing: the certificate's days covered the time of sealing; None for a bare key.
    """

    name: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: Instant | None = None
    not_after: Instant | None = None
    key: str = ""
    certified: Certified | None = None
    valid_at_sealing: bool | None = None


class SignatureCheck(Frozen):
    """One signature file beside a manifest."""

    file: str
    state: SignatureState
    signer: Signer | None = None
