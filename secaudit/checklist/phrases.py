"""The wording of reason codes: `phrases/*.yaml`, one file per area, a code in one file only."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from secaudit.checklist.compiled import compiled_data
from secaudit.checklist.resources import shipped, yaml_files
from secaudit.model.base import Reason
from secaudit.text import visible


class Phrases:
    """Turns a `Reason` into a sentence. Never raises over a reason: a code without words is shown as it is."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._table = table

    def __contains__(self, code: str) -> bool:
        return code in self._table

    def render(self, reason: Reason, language: str) -> str:
        """Return the sentence in `language` (`vi`, `en`; anything else gives Vietnamese).

        A code that is unknown, or whose parameters do not fit its phrase, comes out as
        `code (name=value, …)`, so that nothing that was recorded is lost.
        """
        words = self._table.get(reason.code)
        if words is None:
            return _bare(reason)
        params = {name: _plain(value) for name, value in reason.params.items()}
        try:
            return words["en" if language == "en" else "vi"].format(**params)
        except (KeyError, IndexError, ValueError, AttributeError):
            return _bare(reason)


def load_phrases(root: Traversable | None = None) -> Phrases:
    """Read every file of `phrases/` under `root` (the shipped data when None)."""
    table: dict[str, Mapping[str, str]] = {}
    for file in yaml_files((root or shipped()) / "phrases"):
        table.update(compiled_data(file) or {})
    return Phrases(table)


def _plain(value: str | int | float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else visible(str(value))


def _bare(reason: Reason) -> str:
    if not reason.params:
        return reason.code
    return f"{reason.code} ({', '.join(f'{name}={_plain(value)}' for name, value in reason.params.items())})"
