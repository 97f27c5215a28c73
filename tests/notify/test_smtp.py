"""Handing the digest to a real SMTP server on loopback: plain, STARTTLS with login, TLS from the first byte."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from secaudit.model.errors import BadInput
from secaudit.model.schedule import MailSecurity, MailSettings
from secaudit.notify.smtp import PASSWORD_VARIABLE, check_settings, compose, send
from tests.servers.authority import LabAuthority
from tests.servers.process import free_port

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
PASSWORD = "mat khau 1"


@dataclass
class Postbox:
    """Keeps what the server took; says no to one recipient."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


def allowed(_s: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"xa", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def server_context(authority: LabAuthority, folder: Path) -> ssl.SSLContext:
    certificate, key = authority.issue("localhost").write(folder, "mail")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def serving(**options: Any) -> Iterator[tuple[int, Postbox]]:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port, box
    finally:
        controller.stop()


def settings(port: int, **more: Any) -> MailSettings:
    known = {"host": "127.0.0.1", "security": MailSecurity.NONE, "sender": "secaudit@xa.example",
             "recipients": ("cong-chuc@xa.example",)}  # fmt: skip
    return MailSettings(**(known | {"port": port} | more))


def mail(chosen: MailSettings) -> EmailMessage:
    return compose(chosen, "Mới: 1\r\nBcc: all@xa.example", "Phát hiện mới: cổng Telnet mở.\n.\nHết.\n", NOW, "a.1@xa")


def test_a_mail_arrives_whole(tmp_path: Path) -> None:
    with serving() as (port, box):
        chosen = settings(port)
        send(chosen, mail(chosen))
    [got] = box.mails
    assert got["Subject"] == "Mới: 1 Bcc: all@xa.example"
    assert got["Bcc"] is None
    assert got["Message-ID"] == "<a.1@xa>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content().replace("\r\n", "\n") == "Phát hiện mới: cổng Telnet mở.\n.\nHết.\n"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_a_login_travels_protected(
    security: MailSecurity, authority: LabAuthority, root_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = server_context(authority, tmp_path)
    options: dict[str, Any] = {"authenticator": allowed, "auth_required": True}
    if security is MailSecurity.STARTTLS:
        options |= {"tls_context": context, "require_starttls": True}
    else:
        options |= {"ssl_context": context, "auth_require_tls": False}
    secret = tmp_path / "mat-khau.txt"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    with serving(**options) as (port, box):
        chosen = settings(port, host="localhost", security=security, username="xa", ca_file=str(root_file))
        with pytest.raises(BadInput, match=PASSWORD_VARIABLE):
            send(chosen, mail(chosen))
        by_file = chosen.model_copy(update={"password_file": str(secret)})
        send(by_file, mail(by_file))
        monkeypatch.setenv(PASSWORD_VARIABLE, "sai")
        with pytest.raises(BadInput, match="535"):
            send(chosen, mail(chosen))
        monkeypatch.setenv(PASSWORD_VARIABLE, "mật khẩu")
        with pytest.raises(BadInput, match="without diacritics"):
            send(chosen, mail(chosen))
        stranger = by_file.model_copy(update={"ca_file": ""})
        with pytest.raises(BadInput, match="certificate verify failed"):
            send(stranger, mail(stranger))
    assert len(box.mails) == 1


def test_nothing_is_sent_unprotected_instead(tmp_path: Path) -> None:
    with serving() as (port, box):
        chosen = settings(port, security=MailSecurity.STARTTLS)
        with pytest.raises(BadInput, match="STARTTLS"):
            send(chosen, mail(chosen))
    assert box.mails == []


def test_a_server_that_is_not_there_and_a_recipient_that_is_none() -> None:
    chosen = settings(free_port())
    with pytest.raises(BadInput, match="did not take the digest"):
        send(chosen, mail(chosen))
    with serving() as (port, box):
        both = settings(port, recipients=("nobody@xa.example", "a@xa.example"))
        with pytest.raises(BadInput, match=r"nobody@xa\.example"):
            send(both, mail(both))
    assert len(box.mails) == 1  # the other one has it


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipients": ()}, "--to"),
        ({"recipients": ("không phải",)}, "is not an e-mail address"),
        ({"sender": "a@xa\r\nBcc: b@xa"}, "is not an e-mail address"),
        ({"sender": "@xa.example"}, "is not an e-mail address"),
        ({"username": "xa"}, "unprotected"),
        ({"password_file": "/khong/co"}, "cannot be read"),
    ],
)
def test_settings_that_cannot_work_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_settings(settings(25, **change))
