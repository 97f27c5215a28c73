"""Reading reference data that ships with the program."""

from __future__ import annotations

from importlib import resources
from typing import Any

from secaudit.yaml_loader import safe_yaml


def read_shipped(name: str) -> Any:
    """Return the content of a shipped YAML file, by its path below the folder of checklists."""
    return parse_yaml((resources.files("secaudit.checklists") / name).read_bytes())


def parse_yaml(data: bytes) -> Any:
    """Return what YAML bytes hold, as plain dicts, lists, texts and dates.

    Raises:
        ruamel.yaml.error.YAMLError, UnicodeDecodeError: it is no YAML, or no UTF-8.
    """
    return safe_yaml().load(data.decode("utf-8"))
