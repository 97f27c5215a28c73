"""The tools' own results as compressed files, named by the SHA-256 of what is in them."""

from __future__ import annotations

import gzip
import hashlib
import os
import uuid
import zlib
from pathlib import Path


class RawFiles:
    """Files under one folder: `ab/ab12….gz`. The same bytes are kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Store `data` so that it outlives a power cut, and return its SHA-256 in hexadecimal.

        Raises:
            OSError: the folder cannot be written, or the disk is full.
        """
        digest = hashlib.sha256(data).hexdigest()
        file = self._file(digest)
        if file.exists():
            return digest
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{uuid.uuid4().hex}.new")
        try:
            with draft.open("wb") as stream:
                stream.write(gzip.compress(data, mtime=0))
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return digest

    def read(self, digest: str) -> bytes | None:
        """Return the bytes with that SHA-256, None when they are missing or no longer what they were."""
        try:
            data = gzip.decompress(self._file(digest).read_bytes())
        except (OSError, EOFError, zlib.error):
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def _file(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.gz"
