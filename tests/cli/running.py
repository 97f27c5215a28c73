"""What tests do with the `run` fixture: read its JSON, or its refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., tuple[int, str, str]]


def as_json(run: Run, *arguments: str, code: int = 0) -> Any:
    """Run with `--json`, which must end with `code`, and return the data."""
    ended, out, err = run(*arguments, "--json")
    assert ended == code, err
    return json.loads(out)


def refused(run: Run, *arguments: str) -> str:
    """Run what must be refused as wrong use, and return the one English sentence."""
    code, _, err = run(*arguments, "--lang", "en")
    assert code == 2, err
    [line] = [line for line in err.splitlines() if line.startswith("Error: ")]
    return line
