"""Results of other tools, read from their files: one module per format, bytes in, facts out, no network."""
