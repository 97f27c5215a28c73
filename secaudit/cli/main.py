"""The program `secaudit`: a table of commands, loaded only when one is used, and errors as one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from secaudit.i18n import LANGUAGES, mark, translate, use_language
from secaudit.version import VERSION

# pydantic asks every installed package for plugins when it is first used, which takes longer than many commands.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

# name: (module below secaudit.cli, one-line help). Only the table is needed for `secaudit --help`, so that it
# starts as fast as click itself.
COMMANDS: dict[str, tuple[str, str]] = {
    "audit": ("audit", mark("Audit a page in one go: scan, judge, combined report.")),
    "scan": ("scan", mark("Run the probes only and show what they found.")),
    "status": ("status", mark("Show compliance against the 100 % target.")),
    "report": ("report", mark("Write a report of what is stored.")),
    "reports": ("reports", mark("Give out the Word templates of reports, to edit them.")),
    "history": ("history", mark("List past scans.")),
    "diff": ("diff", mark("Compare two scans: what is new, fixed, back again.")),
    "import": ("import_", mark("Take over results of nmap, testssl.sh, sslyze, Nuclei, ZAP, …")),
    "init": ("init", mark("Make a workspace: organisation, system, level, contacts.")),
    "scope": ("scope", mark("Record who allowed probing of which host, and until when.")),
    "system": ("system", mark("Show, add and change systems; the rule of the plan's figure.")),
    "site": ("site", mark("Show the sites and the ports meant to be open.")),
    "assess": ("assess", mark("Answer requirements, keep evidence, see what falls due.")),
    "remediation": ("remediation", mark("Keep the register of what is to be put right, by whom, until when.")),
    "schedule": ("schedule", mark("Scan by itself, through the computer's own scheduler; tell by e-mail.")),
    "run-due": ("run_due", mark("Do the periodic work that is due.")),
    "verify": ("verify", mark("Check the database, the journal and every evidence file.")),
    "backup": ("backup", mark("Write one archive of the whole workspace.")),
    "restore": ("restore", mark("Make a workspace from a backup.")),
    "checklist": ("checklist", mark("Read and check the encoded requirements.")),
    "data": ("data", mark("Show and update the vulnerability and end-of-life data.")),
}


def _wanted_language(args: Sequence[str]) -> str:
    """Return the language that the arguments or the environment ask for, before click has read them."""
    for position, arg in enumerate(args):
        if arg.startswith("--lang="):
            value = arg.removeprefix("--lang=")
        elif arg == "--lang" and position + 1 < len(args):
            value = args[position + 1]
        else:
            continue
        if value in LANGUAGES:
            return value
    return os.environ.get("SECAUDIT_LANG", "vi") if os.environ.get("SECAUDIT_LANG") in LANGUAGES else "vi"


class Program(click.Group):
    """The top command: loads subcommands lazily and turns every error into one sentence with an exit code."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, made anew: click would keep the one of the language that was asked for first."""
        self._help_option = None
        return super().get_help_option(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of the officer's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"secaudit.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command table from its own texts, importing nothing."""
        rows = [(name, translate(text)) for name, (_, text) in COMMANDS.items()]
        with formatter.section(translate("Commands")):
            formatter.write_dl(rows)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the program is, in the chosen language."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(
                translate(
                    "Checks the security of a commune's web page and its compliance with level 3 "
                    "(TCVN 14423:2026, Decree 331/2026)."
                )
            )
            formatter.write_paragraph()
            formatter.write_text(translate("Begin with: secaudit audit --demo, then secaudit audit URL."))

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run with `args` (default: the command line) and end the process with the contract's exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        use_language(_wanted_language(arguments))
        _speak_utf8()
        extra["standalone_mode"] = False
        sys.exit(self._guarded(arguments, extra))

    def _guarded(self, arguments: list[str], extra: dict[str, Any]) -> int:
        # Imported here: these are needed only when something is run, not for --help.
        from secaudit.cli.failure import exit_code_of

        try:
            result = super().main(arguments, **extra)
        except BaseException as error:
            return exit_code_of(error, debug="--debug" in arguments)
        return result if isinstance(result, int) else 0


def _speak_utf8() -> None:
    """Make the console take Vietnamese letters, which a Windows code page often cannot."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"secaudit {VERSION}")
        ctx.exit()


class TranslatedOption(click.Option):
    """An option whose help and metavar are message ids, translated when they are shown."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the placeholder of the option's value in the current language."""
        return translate(self.metavar) if self.metavar else super().make_metavar(ctx)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return option and help text in the current language."""
        original, self.help = self.help, translate(self.help or "")
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


program = Program(
    name="secaudit",
    params=[
        TranslatedOption(
            ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_show_version,
            help=mark("Show the version and exit."),
        ),
        TranslatedOption(
            ["--lang"], type=click.Choice(LANGUAGES), expose_value=False,
            help=mark("Language: vi (default) or en."),
        ),
    ],
)  # fmt: skip


def main() -> None:
    """Entry point of the installed program."""
    program.main()


if __name__ == "__main__":
    main()
