"""`secaudit remediation`: the register of what is to be put right."""

from __future__ import annotations

import click

from secaudit.cli.common import CommandGroup
from secaudit.cli.remediation_edit import accept_command, add_command, assign_command, merge_command, update_command
from secaudit.cli.remediation_files import export_command, owners_command
from secaudit.cli.remediation_list import list_command, show_command
from secaudit.cli.remediation_policy import policy_command
from secaudit.cli.remediation_verify import verify_command
from secaudit.i18n import mark


@click.group(
    "remediation", cls=CommandGroup, help=mark("Keep the register of what is to be put right, by whom, until when.")
)
def command() -> None:
    """Hold the subcommands."""


for _sub in (
    list_command, show_command, add_command, assign_command, update_command, merge_command, accept_command,
    verify_command, export_command, owners_command, policy_command,
):  # fmt: skip
    command.add_command(_sub)
