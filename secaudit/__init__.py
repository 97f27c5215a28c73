"""secaudit: level-3 security audit and self-assessment for Vietnamese commune web pages."""
