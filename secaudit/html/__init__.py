"""Pages read into facts: pure, tolerant of broken markup, bounded against hostile markup."""
