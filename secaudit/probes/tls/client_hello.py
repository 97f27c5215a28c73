"""ClientHellos that offer exactly what we want to ask about, whatever the local TLS library can still speak.

The wire format is tlslite-ng's; nothing here needs cryptography. Structures: RFC 5246 section 7.4 (TLS 1.2 and
older), RFC 8446 section 4.1.2 (TLS 1.3), RFC 6101 appendix E (SSL 2.0); extensions: RFC 5746, 6066, 6962, 7627;
fallback signal: RFC 7507; padding: RFC 7685.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from tlslite.constants import ContentType, ExtensionType
from tlslite.extensions import (
    ClientKeyShareExtension,
    ECPointFormatsExtension,
    KeyShareEntry,
    PaddingExtension,
    SignatureAlgorithmsExtension,
    SNIExtension,
    SupportedGroupsExtension,
    SupportedVersionsExtension,
    TLSExtension,
)
from tlslite.messages import ClientHello, RecordHeader2, RecordHeader3

from secaudit.probes.tls.suites import CLASSIC_GROUPS, GROUPS_13

SSL_2_0, SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304
X25519 = 29

_RENEGOTIATION_INFO_SCSV, _FALLBACK_SCSV = 0x00FF, 0x5600
_SIGNED_CERTIFICATE_TIMESTAMP = 18
_NO_COMPRESSION, _DEFLATE = 0, 1
_HEADER_LENGTH = 4

# What a browser would offer first, then what is older but still widely met.
COMMON_SUITES = (
    0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009F, 0xCCAA, 0xC009, 0xC013, 0xC00A, 0xC014, 0xC023,
    0xC027, 0xC024, 0xC028, 0x0033, 0x0039, 0x0067, 0x006B, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035, 0x0041,
    0x0084, 0x0096, 0xC008, 0xC012, 0x0016, 0x000A, 0xC007, 0xC011, 0x0005, 0x0004, 0x0009, 0x0015, 0x0032, 0x0038,
    0x00A2, 0x0013, 0xC0AC, 0x0003, 0x0006, 0x0008, 0x0014, 0xC018, 0xC016, 0x00A6, 0x0034, 0x001B, 0x0018, 0xC006,
    0x003B, 0x0002, 0x0001,
)  # fmt: skip
_SIGNATURES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601,
    0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0302, 0x0202, 0x0101,
)  # fmt: skip


def client_hello(
    sni: str,
    version: int = TLS_1_2,
    suites: Sequence[int] = COMMON_SUITES,
    *,
    groups: Sequence[int] = CLASSIC_GROUPS,
    fallback: bool = False,
) -> bytes:
    """Return the record of a ClientHello for TLS 1.2 or older that offers `suites` at `version` at most.

    Args:
        sni: server name to send, empty for none (an IP address must not be sent, RFC 6066 section 3).
        version: highest protocol version to offer, SSL 3.0 to TLS 1.2.
        suites: cipher suites to offer, best first.
        groups: elliptic curves to offer, best first.
        fallback: add the signal of a client that fell back to this version (RFC 7507).
    """
    offered = [*suites, *([_FALLBACK_SCSV] if fallback else []), _RENEGOTIATION_INFO_SCSV]
    extensions = None
    if version > SSL_3_0:
        extensions = [
            *_server_name(sni),
            SupportedGroupsExtension().create(list(groups)),
            ECPointFormatsExtension().create([0]),
            *([_signatures()] if version >= TLS_1_2 else []),
            TLSExtension(extType=_SIGNED_CERTIFICATE_TIMESTAMP).create(bytearray()),
            TLSExtension(extType=ExtensionType.extended_master_secret).create(bytearray()),
        ]
    return _record(version, offered, bytearray(), extensions, [_DEFLATE, _NO_COMPRESSION])


def hello_13(sni: str, suites: Sequence[int], groups: Sequence[int] = GROUPS_13, *, with_share: bool = True) -> bytes:
    """Return the record of a ClientHello for TLS 1.3 alone.

    Args:
        sni: server name to send, empty for none.
        suites: cipher suites to offer.
        groups: groups for the key agreement to offer.
        with_share: send a key for X25519 along. Without it the server names the group it wants in a
            HelloRetryRequest (RFC 8446, section 4.1.4).
    """
    # Any 32 octets are a valid public key of X25519 (RFC 7748, section 5); nobody needs the private one.
    shares = [KeyShareEntry().create(X25519, bytearray(os.urandom(32)))] if with_share else []
    extensions = [
        *_server_name(sni),
        SupportedGroupsExtension().create(list(groups)),
        _signatures(),
        SupportedVersionsExtension().create([(3, 4)]),
        ClientKeyShareExtension().create(shares),
    ]
    return _record(TLS_1_2, list(suites), bytearray(os.urandom(32)), extensions, [_NO_COMPRESSION])


def hello_ssl2(kinds: Sequence[int]) -> bytes:
    """Return the record of a CLIENT-HELLO of SSL 2.0 that offers these kinds (numbers of three octets)."""
    hello = ClientHello(ssl2=True).create((0, 2), bytearray(os.urandom(16)), bytearray(), list(kinds))
    message = hello.write()
    return bytes(RecordHeader2().create(len(message)).write() + message)


def _server_name(sni: str) -> list[TLSExtension]:
    return [SNIExtension().create(hostname=bytearray(sni, "ascii"))] if sni else []


def _signatures() -> TLSExtension:
    return SignatureAlgorithmsExtension().create([divmod(one, 256) for one in _SIGNATURES])


def _record(
    version: int, suites: list[int], session: bytearray, extensions: list[TLSExtension] | None, compressions: list[int]
) -> bytes:
    hello = ClientHello().create(
        divmod(version, 256), bytearray(os.urandom(32)), session, suites, extensions=extensions
    )  # fmt: skip
    hello.compression_methods = compressions
    message = hello.write()
    # Some load balancers hang on a message of 256 to 511 octets (RFC 7685, section 1).
    if extensions is not None and (missing := 512 - len(message)) > 0:
        hello.addExtension(PaddingExtension().create(max(missing - _HEADER_LENGTH, 0)))
        message = hello.write()
    header = RecordHeader3().create(divmod(min(version, TLS_1_0), 256), ContentType.handshake, len(message))
    return bytes(header.write() + message)
