"""The signed file of a provider: writing it, reading a stranger's, and proving its signature.

`{"schema": "secaudit.provider/1", "profile": {…}, "signature": {"algorithm": "Ed25519", "public_key": …, "value": …}}`
in UTF-8. The signature (RFC 8032) is over the canonical JSON (`secaudit.store.chain.canonical`) of the whole object
without `value`, so that no part of the file can be changed; white space and the order of keys do not matter.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from secaudit.app.key_files import fingerprint, raw_public
from secaudit.checklist.resources import schema
from secaudit.model.errors import BadInput, message
from secaudit.model.provider import ProviderProfile
from secaudit.store.chain import canonical

SCHEMA = "secaudit.provider/1"
SCHEMA_FILE = "provider.schema.json"
ALGORITHM = "Ed25519"
LARGEST = 8 * 1024 * 1024
"""Bytes of a file; one for all rows of every list has less than a twentieth of it."""


@dataclass(frozen=True)
class SignedProfile:
    """A file that was read.

    Attributes:
        text: the file as canonical JSON, as it is stored.
        public_key: in base64.
        genuine: the signature fits the content and that key; whose key it is, is another question.
    """

    profile: ProviderProfile
    text: str
    public_key: str
    genuine: bool

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the key."""
        return fingerprint(base64.b64decode(self.public_key))


def sign(profile: ProviderProfile, key: Ed25519PrivateKey) -> str:
    """Return the signed file as canonical JSON text."""
    public = base64.b64encode(raw_public(key.public_key())).decode("ascii")
    document = {
        "schema": SCHEMA,
        "profile": profile.model_dump(mode="json"),
        "signature": {"algorithm": ALGORITHM, "public_key": public},
    }
    value = base64.b64encode(key.sign(canonical(document).encode("utf-8"))).decode("ascii")
    return canonical({**document, "signature": {**document["signature"], "value": value}})  # type: ignore[dict-item]


def read_stranger(raw: bytes, name: str) -> SignedProfile:
    """Return what a file that came from outside says, its shape proven by the schema.

    Args:
        raw: its bytes.
        name: as the officer knows it, for the messages.

    Raises:
        BadInput: it is no such file, or contradicts itself. A wrong signature is told in the result.
    """
    data = _json_of(raw, name)
    if (
        isinstance(data, dict)
        and str(data.get("schema", "")).startswith("secaudit.provider/")
        and (data["schema"] != SCHEMA)
    ):
        raise BadInput(
            message("{file} was written by a newer secaudit ({schema}). Update secaudit, then import it again."),
            file=name, schema=data["schema"],
        )  # fmt: skip
    from jsonschema import Draft202012Validator  # only for strangers

    fault = next(iter(Draft202012Validator(schema(SCHEMA_FILE)).iter_errors(data)), None)
    if fault is not None:
        raise BadInput(
            message("{file} is not a provider's profile that can be used ({place}: {detail}). Ask for the file again."),
            file=name, place=fault.json_path, detail=fault.message[:200],
        )  # fmt: skip
    try:
        found = _open(canonical(data))
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(
            message("{file} is not a provider's profile that can be used ({place}: {detail}). Ask for the file again."),
            file=name, place=".".join(map(str, first["loc"])), detail=first["msg"],
        ) from None  # fmt: skip
    if found.genuine and (contradiction := next(_contradictions(found.profile), None)):
        raise BadInput(contradiction, file=name)
    return found


@lru_cache(maxsize=64)
def reopen(text: str) -> SignedProfile | None:
    """Return what a stored file says, its signature proven anew; None where it is no such file any more."""
    try:
        return _open(text)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _open(text: str) -> SignedProfile:
    data: dict[str, Any] = json.loads(text)
    signature = data["signature"]
    public = str(signature["public_key"])
    unsigned = {**data, "signature": {key: value for key, value in signature.items() if key != "value"}}
    genuine = (
        data["schema"] == SCHEMA
        and signature["algorithm"] == ALGORITHM
        and _proves(public, str(signature["value"]), canonical(unsigned).encode("utf-8"))
    )
    return SignedProfile(ProviderProfile.model_validate(data["profile"]), text, public, genuine)


def _proves(public: str, value: str, content: bytes) -> bool:
    try:
        key, signature = _bytes_of(public), _bytes_of(value)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (ValueError, InvalidSignature):
        return False
    return True


def _bytes_of(text: str) -> bytes:
    """Read base64 that is written in the one way in which it can be written."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode("ascii") != text:
        raise ValueError(text)
    return raw


def _json_of(raw: bytes, name: str) -> Any:
    if len(raw) > LARGEST:
        raise BadInput(message("{file} is too large for a provider's profile."), file=name)
    try:
        text = raw.decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        json.dumps(data, ensure_ascii=False).encode("utf-8")  # half letters are no text
    except (ValueError, RecursionError):
        raise BadInput(
            message("{file} is not a provider's profile (not JSON). Ask for the file as it was written."), file=name
        ) from None
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(word: str) -> None:
    raise ValueError(word)


def _contradictions(profile: ProviderProfile) -> Iterator[str]:
    if profile.withdrawn and profile.lists:
        yield message("{file} takes a profile back and lists rows as well. Ask the provider for a right file.")
    lists = [part.checklist for part in profile.lists]
    rows = [(part.checklist, entry.requirement) for part in profile.lists for entry in part.rows]
    if len(set(lists)) < len(lists) or len(set(rows)) < len(rows):
        yield message("{file} names a list or a row twice. Ask the provider for a right file.")
    if profile.valid_until < profile.issued_at.date() and not profile.withdrawn:
        yield message("{file} ended before it was signed. Ask the provider for a right file.")
