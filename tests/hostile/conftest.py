"""The program run inside the test, as the tests of the commands run it."""

from __future__ import annotations

from tests.cli.conftest import run

__all__ = ["run"]
