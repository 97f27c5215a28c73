"""Is a folder on another computer? There the write-ahead log is not safe: its shared memory is not shared.

Some network file systems pretend that it works, and two computers that write at once then destroy the database
(SQLite, "Write-Ahead Logging", section 1), so asking SQLite is not enough.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "davfs", "fuse.sshfs",
    "vboxsf", "virtiofs", "fuse.grpcfuse", "fuse.vmhgfs-fuse",
}  # fmt: skip
"""Types of file systems whose files are on a server, or on the host of a virtual machine."""

_REMOTE_DRIVE = 4
_MOUNTS = Path("/proc/self/mountinfo")


def on_network_share(folder: Path) -> bool:
    """Tell whether the folder is known to lie on another computer; False where the system does not tell."""
    if sys.platform == "win32":
        return _is_remote_drive(folder)
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return _file_system(folder.resolve(), mounts) in _NETWORK


def _file_system(folder: Path, mounts: str) -> str:
    """Return the type of the file system that the folder lies on, from the lines of mountinfo (proc(5))."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        place, _, source = line.partition(" - ")
        # The path's spaces, tabs and the like are written as octal numbers, and only they.
        mounted = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), place.split()[4]))
        if folder.is_relative_to(mounted) and len(mounted.parts) >= best:
            best, kind = len(mounted.parts), source.split()[0]
    return kind


if sys.platform == "win32":
    import ctypes

    def _is_remote_drive(folder: Path) -> bool:
        root = folder.resolve().anchor
        return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _REMOTE_DRIVE
