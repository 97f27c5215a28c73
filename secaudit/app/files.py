"""Files that the program writes for people: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from secaudit.model.errors import BadInput


def write_whole(path: Path, data: bytes, failure: str) -> Path:
    """Write a file so that nobody ever sees half of it, and return its absolute path.

    Args:
        path: where it goes; its folder is made.
        data: its content.
        failure: message for the officer, with the placeholders `{path}` and `{detail}`.

    Raises:
        BadInput: the folder cannot be written, the disk is full, or the file is open in another program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(failure, path=str(path), detail=error.strerror or error) from None
    return path.absolute()
