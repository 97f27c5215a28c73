"""A checklist as JSON."""

from __future__ import annotations

import json

import pytest

from secaudit.export.as_json import write_json
from secaudit.model.requirement import Checklist
from tests.export.sample import HOSTILE, SHIPPED, hostile, shipped


@pytest.mark.parametrize("checklist", SHIPPED)
def test_everything_comes_back(checklist: str) -> None:
    content = shipped(checklist, "vi")
    data = json.loads(write_json(content))
    assert data.pop("schema") == "secaudit.checklist/1"
    assert data["notice"] == content.checklist.notice.model_dump()
    assert Checklist.model_validate(data) == content.checklist


def test_it_is_utf8_without_escapes_and_the_same_every_time() -> None:
    content = shipped("vn-state-website", "vi")
    assert content.checklist.title.vi in write_json(content).decode("utf-8")
    assert write_json(content) == write_json(shipped("vn-state-website", "en"))


def test_hostile_texts_come_back_to_the_letter() -> None:
    rows = json.loads(write_json(hostile()))["requirements"]
    assert [row["text"]["vi"] for row in rows] == list(HOSTILE)
