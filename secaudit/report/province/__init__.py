"""One report over many systems, for the office above the communes."""
