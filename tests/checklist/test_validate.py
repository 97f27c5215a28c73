"""What `validate` says of other people's files: the line, the field, what is wrong and the remedy."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from secaudit.checklist.faults import Fault, FaultyFile
from secaudit.checklist.loader import Library
from secaudit.model.errors import BadInput
from tests.checklist.conftest import DATA

OWN = """\
format: secaudit.checklist/1
id: our-own
title: {vi: Quy chế của xã, en: Our own rules}
counts: false
role: duties
notice: {vi: Tóm lược, en: Summary}
reviewed: 2026-11-22
sources:
  - tag: QC
    title: {vi: Quy chế, en: Rules}
    kind: plan
groups:
  - id: "1"
    title: {vi: Mật khẩu, en: Passwords}
    rows: 2
requirements:
  - id: 1.1
    clause: "1.1"
    group: "1"
    text: {vi: Đổi mật khẩu sáu tháng một lần., en: Change passwords every six months.}
    evidence: {vi: Sổ theo dõi., en: A log.}
    nature: management
    period: P6M
    provenance: {sources: [QC], confirmed: primary, reviewed: 2026-11-22}
  - id: 1.2.a
    clause: 1.2 a
    group: "1"
    text: {vi: Trang dùng mã hóa., en: The page is encrypted.}
    evidence: {vi: Kết quả quét., en: A scan.}
    nature: technical
    condition: has-web-application
    crosswalk: {tcvn-14423-2026-l3: [5.4.2.4.b], decree-331-2026: [30.4.d]}
    contradicted_by:
      - {check: tls.sslv3, reason: {vi: Còn giao thức cũ., en: An old protocol is on.}}
    provenance: {sources: [QC], confirmed: primary, reviewed: 2026-11-22}
