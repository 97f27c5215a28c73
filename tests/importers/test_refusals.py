"""Files that are broken, foreign, packed, hostile or too much: refused with what is wrong, never a crash."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secaudit.importers import document
from secaudit.importers.document import NotReadable
from secaudit.importers.registry import FORMS, detect, read
from secaudit.model.imported import ImportFormat
from tests.importers.files import FILES, NOW, content


def _zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", data)
    return packed.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, _zipped])
@pytest.mark.parametrize("form", ImportFormat)
def test_packed_files_are_refused_and_never_unpacked(pack: object, form: ImportFormat) -> None:
    with pytest.raises(NotReadable, match=r"compressed with .*; unpack it first"):
        read(pack(b"\0" * 10_000_000), form, NOW)  # type: ignore[operator]


@pytest.mark.parametrize("form", ImportFormat)
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_tool_is_refused(form: ImportFormat, name: str) -> None:
    if FILES[name] is not form:
        with pytest.raises(NotReadable):
            read(content(name), form, NOW)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_that_was_cut_off_is_refused(name: str, share: float) -> None:
    data = content(name)
    with pytest.raises(NotReadable):
        read(data[: int(len(data) * share)], FILES[name], NOW)


@pytest.mark.parametrize("form", ImportFormat)
@pytest.mark.parametrize(
    "junk", [b"", b" \n", b"\x00\x01\x02", b"hello", b"{}", b"[]", b"null", b"<a/>", b"\xff\xfe\x00\xd8"]
)
def test_junk_is_refused(form: ImportFormat, junk: bytes) -> None:
    if form is ImportFormat.NUCLEI and junk == b"[]":
        return  # what `-json-export` writes when nothing matched
    with pytest.raises(NotReadable):
        read(junk, form, NOW)
    assert detect(junk) is None


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']><nmaprun scanner="nmap">&i;</nmaprun>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    '<nmaprun scanner="nmap">&x;</nmaprun>'
)
PARAMETER = (
    '<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><nmaprun scanner="nmap"/>'
)


@pytest.mark.parametrize("xml", [BOMB, OUTSIDE, PARAMETER])
@pytest.mark.parametrize("form", [ImportFormat.NMAP, ImportFormat.OPENSCAP])
def test_entities_are_refused_before_they_grow(xml: str, form: ImportFormat) -> None:
    began = time.monotonic()
    with pytest.raises(NotReadable, match="entities"):
        read(xml.encode(), form, NOW)
    assert time.monotonic() - began < 1


def test_deep_nesting_is_refused() -> None:
    deep = '{"severity": "x", "finding": ' + "[" * 100_000
    with pytest.raises(NotReadable):
        read(deep.encode(), ImportFormat.TESTSSL, NOW)
    with pytest.raises(NotReadable):
        read(("<nmaprun scanner='nmap'>" + "<a>" * 50_000).encode(), ImportFormat.NMAP, NOW)


def test_too_many_results_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_OBSERVATIONS", 7)
    with pytest.raises(NotReadable, match="8 results; at most 7"):
        read(content("lynis-report.dat"), ImportFormat.LYNIS, NOW)


def test_hostile_values_are_bounded_and_one_line() -> None:
    rows = [
        {"id": "x\r\n\x1b[2J", "severity": "HIGH" * 100, "finding": "A" * 100_000, "ip": "a\nb", "port": "99999999"}
    ]
    [found] = read(json.dumps(rows).encode(), ImportFormat.TESTSSL, NOW).observations
    assert "\n" not in found.rule  # type: ignore[union-attr]
    assert len(found.severity) <= 40  # type: ignore[union-attr]
    assert len(found.evidence) <= 1000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("nmap.xml", b'portid="22"', b'portid="-22"'),
        ("nmap.xml", b'portid="22"', b'portid="x"'),
        ("nmap.xml", b'scanner="nmap"', b'scanner="masscan"'),
        ("sslyze.json", b'"port":11488', b'"port":"x"'),
        ("sslyze.json", b'"accepted_cipher_suites":[', b'"other":['),
        ("sslyze.json", b"-----BEGIN CERTIFICATE", b"-----BEGIN NONSENSE"),
        ("zap-by-hand.json", b'"pluginid"', b'"other"'),
        ("nuclei-by-hand.jsonl", b'"info": {', b'"other": {'),
        ("lynis-report.dat", b"finish=true", b"finish=false"),
        ("openscap-arf.xml", b"TestResult", b"OtherResult"),
    ],
)
def test_a_file_with_one_wrong_value_is_refused(name: str, wrong: bytes, right: bytes) -> None:
    data = content(name)
    assert wrong in data
    with pytest.raises(NotReadable):
        read(data.replace(wrong, right), FILES[name], NOW)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.integers(0, 10_000_000), st.binary(min_size=1, max_size=6))
def test_damaged_bytes_never_crash_a_reader(name: str, where: int, damage: bytes) -> None:
    data = bytearray(content(name)[:60_000])
    at = where % len(data)
    data[at : at + len(damage)] = damage
    try:
        read(bytes(data), FILES[name], NOW)
    except NotReadable as fault:
        assert fault.detail


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = [
    "site", "@version", "alerts", "pluginid", "instances", "server_scan_results", "server_location", "hostname", "port",
    "scan_result", "template-id", "info", "host", "id", "severity", "finding", "scanResult", "timestamp", "created",
]  # fmt: skip
SHAPED = st.recursive(
    JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([f for f in FORMS if f not in (ImportFormat.NMAP, ImportFormat.OPENSCAP)]), SHAPED)
def test_json_of_any_shape_never_crashes_a_reader(form: ImportFormat, value: object) -> None:
    try:
        read(json.dumps(value).encode(), form, NOW)
    except NotReadable as fault:
        assert fault.detail
