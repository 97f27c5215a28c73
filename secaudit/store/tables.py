"""The tables. Values that are queried are columns; what is only read back as a whole is JSON text.

A change of a table, or of a type that stands in one as JSON (observations apart, which tell their kind), needs a
migration: the number of the newest one tells an older program to keep its hands off.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class UtcText(TypeDecorator[datetime]):
    """A moment as ISO 8601 text in UTC, always of the same length, so that text order is time order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write an aware datetime as `2026-11-22T07:05:00.000000Z`."""
        if value is None:
            return None
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Read it back as an aware datetime in UTC."""
        return None if value is None else datetime.fromisoformat(value)


def _scan_key(**options: Any) -> Column[str]:
    return Column("scan_id", String, ForeignKey("scan.id"), nullable=False, **options)


def _system_key() -> Column[str]:
    return Column("system_id", String, ForeignKey("system.id"), nullable=False)


program = Table(
    "program",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("first_used_at", UtcText, nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("superior", String, nullable=False),
    Column("place", String, nullable=False),
    Column("contact_name", String, nullable=False),
    Column("contact_email", String, nullable=False),
    Column("contact_phone", String, nullable=False),
    Column("is_sample", Boolean, nullable=False),
)

system = Table(
    "system",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("level_basis", String, nullable=False),
    Column("operator", String, nullable=False),
)

site = Table(
    "site",
    metadata,
    Column("id", String, primary_key=True),
    Column("system_id", String, ForeignKey("system.id"), nullable=False),
    Column("url", String, nullable=False, index=True),
    Column("target", Text, nullable=False),
    Column("allowed_ports", Text, nullable=False),
)

authorisation = Table(
    "authorisation",
    metadata,
    Column("id", String, primary_key=True),
    Column("hosts", Text, nullable=False),
    Column("ports", Text, nullable=False),
    Column("granted_by", String, nullable=False),
    Column("document", String, nullable=False),
    Column("valid_from", UtcText, nullable=False),
    Column("valid_until", UtcText, nullable=False),
    Column("recorded_at", UtcText, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("revoked_at", UtcText),
)

scan = Table(
    "scan",
    metadata,
    Column("id", String, primary_key=True),
    Column("site_id", String, ForeignKey("site.id"), nullable=False),
    Column("version", String, nullable=False),
    Column("url", String, nullable=False),
    Column("target", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("started_at", UtcText, nullable=False),
    Column("finished_at", UtcText),
    Column("status", String, nullable=False, index=True),
    Column("authorisation", String, nullable=False),
    Column("tools", Text, nullable=False),
    Column("process", Text, nullable=False),
    Index(None, "site_id", "started_at"),
)

observation = Table(
    "observation",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(index=True),
    Column("kind", String, nullable=False),
    Column("target", String, nullable=False),
    Column("at", UtcText, nullable=False),
    Column("body", Text, nullable=False),
)

probe_run = Table(
    "probe_run",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(),
    Column("name", String, nullable=False),
    Column("status", String, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("fault", Text),
    Column("notes", Text, nullable=False),
    UniqueConstraint("scan_id", "name"),
)

raw_result = Table(
    "raw_result",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(index=True),
    Column("name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
)

judgement = Table(
    "judgement",
    metadata,
    Column("id", Integer, primary_key=True),
    _scan_key(index=True),
    Column("rules_version", String, nullable=False),
    Column("judged_at", UtcText, nullable=False),
)

check_outcome = Table(
    "check_outcome",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("judgement_id", Integer, ForeignKey("judgement.id"), nullable=False, index=True),
    Column("check_id", String, nullable=False),
    Column("result", String, nullable=False),
    Column("target", String, nullable=False),
    Column("place", String, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("reason", Text),
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("judgement_id", Integer, ForeignKey("judgement.id"), nullable=False, index=True),
    Column("identity", String, nullable=False, index=True),
    Column("check_id", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("target", String, nullable=False),
    Column("place", String, nullable=False),
    Column("evidence", Text, nullable=False),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True),
    _system_key(),
    Column("checklist", String, nullable=False),
    Column("requirement", String, nullable=False),
    Column("value", String, nullable=False),
    Column("answered_by", String, nullable=False),
    Column("answered_at", UtcText, nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("equivalent", Text, nullable=False),
    Column("evidence_date", Date),
    Column("upholds", Text, nullable=False),
    Index(None, "system_id", "checklist", "requirement"),
)

profile_answer = Table(
    "profile_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    _system_key(),
    Column("question", String, nullable=False),
    Column("value", Boolean, nullable=False),
    Column("answered_by", String, nullable=False),
    Column("answered_at", UtcText, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "system_id", "question"),
)
