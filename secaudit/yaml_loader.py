"""One loader for every YAML file: safe types only, by libyaml, rules of YAML 1.2."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.resolver import VersionedResolver


class _FixedResolver(VersionedResolver):
    """Looks once which rules hold for plain scalars, where its parent looks again at every one of them.

    Behind libyaml the version never changes: a `%YAML` line is read in C and does not reach the resolver.
    """

    @cached_property
    def versioned_resolver(self) -> Any:
        return super().versioned_resolver


def safe_yaml() -> YAML:
    """Return a new loader that makes plain dicts, lists, texts, numbers and dates, and nothing else."""
    yaml = YAML(typ="safe", pure=False)
    yaml.Resolver = _FixedResolver
    return yaml
