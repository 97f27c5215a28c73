"""The remediation register: items, what happened to them, where their faults were last seen, and its rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables; scans and answers made before come in when the register is next used."""
    op.create_table(
        "remediation_item",
        sa.Column("number", sa.Integer(), nullable=False),
        *_words("system_id", "source", "subject", "check_id", "target", "place", "group_id", "severity", "title"),
        *_words("state", "priority", "owner", "unit"),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        *_words("opened_at", "opened_by"),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("assigned_at", "done_at", "cleared_at", "closed_at")),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        *_words("attachments"),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_remediation_item_system_id")),
        sa.ForeignKeyConstraint(
            ["duplicate_of"], ["remediation_item.number"], name=op.f("fk_remediation_item_duplicate_of")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_remediation_item")),
    )
    op.create_index(
        op.f("ix_remediation_item_system_id_subject"), "remediation_item", ["system_id", "subject"], unique=True,
        sqlite_where=sa.text("subject != ''"),
    )  # fmt: skip
    op.create_table(
        "remediation_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        *_words("at", "by", "kind", "changes", "comment", "scan"),
        sa.ForeignKeyConstraint(["item"], ["remediation_item.number"], name=op.f("fk_remediation_event_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remediation_event")),
    )
    op.create_index(op.f("ix_remediation_event_item"), "remediation_event", ["item"])
    op.create_table(
        "remediation_sighting",
        sa.Column("item", sa.Integer(), nullable=False),
        *_words("site_id", "seen_at", "seen_in", "looked_in"),
        sa.ForeignKeyConstraint(["item"], ["remediation_item.number"], name=op.f("fk_remediation_sighting_item")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_remediation_sighting_site_id")),
        sa.ForeignKeyConstraint(["seen_in"], ["scan.id"], name=op.f("fk_remediation_sighting_seen_in")),
        sa.ForeignKeyConstraint(["looked_in"], ["scan.id"], name=op.f("fk_remediation_sighting_looked_in")),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_remediation_sighting")),
    )
    op.create_table(
        "remediation_mark",
        *_words("subject", "upto"),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_remediation_mark")),
    )
    op.create_table(
        "remediation_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("set_at", "set_by", "body"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remediation_policy")),
    )
