"""Files that the program writes for people: whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

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
    return write_stream(path, lambda stream: stream.write(data), failure)


def write_stream(path: Path, write: Callable[[BinaryIO], object], failure: str) -> Path:
    """Write a file piece by piece so that nobody ever sees half of it, and return its absolute path.

    Args:
        path: where it goes; its folder is made.
        write: puts the content into the open file; whatever it raises leaves nothing behind.
        failure: message for the officer, with the placeholders `{path}` and `{detail}`.

    Raises:
        BadInput: the folder cannot be written, the disk is full, or the file is open in another program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as stream:
                write(stream)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(failure, path=str(path), detail=error.strerror or error) from None
    return path.absolute()
