from __future__ import annotations

from datetime import timedelta

import pytest

from secaudit.model.assessment import Answer
from secaudit.model.baseline import Baseline
from secaudit.model.errors import BadInput
from secaudit.model.organisation import Organisation
from secaudit.model.target import parse_target
from secaudit.model.words import AnswerValue
from secaudit.store.workspace import Workspace
from tests.store import facts


def test_organisation_systems_and_sites_come_back_as_saved(workspace: Workspace) -> None:
    registry = workspace.registry
    assert registry.organisation() == Organisation()
    registry.save_organisation(Organisation(name="cũ"))
    registry.save_organisation(facts.ORGANISATION)
    renamed = facts.SYSTEM.model_copy(update={"name": "Hệ thống mới", "level": 2})
    registry.save_system(renamed)
    moved = facts.SITE.model_copy(update={"allowed_ports": ()})
    registry.save_site(moved)
    assert registry.organisation() == facts.ORGANISATION
    assert registry.systems() == [renamed]
    assert registry.sites() == [moved]


def test_a_site_is_found_by_its_exact_url(workspace: Workspace) -> None:
    assert workspace.registry.site_for(parse_target("https://XÃ-MẪU.vn:443/tin?trang=1")) == facts.SITE
    assert workspace.registry.site_for(parse_target("http://xã-mẫu.vn/tin?trang=1")) is None
    assert workspace.registry.site_for(parse_target("https://xã-mẫu.vn/")) is None


def test_what_hangs_on_an_unknown_system_is_refused(workspace: Workspace) -> None:
    with pytest.raises(BadInput, match="no system s9"):
        workspace.registry.save_site(facts.SITE.model_copy(update={"system": "s9"}))
    with pytest.raises(BadInput, match="no system s9"):
        workspace.answers.record("s9", facts.ANSWER)
    with pytest.raises(BadInput, match="no system s9"):
        workspace.profile.record("s9", facts.PROFILE_ANSWER)


def test_answers_are_appended_and_the_last_one_holds(workspace: Workspace) -> None:
    system = facts.SYSTEM.id
    better = facts.ANSWER.model_copy(update={"value": AnswerValue.MET, "upholds": (), "evidence_date": None})
    other_list = facts.ANSWER.model_copy(update={"checklist": "decree-331-2026"})
    # An imported answer may bear an earlier date; what was recorded last holds.
    earlier = better.model_copy(update={"answered_at": facts.NOW - timedelta(days=9)})
    for answer in (facts.ANSWER, other_list, better, earlier):
        workspace.answers.record(system, answer)
    assert workspace.answers.current(system) == [other_list, earlier]
    assert workspace.answers.current(system, facts.ANSWER.checklist) == [earlier]
    assert workspace.answers.current("another") == []
    assert workspace.answers.history(system, "5.1.2.1.a") == [facts.ANSWER, other_list, better, earlier]
    assert workspace.answers.history(system, "5.1.2.1.a", "decree-331-2026") == [other_list]


def test_profile_answers_are_appended_and_the_last_one_holds(workspace: Workspace) -> None:
    yes = facts.PROFILE_ANSWER.model_copy(update={"yes": True, "reason": ""})
    other = facts.PROFILE_ANSWER.model_copy(update={"question": "remote-work"})
    for answer in (facts.PROFILE_ANSWER, other, yes):
        workspace.profile.record(facts.SYSTEM.id, answer)
    assert workspace.profile.current(facts.SYSTEM.id) == {"remote-work": other, "wireless": yes}
    assert workspace.profile.history(facts.SYSTEM.id, "wireless") == [facts.PROFILE_ANSWER, yes]


def test_authorisations_keep_their_first_revocation(workspace: Workspace) -> None:
    second = facts.AUTHORISATION.model_copy(update={"id": "p-2", "ports": (), "hosts": ("127.0.0.1",)})
    workspace.scope.add(facts.AUTHORISATION)
    workspace.scope.add(second)
    assert workspace.scope.list() == [facts.AUTHORISATION, second]
    first_time = facts.NOW + timedelta(hours=1)
    assert workspace.scope.revoke("p-1", first_time).revoked_at == first_time
    assert workspace.scope.revoke("p-1", facts.NOW + timedelta(hours=2)).revoked_at == first_time
    assert [record.revoked_at for record in workspace.scope.list()] == [first_time, None]
    with pytest.raises(BadInput, match="no authorisation p-9"):
        workspace.scope.revoke("p-9", facts.NOW)
    with pytest.raises(BadInput, match="p-1 is recorded already"):
        workspace.scope.add(facts.AUTHORISATION)


def test_text_that_utf8_cannot_write_is_kept_as_far_as_it_goes(workspace: Workspace) -> None:
    answer = Answer.model_construct(**{**facts.ANSWER.model_dump(), "note": "a\udcffb 😀", "answered_by": "\ud83d"})
    workspace.answers.record(facts.SYSTEM.id, answer)
    [stored] = workspace.answers.current(facts.SYSTEM.id)
    assert (stored.note, stored.answered_by) == ("a\ufffdb 😀", "\ufffd")


def test_the_accepted_look_of_a_site_is_kept(workspace: Workspace) -> None:
    facts.register(workspace)
    assert workspace.registry.sites()[0].baseline is None
    baseline = Baseline(
        title="Trang xã", outline=("header#dau", "nav"), script_hosts=("cdn.example",), scan="20261122-1405-7f3a9c",
        accepted_at=facts.NOW, accepted_by="Trần Thị B",
    )  # fmt: skip
    workspace.registry.save_site(facts.SITE.model_copy(update={"baseline": baseline}))
    [site] = workspace.registry.sites()
    assert site.baseline == baseline
    assert workspace.registry.site_for(facts.TARGET) == site
