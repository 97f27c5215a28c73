"""Where data that an officer installed stand."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """Return where installed data sets stand; the folder may not exist."""
    chosen = os.environ.get("SECAUDIT_DATA")
    if chosen:
        return Path(chosen)
    from platformdirs import user_data_path  # noqa: PLC0415 - only where it is asked for

    return user_data_path("secaudit", appauthor=False) / "data"
