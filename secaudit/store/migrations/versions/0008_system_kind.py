"""What a system is to the plan: a page, a press body, or neither."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from secaudit.store import journal

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; all systems until now are pages. Their rows go into the journal again, as they stand now."""
    op.add_column("system", sa.Column("kind", sa.Text(), nullable=False, server_default="page"))
    connection, now = op.get_bind(), datetime.now(UTC)
    for key in connection.exec_driver_sql("SELECT id FROM system ORDER BY id").scalars().all():
        journal.append_row(connection, "system.carried", "system", key, now)
