"""Files of other tools, read."""
