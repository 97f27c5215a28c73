"""Files that the program writes for people: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from secaudit.model.errors import BadInput


def write_whole(path: Path, data: bytes, failure: str, *, private: bool) -> Path:
    """Write a file so that nobody ever sees half of it, and return its absolute path.

    Args:
        path: where it goes; its folder is made.
        data: its content.
        failure: message for the officer, with the placeholders `{path}` and `{detail}`.
        private: only the user who writes it may read it (where the system knows such rights).

    Raises:
        BadInput: the folder cannot be written, the disk is full, or the file is open in another program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".secaudit-{uuid4().hex}{path.suffix}")
        try:
            rights = 0o600 if private else 0o666
            with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, rights)) as file:
                file.write(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(failure, path=str(path), detail=error.strerror or error) from None
    return path.absolute()
