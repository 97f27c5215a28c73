"""How a system developed over all its past assessments."""