""".replace("id: 1.1\n", 'id: "1.1"\n')

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(text: str) -> Path:
        path = tmp_path / "own.yaml"
        path.write_bytes(text.encode("utf-8"))
        return path

    return put


def only(library: Library, path: Path) -> Fault:
    faults = library.validate(path)
    assert len(faults) == 1, [fault.sentence(library.phrases, "en") for fault in faults]
    return faults[0]


def test_a_right_file_has_no_fault_and_can_be_used(library: Library, write: Write) -> None:
    path = write(OWN)
    assert library.validate(path) == ()
    own = Library(DATA, extra=(path,))
    assert own.ids()[-1] == "our-own"
    assert own.checklist("our-own").requirements[0].period == "P6M"
    assert "our-own:1.2.a" in own.mapping.contradicted("tls.sslv3")


CASES = [
    ("kind: plan", "kind: plan\n    colour: red", "field-unknown", 12, "sources[0].colour"),
    ("theo dõi., en: A log.}", "theo dõi.}", "field-missing", 21, "requirements[0].evidence.en"),
    ('id: "1.1"', "id: 1.1", "text-unquoted", 17, "requirements[0].id"),
    ("nature: technical", "nature: magic", "not-in-list", 30, "requirements[1].nature"),
    ("period: P6M", "period: six months", "bad-period", 23, "requirements[0].period"),
    ("period: P6M", "period: P", "bad-period", 23, "requirements[0].period"),
    ("period: P6M", "period: PT5M", "bad-period", 23, "requirements[0].period"),
    ("2026-11-22}\n  - id: 1.2", '"2026-02-30"}\n  - id: 1.2', "bad-date", 24, "requirements[0].provenance.reviewed"),
    ("text: {vi: Trang dùng mã hóa.,", f"text: {{vi: {'a' * 301},", "too-long", 28, "requirements[1].text.vi"),
    ("text: {vi: Trang dùng mã hóa.,", "text: {vi: '',", "empty", 28, "requirements[1].text.vi"),
    ("rows: 2", "rows: 3", "group-rows", 15, "groups[0].rows"),
    ("rows: 2", "rows: 0", "out-of-range", 15, "groups[0].rows"),
    ("rows: 2", 'rows: "2"', "not-integer", 15, "groups[0].rows"),
    ("counts: false", "counts: no", "not-boolean", 4, "counts"),
    ("counts: false", "counts: true", "counts-by-role", 4, "counts"),
    ("id: 1.2.a", "id: 1.2.b", "id-not-clause", 25, "requirements[1].id"),
    ("check: tls.sslv3", "check: tls.sslv33", "check-unknown", 34, "requirements[1].contradicted_by[0].check"),
    ("check: tls.sslv3", "check: SSL", "bad-check", 34, "requirements[1].contradicted_by[0].check"),
    ("condition: has-web-application", "condition: has-web", "condition-unknown", 31, "requirements[1].condition"),
    ("condition: has-web-application", "condition: own-mail", "condition-without-reason", 31,
     "requirements[1].condition"),
    ("[5.4.2.4.b]", "[5.4.2.4.z]", "clause-unknown", 32, "requirements[1].crosswalk.tcvn-14423-2026-l3[0]"),
    ("decree-331-2026:", "decree-332-2026:", "checklist-unknown", 32, "requirements[1].crosswalk.decree-332-2026"),
    ("Đổi mật khẩu", unicodedata.normalize("NFD", "Đổi mật khẩu"), "not-composed", 20, "requirements[0].text.vi"),
    ("sources:\n  - tag", "sources: none\nspare:\n  - tag", "not-array", 8, "sources"),
    ("groups:\n", "groups: []\nspare:\n", "empty", 12, "groups"),
    ("{vi: Trang dùng mã hóa., en: The page is encrypted.}", "Trang dùng mã hóa.", "not-object", 28,
     "requirements[1].text"),
    ("[30.4.d]", "[30.4.d, 30.4.d]", "repeated", 32, "requirements[1].crosswalk.decree-331-2026"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line", "field"), CASES, ids=[f"{c[2]}-{c[4]}" for c in CASES])
def test_a_fault_is_named_with_line_and_field(
    library: Library, write: Write, old: str, new: str, code: str, line: int, field: str
) -> None:
    assert OWN.count(old) == 1, old
    path = write(OWN.replace(old, new))
    faults = library.validate(path)
    fault = next(fault for fault in faults if fault.wrong.code == code)
    assert (fault.line, fault.field, fault.file) == (line, field, str(path))
    for language in ("vi", "en"):
        sentence = fault.sentence(library.phrases, language)
        assert sentence.startswith(f"{path}, {'dòng' if language == 'vi' else 'line'} {line}")
        assert code not in sentence, "the phrase is missing or its parameters do not fit"
        assert f"{code}-remedy" not in sentence


def test_all_faults_are_named_in_the_order_of_the_file(library: Library, write: Write) -> None:
    text = (
        OWN.replace("counts: false", "counts: maybe").replace("P6M", "often").replace("nature: technical", "nature: x")
    )
    faults = library.validate(write(text))
    assert [fault.wrong.code for fault in faults] == ["not-boolean", "bad-period", "not-in-list"]
    assert [fault.line for fault in faults] == [4, 23, 30]


def test_the_nearest_name_is_offered(library: Library, write: Write) -> None:
    fault = only(library, write(OWN.replace("check: tls.sslv3", "check: tls.sslv33")))
    assert fault.remedy.params["known"] == "tls.sslv3"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t.replace('id: "1.1"\n    clause: "1.1"', 'id: 1.2.a\n    clause: "1.2 a"'), "id-taken"),
        (lambda t: t.replace('id: "1.1"\n    clause: "1.1"', 'id: "1.10"\n    clause: "1.10"'), "id-order"),
        (lambda t: t.replace("sources: [QC]", "sources: [QD]", 1), "source-unknown"),
    ],
)  # fmt: skip
def test_rules_between_rows(library: Library, write: Write, change: Callable[[str], str], code: str) -> None:
    assert only(library, write(change(OWN))).wrong.code == code


def test_groups_stay_together(library: Library, write: Write) -> None:
    text = OWN.replace(
        "    rows: 2\n", '    rows: 1\n  - id: "2"\n    title: {vi: Trang, en: Page}\n    rows: 1\n'
    ).replace('clause: "1.1"\n    group: "1"', 'clause: "1.1"\n    group: "2"')
    assert [fault.wrong.code for fault in library.validate(write(text))] == ["group-scattered"]
    unknown = OWN.replace('clause: "1.1"\n    group: "1"', 'clause: "1.1"\n    group: "7"')
    assert {fault.wrong.code for fault in library.validate(write(unknown))} == {"group-unknown", "group-rows"}


BROKEN = [
    ("a: 1\na: 2\n", "yaml-duplicate", 2),
    ("a: b: c\n", "yaml-colon", 1),
    ("a:\n\t- x\n", "yaml-tab", 2),
    ("a: 1\nb: 'x\nc: 2\n", "yaml-quote", 2),
    ("a: [1\n", "yaml-bracket", 2),
    ("a:\n  - x\n - y\n", "yaml-indent", 3),
    ("x: @a\n", "yaml-start", 1),
    ("- 1\n---\n- 2\n", "yaml-documents", 2),
    ("a: !!python/object:os.x {}\n", "yaml-tag", 1),
    ("a: &x [1]\nb: *x\n", "yaml-alias", 2),
    ("a: 1\nb: \x07\n", "yaml-character", 2),
    ("a: 1\nb: 2026-13-40\n", "yaml-date", 2),
    ("a: - x\n", "yaml-other", 1),
    ("[" * 100_000, "yaml-deep", 1),
    ("- " * 100_000, "yaml-deep", 1),
    ("", "not-a-mapping", 1),
    ("- a\n", "not-a-mapping", 1),
]


@pytest.mark.parametrize(("text", "code", "line"), BROKEN, ids=[f"{c[1]}-{n}" for n, c in enumerate(BROKEN)])
def test_a_broken_file_gets_one_clear_sentence(library: Library, write: Write, text: str, code: str, line: int) -> None:
    path = write(text)
    fault = only(library, path)
    assert (fault.wrong.code, fault.line, fault.field) == (code, line, "")
    for language in ("vi", "en"):
        assert code not in fault.sentence(library.phrases, language)
    with pytest.raises(FaultyFile) as caught:
        Library(DATA, extra=(path,)).ids()
    assert f"{path}, line {line}" in str(caught.value)
    assert caught.value.exit_code == 2


def test_bytes_that_are_not_utf8(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    fault = only(library, path)
    assert (fault.wrong.code, fault.line) == ("yaml-not-utf8", 2)


def test_a_byte_order_mark_does_no_harm(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + OWN.encode("utf-8"))
    assert library.validate(path) == ()


def test_a_file_that_cannot_be_opened(library: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        library.validate(tmp_path / "nowhere.yaml")
    with pytest.raises(BadInput, match="cannot be read"):
        library.validate(tmp_path)


def test_an_id_can_be_had_once(write: Write) -> None:
    path = write(OWN.replace("id: our-own", "id: decree-331-2026").replace("decree-331-2026: [30.4.d]", "our-own: []"))
    with pytest.raises(BadInput):
        Library(DATA, extra=(path,)).ids()
