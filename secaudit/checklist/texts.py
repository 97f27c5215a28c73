"""The words and severity of checks: `checks/<area>.yaml`.

Beside them stand `planned.yaml`, checks that are not built yet, and `unmapped.yaml`, checks that no requirement is
linked to; both with the reason.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable

from secaudit.checklist.compiled import compiled_data
from secaudit.checklist.resources import PLANNED, UNMAPPED, shipped, yaml_files
from secaudit.model.base import Text
from secaudit.model.requirement import CheckText


def load_texts(root: Traversable | None = None) -> dict[str, CheckText]:
    """Return the text of every check by its id, in the order of the files, with the reason why it is unmapped.

    Raises:
        FaultyFile: a file is not YAML.
    """
    unmapped = load_unmapped(root)
    texts: dict[str, CheckText] = {}
    for file in yaml_files((root or shipped()) / "checks"):
        if file.name in {PLANNED, UNMAPPED}:
            continue
        for entry in compiled_data(file)["checks"]:
            text = CheckText.model_validate(entry)
            reason = text.unmapped or unmapped.get(text.id)
            texts[text.id] = text.model_copy(update={"unmapped": reason}) if reason else text
    return texts


def load_planned(root: Traversable | None = None) -> dict[str, Text]:
    """Return the checks of the contract that are not built yet, each with the reason."""
    return _reasons(root, PLANNED)


def load_unmapped(root: Traversable | None = None) -> dict[str, Text]:
    """Return the checks that no requirement is linked to, each with the reason."""
    return _reasons(root, UNMAPPED)


def _reasons(root: Traversable | None, name: str) -> dict[str, Text]:
    file = (root or shipped()) / "checks" / name
    if not file.is_file():
        return {}
    blocks = compiled_data(file).get(name.removesuffix(".yaml")) or ()
    return {check: Text.model_validate(block["reason"]) for block in blocks for check in block["checks"]}
