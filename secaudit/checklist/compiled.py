"""Shipped YAML as JSON, kept between runs: reading the law as YAML takes half a second, as JSON a few milliseconds.

A copy is found by the SHA-256 of the very bytes of the YAML file, so a file that was changed is never read stale. It
begins with the SHA-256 of what follows, so a copy that was cut short or damaged counts as absent. It is written under
a name of its own and then renamed, so two processes cannot spoil each other's. It holds data only, which is validated
after it is read like the YAML itself. Where nothing can be written, everything works as before, only slower.

Copies stand in the user's cache folder; `SECAUDIT_CACHE` names another, and `SECAUDIT_CACHE=off` keeps none.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from contextlib import suppress
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from secaudit.version import VERSION

MOST = 200
"""Copies that are kept; beyond that the oldest half goes. One version of the program has about forty."""
_FORMAT = f"secaudit.compiled/1 {VERSION}\n".encode()
_DIGEST = 64


def compiled(file: Traversable) -> bytes:
    """Return the data of a YAML file of our own as JSON text in UTF-8, dates as ISO 8601.

    Raises:
        FaultyFile: the file is not YAML.
    """
    content = file.read_bytes()
    place = _place(content)
    if place is not None and (kept := _read(place)) is not None:
        return kept
    # The YAML reader costs more to load than most commands take; with a copy it is never needed.
    from secaudit.checklist.reading import parse, plain  # noqa: PLC0415

    data = plain(parse(content.decode("utf-8"), file.name))
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    if place is not None:
        _write(place, payload)
    return payload


def compiled_data(file: Traversable) -> Any:
    """Return the data of a YAML file of our own as JSON data. Raises as `compiled`."""
    return json.loads(compiled(file))


def cache_folder() -> Path | None:
    """Return where the copies stand; None where none are kept."""
    chosen = os.environ.get("SECAUDIT_CACHE", "")
    if chosen == "off":
        return None
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where nobody chose

    return user_cache_path("secaudit", appauthor=False)


def _place(content: bytes) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"{hashlib.sha256(_FORMAT + content).hexdigest()}.json"


def _read(place: Path) -> bytes | None:
    try:
        raw = place.read_bytes()
    except OSError:
        return None
    payload = raw[_DIGEST:]
    return payload if raw[:_DIGEST] == hashlib.sha256(payload).hexdigest().encode() else None


def _write(place: Path, payload: bytes) -> None:
    draft = place.with_name(f"{place.stem}.{uuid.uuid4().hex}.new")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(hashlib.sha256(payload).hexdigest().encode() + payload)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        _tidy(place.parent)


def _tidy(folder: Path) -> None:
    copies = list(folder.glob("*.json"))
    if len(copies) > MOST:
        for old in sorted(copies, key=lambda copy: copy.stat().st_mtime)[: len(copies) // 2]:
            old.unlink(missing_ok=True)
