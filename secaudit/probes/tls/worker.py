"""The child process: `python -m secaudit.probes.tls.worker` reads one JSON object and writes one, both UTF-8.

sslyze runs threads that cannot be stopped and has been seen to grow without limit (nabla-c0d3/sslyze#603); a
process of its own can be ended at any moment and gives its memory back.

Answer: `ok`, `connections` (how many were made), and either what `sslyze_adapter.scan` returns or `error`.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import warnings
from typing import Any, BinaryIO

from secaudit.probes.tls import sslyze_adapter


def main() -> int:
    """Do one scan; return the process's exit code (0 whenever an answer was written)."""
    # What libraries print must not get between the bytes of the answer.
    answer_stream = sys.stdout.buffer
    sys.stdout = sys.stderr
    warnings.simplefilter("ignore")
    request: dict[str, Any] = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    # Should the parent die, nobody is left to end this process.
    watchdog = threading.Timer(float(request["seconds"]) + 5, os._exit, args=(4,))
    watchdog.daemon = True
    watchdog.start()

    guard = sslyze_adapter.ConnectGuard(request["address"], request["port"])

    def died(event: threading.ExceptHookArgs) -> None:
        # sslyze waits for ever for a thread of its own that died of an unforeseen exception.
        _write(answer_stream, {"ok": False, "connections": guard.connections, "error": _words(event.exc_value)})
        os._exit(0)

    threading.excepthook = died
    try:
        answer: dict[str, Any] = {"ok": True, **sslyze_adapter.scan(request, guard)}
    except Exception as error:
        answer = {"ok": False, "error": _words(error)}
    _write(answer_stream, {**answer, "connections": guard.connections})
    # Threads of sslyze that still wait for a slow server must not hold up the end.
    os._exit(0)


def _write(stream: BinaryIO, answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer, ensure_ascii=False).encode("utf-8"))
    stream.flush()


def _words(error: BaseException | None) -> str:
    text = str(error).strip().splitlines() if error else []
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
