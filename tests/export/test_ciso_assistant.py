"""The CISO Assistant library, read by PyYAML as that program reads it and held against its documented format."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from secaudit.export.ciso_assistant import write_library
from secaudit.export.content import Content
from secaudit.export.words import Words
from tests.export.sample import LANGUAGES, SHIPPED, STANDARD, hostile, row, shipped, small

SCHEMA = json.loads((Path(__file__).parent / "ciso-assistant.schema.json").read_text(encoding="utf-8"))


def library(content: Content) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(write_library(content))
    return loaded


def nodes(content: Content) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = library(content)["objects"]["framework"]["requirement_nodes"]
    return found


def assert_documented(loaded: dict[str, Any]) -> None:
    """Hold a library against the documented fields, and against what the loader demands beyond them."""
    assert isinstance(loaded["publication_date"], datetime.date)
    plain = {**loaded, "publication_date": loaded["publication_date"].isoformat()}
    checker = Draft202012Validator(SCHEMA, format_checker=FormatChecker(["date"]))
    assert [f"{error.json_path}: {error.message}" for error in checker.iter_errors(plain)] == []
    framework = loaded["objects"]["framework"]
    groups = {group["ref_id"] for group in framework["implementation_groups_definition"]}
    depths: dict[str | None, int] = {None: 0}
    for node in framework["requirement_nodes"]:
        assert node["urn"] not in depths
        assert node["depth"] == depths[node.get("parent_urn")] + 1  # a parent stands before its children
        depths[node["urn"]] = node["depth"]
        assert set(node.get("implementation_groups", ())) <= groups


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_shipped_lists_keep_the_documented_format(checklist: str, language: str) -> None:
    assert_documented(library(shipped(checklist, language)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_every_row_is_an_assessable_node_in_both_languages(checklist: str, language: str) -> None:
    content = shipped(checklist, language)
    other = content.other_language
    rows = content.checklist.requirements
    found = [node for node in nodes(content) if node["assessable"]]
    assert len(found) == len(rows)
    assert [node["name"] for node in nodes(content) if not node["assessable"]] == [
        content.say(group.title) for group in content.checklist.groups
    ]
    for node, one in zip(found, rows, strict=True):
        assert node["implementation_groups"] == [one.obligation.value, one.responsible.value]
        for said, tongue in ((node, language), (node["translations"][other], other)):
            assert said["description"] == one.text.in_language(tongue)
            assert said["typical_evidence"].startswith(one.evidence.in_language(tongue))
            assert not one.example or one.example.in_language(tongue) in said["typical_evidence"]
            assert not one.meaning or one.meaning.in_language(tongue) in said["annotation"]
            words = Words(tongue)
            assert words.period(one.period) in said["annotation"]
            assert all(words.threshold(threshold) in said["annotation"] for threshold in one.thresholds)
            assert all(clause in said["annotation"] for clauses in one.crosswalk.values() for clause in clauses)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_library_and_framework_carry_the_notice_in_both_languages(checklist: str, language: str) -> None:
    content = shipped(checklist, language)
    loaded, other = library(content), content.other_language
    for place in (loaded, loaded["objects"]["framework"]):
        assert place["description"] == content.checklist.notice.in_language(language)
        assert place["translations"][other]["description"] == content.checklist.notice.in_language(other)
    assert "AGPL-3.0-or-later" in loaded["copyright"]
    assert loaded["version"] == 20261122


def test_texts_that_yaml_1_1_takes_for_something_else_stay_texts() -> None:
    words = (
        "no",
        "5.10",
        "12:30",
        "2026-11-22",
        "~",
        "null",
        "0x1F",
        "1e3",
        "# lời",
        "a: b",
        "- x",
        "*y",
        "&z",
        "!!int 1",
    )
    content = Content(small(tuple(row(n, text) for n, text in enumerate(words, 1))), "vi")
    found = [node["description"] for node in nodes(content) if node["assessable"]]
    assert found == list(words)
    assert_documented(library(content))


def test_hostile_texts_keep_the_format() -> None:
    assert_documented(library(hostile()))


def test_no_two_rows_share_a_urn_though_urns_know_neither_capitals_nor_the_letter_d_with_stroke() -> None:
    ids = ("30.3.d", "30.3.đ", "30.3.dd", "30.3.D", "30.3.Đ", "group", "1")
    rows = tuple(row(n, one, id=one, clause=one) for n, one in enumerate(ids))
    content = Content(small(rows), "vi")
    assert_documented(library(content))
    found = [node["urn"].rpartition(":")[2] for node in nodes(content) if node["assessable"]]
    assert found == ["30.3.d", "30.3.dd", "30.3.dd_", "30.3.d_", "30.3.dd__", "group", "1"]


def test_a_title_that_is_too_long_is_cut() -> None:
    content = Content(small((row(1, "Một"),), title={"vi": "Ă" * 300, "en": "A" * 300}), "vi")
    assert_documented(library(content))
    assert library(content)["name"] == "Ă" * 199 + "…"


def test_the_same_list_gives_the_same_bytes() -> None:
    assert write_library(shipped(STANDARD, "vi")) == write_library(shipped(STANDARD, "vi"))
