"""A standard audit of servers that mean harm. The goal for each is at most 60 s and 150 MB, all processes together.

Each server gives one kind of answer to every request on both its ports. Memory is that of the whole process tree
(sslyze's child included), pages that processes share counted once.
"""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path

from benchmarks.process_tree import TreeCost, run_measured
from benchmarks.timing import secaudit
from tests.servers import hostile as h

SECONDS, MEGABYTES = 60.0, 150.0
_LIMIT = 180.0
_PIECE = b"".join(b"<div><a href='/tin/%d?a=%d'>tin %d</a><script src=//x%d.example/a.js></script>" % ((n,) * 4)
                  for n in range(8000))  # fmt: skip


def _packed_markup(megabytes: int) -> h.Answer:
    """Send a small page that unpacks to that many megabytes of links and scripts inside each other."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    times = max(1, (megabytes << 20) // len(_PIECE))
    packed = b"".join(packer.compress(_PIECE) for _ in range(times)) + packer.flush()
    return h.reply(h.OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)


CASES = {
    "bomb: 1 GB of zeros, gzip": lambda: h.bomb(1000, "gzip"),
    "bomb: 200 MB of markup": lambda: _packed_markup(200),
    "endless body": lambda: h.endless_body,
    "endless head": lambda: h.endless_head,
    "endless chunk size": lambda: h.endless_chunk_size,
    "ten thousand headers": lambda: h.many_headers(10_000),
    "dripping head": lambda: h.dripping_head,
    "dripping body": lambda: h.dripping_body,
    "says nothing": lambda: h.silent,
    "closes half": lambda: h.half_closed,
    "resets": lambda: h.reset,
}


def main() -> None:
    print(
        f"  {'':<28} {'wall s':>8} {'largest MB':>11} {'all MB':>8}"
        f"   (goal: at most {SECONDS:.0f} s, {MEGABYTES:.0f} MB)"
    )
    for name, make in CASES.items():
        cost = _cost(make())
        kept = cost.code is not None and cost.wall <= SECONDS and cost.together <= MEGABYTES
        figures = f"{cost.wall:8.1f} {cost.largest:11.0f} {cost.together:8.0f}"
        print(f"  {name:<28} {figures}   {'' if kept else 'over the goal'}", flush=True)


def _cost(answer: h.Answer) -> TreeCost:
    with tempfile.TemporaryDirectory() as name, h.hostile(answer) as plain, h.hostile(answer) as other:
        folder = Path(name)
        command = secaudit("audit", f"http://127.0.0.1:{plain.port}/", "--https-port", str(other.port),
                           "--workspace", str(folder / "data"))  # fmt: skip
        return run_measured(command, folder, _LIMIT)


if __name__ == "__main__":
    main()
