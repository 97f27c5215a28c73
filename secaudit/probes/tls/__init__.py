"""How a port speaks TLS and which certificates it serves; sslyze does the talking in a child process."""
