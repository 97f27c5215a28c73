"""A TCP proxy that adds a round trip to whatever passes, to measure probes as if the page were far away.

Usage: python benchmarks/delay_proxy.py LISTEN_PORT TARGET_PORT MILLISECONDS

The kernel completes the TCP handshake before a proxy hears of it, so the first bytes of a connection are held back
one round trip more, in place of the handshake. Closed and silent ports cannot be delayed this way: for the
discovery of ports use `far_host.py`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

MOST_CONNECTIONS = 200
_CHUNK = 65536
_IN_FLIGHT = 64
"""Chunks on their way in one direction; more wait in the kernel."""

_Pending = asyncio.Queue[tuple[float, bytes]]


@asynccontextmanager
async def delay_proxy(
    target: tuple[str, int],
    round_trip: float,
    listen: tuple[str, int] = ("127.0.0.1", 0),
    on_connection: Callable[[], None] = lambda: None,
) -> AsyncIterator[int]:
    """Forward connections to `target` with `round_trip` seconds added, until the block ends; yields the port.

    `on_connection` is called for each connection taken.
    """
    slots = asyncio.Semaphore(MOST_CONNECTIONS)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        on_connection()
        async with slots:
            # Cancelled only when the proxy ends with connections still open, which is no fault of theirs.
            with suppress(OSError, asyncio.CancelledError):
                await asyncio.sleep(round_trip)
                far_reader, far_writer = await asyncio.open_connection(*target)
                await asyncio.gather(
                    _carry(reader, far_writer, round_trip / 2), _carry(far_reader, writer, round_trip / 2)
                )
                far_writer.close()
            writer.close()

    server = await asyncio.start_server(serve, *listen)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Pass bytes on `delay` seconds after they came, without waiting for one chunk before taking the next."""
    loop = asyncio.get_running_loop()
    pending: _Pending = asyncio.Queue(_IN_FLIGHT)
    delivery = asyncio.create_task(_deliver(pending, writer))
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            await pending.put((loop.time() + delay, chunk))
    await pending.put((loop.time() + delay, b""))
    await delivery


async def _deliver(pending: _Pending, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due, chunk = await pending.get()
        await asyncio.sleep(max(0.0, due - loop.time()))
        with suppress(OSError):
            if chunk:
                writer.write(chunk)
                await writer.drain()
            else:
                writer.write_eof()
        if not chunk:
            return


async def main() -> None:
    listen, target, milliseconds = (int(argument) for argument in sys.argv[1:4])
    async with delay_proxy(("127.0.0.1", target), milliseconds / 1000, ("127.0.0.1", listen)) as port:
        print(f"127.0.0.1:{port} -> 127.0.0.1:{target}, {milliseconds} ms")
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
