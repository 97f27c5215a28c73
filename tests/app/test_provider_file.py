"""The signed file: what is covered by the signature is everything, and nothing hostile gets past the reader."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from secaudit.app.key_files import fingerprint, raw_public, same_fingerprint
from secaudit.app.provider_file import LARGEST, SCHEMA_FILE, read_stranger, reopen, sign
from secaudit.checklist.resources import schema
from secaudit.model.errors import BadInput
from secaudit.store.chain import canonical
from tests.app.provider_sample import KEY, PROFILE

TEXT = sign(PROFILE, KEY)
Step = str | int


def places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Give the way to every value that holds no others, empty lists and objects included."""
    inner = list(value.items() if isinstance(value, dict) else enumerate(value)) if type(value) in (dict, list) else []
    for step, below in inner:
        yield from places(below, (*path, step))
    if not inner:
        yield path


PLACES = sorted(places(json.loads(TEXT)), key=str)


def with_value(path: tuple[Step, ...], change: Callable[[Any], Any]) -> bytes:
    """Return the file with one value changed."""
    data = json.loads(TEXT)
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = change(holder[path[-1]])
    return json.dumps(data, ensure_ascii=False).encode("utf-8")


def taken(raw: bytes) -> bool:
    """Whether the reader would take the file for a genuine one."""
    try:
        return read_stranger(raw, "f").genuine
    except BadInput:
        return False


def test_a_file_is_read_as_it_was_signed() -> None:
    found = read_stranger(TEXT.encode("utf-8"), "f")
    assert (found.profile, found.text, found.genuine) == (PROFILE, TEXT, True)
    assert found.fingerprint == fingerprint(raw_public(KEY.public_key()))
    assert reopen(TEXT) == found


def test_the_signature_is_over_what_the_documentation_says() -> None:
    data = json.loads(TEXT)
    value = base64.b64decode(data["signature"].pop("value"))
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(data["signature"]["public_key"]))
    public.verify(value, text.encode("utf-8"))  # raises when it does not fit


def test_white_space_order_and_a_byte_order_mark_do_not_matter() -> None:
    data = json.loads(TEXT)
    loose = json.dumps(dict(reversed(data.items())), indent=3, ensure_ascii=True)
    found = read_stranger(b"\xef\xbb\xbf" + loose.replace("\n", "\r\n").encode(), "f")
    assert (found.genuine, found.text) == (True, TEXT)


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_no_value_can_be_changed(path: tuple[Step, ...]) -> None:
    changes: list[Callable[[Any], Any]] = [
        lambda value: value + 1 if type(value) is int else value,
        lambda value: not value if type(value) is bool else value,
        lambda value: value + "x" if isinstance(value, str) else value,
        lambda value: value[:-1] if isinstance(value, str) else value,
        lambda value: "2099-12-31" if value is None or (isinstance(value, str) and value[:2] == "20") else value,
        lambda value: None if isinstance(value, str) else value,
        lambda _: "",
        lambda _: [],
    ]
    tried = 0
    for change in changes:
        raw = with_value(path, change)
        if json.loads(raw) != json.loads(TEXT):
            tried += 1
            assert not taken(raw)
            stored = reopen(canonical(json.loads(raw)))  # the signature alone, without the schema before it
            assert stored is None or not stored.genuine
    assert tried >= 1


