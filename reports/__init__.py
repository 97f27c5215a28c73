"""Report templates, shipped with the program."""
