"""The child process: `python -m secaudit.probes.crawl.document_worker` reads PDF files and writes what they say.

One JSON object in, one out, both UTF-8: `files` in Base64; `documents` with title, text, links and pages, or `error`.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pypdf import PdfReader

PAGES = 5
"""Pages that are read of each file."""
TEXT = 20_000
"""Characters that are kept of each file."""
LINKS = 200
_MEMORY = 512 * 1024 * 1024


def main() -> int:
    """Read the request, answer it; return the process's exit code."""
    answer_stream = sys.stdout.buffer
    # What the library prints must not get between the bytes of the answer.
    sys.stdout = sys.stderr
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    _limit_memory()
    request: dict[str, Any] = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    # Should the parent die, nobody is left to end this process.
    watchdog = threading.Timer(float(request["seconds"]) + 5, os._exit, args=(4,))
    watchdog.daemon = True
    watchdog.start()
    documents = [read(base64.b64decode(content)) for content in request["files"]]
    text = json.dumps({"ok": True, "documents": documents}, ensure_ascii=True)
    answer_stream.write(text.encode("ascii"))
    answer_stream.flush()
    return 0


def read(content: bytes) -> dict[str, Any]:
    """Return what a PDF file says, or `error`; whatever the file does becomes the latter."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"error": "encrypted"}
        pages = [reader.pages[number] for number in range(min(PAGES, len(reader.pages)))]
        texts: list[str] = []
        for page in pages:
            texts.append(page.extract_text())
            if sum(map(len, texts)) > TEXT:
                break
        title = str(reader.metadata.title or "") if reader.metadata else ""
        links = [link for page in pages for link in _links(page)]
    except RecursionError:
        return {"error": "nested too deeply"}
    except MemoryError:
        return {"error": "too large"}
    except Exception as error:
        # The library raises whatever Python does on a broken file; the file is what is at fault.
        return {"error": type(error).__name__}
    return {"title": title[:300], "text": "\n".join(texts)[:TEXT], "links": links[:LINKS], "pages": len(pages)}


def _links(page: Any) -> Iterator[str]:
    for reference in page.get("/Annots") or ():
        with suppress(AttributeError, KeyError, TypeError):
            action = reference.get_object().get("/A").get_object()
            address = action.get("/URI")
            if isinstance(address, str):
                yield address[:2000]


def _limit_memory() -> None:
    """Bound the process's memory where the system lets a process bound itself; the time limit holds everywhere."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    sys.exit(main())
