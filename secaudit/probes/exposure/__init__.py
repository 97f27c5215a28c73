"""Files and pages left open, asked for gently; and the scripts of the first page."""
