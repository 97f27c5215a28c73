"""From an exception to one sentence on stderr and the exit code of the contract."""

from __future__ import annotations

import errno
import os
import sys
import traceback

import click

from secaudit.i18n import mark, translate
from secaudit.model.errors import SecauditError

INTERRUPTED = 3
UNEXPECTED = 2
_DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def say_error(sentence: str) -> None:
    """Write one sentence to stderr, marked as an error in the current language."""
    word = translate("Error")  # outside the f-string: the extractor does not look into those
    click.echo(f"{word}: {sentence}", err=True)


def sentence_of(error: SecauditError) -> str:
    """Return the error's sentence in the current language, its placeholders filled."""
    return translate(error.message).format(**error.params)


def exit_code_of(error: BaseException, *, debug: bool) -> int:
    """Report `error` and return the exit code; the traceback only with `--debug`."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else UNEXPECTED
    if debug and not isinstance(error, click.ClickException):
        traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, SecauditError):
        say_error(sentence_of(error))
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _usage(error)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        say_error(translate(mark("Interrupted. What was seen so far is kept; run the command again to go on.")))
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # Whoever read our output went away; that is not a fault of the audit. The stream is replaced so that the
        # interpreter does not complain when it flushes at exit.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return 0
    if isinstance(error, OSError):
        return _operating_system(error)
    say_error(
        translate(
            mark("Unexpected fault ({kind}). Run again with --debug and send the output to the developers.")
        ).format(kind=type(error).__name__)
    )
    return UNEXPECTED


def _usage(error: click.ClickException) -> int:
    context = getattr(error, "ctx", None)
    if context is not None:
        click.echo(context.get_usage(), err=True)
    say_error(error.format_message())
    return error.exit_code if isinstance(error, click.UsageError) else UNEXPECTED


def _operating_system(error: OSError) -> int:
    name = error.filename or "?"
    if error.errno in _DISK_FULL:
        say_error(
            translate(mark("The disk is full, {name} could not be written. Free some space and run again.")).format(
                name=name
            )
        )
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        say_error(
            translate(
                mark("{name} may not be written or read. Choose another folder with --workspace or --output.")
            ).format(name=name)
        )
    else:
        say_error(translate(mark("{name}: {detail}.")).format(name=name, detail=error.strerror or str(error)))
    return UNEXPECTED
