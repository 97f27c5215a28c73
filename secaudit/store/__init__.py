"""SQLite through SQLAlchemy: one transaction per fact, so that nothing seen is lost."""
