"""Reads and validates requirements, check texts, phrases and applicability questions: the law as data."""
