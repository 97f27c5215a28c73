"""A host that is far away, on this very machine: answers TCP handshakes after a round trip, refuses or drops the rest.

Usage, as root on Linux, in a network namespace of its own so that nothing else is touched:

    unshare -n python benchmarks/far_host.py MILLISECONDS reset|drop OPEN_PORT[,…] [ANSWERS] -- COMMAND…

Runs COMMAND while 10.9.0.2 is such a host; with ANSWERS it falls silent for good after so many SYN packets, as a
firewall that has had enough. Only SYN and FIN are answered: no service speaks there.
"""

from __future__ import annotations

import fcntl
import heapq
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

NEAR, FAR = "10.9.0.1/24", "10.9.0.2"
_TUNSETIFF, _TUN_WITHOUT_HEADER = 0x400454CA, 0x1001
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16


def _checksum(data: bytes) -> int:
    words = struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2))
    total = sum(words)
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


@dataclass(frozen=True)
class Segment:
    """The parts of a TCP segment over IPv4 that matter here."""

    source: bytes
    target: bytes
    source_port: int
    target_port: int
    sequence: int
    acknowledged: int
    flags: int

    @classmethod
    def read(cls, packet: bytes) -> Segment | None:
        """Return the segment in an IP packet, None when it is anything but TCP over IPv4."""
        if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
            return None
        tcp = packet[(packet[0] & 15) * 4 :]
        *fields, _, flags = struct.unpack("!HHIIBB", tcp[:14])
        return cls(packet[12:16], packet[16:20], *fields, flags)

    def answer(self, flags: int) -> Segment:
        """Return the segment that answers this one."""
        expected = (self.sequence + 1) & 0xFFFFFFFF
        return Segment(self.target, self.source, self.target_port, self.source_port, 1000, expected, flags)

    def packet(self) -> bytes:
        """Return the segment as an IP packet."""
        tcp = struct.pack(
            "!HHIIBBHHH", self.source_port, self.target_port, self.sequence, self.acknowledged, 5 << 4, self.flags,
            65535, 0, 0,
        )  # fmt: skip
        pseudo = self.source + self.target + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp))
        tcp = tcp[:16] + struct.pack("!H", _checksum(pseudo + tcp)) + tcp[18:]
        head = struct.pack(
            "!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, socket.IPPROTO_TCP, 0, self.source, self.target
        )
        return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + tcp


@dataclass
class FarHost:
    """The host behind the tunnel; `serve` runs until the process ends."""

    round_trip: float
    refuses: bool
    open_ports: frozenset[int]
    answers: int = sys.maxsize
    _due: list[tuple[float, int, bytes]] = field(default_factory=list)
    _count: int = 0

    def connect(self) -> int:
        """Make the tunnel and return its descriptor."""
        tunnel = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tunnel, _TUNSETIFF, struct.pack("16sH", b"far0", _TUN_WITHOUT_HEADER))
        for command in (f"ip addr add {NEAR} dev far0", "ip link set far0 up", "ip link set lo up"):
            subprocess.run(command.split(), check=True)
        return tunnel

    def serve(self, tunnel: int) -> None:
        """Answer what comes."""
        while True:
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                os.write(tunnel, heapq.heappop(self._due)[2])
            wait = self._due[0][0] - now if self._due else 1.0
            if select.select([tunnel], [], [], wait)[0]:
                self._hear(os.read(tunnel, 2000))

    def _hear(self, packet: bytes) -> None:
        segment = Segment.read(packet)
        if segment is None:
            return
        if not segment.flags & _SYN:
            if segment.flags & _FIN:
                self._say(segment.answer(_FIN | _ACK))
            return
        self.answers -= 1
        if self.answers < 0:
            return
        if segment.target_port in self.open_ports:
            self._say(segment.answer(_SYN | _ACK))
        elif self.refuses:
            self._say(segment.answer(_RST | _ACK))

    def _say(self, segment: Segment) -> None:
        self._count += 1
        heapq.heappush(self._due, (time.monotonic() + self.round_trip, self._count, segment.packet()))


def main() -> int:
    own, command = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    milliseconds, manner, ports, *answers = own
    host = FarHost(
        int(milliseconds) / 1000,
        manner == "reset",
        frozenset(int(port) for port in ports.split(",")),
        *(int(number) for number in answers),
    )
    tunnel = host.connect()
    threading.Thread(target=host.serve, args=(tunnel,), daemon=True).start()
    began = time.monotonic()
    done = subprocess.run(command, check=False)
    print(f"{time.monotonic() - began:.2f} s", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
