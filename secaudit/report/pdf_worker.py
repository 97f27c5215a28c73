"""Making a PDF in a process of its own, while the other formats are made here: it takes most of the time of a report.

`python -m secaudit.report.pdf_worker` reads one JSON object (`html`, `made_at`, `attachments` in Base64) and writes the
PDF file; it ends with 1 where that cannot be.
"""

from __future__ import annotations

import base64
import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Self

from secaudit.model.errors import BadInput
from secaudit.report.pdf import pdf_bytes

_COMMAND = (sys.executable, "-P", "-X", "utf8", "-m", "secaudit.report.pdf_worker")


class BackgroundPdf:
    """A PDF that is being made; takes what `pdf_bytes` takes. A context manager: nothing runs on after its block."""

    def __init__(self, html: str, *, made_at: datetime, attachments: Mapping[str, bytes]) -> None:
        self._html, self._made_at, self._attachments = html, made_at, attachments
        request = {
            "html": html,
            "made_at": made_at.isoformat(),
            "attachments": {name: base64.b64encode(data).decode("ascii") for name, data in attachments.items()},
        }
        # Files instead of pipes: nothing blocks, however large they are, on any operating system.
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        with tempfile.TemporaryFile() as asked:
            asked.write(json.dumps(request).encode("ascii"))
            asked.seek(0)
            self._process = subprocess.Popen(
                _COMMAND,
                stdin=asked,
                stdout=self._answer,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._answer.close()

    def result(self) -> bytes:
        """Wait for the PDF and return it. One that the process could not make is made here, which says why not.

        Raises:
            PdfUnavailable: WeasyPrint or Pango is not installed.
        """
        if self._process.wait() == 0:
            self._answer.seek(0)
            made = self._answer.read()
            if made.startswith(b"%PDF-"):
                return made
        return pdf_bytes(self._html, made_at=self._made_at, attachments=self._attachments)


def main() -> int:
    """Read the request and write the file; return the process's exit code."""
    # The process ends with the file: looking for garbage costs a tenth of its time and gives back hardly anything.
    gc.disable()
    request = json.loads(sys.stdin.buffer.read())
    attachments = {name: base64.b64decode(data) for name, data in request["attachments"].items()}
    try:
        made = pdf_bytes(request["html"], made_at=datetime.fromisoformat(request["made_at"]), attachments=attachments)
    except BadInput:
        return 1
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
