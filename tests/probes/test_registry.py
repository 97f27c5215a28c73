"""The probes by name: the words and the register say the same."""

from __future__ import annotations

from secaudit.model.words import PROBES
from secaudit.probes.registry import PROBE_NAMES, make_probe


def test_every_probe_of_a_scan_is_in_the_register_and_bears_its_name() -> None:
    assert set(PROBE_NAMES) == set(PROBES)
    assert [make_probe(name).name for name in PROBES] == list(PROBES)
