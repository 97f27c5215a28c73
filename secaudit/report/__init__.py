"""One report model, several writers."""
