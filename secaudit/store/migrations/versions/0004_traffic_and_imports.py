"""What a scan sent, and from which file an import came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; scans made before have neither."""
    op.add_column("scan", sa.Column("traffic", sa.Text(), nullable=True))
    op.add_column("scan", sa.Column("source", sa.Text(), nullable=True))
