"""One hello, one answer, one connection, as a coroutine: bounded in time, and never raising what the network does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from secaudit.probes.tls.server_answer import AnswerReader, ServerAnswer

_CHUNK = 16384


class Ending(StrEnum):
    """How an exchange ended. Only an `ANSWERED` one says what the server wants."""

    ANSWERED = "answered"
    STRANGE = "strange"
    CLOSED = "closed"
    RESET = "reset"
    SILENT = "silent"
    NOT_CONNECTED = "not-connected"
    NOT_SENT = "not-sent"


@dataclass(frozen=True)
class Patience:
    """Time limits of one exchange, in seconds.

    Attributes:
        connect: until the connection stands.
        answer: until the whole answer is there.
        rest: until the rest of an answer is there whose hello has come already.
    """

    connect: float = 5.0
    answer: float = 5.0
    rest: float = 1.5


@dataclass(frozen=True)
class Reply:
    """What came back: `answer` holds where `ending` is `ANSWERED` (a hello or an alert)."""

    ending: Ending
    answer: ServerAnswer = field(default_factory=ServerAnswer)

    @property
    def chosen(self) -> bool:
        """The server chose a version and a suite."""
        return self.ending is Ending.ANSWERED and self.answer.version > 0


async def exchange(address: str, port: int, hello: bytes, patience: Patience) -> Reply:
    """Connect, send `hello`, read until the answer is complete or a time limit is reached, close."""
    try:
        async with asyncio.timeout(patience.connect):
            reader, writer = await asyncio.open_connection(address, port)
    except (OSError, TimeoutError):
        return Reply(Ending.NOT_CONNECTED)
    answer = AnswerReader()
    try:
        ending = await _converse(reader, writer, hello, answer, patience)
    finally:
        with suppress(OSError):
            writer.close()
    if answer.answer.version or answer.answer.alert is not None:
        return Reply(Ending.ANSWERED, answer.answer)
    if answer.answer.greeting or answer.ended:
        return Reply(Ending.STRANGE, answer.answer)
    return Reply(ending, answer.answer)


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: bytes, answer: AnswerReader, patience: Patience
) -> Ending:
    try:
        async with asyncio.timeout(patience.answer) as limit:
            writer.write(hello)
            while not answer.ended:
                piece = await reader.read(_CHUNK)
                if not piece:
                    return Ending.CLOSED
                began = answer.answer.version
                answer.feed(piece)
                if answer.answer.version and not began:
                    soon = asyncio.get_running_loop().time() + patience.rest
                    limit.reschedule(min(soon, limit.when() or soon))
    except TimeoutError:
        return Ending.SILENT
    except OSError:
        return Ending.RESET
    return Ending.ANSWERED
