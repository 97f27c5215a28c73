"""First bytes as real servers send them, and what they say."""

from __future__ import annotations

import pytest

from secaudit.probes.ports.signatures import Recognised, may_want_tls, over_tls, printable, recognise

SAID = {
    b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n": Recognised("ssh", "OpenSSH", "9.2p1"),
    b"SSH-2.0-dropbear_2022.83\r\n": Recognised("ssh", "dropbear", "2022.83"),
    b"SSH-2.0-ROSSSH\r\n": Recognised("ssh", "ROSSSH", ""),
    b"220 (vsFTPd 3.0.3)\r\n": Recognised("ftp", "vsFTPd", "3.0.3"),
    b"220 ProFTPD Server (Debian) [::ffff:192.0.2.1]\r\n": Recognised("ftp", "ProFTPD", ""),
    b"500 OOPS: vsftpd: both local and anonymous access disabled!\r\n": Recognised("ftp", "vsftpd", ""),
    b"220-Microsoft FTP Service\r\n": Recognised("ftp", "Microsoft FTP", ""),
    b"220 mail.example.vn ESMTP Postfix (Debian/GNU)\r\n": Recognised("smtp", "Postfix", ""),
    b"220 mail.example.vn ESMTP Exim 4.96 Sun, 22 Nov 2026\r\n": Recognised("smtp", "Exim", "4.96"),
    b"+OK Dovecot (Debian) ready.\r\n": Recognised("pop3", "Dovecot", ""),
    b"* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot ready.\r\n": Recognised("imap", "Dovecot", ""),
    b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23": Recognised("telnet", "", ""),
    b"RFB 003.008\n": Recognised("vnc", "", "003.008"),
    b"J\x00\x00\x00\x0a8.0.35\x00\x09\x00\x00\x00": Recognised("mysql", "", "8.0.35"),
    b"Y\x00\x00\x00\x0a5.5.5-10.11.6-MariaDB-0+deb12u1\x00": Recognised("mysql", "MariaDB", "10.11.6"),
    b"I\x00\x00\x00\xffj\x04Host '192.0.2.7' is not allowed to connect to this MySQL server":
        Recognised("mysql", "MySQL", ""),
    b"-ERR unknown command 'HEAD', with args beginning with: '/' 'HTTP/1.0' \r\n": Recognised("redis", "", ""),
    b"-NOAUTH Authentication required.\r\n": Recognised("redis", "", ""),
    b"ERROR\r\n": Recognised("memcached", "", ""),
    b"@RSYNCD: 31.0 sha512 sha256\n": Recognised("rsync", "rsync", "31.0"),
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n\r\n": Recognised("http", "nginx", "1.22.1"),
    b"HTTP/1.0 404 Not Found\r\nServer: Microsoft-IIS/10.0\r\n\r\n": Recognised("http", "Microsoft-IIS", "10.0"),
    b"HTTP/1.0 401 Unauthorized\r\nContent-Length: 0\r\n\r\n": Recognised("http", "", ""),
    b"HTTP/1.0 200 OK\r\nX-elastic-product: Elasticsearch\r\n\r\n":
        Recognised("elasticsearch", "Elasticsearch", ""),
    b"HTTP/1.0 200 OK\r\nX-Influxdb-Version: 1.8.10\r\n\r\n": Recognised("influxdb", "InfluxDB", "1.8.10"),
    b"HTTP/1.0 200 OK\r\nServer: CouchDB/3.3.3 (Erlang OTP/24)\r\n\r\n": Recognised("couchdb", "CouchDB", "3.3.3"),
    b"RTSP/1.0 400 Bad Request\r\n\r\n": Recognised("rtsp", "", ""),
    b"": Recognised(),
    b"\x00\x01\x02": Recognised(),
    b"220 hello there\r\n": Recognised(),
    b"hello SSH-2.0-OpenSSH_9.2": Recognised(),
}  # fmt: skip


@pytest.mark.parametrize("received", SAID)
def test_what_servers_say(received: bytes) -> None:
    assert recognise(received) == SAID[received]


def test_names_inside_tls() -> None:
    assert over_tls(Recognised("imap", "Dovecot")) == Recognised("imaps", "Dovecot")
    assert over_tls(Recognised("redis")).service == "ssl/redis"
    assert over_tls(Recognised()).service == "ssl"


def test_a_server_that_wants_tls_is_noticed() -> None:
    assert may_want_tls(b"\x15\x03\x01\x00\x02\x02\x46")
    assert may_want_tls(b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n")
    assert not may_want_tls(b"HTTP/1.1 200 OK\r\n\r\n")
    assert not may_want_tls(b"")


def test_a_banner_cannot_carry_control_characters_into_a_report() -> None:
    shown = printable(b"220 \x1b[31mred\x00\r\n\xe1\xbb\x87" + b"x" * 500)
    assert shown.isprintable() and shown.isascii()
    assert shown.startswith("220 \\x1b[31mred\\x00\\r\\n\\xe1\\xbb\\x87xxx")
