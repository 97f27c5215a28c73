"""What Alembic runs around the migrations: our connection, one transaction, SQLite's way of changing tables."""

from __future__ import annotations

from alembic import context

from secaudit.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
