"""The words and severity of checks: `checks/<area>.yaml`, and `checks/planned.yaml` for those not built yet."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from secaudit.checklist.reading import parse
from secaudit.checklist.resources import PLANNED, shipped, yaml_files
from secaudit.model.base import Text
from secaudit.model.requirement import CheckText


def load_texts(root: Traversable | None = None) -> dict[str, CheckText]:
    """Return the text of every check by its id, in the order of the files.

    Raises:
        FaultyFile: a file is not YAML.
    """
    texts: dict[str, CheckText] = {}
    for file in yaml_files((root or shipped()) / "checks"):
        if file.name != PLANNED:
            entries = parse(file.read_text(encoding="utf-8"), file.name)["checks"]
            texts.update((entry["id"], CheckText.model_validate(entry)) for entry in entries)
    return texts


def load_planned(root: Traversable | None = None) -> dict[str, Text]:
    """Return the checks of the contract that are not built yet, each with the reason."""
    file = (root or shipped()) / "checks" / PLANNED
    if not file.is_file():
        return {}
    blocks = parse(file.read_text(encoding="utf-8"), file.name).get("planned") or ()
    return {check: Text.model_validate(block["reason"]) for block in blocks for check in block["checks"]}
