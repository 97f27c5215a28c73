"""What every command shares: its options, its session, and how data leaves as JSON."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from secaudit.cli.main import TranslatedOption
from secaudit.i18n import LANGUAGES, current_language, mark, translate
from secaudit.model.errors import BadInput
from secaudit.text import visible

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Session:
    """What the shared options of one call say.

    Attributes:
        workspace: folder of the workspace, whether it exists or not.
        json_to: `-` for stdout, a file's path, or None for text.
    """

    workspace: Path
    language: str
    json_to: str | None

    def emit_json(self, value: Any) -> None:
        """Write `value` as JSON where `--json` says."""
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        if self.json_to in (None, "-"):
            click.echo(text)
            return
        path = Path(str(self.json_to))
        try:
            path.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise BadInput(
                mark("The file {name} could not be written ({detail}). Choose another with --json FILE."),
                name=str(path), detail=error.strerror or error,
            ) from None  # fmt: skip


class TranslatedHelp(click.Command):
    """Shows its help, which is a message id, in the current language."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, made anew: click would keep the one of the language that was asked for first."""
        self._help_option = None
        return super().get_help_option(ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text in the current language."""
        original, self.help = self.help, translate(self.help or "")
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = original

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line, with the word for options in the current language."""
        pieces = super().collect_usage_pieces(ctx)
        return [translate(mark("[OPTIONS]")) if piece == "[OPTIONS]" else piece for piece in pieces]

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the one-line help in the current language."""
        return translate(self.short_help or self.help or "")


class Command(TranslatedHelp):
    """A command whose `--json` may stand alone, with `-` or with a file."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give a bare `--json` its value `-`, so that it never swallows the address after it."""
        return super().parse_args(ctx, list(_with_json_value(args)))


class CommandGroup(TranslatedHelp, click.Group):
    """A group of commands with translated help, which takes `--lang` as every command does."""

    command_class = Command

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.params.append(_language_option())


def _language_option() -> TranslatedOption:
    """Return `--lang`; what it says was read before click began (see `main`), here it is only accepted."""
    return TranslatedOption(
        ["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=mark("Language: vi (default) or en.")
    )


def _with_json_value(args: list[str]) -> list[str]:
    result = []
    for position, arg in enumerate(args):
        result.append(arg)
        if arg != "--json":
            continue
        following = args[position + 1] if position + 1 < len(args) else ""
        is_file = following == "-" or (following.lower().endswith(".json") and "://" not in following)
        if not is_file:
            result.append("-")
    return result


def option(*names: str, help: str, **extra: Any) -> Callable[[F], F]:
    """Return a click option whose help is a message id."""
    return click.option(*names, cls=TranslatedOption, help=help, **extra)


def shared_options(function: F) -> Callable[..., Any]:
    """Add `--workspace`, `--lang`, `--json`, `--debug`, and pass them to the command as one Session."""

    def wrapped(*args: Any, workspace: Path | None, json_to: str | None, **rest: Any) -> Any:
        chosen = workspace or Path(os.environ.get("SECAUDIT_WORKSPACE") or "secaudit-data")
        return function(Session(chosen, current_language(), json_to), *args, **rest)

    wrapped.__name__ = function.__name__
    decorated: Callable[..., Any] = wrapped
    if hasattr(function, "__click_params__"):
        decorated.__click_params__ = function.__click_params__  # type: ignore[attr-defined]
    for add in (
        option("--debug", is_flag=True, expose_value=False, help=mark("Show the technical trace of an error.")),
        option("--json", "json_to", metavar="[FILE]", help=mark("Data as JSON: to stdout (-) or to a file.")),
        option(
            "--lang", type=click.Choice(LANGUAGES), expose_value=False, help=mark("Language: vi (default) or en.")
        ),
        option(
            "--workspace", type=click.Path(path_type=Path), metavar=mark("DIR"),
            help=mark("Folder of the data (default: SECAUDIT_WORKSPACE, else ./secaudit-data)."),
        ),
    ):  # fmt: skip
        decorated = add(decorated)
    return decorated


def say(sentence: str = "", **params: object) -> None:
    """Print one translated sentence of a result to stdout; what stands in its places cannot steer a terminal."""
    click.echo(translate(sentence).format(**_shown(params)) if params else translate(sentence))


def tell(sentence: str, **params: object) -> None:
    """Print one translated sentence that is not part of the result to stderr, as `say` does."""
    click.echo(translate(sentence).format(**_shown(params)), err=True)


def _shown(params: Mapping[str, object]) -> dict[str, object]:
    return {name: visible(value) if isinstance(value, str) else value for name, value in params.items()}


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let nothing look for unused objects inside the block.

    What a command reads to show it is in use until the end; looking through tens of thousands of such objects again
    and again takes as long as the work itself.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def on_terminal() -> bool:
    """Tell whether a person watches stderr."""
    return sys.stderr.isatty()
