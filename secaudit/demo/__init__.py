"""A demonstration site on loopback with known faults, so that an audit can be tried anywhere."""
