"""The tables. Values that are queried are columns; what is only read back as a whole is JSON text.

A change of a table, or of a type that stands in one as JSON (observations apart, which tell their kind), needs a
migration: the number of the newest one tells an older program to keep its hands off.

Rows of `JOURNALLED` tables also stand in the journal, as they are here. A migration that changes them appends them
to the journal again, or `verify` takes them for tampered with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)
from sqlalchemy import text as sql

from secaudit.store.columns import UtcText, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _scan_key(**options: Any) -> Column[str]:
    return Column("scan_id", Words, ForeignKey("scan.id"), nullable=False, **options)


def _words(*names: str) -> Iterator[Column[str]]:
    return (Column(name, Words, nullable=False) for name in names)


def _system_key() -> Column[str]:
    return Column("system_id", Words, ForeignKey("system.id"), nullable=False)


program = Table(
    "program",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Words, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("first_used_at", UtcText, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Words, nullable=False),
    Column("superior", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("contact_name", Words, nullable=False),
    Column("contact_email", Words, nullable=False),
    Column("contact_phone", Words, nullable=False),
    Column("is_sample", Boolean, nullable=False),
)

system = Table(
    "system",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("level", Integer, nullable=False),
    Column("level_basis", Words, nullable=False),
    Column("operator", Words, nullable=False),
    Column("kind", Words, nullable=False, server_default="page"),
)

site = Table(
    "site",
    metadata,
    Column("id", Words, primary_key=True),
    Column("system_id", Words, ForeignKey("system.id"), nullable=False),
    Column("url", Words, nullable=False, index=True),
    Column("target", Words, nullable=False),
    Column("allowed_ports", Words, nullable=False),
    Column("baseline", Words, nullable=True),
)

authorisation = Table(
    "authorisation",
    metadata,
    Column("id", Words, primary_key=True),
    Column("hosts", Words, nullable=False),
    Column("ports", Words, nullable=False),
    Column("granted_by", Words, nullable=False),
    Column("document", Words, nullable=False),
    Column("valid_from", UtcText, nullable=False),
    Column("valid_until", UtcText, nullable=False),
    Column("recorded_at", UtcText, nullable=False),
    Column("recorded_by", Words, nullable=False),
    Column("revoked_at", UtcText),
)

scan = Table(
    "scan",
    metadata,
    Column("id", Words, primary_key=True),
    Column("site_id", Words, ForeignKey("site.id"), nullable=False),
    Column("version", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("options", Words, nullable=False),
    Column("started_at", UtcText, nullable=False),
    Column("finished_at", UtcText),
    Column("status", Words, nullable=False, index=True),
    Column("authorisation", Words, nullable=False),
    Column("tools", Words, nullable=False),
    Column("process", Words, nullable=False),
    Column("traffic", Words),
    Column("source", Words),
    Index(None, "site_id", "started_at"),
)

observation = Table(
    "observation",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(index=True),
    Column("kind", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("at", UtcText, nullable=False),
    Column("body", Words, nullable=False),
)

probe_run = Table(
    "probe_run",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(),
    Column("name", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("fault", Words),
    Column("notes", Words, nullable=False),
    UniqueConstraint("scan_id", "name"),
)

raw_result = Table(
    "raw_result",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(index=True),
    Column("name", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("size", Integer, nullable=False),
)

judgement = Table(
    "judgement",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(index=True),
    Column("rules_version", Words, nullable=False),
    Column("judged_at", UtcText, nullable=False),
)

check_outcome = Table(
    "check_outcome",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("judgement_id", Integer, ForeignKey("judgement.id"), nullable=False, index=True),
    Column("check_id", Words, nullable=False),
    Column("result", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("evidence", Words, nullable=False),
    Column("reason", Words),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("judgement_id", Integer, ForeignKey("judgement.id"), nullable=False, index=True),
    Column("identity", Words, nullable=False, index=True),
    Column("check_id", Words, nullable=False),
    Column("severity", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("evidence", Words, nullable=False),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    _system_key(),
    Column("checklist", Words, nullable=False),
    Column("requirement", Words, nullable=False),
    Column("value", Words, nullable=False),
    Column("answered_by", Words, nullable=False),
    Column("answered_at", UtcText, nullable=False),
    Column("note", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("equivalent", Words, nullable=False),
    Column("evidence_date", Date),
    Column("upholds", Words, nullable=False),
    Column("authority", Words, nullable=False, server_default=""),
    Column("assessor", Words, nullable=False, server_default=""),
    Column("independent", Boolean),
    Column("valid_until", Date),
    Column("evidence", Words, nullable=False, server_default="[]"),
    Index(None, "system_id", "checklist", "requirement"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("sha256", Words, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("reference", Words, nullable=False),
    Column("dated", Date),
    Column("valid_until", Date),
    Column("added_at", UtcText, nullable=False),
    Column("added_by", Words, nullable=False),
    Column("note", Words, nullable=False),
)

level_record = Table(
    "level_record",
    metadata,
    Column("id", Integer, primary_key=True),
    _system_key(),
    Column("answers", Words, nullable=False),
    Column("plan", Words, nullable=False),
    Column("answered_by", Words, nullable=False),
    Column("answered_at", UtcText, nullable=False),
    Index(None, "system_id"),
)

journal = Table(
    "journal",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("at", Words, nullable=False),
    Column("user", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("payload", Words, nullable=False),
    Column("previous", Words, nullable=False),
    Column("hash", Words, nullable=False, unique=True),
)

schedule = Table(
    "schedule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("body", Words),
)

periodic_run = Table(
    "periodic_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", Words, ForeignKey("site.id"), nullable=False),
    Column("slot", UtcText, nullable=False),
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("started_at", UtcText, nullable=False),
    Column("scan", Words, nullable=False),
    Column("fault", Words, nullable=False),
    Column("process", Words, nullable=False),
    UniqueConstraint("site_id", "slot"),
)

digest = Table(
    "digest",
    metadata,
    Column("slot", UtcText, primary_key=True),
    Column("process", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcText),
    Column("scans", Words, nullable=False),
)

profile_answer = Table(
    "profile_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    _system_key(),
    Column("question", Words, nullable=False),
    Column("yes", Boolean, nullable=False),
    Column("answered_by", Words, nullable=False),
    Column("answered_at", UtcText, nullable=False),
    Column("reason", Words, nullable=False),
    Index(None, "system_id", "question"),
)

remediation_item = Table(
    "remediation_item",
    metadata,
    Column("number", Integer, primary_key=True),
    _system_key(),
    *_words("source", "subject", "check_id", "target", "place", "group_id", "severity", "title", "state", "priority"),
    *_words("owner", "unit"),
    Column("due", Date),
    Column("cost", Integer),
    Column("opened_at", UtcText, nullable=False),
    *_words("opened_by"),
    *(Column(name, UtcText) for name in ("assigned_at", "done_at", "cleared_at", "closed_at")),
    Column("reopened", Integer, nullable=False),
    Column("accepted", Words),
    Column("duplicate_of", Integer, ForeignKey("remediation_item.number")),
    *_words("attachments"),
    # One item per system and subject, however many processes try; items entered by hand have no subject.
    Index(None, "system_id", "subject", unique=True, sqlite_where=sql("subject != ''")),
)

remediation_event = Table(
    "remediation_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item", Integer, ForeignKey("remediation_item.number"), nullable=False, index=True),
    Column("at", UtcText, nullable=False),
    *_words("by", "kind", "changes", "comment", "scan"),
)

remediation_sighting = Table(
    "remediation_sighting",
    metadata,
    Column("item", Integer, ForeignKey("remediation_item.number"), primary_key=True),
    Column("site_id", Words, ForeignKey("site.id"), nullable=False),
    Column("seen_at", UtcText, nullable=False),
    Column("seen_in", Words, ForeignKey("scan.id"), nullable=False),
    Column("looked_in", Words, ForeignKey("scan.id"), nullable=False),
)

remediation_mark = Table(
    "remediation_mark", metadata, Column("subject", Words, primary_key=True), Column("upto", Words, nullable=False)
)

remediation_policy = Table(
    "remediation_policy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("set_at", UtcText, nullable=False),
    *_words("set_by", "body"),
)

provider_key = Table(
    "provider_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_key", Words, nullable=False, unique=True),
    *_words("fingerprint", "provider"),
    Column("trusted_at", UtcText, nullable=False),
    *_words("trusted_by"),
    Column("revoked_at", UtcText),
    *_words("revoked_by"),
)

provider_profile = Table(
    "provider_profile",
    metadata,
    Column("number", Integer, primary_key=True),
    *_words("role"),
    _system_key(),
    *_words("profile"),
    Column("serial", Integer, nullable=False),
    *_words("key", "provider", "document"),
    Column("recorded_at", UtcText, nullable=False),
    *_words("recorded_by"),
    Column("withdrawn_at", UtcText),
    *_words("withdrawn_by", "withdrawn_reason"),
    Index(None, "role", "key", "profile"),
)

JOURNALLED = (
    organisation,
    system,
    site,
    authorisation,
    profile_answer,
    answer,
    evidence,
    level_record,
    remediation_item,
    remediation_event,
    remediation_policy,
    schedule,
    provider_key,
    provider_profile,
)
"""Tables of which every row, as it stands now, is the last one with its key in the journal."""
