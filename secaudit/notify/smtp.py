"""Handing a mail to the server that the officer named (RFC 5321); nothing else is ever connected to here."""

from __future__ import annotations

import os
import smtplib
import ssl
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from secaudit.model.errors import BadInput, message
from secaudit.model.schedule import MailSecurity, MailSettings

PASSWORD_VARIABLE = "SECAUDIT_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
_PATIENCE = 30.0
"""Seconds to wait for the mail server."""

_NOT_SENT = message(
    "The mail server {host}:{port} did not take the digest ({detail}). Check it with `secaudit schedule mail --test`."
)


def check_settings(settings: MailSettings) -> None:
    """Refuse settings with which nothing can be sent.

    Raises:
        BadInput: no recipient, an address that is none, a password over an unprotected connection, or a file that
            cannot be read.
    """
    if not settings.recipients:
        raise BadInput(message("Say who receives the digest: --to ADDRESS."))
    for address in (settings.sender, *settings.recipients):
        _address(address)
    if settings.username and settings.security is MailSecurity.NONE:
        raise BadInput(
            message("A password must not travel unprotected: choose --security tls or starttls, or leave --user out.")
        )
    for file in filter(None, (settings.password_file, settings.ca_file)):
        _read(Path(file))


def compose(settings: MailSettings, subject: str, body: str, now: datetime, message_id: str) -> EmailMessage:
    """Return the mail as plain text in UTF-8.

    Args:
        settings: sender and recipients.
        subject: one line; what would end it is taken out.
        body: the text.
        now: with its time zone.
        message_id: without angle brackets; the same digest has the same, so that a second copy can be told.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(subject.split())
    mail["From"] = _address(settings.sender)
    mail["To"] = [_address(recipient) for recipient in settings.recipients]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}>"
    # Automatic answers (out of office) are not wanted (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="quoted-printable")
    return mail


def send(settings: MailSettings, mail: EmailMessage) -> None:
    """Hand a mail to the server.

    Raises:
        BadInput: it cannot be reached, its certificate is not trusted, or it refuses; says so in one sentence.
    """
    password = _password(settings)
    if not (settings.username + password).isascii():
        # Python's smtplib writes names and passwords as ASCII only.
        raise BadInput(message("The mail server's user name and password must be without diacritics; change them."))
    try:
        with _connection(settings) as server:
            if settings.username:
                server.login(settings.username, password)
            refused = server.send_message(mail)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise BadInput(_NOT_SENT, host=settings.host, port=settings.port, detail=_detail(error)) from None
    if refused:
        raise BadInput(
            message("The mail server {host}:{port} refused these recipients: {addresses}."),
            host=settings.host, port=settings.port, addresses=", ".join(refused),
        )  # fmt: skip


def _connection(settings: MailSettings) -> smtplib.SMTP:
    if settings.security is MailSecurity.NONE:
        return smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE)
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    if settings.security is MailSecurity.TLS:
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=_PATIENCE, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE)
    try:
        # Raises where the server does not offer it: nothing is sent unprotected instead (RFC 3207, section 6).
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _password(settings: MailSettings) -> str:
    if not settings.username:
        return ""
    if settings.password_file:
        return _read(Path(settings.password_file)).partition("\n")[0].strip("\r\ufeff")
    password = os.environ.get(PASSWORD_VARIABLE)
    if not password:
        raise BadInput(
            message("The mail server's password is missing. Put it into a file (--password-file) or into {variable}."),
            variable=PASSWORD_VARIABLE,
        )  # fmt: skip
    return password


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        detail = error.strerror if isinstance(error, OSError) else None
        raise BadInput(message("The file {name} cannot be read ({detail})."), name=str(file),
                       detail=detail or error) from None  # fmt: skip


def _address(typed: str) -> Address:
    try:
        address = Address(addr_spec=typed.strip())
        address.addr_spec.encode("ascii")
    except (ValueError, IndexError, MessageError):  # UnicodeError is a ValueError
        address = Address()
    if not (address.username and address.domain):
        raise BadInput(message("{address!r} is not an e-mail address."), address=typed)
    return address


def _detail(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
