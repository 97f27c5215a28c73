"""Open ports and what speaks on them."""
