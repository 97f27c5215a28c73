"""Writes a checklist in forms that other people and programs read: a workbook, JSON, OSCAL, CISO Assistant."""
