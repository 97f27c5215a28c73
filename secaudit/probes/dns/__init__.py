"""What the DNS says of a host: zone, addresses, nameservers, mail policies, signatures, zone transfers."""
