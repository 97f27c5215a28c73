"""The evidence list for an inspection, and the archive with everything that it names."""
