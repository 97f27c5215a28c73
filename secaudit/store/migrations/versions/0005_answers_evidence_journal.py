"""More about answers, evidence, level sheets, and the journal, which begins with what is there already."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from secaudit.store import journal
from secaudit.store.triggers import JOURNAL_IS_APPENDED_TO

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# In this order, so that what refers to something comes after it.
CARRIED = (
    ("organisation", "id"),
    ("system", "id"),
    ("site", "id"),
    ("authorisation", "id"),
    ("profile_answer", "id"),
    ("answer", "id"),
)


def upgrade() -> None:
    """Make the columns and tables, and begin the chain."""
    op.add_column("answer", sa.Column("authority", sa.Text(), nullable=False, server_default=""))
    op.add_column("answer", sa.Column("assessor", sa.Text(), nullable=False, server_default=""))
    op.add_column("answer", sa.Column("independent", sa.Boolean(), nullable=True))
    op.add_column("answer", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("answer", sa.Column("evidence", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "evidence",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("added_at", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"])
    op.create_table(
        "level_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system_id", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_level_record_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_record")),
    )
    op.create_index(op.f("ix_level_record_system_id"), "level_record", ["system_id"])
    op.create_table(
        "journal",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_journal")),
        sa.UniqueConstraint("hash", name=op.f("uq_journal_hash")),
    )
    for trigger in JOURNAL_IS_APPENDED_TO:
        op.execute(trigger)
    _begin_chain()


def _begin_chain() -> None:
    connection, now = op.get_bind(), datetime.now(UTC)
    keys = {
        table: connection.exec_driver_sql(f"SELECT {key} FROM {table} ORDER BY {key}").scalars().all()  # noqa: S608
        for table, key in CARRIED
    }
    journal.append(connection, "journal.begin", {"carried": {table: len(found) for table, found in keys.items()}}, now)
    for table, found in keys.items():
        for key in found:
            journal.append_row(connection, f"{table}.carried", table, key, now)
