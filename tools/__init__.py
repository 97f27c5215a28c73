"""Programs for developers of secaudit."""
