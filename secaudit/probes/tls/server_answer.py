"""What a server answers to a hello before anything is encrypted, read tolerantly from bytes. No network.

Reading needs no cryptography and so no opinion on it: a server that only speaks what today's libraries refuse to
speak is still heard, and a certificate that no parser likes is still had as bytes. The messages are read by
tlslite-ng; what it would refuse as a whole (certificates, keys of suites it does not know) is taken apart here.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from tlslite.constants import TLS_1_3_HRR, ContentType, ExtensionType, HandshakeType, SSL2HandshakeType
from tlslite.messages import ServerHello, ServerHello2
from tlslite.utils.codec import Parser

from secaudit.probes.tls.client_hello import TLS_1_3
from secaudit.probes.tls.suites import all_suites, is_elliptic_ephemeral, is_finite_field_ephemeral

CLOSE_NOTIFY, HANDSHAKE_FAILURE, PROTOCOL_VERSION, INAPPROPRIATE_FALLBACK = 0, 40, 70, 86
_FATAL = 2
_NAMED_CURVE = 3
_DEFLATE = 1
_SIGNED_CERTIFICATE_TIMESTAMP = 18
_MOST_BYTES = 512 * 1024
_MOST_MESSAGE = 256 * 1024
_MOST_RECORD = 2**14 + 2048
# tlslite-ng says what it does not like by these.
_Malformed = (SyntaxError, ValueError, AssertionError, TypeError, IndexError, KeyError)


@dataclass(frozen=True)
class ServerAnswer:
    """What a server answered to a ClientHello, up to its ServerHelloDone.

    Attributes:
        speaks_tls: the answer is TLS (or SSL 2.0) records, be it only an alert.
        greeting: first bytes of an answer that is not TLS.
        alert: description of a fatal alert, None when there was none.
        version: protocol version chosen, 0 when the server chose none.
        suite: cipher suite chosen.
        kinds: kinds of SSL 2.0 that the server offers, None where it did not answer in SSL 2.0.
        group: group chosen for the key agreement, 0 where there is none.
        retry: a HelloRetryRequest (RFC 8446, section 4.1.4).
        compressed: DEFLATE was chosen.
        extended_master_secret: RFC 7627 was agreed.
        secure_renegotiation: RFC 5746 was agreed.
        sct_count: certificate timestamps in the TLS extension (RFC 6962, section 3.3.1).
        certificates: DER of the chain as sent, leaf first.
        dh_bits: size of the Diffie-Hellman prime, 0 where there is none.
    """

    speaks_tls: bool = False
    greeting: bytes = b""
    alert: int | None = None
    version: int = 0
    suite: int = 0
    kinds: tuple[int, ...] | None = None
    group: int = 0
    retry: bool = False
    compressed: bool = False
    extended_master_secret: bool = False
    secure_renegotiation: bool = False
    sct_count: int = 0
    certificates: tuple[bytes, ...] = ()
    dh_bits: int = 0


class AnswerReader:
    """Takes the bytes of an answer as they come; each byte is looked at once.

    Attributes:
        answer: what the bytes say so far.
        ended: nothing more is to be expected, or nothing more is wanted.
    """

    def __init__(self) -> None:
        self.answer = ServerAnswer()
        self.ended = False
        self._records = bytearray()
        self._messages = bytearray()
        self._taken = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes; never raises, takes at most half a megabyte in all."""
        if self.ended:
            return
        self._taken += len(data)
        self._records += data
        while not self.ended and len(self._records) >= 3:
            if not self._next_record():
                break
        self.ended = self.ended or self._taken > _MOST_BYTES

    def _next_record(self) -> bool:
        buffer = self._records
        if not self.answer.speaks_tls and buffer[0] & 0x80 and buffer[2] == SSL2HandshakeType.server_hello:
            return self._next_ssl2()
        if buffer[0] not in ContentType.all or buffer[1] != 3:
            self._refuse()
            return False
        self.answer = replace(self.answer, speaks_tls=True, greeting=b"")
        if len(buffer) < 5:
            return False
        length = int.from_bytes(buffer[3:5], "big")
        if length > _MOST_RECORD:
            self.ended = True
            return False
        if len(buffer) < 5 + length:
            return False
        kind, fragment = buffer[0], bytes(buffer[5 : 5 + length])
        del buffer[: 5 + length]
        self._take(kind, fragment)
        return True

    def _refuse(self) -> None:
        if not self.answer.speaks_tls:
            self.answer = replace(self.answer, greeting=bytes(self._records[:64]))
        self.ended = True

    def _next_ssl2(self) -> bool:
        length = int.from_bytes(self._records[:2], "big") & 0x7FFF
        if len(self._records) < 2 + length:
            return False
        hello = ServerHello2()
        try:
            hello.parse(Parser(self._records[3 : 2 + length]))
        except _Malformed:
            self._refuse()
            return False
        self.answer = replace(
            self.answer, speaks_tls=True, version=hello.server_version[0] * 256 + hello.server_version[1],
            kinds=tuple(hello.ciphers), certificates=(bytes(hello.certificate),) if hello.certificate else (),
        )  # fmt: skip
        self.ended = True
        return False

    def _take(self, kind: int, fragment: bytes) -> None:
        if kind == ContentType.alert:
            # A warning (unrecognized_name, mostly) is followed by the handshake itself.
            if fragment[:1] == bytes((_FATAL,)) or fragment[1:2] == bytes((CLOSE_NOTIFY,)):
                self.answer = replace(self.answer, alert=int.from_bytes(fragment[1:2], "big"))
                self.ended = True
        elif kind == ContentType.handshake:
            self._messages += fragment
            self._read_messages()
        else:
            # From here on everything is encrypted, or out of order.
            self.ended = True

    def _read_messages(self) -> None:
        while not self.ended and len(self._messages) >= 4:
            length = int.from_bytes(self._messages[1:4], "big")
            if length > _MOST_MESSAGE:
                self.ended = True
            if len(self._messages) < 4 + length:
                return
            kind, body = self._messages[0], Parser(self._messages[1 : 4 + length])
            del self._messages[: 4 + length]
            if kind == HandshakeType.server_hello_done:
                self.ended = True
                return
            if reading := _READERS.get(kind):
                self.answer = _tolerantly(reading, body, self.answer)
            if self.answer.version >= TLS_1_3:
                self.ended = True


