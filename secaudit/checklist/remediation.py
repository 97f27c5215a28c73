"""How the remediation register works by default: `remediation.yaml`."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from secaudit.checklist.compiled import compiled
from secaudit.checklist.resources import REMEDIATION, shipped
from secaudit.model.remediation import RemediationPolicy


def load_policy(root: Traversable | None = None) -> RemediationPolicy:
    """Return the shipped policy.

    Raises:
        FaultyFile: the file is not YAML.
    """
    file = (root or shipped()) / REMEDIATION
    return RemediationPolicy.model_validate_json(compiled(file))
