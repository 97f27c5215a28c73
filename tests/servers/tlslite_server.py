"""A TLS server in Python (tlslite-ng) that still speaks SSL 3.0, RC4 and 3DES. Run as a program of its own.

Arguments: port, certificate file, key file, oldest and newest version (`3.0` is SSL 3.0, `3.3` is TLS 1.2),
ciphers separated by commas.
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey


def main(port: int, certificate: str, key: str, versions: str, ciphers: str) -> None:
    chain = X509CertChain()
    chain.parsePemList(Path(certificate).read_text(encoding="ascii"))
    private = parsePEMKey(Path(key).read_text(encoding="ascii"), private=True)
    oldest, newest = (tuple(int(part) for part in one.split(".")) for one in versions.split("-"))
    settings = HandshakeSettings()
    settings.minVersion, settings.maxVersion = oldest, newest
    settings.cipherNames = ciphers.split(",")
    listener = socket.create_server(("127.0.0.1", port), backlog=64)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, chain, private, settings), daemon=True).start()


def serve(client: socket.socket, chain: X509CertChain, key: object, settings: HandshakeSettings) -> None:
    with client, suppress(Exception):
        client.settimeout(10)
        connection = TLSConnection(client)
        connection.handshakeServer(certChain=chain, privateKey=key, settings=settings)
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:6])
