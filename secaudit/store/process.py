"""Which process is this, and does that one still run: the same on POSIX and Windows, not fooled by reused numbers.

A process number alone is given again to another process sooner or later, so the mark also holds when the process
began, as the system tells it: Linux with the id of the boot, Windows to 100 ns, other systems through `ps` to the
second. A lock file would do as well, but not on every network share, and it cannot be asked for a scan whose
folder was moved.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from secaudit.model.history import ProcessMark

_STILL_ACTIVE = 259
_QUERY_LIMITED_INFORMATION = 0x1000
_ACCESS_DENIED = 5


def current_process() -> ProcessMark:
    """Return the mark of this process."""
    return ProcessMark(host=socket.gethostname(), pid=os.getpid(), started=_started(os.getpid()) or "")


def is_alive(mark: ProcessMark) -> bool:
    """Tell whether the process still runs. One on another computer cannot be asked and counts as alive."""
    if mark.host != socket.gethostname():
        return True
    started = _started(mark.pid)
    if started is None:
        return False
    return not started or not mark.started or started == mark.started


def _started(pid: int) -> str | None:
    """Return when process `pid` began, None when there is none, an empty text when it cannot be known."""
    if pid <= 0:
        return None
    if sys.platform == "win32":
        return _started_windows(pid)
    if Path("/proc/self/stat").exists():
        return _started_linux(pid)
    return _started_ps(pid)


def _started_linux(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    except OSError:
        return ""
    # The name of the program stands in parentheses and may itself contain some (proc(5)).
    fields = stat.rpartition(")")[2].split()
    state, ticks = fields[0], fields[19]
    return None if state in ("Z", "X") else f"{boot}/{ticks}"


def _started_ps(pid: int) -> str | None:
    try:
        answer = subprocess.run(
            ["ps", "-o", "state=,lstart=", "-p", str(pid)],
            capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=10, check=False,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return _exists(pid)
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def _exists(pid: int) -> str | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass
    return ""


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    def _started_windows(pid: int) -> str | None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.GetExitCodeProcess.argtypes = (wintypes.HANDLE, ctypes.POINTER(wintypes.DWORD))
        kernel.GetProcessTimes.argtypes = (wintypes.HANDLE, *[ctypes.POINTER(wintypes.FILETIME)] * 4)
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        handle = kernel.OpenProcess(_QUERY_LIMITED_INFORMATION, False, pid)
        if not handle:
            return "" if ctypes.get_last_error() == _ACCESS_DENIED else None
        try:
            code = wintypes.DWORD()
            # An ended process can still be opened while somebody holds a handle to it.
            if kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value != _STILL_ACTIVE:
                return None
            times = [wintypes.FILETIME() for _ in range(4)]
            if not kernel.GetProcessTimes(handle, *[ctypes.byref(moment) for moment in times]):
                return ""
            return str(times[0].dwHighDateTime << 32 | times[0].dwLowDateTime)
        finally:
            kernel.CloseHandle(handle)
