"""Pure functions from observations to pass, fail, inconclusive or not applicable. No law, no wording, no network."""
