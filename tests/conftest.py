"""What all tests share: the lab's authority, and the rule that CI skips nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.authority import LabAuthority

# These rooms work on disks, processes and terminals: their tests are no pure ones, so `make test-fast` leaves them out.
AT_THE_EDGE = ("app", "cli", "export", "store", "corpus")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the rooms at the edge as slow."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in AT_THE_EDGE:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def authority() -> LabAuthority:
    """The private certificate authority of the lab."""
    return LabAuthority()


@pytest.fixture(scope="session")
def root_file(authority: LabAuthority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lab's root certificate as a PEM file, for `--ca-file`."""
    return authority.write_root(tmp_path_factory.mktemp("authority"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skip into a failure where `CI` is set: a test that did not run proves nothing."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report