@given(st.integers(0, len(TEXT.encode("utf-8")) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(position: int, by: int) -> None:
    raw = bytearray(TEXT.encode("utf-8"))
    raw[position] ^= by
    try:
        found = read_stranger(bytes(raw), "f")
    except BadInput:
        return
    assert not found.genuine or found.profile == PROFILE  # a letter of an escape may be written in two ways


@given(st.sampled_from(PLACES), st.text(max_size=30) | st.integers() | st.booleans() | st.none() | st.floats())
def test_no_value_can_be_replaced_by_anything(path: tuple[Step, ...], other: Any) -> None:
    raw = with_value(path, lambda _: other)
    assert not taken(raw) or canonical(json.loads(raw)) == TEXT


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_rubbish_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read_stranger(raw, "f")


@pytest.mark.parametrize("where", ["", "profile", "signature"])
def test_nothing_can_be_added(where: str) -> None:
    data = json.loads(TEXT)
    (data[where] if where else data)["more"] = "x"
    assert not taken(json.dumps(data).encode())


def test_the_same_key_twice_is_refused() -> None:
    assert not taken(TEXT.replace('"serial":3', '"serial":2,"serial":3').encode("utf-8"))


def test_base64_that_only_looks_different_is_refused() -> None:
    """The last letter before the padding has four bits that nobody reads."""
    value = json.loads(TEXT)["signature"]["value"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = value[:-3] + letters[letters.index(value[-3]) ^ 1] + "=="
    assert base64.b64decode(twin) == base64.b64decode(value)
    assert not taken(TEXT.replace(value, twin).encode("utf-8"))


def test_half_a_letter_is_not_the_replacement_character() -> None:
    signed = sign(PROFILE.model_copy(update={"contact": "a�"}), KEY)
    assert taken(signed.encode("utf-8"))
    assert not taken(signed.replace("a�", "a\\ud800").encode("utf-8"))


def test_another_key_signs_another_file() -> None:
    other = read_stranger(sign(PROFILE, Ed25519PrivateKey.generate()).encode("utf-8"), "f")
    assert other.genuine
    assert other.fingerprint != read_stranger(TEXT.encode("utf-8"), "f").fingerprint
    data, mine = json.loads(TEXT), json.loads(other.text)
    data["signature"]["public_key"] = mine["signature"]["public_key"]
    assert not taken(json.dumps(data).encode())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"withdrawn": True}, "takes a profile back and lists rows"),
        ({"lists": PROFILE.lists * 2}, "names a list or a row twice"),
        ({"valid_until": date(2026, 11, 19)}, "ended before it was signed"),
    ],
)
def test_a_signed_file_that_contradicts_itself_is_refused(changes: dict[str, Any], words: str) -> None:
    raw = sign(PROFILE.model_copy(update=changes), KEY).encode("utf-8")
    with pytest.raises(BadInput, match=words):
        read_stranger(raw, "f")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{}", "that can be used"),
        (b'{"schema":"secaudit.provider/2"}', "newer secaudit"),
        (b"[" * 100_000, "not JSON"),
        (b'{"schema": NaN}', "not JSON"),
        (b" " * (LARGEST + 1), "too large"),
        (b"\xff\xfe{}", "not JSON"),
    ],
    ids=["empty", "newer", "deep", "nan", "large", "utf-16"],
)
def test_what_is_no_such_file_is_named(raw: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_stranger(raw, "tệp.json")


def test_a_stored_text_that_is_none_any_more_is_nothing() -> None:
    for text in ("", "{}", "[]", "null", TEXT[:-1], TEXT.replace('"profile"', '"other"', 1)):
        assert reopen(text) is None


def test_fingerprints_are_digits_in_groups_and_compare_however_they_are_typed() -> None:
    print_ = fingerprint(raw_public(KEY.public_key()))
    assert [len(group) for group in print_.split()] == [5] * 8
    assert same_fingerprint(print_.replace(" ", "-"), print_.replace(" ", ""))
    assert not same_fingerprint(print_[:-1], print_)
    assert not same_fingerprint("", "")


def test_the_shipped_schema_is_one_and_takes_what_is_signed() -> None:
    shipped = schema(SCHEMA_FILE)
    Draft202012Validator.check_schema(shipped)
    assert list(Draft202012Validator(shipped).iter_errors(json.loads(TEXT))) == []
    withdrawn = PROFILE.model_copy(update={"withdrawn": True, "lists": (), "reason": "Dừng dịch vụ"})
    assert list(Draft202012Validator(shipped).iter_errors(json.loads(sign(withdrawn, KEY)))) == []
