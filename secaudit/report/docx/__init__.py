"""The combined report in the words that a Word template prints: texts by field name, made from the report model."""
