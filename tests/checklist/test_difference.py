"""What a change of standard, or of one list, means for an office."""

from __future__ import annotations

import pytest

from secaudit.checklist.difference import Revision, Transition, difference
from secaudit.model.errors import BadInput
from secaudit.model.requirement import Group
from secaudit.model.words import Obligation
from tests.export.sample import both, knowledge, row, small


def transition() -> Transition:
    library = knowledge()
    found = difference(
        library.checklist("tcvn-11930-2017-l3"), library.checklist("tcvn-14423-2026-l3"), library.checklists
    )
    assert isinstance(found, Transition)
    return found


def test_the_change_of_standard_accounts_for_every_row_and_heading() -> None:
    found = transition()
    over = found.over
    rows = [one.id for one in found.present.requirements]
    headings = [one.id for one in found.former.requirements]
    prepared = {one for to in over.carried.values() for one in to}
    assert prepared | set(over.new) == set(rows)
    assert not prepared & set(over.new)
    assert {*over.carried, *over.ended} == set(headings)
    assert not set(over.carried) & set(over.ended)


def test_the_counts_of_groups_add_up() -> None:
    found = transition()
    assert [share.id for share in found.present_groups] == [group.id for group in found.present.groups]
    assert [share.rows for share in found.present_groups] == [group.rows for group in found.present.groups]
    assert sum(share.rows - share.carried for share in found.present_groups) == len(found.over.new)
    assert sum(share.carried for share in found.former_groups) == len(found.over.carried)
    assert sum(share.rows for share in found.former_groups) == len(found.former.requirements)


def test_risk_management_is_new_work_throughout() -> None:
    risk = transition().present_groups[0]
    assert (risk.id, risk.rows, risk.carried) == ("5.1", 11, 0)


def test_headings_that_the_standard_drops_may_live_on_in_the_decree() -> None:
    found = transition()
    assert found.elsewhere
    assert set(found.elsewhere) <= set(found.over.ended)
    assert all(not target.startswith("tcvn-1") for targets in found.elsewhere.values() for target in targets)


def test_a_small_change_of_standard() -> None:
    former = small((row(1, "Cũ một"), row(2, "Cũ hai"), row(3, "Cũ ba")), id="cu")
    rows = (row(1, "Mới", crosswalk={"cu": ("1.2",)}), row(2, "Khác", crosswalk={"cu": ("1.2", "1.1")}), row(3, "Thêm"))
    decree = small((row(1, "Nghị định", crosswalk={"cu": ("1.3", "1.1")}),), id="nghi-dinh")
    present = small(rows, id="moi", replaces=("cu",))
    found = difference(former, present, (former, present, decree))
    assert isinstance(found, Transition)
    assert found.over.carried == {"1.1": ("1.2",), "1.2": ("1.1", "1.2")}
    assert found.over.new == ("1.3",)
    assert found.over.ended == ("1.3",)
    assert found.elsewhere == {"1.3": ("nghi-dinh:1.1",)}


def test_two_versions_of_one_list() -> None:
    before = small((row(1, "Một", period="P6M"), row(2, "Hai"), row(3, "Ba")))
    after = small(
        (row(1, "Một", period="P12M", obligation=Obligation.SUGGESTED), row(3, "Ba"), row(4, "Bốn")),
    )
    found = difference(before, after)
    assert isinstance(found, Revision)
    assert (found.added, found.removed) == (("1.4",), ("1.2",))
    (change,) = found.changed
    assert change.id == "1.1"
    assert [(one.field, one.before, one.after) for one in change.fields] == [
        ("obligation", "mandatory", "suggested"),
        ("period", "P6M", "P12M"),
    ]


def test_texts_thresholds_and_groups_count_as_changes_and_reviews_do_not() -> None:
    one = row(1, "Một")
    groups = (Group(id="1", title=both("Nhóm"), rows=0), Group(id="2", title=both("Nhóm"), rows=1))
    reviewed = one.provenance.model_copy(update={"confirmed": "primary"})
    assert difference(small((one,)), small((one.model_copy(update={"provenance": reviewed}),))).changed == ()
    changed = row(1, "Khác", thresholds=({"name": both("Lưu"), "value": 3, "unit": "month"},), group="2")
    (change,) = difference(small((one,)), small((changed,), groups=groups)).changed
    assert {field.field for field in change.fields} == {"text", "evidence", "thresholds", "group"}


def test_a_list_compared_with_itself_has_no_change() -> None:
    for checklist in knowledge().checklists:
        found = difference(checklist, checklist)
        assert isinstance(found, Revision)
        assert (found.added, found.removed, found.changed) == ((), (), ())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("tcvn-14423-2026-l3", "tcvn-11930-2017-l3", "is the former list"),
        ("decree-331-2026", "tcvn-14423-2026-l3", "does not replace"),
        ("vn-state-website", "decree-331-2026", "does not replace"),
    ],
)
def test_lists_that_do_not_follow_each_other_are_refused(old: str, new: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        difference(knowledge().checklist(old), knowledge().checklist(new))
