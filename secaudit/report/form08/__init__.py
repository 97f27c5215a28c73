"""Form 08 of Decree 331/2026: the yearly report of a system owner on the cybersecurity of its systems."""
