"""Pure functions from observations to pass, fail, inconclusive or not applicable; no law, wording or network."""
