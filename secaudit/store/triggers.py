"""What the database itself refuses. Migrations name these, so a change is a new constant and never one of these."""

from __future__ import annotations

JOURNAL_IS_APPENDED_TO = (
    """CREATE TRIGGER journal_is_not_updated BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
    """CREATE TRIGGER journal_is_not_deleted_from BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
    """CREATE TRIGGER journal_goes_on_at_its_end BEFORE INSERT ON journal
    WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM journal)
    BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END""",
)
"""As of migration 0005. The last one refuses a replacing insert too, which SQLite does not count as a deletion."""
