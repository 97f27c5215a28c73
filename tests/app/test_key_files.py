"""Keys in files: made once, readable for their owner, and every wrong file named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from secaudit.app.key_files import (
    PassphraseNeeded,
    load_key,
    load_public,
    load_signing_key,
    make_key,
    public_path,
    raw_public,
)
from secaudit.model.errors import BadInput


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("passphrase", [None, "mật khẩu của tỉnh".encode()])
def test_a_key_comes_back_as_it_was_made(tmp_path: Path, passphrase: bytes | None) -> None:
    file = tmp_path / "mới" / "khóa.pem"
    made = make_key(file, passphrase)
    found = load_signing_key(file, passphrase)
    assert raw_public(found.public_key()) == raw_public(made.public_key())
    assert raw_public(load_public(public_path(file))) == raw_public(made.public_key())
    assert (b"ENCRYPTED" in file.read_bytes()) is (passphrase is not None)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    make_key(tmp_path / "k.pem", None)
    assert (tmp_path / "k.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("there", ["k.pem", "k.pem.pub"])
def test_no_key_is_overwritten(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("quan trọng", encoding="utf-8")
    with pytest.raises(BadInput, match="nothing was overwritten"):
        make_key(tmp_path / "k.pem", None)
    assert [entry.name for entry in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "quan trọng"


def test_a_locked_key_needs_its_passphrase_and_an_open_one_needs_none(tmp_path: Path) -> None:
    make_key(tmp_path / "locked.pem", b"dung")
    with pytest.raises(PassphraseNeeded, match="is locked"):
        load_key(tmp_path / "locked.pem", None)
    with pytest.raises(PassphraseNeeded, match="is wrong"):
        load_key(tmp_path / "locked.pem", b"sai")
    make_key(tmp_path / "open.pem", None)
    assert load_key(tmp_path / "open.pem", b"thua") is not None


def test_every_wrong_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "k.pem"
    for content in (b"", b"rubbish", pem(x25519.X25519PrivateKey.generate())):
        file.write_bytes(content)
        with pytest.raises(BadInput, match="no private key that can be used"):
            load_key(file, None)
        with pytest.raises(BadInput, match="no Ed25519 public key"):
            load_public(file)
    with pytest.raises(BadInput, match="does not exist"):
        load_key(tmp_path / "none.pem", None)


def test_rsa_and_ec_keys_are_read_but_do_not_sign_profiles(tmp_path: Path) -> None:
    file = tmp_path / "k.pem"
    for key in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())):
        file.write_bytes(pem(key))
        assert not isinstance(load_key(file, None), ed25519.Ed25519PrivateKey)
        with pytest.raises(BadInput, match="not an Ed25519 key"):
            load_signing_key(file, None)
