"""The report for other programs: one writer per format, all from the one report model."""

FORMATS = ("oscal", "oscal-poam", "sarif", "csv", "ics", "ciso-assistant", "json-schema")
"""What `--format` names; the writers stand in `writers.py`, apart so that nobody loads what they do not use."""
