"""The number of the newest migration, apart from Alembic so that it costs nothing to know."""

LATEST = 9
"""File names and revision ids of the migrations are such numbers with leading zeros (`0001`)."""
