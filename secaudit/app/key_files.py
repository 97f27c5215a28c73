"""Private keys in files: making them, reading them, and the fingerprint that people compare over the telephone."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from secaudit.checklist.validate import contents
from secaudit.model.errors import BadInput, message

PrivateKey = Ed25519PrivateKey | RSAPrivateKey | EllipticCurvePrivateKey
_GROUPS, _DIGITS = 8, 5


class PassphraseNeeded(BadInput):
    """The file is locked with a passphrase, and none or a wrong one was given."""


def fingerprint(public_key: bytes) -> str:
    """Return eight groups of five digits that stand for a public key.

    They are SHA-256 over its 32 bytes (RFC 8032), as a big-endian number modulo 10^40: digits are read over the
    telephone with fewer mistakes than letters, and finding a second key with the same ones takes 2^132 trials.
    """
    number = int.from_bytes(hashlib.sha256(public_key).digest(), "big") % 10 ** (_GROUPS * _DIGITS)
    digits = f"{number:0{_GROUPS * _DIGITS}d}"
    return " ".join(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


def same_fingerprint(one: str, other: str) -> bool:
    """Tell whether two fingerprints have the same digits, however they are grouped."""
    digits = [[letter for letter in text if letter.isdigit()] for text in (one, other)]
    return digits[0] == digits[1] and len(digits[0]) == _GROUPS * _DIGITS


def raw_public(key: Ed25519PublicKey) -> bytes:
    """Return the 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def make_key(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Make a key pair; the private one goes to `path`, readable for its owner only, the public one beside it (.pub).

    On Windows the rights of the folder hold; the documentation says which folder to take.

    Raises:
        BadInput: one of the files is there already, or cannot be written. Nothing is overwritten.
    """
    key = Ed25519PrivateKey.generate()
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    beside = public_path(path)
    if beside.exists():
        raise BadInput(message("{file} is there already; nothing was overwritten."), file=beside)
    _write_new(path, private, 0o600)
    _write_new(beside, public, 0o644)
    return key


def public_path(path: Path) -> Path:
    """Return where the public key beside a private one stands."""
    return path.with_name(f"{path.name}.pub")


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The rights are given as the file is made: there is no moment at which others could read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except FileExistsError:
        raise BadInput(message("{file} is there already; nothing was overwritten."), file=path) from None
    except OSError as error:
        raise BadInput(
            message("{path} could not be written ({detail})."), path=path, detail=error.strerror or error
        ) from None


def load_key(path: Path, passphrase: bytes | None) -> PrivateKey:
    """Return the private key in a PEM file.

    Raises:
        PassphraseNeeded: the passphrase is missing or wrong.
        BadInput: the file cannot be read, or holds no Ed25519, RSA or EC key.
    """
    raw = contents(path)
    try:
        key = load_pem_private_key(raw, passphrase)
    except TypeError:
        if passphrase is not None:  # the file is not locked at all
            return load_key(path, None)
        raise PassphraseNeeded(message("The key {file} is locked; give its passphrase."), file=path) from None
    except (ValueError, UnsupportedAlgorithm):
        if passphrase is not None and b"ENCRYPTED" in raw:
            raise PassphraseNeeded(
                message("The key {file} cannot be unlocked; the passphrase is wrong."), file=path
            ) from None
        raise BadInput(
            message("{file} holds no private key that can be used; give a PEM file with an Ed25519, RSA or EC key."),
            file=path,
        ) from None
    if isinstance(key, Ed25519PrivateKey | RSAPrivateKey | EllipticCurvePrivateKey):
        return key
    raise BadInput(
        message("{file} holds no private key that can be used; give a PEM file with an Ed25519, RSA or EC key."),
        file=path,
    )


def load_signing_key(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Return the Ed25519 key in a PEM file, as `make_key` writes it.

    Raises:
        PassphraseNeeded, BadInput: as `load_key`, or it is a key of another kind.
    """
    key = load_key(path, passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(
            message("{file} is not an Ed25519 key. Make one with `secaudit assess provider keygen`."), file=path
        )
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """Return the Ed25519 public key in a PEM file.

    Raises:
        BadInput: there is none in it.
    """
    try:
        key = load_pem_public_key(contents(path))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput(message("{file} holds no Ed25519 public key (a file that ends with .pub)."), file=path)
    return key
