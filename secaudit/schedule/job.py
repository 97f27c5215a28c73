"""What the operating system is asked to call, and under which name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """The call of the program for one workspace.

    Attributes:
        python: the interpreter that has secaudit installed.
        workspace: absolute path of the folder.
    """

    python: str
    workspace: Path

    @property
    def name(self) -> str:
        """Return a name that is the workspace's own on this computer, such as `secaudit-1f2e3d4c`."""
        return "secaudit-" + hashlib.sha256(str(self.workspace).encode("utf-8", "surrogatepass")).hexdigest()[:8]

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return what follows the interpreter."""
        return ("-m", "secaudit", "run-due", "--workspace", str(self.workspace))

    @property
    def folder(self) -> Path:
        """Return the folder in which the call runs: one that is there even when the workspace is away."""
        return self.workspace.parent
