"""The only room that opens a socket. Probes return observations and judge nothing."""
