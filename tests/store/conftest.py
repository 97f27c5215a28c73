from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.store.workspace import Workspace
from tests.store.facts import new_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "dữ liệu %41") as opened:
        yield opened


@pytest.fixture(scope="module")
def start() -> multiprocessing.context.BaseContext:
    """Children come ready-made from a fork server where there is one, for speed."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.writer", "secaudit.store.migrate"])
    return context


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder that may be entered, while this process has the rights of nobody in particular."""
    folder = Path(tempfile.mkdtemp(prefix="secaudit-"))
    is_root = sys.platform != "win32" and os.geteuid() == 0
    if is_root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if is_root:
        os.seteuid(0)
    for below in (folder, *folder.rglob("*")):
        below.chmod(0o700)
    shutil.rmtree(folder)


def mounted_small_disk(folder: Path) -> bool:
    """Mount a disk of 1 MB at `folder` where this process may; tell whether it could."""
    if sys.platform != "linux" or os.geteuid():
        return False
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0
