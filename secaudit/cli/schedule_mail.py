"""`secaudit schedule mail`: where the digest goes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from secaudit.cli.common import Command, Session, option, say, shared_options
from secaudit.i18n import mark
from secaudit.model.errors import BadInput, message


@click.command("mail", cls=Command, help=mark("Say where the e-mail digest goes, test it, or turn it off."))
@shared_options
@option("--host", metavar=mark("NAME"), help=mark("Mail server."))
@option("--port", type=click.IntRange(1, 65535), help=mark("Its port (default: 587, with tls 465)."))
@option("--security", type=click.Choice(["starttls", "tls", "none"]), default="starttls", show_default=True,
        help=mark("How the connection is protected."))  # fmt: skip
@option("--user", "username", default="", metavar=mark("NAME"), help=mark("Name to log in with, if the server asks."))
@option("--password-file", type=click.Path(path_type=Path), metavar=mark("FILE"),
        help=mark("File whose first line is the password; else SECAUDIT_SMTP_PASSWORD. Never stored."))  # fmt: skip
@option("--ca-file", type=click.Path(path_type=Path), metavar="PEM",
        help=mark("Extra trusted certificate authorities, a PEM file."))  # fmt: skip
@option("--from", "sender", metavar=mark("ADDRESS"), help=mark("Sender."))
@option("--to", "recipients", multiple=True, metavar=mark("ADDRESS"), help=mark("Recipient; may be repeated."))
@option("--only-news", is_flag=True, help=mark("Send nothing while nothing changed and nothing is overdue."))
@option("--off", is_flag=True, help=mark("Send no digest any more."))
@option("--test", is_flag=True, help=mark("Send the digest of this moment now."))
def mail_command(
    session: Session, host: str | None, port: int | None, security: str, username: str, password_file: Path | None,
    ca_file: Path | None, sender: str | None, recipients: tuple[str, ...], only_news: bool, off: bool, test: bool,
) -> int:  # fmt: skip
    """Store the settings, or use them."""
    from secaudit.model.schedule import MailSettings
    from secaudit.notify.smtp import check_settings
    from secaudit.store.workspace import Workspace

    with Workspace.open(session.workspace) as workspace:
        schedule = workspace.schedule.current()
        if schedule is None:
            raise BadInput(message("Set up the periodic scan first: secaudit schedule install"))
        if off:
            workspace.schedule.save(schedule.model_copy(update={"mail": None}))
            say(mark("No digest is sent any more."))
            return 0
        settings = schedule.mail
        if host is not None:
            if not (sender and recipients):
                raise BadInput(message("Say who sends and who receives: --from ADDRESS --to ADDRESS."))
            settings = MailSettings.model_validate(
                {
                    "host": host, "port": port or (465 if security == "tls" else 587), "security": security,
                    "username": username, "password_file": str(password_file.absolute()) if password_file else "",
                    "ca_file": str(ca_file.absolute()) if ca_file else "", "sender": sender.strip(),
                    "recipients": tuple(address.strip() for address in recipients), "only_news": only_news,
                }
            )  # fmt: skip
            check_settings(settings)
            workspace.schedule.save(schedule.model_copy(update={"mail": settings}))
        if settings is None:
            raise BadInput(message("Say which mail server: --host NAME --from ADDRESS --to ADDRESS."))
        if test:
            from secaudit.app.digest import build_digest, send_digest
            from secaudit.app.knowledge import Knowledge
            from secaudit.cli.failure import sentence_of
            from secaudit.cli.words import share

            now = datetime.now(UTC)
            digest, _ = build_digest(workspace, Knowledge(), session.language, now, share, sentence_of)
            send_digest(settings, digest, now, f"test.{now:%Y%m%dT%H%M%S}")
            say(mark("The mail server took the digest. Look whether it arrives at {addresses}."),
                addresses=", ".join(settings.recipients))  # fmt: skip
            return 0
    say(mark("Digest to {addresses} through {host}:{port}."), addresses=", ".join(settings.recipients),
        host=settings.host, port=settings.port)  # fmt: skip
    return 0
