"""OSCAL, read and resolved by compliance-trestle, the reference tool of the format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from trestle.core.profile_resolver import ProfileResolver
from trestle.core.validator_factory import validator_factory
from trestle.oscal.catalog import Catalog
from trestle.oscal.profile import Profile

from secaudit.export.content import Content
from secaudit.export.oscal import NAMESPACE, write_catalog, write_profile
from secaudit.model.words import Obligation
from secaudit.text import markdown
from tests.export.sample import LANGUAGES, SHIPPED, STANDARD, hostile, row, shipped, small

CATALOG = "trestle://catalogs/list/catalog.json"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace of trestle."""
    for folder in (".trestle", "catalogs/list", "profiles/list"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def written(workspace: Path, content: Content) -> tuple[Path, Path]:
    catalog, profile = workspace / "catalogs/list/catalog.json", workspace / "profiles/list/profile.json"
    catalog.write_bytes(write_catalog(content))
    profile.write_bytes(write_profile(content, CATALOG))
    return catalog, profile


def controls(content: Content) -> dict[str, dict[str, Any]]:
    catalog = json.loads(write_catalog(content))["catalog"]
    return {control["id"]: control for group in catalog["groups"] for control in group["controls"]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_trestle_reads_catalog_and_profile_and_loses_nothing(checklist: str, language: str, workspace: Path) -> None:
    for path, kind in zip(written(workspace, shipped(checklist, language)), (Catalog, Profile), strict=True):
        model = kind.oscal_read(path)
        for validator in validator_factory.get_all():
            assert validator.model_is_valid(model, True, workspace), type(validator).__name__
        again = workspace / "again.json"
        model.oscal_write(again)
        before, after = (json.loads(file.read_text(encoding="utf-8")) for file in (path, again))
        (ours,), (theirs,) = before.values(), after.values()
        # The same moment, written in another time zone.
        assert ours["metadata"].pop("last-modified") == "2026-11-22T00:00:00+07:00"
        assert theirs["metadata"].pop("last-modified") == "2026-11-21T17:00:00+00:00"
        assert before == after


@pytest.mark.parametrize("checklist", SHIPPED)
def test_the_profile_resolves_to_the_mandatory_requirements(checklist: str, workspace: Path) -> None:
    content = shipped(checklist, "vi")
    _, profile = written(workspace, content)
    resolved = ProfileResolver.get_resolved_profile_catalog(workspace, profile)
    # trestle puts the groups into the order of their ids as texts, so the order says nothing
    found = sorted(control.id for group in resolved.groups for control in group.controls or ())
    rows = content.checklist.requirements
    mandatory = [one for one in rows if one.obligation is Obligation.MANDATORY]
    assert found == sorted(f"row-{one.id}" for one in mandatory or rows)


def test_a_list_of_suggestions_gives_a_profile_of_all() -> None:
    content = Content(small((row(1, "Một", obligation=Obligation.SUGGESTED),)), "vi")
    assert json.loads(write_profile(content, "c.json"))["profile"]["imports"] == [{"href": "c.json", "include-all": {}}]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_every_row_is_a_control_with_all_that_is_known(checklist: str, language: str) -> None:
    content = shipped(checklist, language)
    found = controls(content)
    assert list(found) == [f"row-{one.id}" for one in content.checklist.requirements]
    for one in content.checklist.requirements:
        control = found[f"row-{one.id}"]
        prose = {part["name"]: part["prose"] for part in control["parts"]}
        assert prose["statement"] == markdown(content.say(one.text))
        assert prose["evidence"] == markdown(content.say(one.evidence))
        assert prose.get("guidance", "") == markdown(content.say(one.meaning))
        props = {prop["name"]: prop["value"] for prop in control["props"]}
        assert props["label"] == content.label(one)
        assert (props["nature"], props["obligation"], props["responsible"]) == (
            one.nature,
            one.obligation,
            one.responsible,
        )
        values = [value for param in control.get("params", ()) for value in param["values"]]
        assert values == [one.period] * bool(one.period) + [f"{t.value:g}" for t in one.thresholds]
        related = [link["resource-fragment"] for link in control["links"] if link["rel"] == "related"]
        assert related == [clause for clauses in one.crosswalk.values() for clause in clauses]
        checks = [
            (part["name"], part["props"][0]["value"]) for part in control["parts"] if part["name"].endswith("-by")
        ]
        assert checks == [("contradicted-by", link.check) for link in one.contradicted_by] + [
            ("supported-by", link.check) for link in one.supported_by
        ]
        assert all(part.get("ns") == NAMESPACE for part in control["parts"] if part["name"] not in CORE)


CORE = {"statement", "guidance"}


@pytest.mark.parametrize("checklist", SHIPPED)
def test_every_link_leads_to_a_resource_of_the_catalog(checklist: str) -> None:
    content = shipped(checklist, "vi")
    catalog = json.loads(write_catalog(content))["catalog"]
    resources = [f"#{resource['uuid']}" for resource in catalog["back-matter"]["resources"]]
    assert len(set(resources)) == len(resources)
    links = {link["href"] for control in controls(content).values() for link in control["links"]}
    assert links <= set(resources)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("checklist", SHIPPED)
def test_both_documents_carry_the_notice_and_the_dates(checklist: str, language: str) -> None:
    content = shipped(checklist, language)
    for document in (write_catalog(content), write_profile(content, "c.json")):
        (value,) = json.loads(document).values()
        remarks = value["metadata"]["remarks"]
        assert remarks.startswith(markdown(content.say(content.checklist.notice)))
        assert all(markdown(content.say(milestone.text)) in remarks for milestone in content.checklist.milestones)
        assert value["metadata"]["oscal-version"].startswith("1.1.")


def test_identifiers_depend_on_the_content_alone() -> None:
    def uuids(content: Content) -> tuple[str, str]:
        return tuple(  # type: ignore[return-value]
            next(iter(json.loads(text).values()))["uuid"]
            for text in (write_catalog(content), write_profile(content, "c.json"))
        )

    first = Content(small((row(1, "Một"),)), "vi")
    assert write_catalog(first) == write_catalog(Content(small((row(1, "Một"),)), "vi"))
    assert uuids(first) == uuids(Content(small((row(1, "Một"),)), "vi"))
    others = (Content(small((row(1, "Hai"),)), "vi"), Content(small((row(1, "Một"),)), "en"))
    assert len({*uuids(first), *uuids(others[0]), *uuids(others[1])}) == 6


def test_hostile_texts_are_one_line_and_valid(workspace: Path) -> None:
    catalog, _ = written(workspace, hostile())
    assert len(Catalog.oscal_read(catalog).groups[0].controls) == len(hostile().checklist.requirements)


def test_a_long_text_is_cut_at_a_word_for_the_title_only() -> None:
    content = shipped(STANDARD, "vi")
    for control in controls(content).values():
        assert len(control["title"]) <= 110
        statement = control["parts"][0]["prose"]
        assert statement == control["title"] or statement.startswith(control["title"].removesuffix("…"))
