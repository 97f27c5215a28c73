"""Every fault of an officer's file on a line of its own, before the program ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from secaudit.cli.common import Session

if TYPE_CHECKING:
    from secaudit.app.knowledge import Knowledge


@contextmanager
def shown_faults(knowledge: Knowledge, session: Session) -> Iterator[None]:
    """Write the faults of a file that is found faulty inside the block to stderr, each with its remedy.

    Raises:
        FaultyFile: as the block raises it.
    """
    from secaudit.checklist.faults import FaultyFile

    try:
        yield
    except FaultyFile as error:
        for fault in error.faults:
            click.echo(fault.sentence(knowledge.phrases, session.language), err=True)
        raise
