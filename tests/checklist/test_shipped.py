"""Every shipped data file keeps the schema and the rules, so that reading it at run time may trust it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from secaudit.checklist.faults import Misfit, located
from secaudit.checklist.loader import Library
from secaudit.checklist.reading import lines_of, parse, plain
from secaudit.checklist.resources import PLANNED, schema, shipped, yaml_files
from secaudit.checklist.shape import shape_misfits
from secaudit.checklist.validate import (
    CHECKLIST_SCHEMA,
    CHECKS_SCHEMA,
    PROFILE_SCHEMA,
    profile_misfits,
    text_misfits,
)
from secaudit.model.base import Text
from secaudit.model.requirement import CheckText
from tests.checklist.conftest import DATA

IDS = {
    "tcvn-14423-2026-l3",
    "decree-331-2026",
    "tcvn-14423-2026-annex-a-l3",
    "tcvn-11930-2017-l3",
    "vn-state-website",
}
NOTICE = (
    "Nội dung tóm lược bằng lời của nhóm phát triển; khi lập hồ sơ phải đối chiếu bản chính thức "
    "TCVN 14423:2026 và văn bản gốc"
)
MARKED = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
LEFT_OVER = re.compile(
    r"\b(logs?|review|hardening|backup|patch|whitelist|blacklist|accounts?|firewall|servers?|website|scan|password|"
    r"malware|users?|cloud|hosting|e-?mails?|router|switch|update|the|and|for|with|policy|security|risk|data|file|"
    r"report|check|test|online|offline|login|session|default|access|control|source)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"\S*[._/@\\]\S*|“[^”]*”|\([^)]*\)|\"[^\"]*\"|\S+-\S+-\S+|đồng")


def test_the_package_finds_its_data() -> None:
    assert (shipped() / "schema.json").is_file()


@pytest.mark.parametrize("name", [CHECKLIST_SCHEMA, CHECKS_SCHEMA, PROFILE_SCHEMA])
def test_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name, DATA))


@pytest.mark.parametrize("checklist_id", sorted(IDS))
def test_a_checklist_keeps_schema_and_rules(library: Library, checklist_id: str) -> None:
    faults = library.validate(DATA / f"{checklist_id}.yaml")
    assert [fault.sentence(library.phrases, "en") for fault in faults] == []
    assert library.checklist(checklist_id).id == checklist_id


def test_the_contract_lists_the_shipped_checklists(library: Library) -> None:
    assert set(library.shipped_ids) == IDS


@pytest.mark.parametrize("file", yaml_files(DATA / "checks"), ids=lambda file: file.name)
def test_check_texts_keep_the_schema(library: Library, file: Path) -> None:
    assert _faults(library, file, CHECKS_SCHEMA, text_misfits) == []


def test_the_questions_keep_the_schema(library: Library) -> None:
    assert _faults(library, DATA / "profile.yaml", PROFILE_SCHEMA, profile_misfits) == []
    groups = {f"{c.id}:{group.id}" for c in library.all() for group in c.groups}
    for question in library.profile.questions:
        for shift in question.shifts:
            assert set(shift.groups) <= groups, question.id


def test_every_question_sets_something_aside_or_shifts_work(library: Library) -> None:
    conditions = {row.condition for checklist in library.all() for row in checklist.requirements if row.condition}
    for question in library.profile.questions:
        assert question.id in conditions or question.shifts, question.id
    assert conditions <= {question.id for question in library.profile.questions if question.when_no}


def test_only_the_standard_counts(library: Library) -> None:
    assert [checklist.id for checklist in library.all() if checklist.counts] == ["tcvn-14423-2026-l3"]
    assert {checklist.id: checklist.role for checklist in library.all()} == {
        "tcvn-14423-2026-l3": "standard",
        "decree-331-2026": "duties",
        "vn-state-website": "duties",
        "tcvn-14423-2026-annex-a-l3": "advisory",
        "tcvn-11930-2017-l3": "former",
    }


def test_every_list_carries_the_notice(library: Library) -> None:
    for checklist in library.all():
        assert checklist.notice.vi.startswith(NOTICE), checklist.id


def test_the_smaller_lists_are_whole(library: Library) -> None:
    rows = {c.id: len(c.requirements) for c in library.all()}
    assert rows["decree-331-2026"] == 17
    assert rows["tcvn-14423-2026-annex-a-l3"] == 10
    assert rows["tcvn-11930-2017-l3"] == 42
    points = {point.clause for point in library.checklist("decree-331-2026").points}
    assert points == {f"30.3.{x}" for x in "abcdđeg"} | {f"30.4.{x}" for x in "abcd"} | {f"29.2.{x}" for x in "abcdđeg"}


def test_what_the_state_page_must_show_is_linked_to_its_checks(library: Library) -> None:
    rows = {
        row.id: {link.check for link in row.contradicted_by}
        for row in library.checklist("vn-state-website").requirements
    }
    assert rows["330.21.1.a"] == {"site.incident-contact-missing"}
    assert rows["174.93.1"] == {"site.owner-identity-missing"}
    assert rows["147.9.11-1"] == {"site.not-vn-domain"}
    assert rows["147.9.11-2"] == {"site.hosted-abroad"}
    assert rows["224.11.4"] == {"dns.no-ipv6"}
    assert rows["224.11.4.c"] == {"site.domain-form"}


def test_transition_dates_are_data(library: Library) -> None:
    for checklist_id in ("tcvn-14423-2026-l3", "tcvn-11930-2017-l3", "decree-331-2026"):
        dates = {milestone.date.isoformat() for milestone in library.checklist(checklist_id).milestones}
        assert {"2026-07-01", "2026-12-31", "2027-06-30"} <= dates


def test_each_language_is_its_own(library: Library) -> None:
    texts = [
        *((c.id, text) for c in library.all() for text in _texts(c)),
        *((q.id, text) for q in library.profile.questions for text in _texts(q)),
    ]
    assert len(texts) > 1200
    for where, text in texts:
        vietnamese, english = QUOTED.sub("", text.vi), QUOTED.sub("", text.en)
        assert MARKED.search(text.vi), (where, text.vi)
        assert not LEFT_OVER.search(vietnamese), (where, text.vi)
        stray = [word for word in english.split() if MARKED.search(word) and not word[0].isupper()]
        assert not stray, (where, text.en)  # names of people and places keep their marks


def test_no_check_of_a_text_is_planned_too(library: Library) -> None:
    assert set(library.texts) & set(library.planned) == set()


def test_phrases_stand_in_one_file_only_and_in_both_languages() -> None:
    owner: dict[str, str] = {}
    for file in yaml_files(DATA / "phrases"):
        for code, words in parse(file.read_text(encoding="utf-8"), file.name).items():
            assert code not in owner, (code, owner.get(code), file.name)
            owner[code] = file.name
            assert set(words) == {"vi", "en"}, code
            assert _holes(words["vi"]) == _holes(words["en"]), code
            assert Text.model_validate(words).model_dump() == words, f"{code} is not in NFC"


def test_every_fault_has_its_remedy(library: Library) -> None:
    codes = set(parse((DATA / "phrases" / "checklist.yaml").read_text(encoding="utf-8"), "checklist.yaml"))
    faults = {code for code in codes if not code.endswith("-remedy") and not code.startswith("fault-in-")}
    assert {f"{code}-remedy" for code in faults} == {code for code in codes if code.endswith("-remedy")}


def test_check_text_types_match_the_schema() -> None:
    properties = schema(CHECKS_SCHEMA, DATA)["$defs"]["check"]["properties"]
    assert set(properties) == set(CheckText.model_fields)


def test_planned_is_no_area() -> None:
    assert PLANNED in {file.name for file in yaml_files(DATA / "checks")}


def _faults(library: Library, file: Path, name: str, rules: Callable[[dict[str, Any]], Iterable[Misfit]]) -> list[str]:
    text = file.read_text(encoding="utf-8")
    data = plain(parse(text, file.name))
    found = shape_misfits(data, schema(name, DATA)) or list(rules(data))
    return [fault.sentence(library.phrases, "en") for fault in located(file.name, found, lines_of(text))]


def _holes(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", sentence))


def _texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
