"""What is kept of a found file holds no secret, and still lets the file be recognised."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.probes.exposure import excerpt
from secaudit.reference.paths import path_entries

SECRET = "hunter2-Bi-mat"
ENTRIES = {entry.id: entry for entry in path_entries()}
FILES = {
    "env": f"APP_ENV=production\nDB_PASSWORD={SECRET}\nexport SECRET_KEY='{SECRET}'\nREDIS_URL=redis://u:{SECRET}@h/0\n",
    "wp-config-backup": f"<?php\ndefine( 'DB_NAME', '{SECRET}' );\ndefine('DB_PASSWORD', \"{SECRET}\");\n$table = 1;\n",
    "joomla-config": f"<?php\nclass JConfig {{\n\tpublic $password = '{SECRET}';\n\tpublic $secret = '{SECRET}';\n}}\n",
    "drupal-config": f"<?php\n$databases['default'] = array('password' => '{SECRET}', 'database' => 'x');\n",
    "web-config-backup": f'<configuration><connectionStrings><add name="Main" connectionString="pwd={SECRET}"/>\n',
    "appsettings": f'{{"ConnectionStrings": {{"DefaultConnection": "Password={SECRET}"}}}}',
    "htpasswd": "admin:$apr1$abc$hunter2-Bi-mat.hashhashhash\n",
    "ftp-config": f'{{"host": "x", "user": "{SECRET}", "password": "{SECRET}"}}',
    "git-config": f'[core]\n[remote "origin"]\n\turl = https://bot:{SECRET}@git.example/x.git\n',
    "dump-sql": f"-- MySQL dump 10.13\nINSERT INTO `users` VALUES (1,'{SECRET}');\n",
    "access-log": f'203.0.113.7 - canbo [22/Nov/2026:10:00:00 +0700] "GET /x?token={SECRET} HTTP/1.1" 200 1 "-" "-"\n',
    "error-log": f"[22-Nov-2026 10:00:00 Asia/Ho_Chi_Minh] PHP Warning: x a@b.vn /y?pw={SECRET} in /home/z.php\n",
    "ssh-key": f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n",
    "phpinfo": f"<html><title>phpinfo()</title><h1>PHP Version 8.3.1</h1><td>DB_PASSWORD</td><td>{SECRET}</td></html>",
}


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_recognised_without_its_secrets(name: str) -> None:
    entry = ENTRIES[name]
    text = FILES[name]
    assert SECRET in text
    kept = excerpt.KEEPERS[entry.keep](text, entry.match)
    assert SECRET not in kept
    assert "hashhash" not in kept
    assert all(re.search(pattern, kept) for pattern in entry.match), kept
    assert excerpt.sniff(text.encode()) in entry.form


def test_addresses_accounts_and_mail_are_masked_in_logs() -> None:
    kept = excerpt.log('2001:db8::7 - canbo [22/Nov/2026:10:00:00 +0700] "GET / HTTP/1.1" a@xa.gov.vn\n')
    assert kept == '*.*.*.* - *** [22/Nov/2026:10:00:00 +0700] "GET / HTTP/1.1" ***'


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"", ""),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html>", "html"),
        (b'<?xml version="1.0"?><html xmlns="x">', "html"),
        (b"<configuration><appSettings/>", "xml"),
        (b"<?php $x = 1;", "text"),
        (b"PK\x03\x04\x14\x00", "binary"),
        (b"\xff\xfeA\x00", "binary"),
        (b"ref: refs/heads/main\n", "text"),
    ],
)
def test_form_by_the_first_bytes(data: bytes, form: str) -> None:
    assert excerpt.sniff(data) == form


@given(st.text(max_size=300), st.sampled_from(sorted(excerpt.KEEPERS)))
def test_anything_is_kept_printable_and_short(text: str, keep: str) -> None:
    kept = excerpt.KEEPERS[keep](text, (r"\w{1,20}",))
    assert len(kept) < 8000
    assert all(c in "\n\t" or c.isprintable() for c in kept)
