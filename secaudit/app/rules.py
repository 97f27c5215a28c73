"""Which rules judge a scan: a name that changes with anything that could change what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from secaudit.reference.folder import data_folder
from secaudit.version import VERSION

_CODE = ("secaudit.checks", "secaudit.html", "secaudit.model", "secaudit.reference")
_DATA = ("checks", "data", "integrity", "exposure")
_KINDS = (".py", ".yaml")


def rules_version() -> str:
    """Return the program's version and a hash over the rules, the data they read and the severities.

    A stored judgement is used again only under the very same name. The version alone would not do: `data update`
    changes what the rules know between two versions, and so does work on the program itself.
    """
    folder = data_folder()
    own = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return f"{VERSION}+{_fingerprint(tuple((file, file.stat().st_mtime_ns) for file in own))}"


@lru_cache(maxsize=2)
def _fingerprint(installed: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.sha256()
    for package in _CODE:
        for name, content in _contents(files(package)):
            digest.update(f"{package} {name} {len(content)}\n".encode() + content)
    for folder in _DATA:
        for name, content in _contents(files("secaudit.checklists") / folder):
            digest.update(f"{folder} {name} {len(content)}\n".encode() + content)
    for file, _ in installed:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _contents(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(_KINDS):
            yield entry.name, entry.read_bytes()
