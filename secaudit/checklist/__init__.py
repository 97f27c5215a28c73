"""Reads and validates requirements, check texts and phrases: the law and the words as data."""