def read_answer(received: bytes) -> tuple[ServerAnswer, bool]:
    """Return what the bytes say so far, and whether nothing more is to be expected."""
    reader = AnswerReader()
    reader.feed(received)
    return reader.answer, reader.ended


Reading = Callable[[Parser, ServerAnswer], ServerAnswer]


def _tolerantly(reading: Reading, body: Parser, answer: ServerAnswer) -> ServerAnswer:
    try:
        return reading(body, answer)
    except _Malformed:
        return answer


def _server_hello(body: Parser, answer: ServerAnswer) -> ServerAnswer:
    hello = ServerHello()
    # It is set before parsing only so that a hello without the field is told from one that says so.
    hello.compression_method = None
    try:
        hello.parse(body)
    except _Malformed:
        # What stands before the malformed extension holds.
        if hello.compression_method is None:
            raise
    answer = replace(
        answer, version=hello.server_version[0] * 256 + hello.server_version[1], suite=hello.cipher_suite,
        compressed=hello.compression_method == _DEFLATE, retry=hello.random == TLS_1_3_HRR,
    )  # fmt: skip
    for extension in hello.extensions or ():
        with suppress(*_Malformed):
            answer = _extension(extension.extType, Parser(bytearray(extension.extData)), answer)
    return answer


def _extension(number: int, data: Parser, answer: ServerAnswer) -> ServerAnswer:
    if number == ExtensionType.supported_versions:
        return replace(answer, version=data.get(2))
    if number == ExtensionType.key_share:
        return replace(answer, group=data.get(2))
    if number == ExtensionType.extended_master_secret:
        return replace(answer, extended_master_secret=True)
    if number == ExtensionType.renegotiation_info:
        return replace(answer, secure_renegotiation=True)
    if number == _SIGNED_CERTIFICATE_TIMESTAMP:
        return replace(answer, sct_count=len(_vectors(data.getVarBytes(2), 2)))
    return answer


def _certificate(body: Parser, answer: ServerAnswer) -> ServerAnswer:
    body.get(3)
    return replace(answer, certificates=tuple(_vectors(body.getVarBytes(3), 3)))


def _server_key_exchange(body: Parser, answer: ServerAnswer) -> ServerAnswer:
    body.get(3)
    suite = all_suites().get(answer.suite)
    if suite and is_finite_field_ephemeral(suite.name):
        return replace(answer, dh_bits=int.from_bytes(body.getVarBytes(2), "big").bit_length())
    if suite and is_elliptic_ephemeral(suite.name) and body.get(1) == _NAMED_CURVE:
        return replace(answer, group=body.get(2))
    return answer


def _vectors(data: bytearray, octets: int) -> list[bytes]:
    parser, found = Parser(data), []
    while parser.getRemainingLength():
        found.append(bytes(parser.getVarBytes(octets)))
    return found


_READERS: dict[int, Reading] = {
    HandshakeType.server_hello: _server_hello,
    HandshakeType.certificate: _certificate,
    HandshakeType.server_key_exchange: _server_key_exchange,
}
