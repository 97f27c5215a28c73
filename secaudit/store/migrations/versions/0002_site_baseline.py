"""The accepted look of a site; scan options carry it, too, so an older program must not read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has accepted a look of the sites that are there."""
    with op.batch_alter_table("site") as table:
        table.add_column(sa.Column("baseline", sa.Text(), nullable=True))
