"""Errors that reach the officer: one sentence, translatable, with an exit code (contract.md, section 2)."""

from __future__ import annotations


class SecauditError(Exception):
    """A fault that the officer can understand and do something about.

    Attributes:
        message: English sentence, the gettext message id; placeholders in `{braces}`.
        params: values for the placeholders.
        exit_code: what the program ends with.
    """

    exit_code = 2

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message.format(**self.params)


class BadInput(SecauditError):
    """Wrong use, or a file, address or value that cannot be used."""

    exit_code = 2


class StoreError(SecauditError):
    """The workspace cannot be opened, read or written."""

    exit_code = 2


class Incomplete(SecauditError):
    """The target could not be reached, or a probe failed, so that the result is not complete."""

    exit_code = 3


class NotAuthorised(SecauditError):
    """A connection outside the recorded authorisations was asked for."""

    exit_code = 4


def message(text: str) -> str:
    """Mark `text` for the message catalogue and return it unchanged."""
    return text
