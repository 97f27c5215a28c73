"""The passphrase of a key: from a file, from the environment, or asked for on the terminal; never from arguments."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from secaudit.cli.common import option
from secaudit.i18n import mark, translate
from secaudit.model.errors import BadInput

T = TypeVar("T")
VARIABLE = "SECAUDIT_PASSPHRASE"

passphrase_option = option(
    "--passphrase-file", type=click.Path(path_type=Path), metavar=mark("FILE"),
    help=mark("File with the key's passphrase in its first line; otherwise SECAUDIT_PASSPHRASE, or it is asked for."),
)  # fmt: skip


def given_passphrase(file: Path | None) -> bytes | None:
    """Return the passphrase from the file or the environment, None where there is none.

    Raises:
        BadInput: the file cannot be read.
    """
    if file is not None:
        from secaudit.checklist.validate import contents

        lines = contents(file).removeprefix(b"\xef\xbb\xbf").splitlines()
        return lines[0] if lines else b""
    typed = os.environ.get(VARIABLE)
    return typed.encode("utf-8") if typed else None


def unlocked(load: Callable[[bytes | None], T], file: Path | None) -> T:
    """Return what `load` gives; where it needs a passphrase that nobody gave, a person is asked for it.

    Raises:
        BadInput: what `load` raises; also where the passphrase is missing and nobody can be asked.
    """
    from secaudit.app.key_files import PassphraseNeeded

    given = given_passphrase(file)
    try:
        return load(given)
    except PassphraseNeeded:
        if given is not None or not sys.stdin.isatty():
            raise
    typed: str = click.prompt(translate(mark("Passphrase of the key")), hide_input=True, err=True)
    return load(typed.encode("utf-8"))


def new_passphrase(file: Path | None, without: bool) -> bytes | None:
    """Return the passphrase for a new key, None where the person wants none.

    Raises:
        BadInput: none was given and nobody can be asked.
    """
    if without:
        return None
    given = given_passphrase(file)
    if given:
        return given
    if not sys.stdin.isatty():
        raise BadInput(
            mark("Give the new key a passphrase with --passphrase-file or SECAUDIT_PASSPHRASE; without one, say "
                 "--no-passphrase.")
        )  # fmt: skip
    typed: str = click.prompt(
        translate(mark("New passphrase for the key")), hide_input=True, err=True,
        confirmation_prompt=translate(mark("The same again")),
    )  # fmt: skip
    return typed.encode("utf-8")
