"""Phrases, library, crosswalks, questions and figures in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from secaudit.checklist.crosswalk import carry_over, forward, reverse
from secaudit.checklist.loader import Library
from secaudit.checklist.phrases import Phrases
from secaudit.checklist.rules import order_key
from secaudit.checklist.wording import period_words, threshold_words
from secaudit.model.base import Reason
from secaudit.model.errors import BadInput
from secaudit.model.requirement import Checklist
from secaudit.model.words import Responsible
from tests.checklist.conftest import DATA

OLD = "tcvn-11930-2017-l3"


def test_a_reason_is_rendered_in_both_languages(library: Library) -> None:
    reason = Reason(code="connect-timeout", params={"host": "xa.gov.vn", "port": 443, "seconds": 5.0})
    assert library.phrases.render(reason, "en") == "xa.gov.vn:443 did not answer within 5 seconds."
    assert library.phrases.render(reason, "vi") == "xa.gov.vn:443 không trả lời trong 5 giây."
    assert library.phrases.render(reason, "fr") == library.phrases.render(reason, "vi")


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        (Reason(code="never-heard-of"), "never-heard-of"),
        (Reason(code="never-heard-of", params={"n": 2.5}), "never-heard-of (n=2.5)"),
        (Reason(code="needs-host"), "needs-host"),
        (Reason(code="needs-host", params={"port": 1}), "needs-host (port=1)"),
        (Reason(code="broken"), "broken"),
        (Reason(code="positional"), "positional"),
        (Reason(code="attribute", params={"host": "x"}), "attribute (host=x)"),
        (Reason(code="one-language"), "one-language"),
    ],
)
def test_a_reason_without_fitting_words_is_shown_as_its_code(reason: Reason, shown: str) -> None:
    table = {
        "needs-host": {"vi": "{host}", "en": "{host}"},
        "broken": {"vi": "{", "en": "{"},
        "positional": {"vi": "{}", "en": "{}"},
        "attribute": {"vi": "{host.nothing}", "en": "{host.nothing}"},
        "one-language": {"vi": "chỉ tiếng Việt"},
    }
    assert Phrases(table).render(reason, "en") == shown


def test_an_unknown_checklist_is_refused_with_the_known_ones(library: Library) -> None:
    with pytest.raises(BadInput, match="decree-331-2026"):
        library.checklist("iso-27001")


def test_a_checklist_is_read_once(library: Library) -> None:
    assert library.checklist("vn-state-website") is library.checklist("vn-state-website")


def test_reading_shipped_data_needs_no_schema_library() -> None:
    code = (
        "import sys; from pathlib import Path; from secaudit.checklist.loader import Library; "
        f"library = Library(Path({str(DATA)!r})); library.all(); library.texts; library.phrases; library.profile; "
        "sys.exit('jsonschema' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_crosswalk_resolves_in_both_directions(library: Library) -> None:
    lists = {checklist.id: checklist for checklist in library.all()}
    for checklist in lists.values():
        for other_id in {name for row in checklist.requirements for name in row.crosswalk}:
            other = lists[other_id]
            back = reverse([checklist], other)
            there = {(row, name) for row, names in forward(checklist, other_id).items() for name in names}
            named = {row for row, _ in there}
            assert {row.split(":", 1)[1] for rows in back.values() for row in rows} == named
            for row, name in there:
                keys = [r.id for r in other.requirements if name in (r.id, r.clause)] or [name]
                assert all(f"{checklist.id}:{row}" in back[key] for key in keys), (row, name)


def test_all_points_of_the_decree_are_reached(library: Library, standard: Checklist) -> None:
    decree = library.checklist("decree-331-2026")
    back = reverse([standard], decree)
    assert [point.clause for point in decree.points if not back[point.clause]] == []


def test_a_clause_stands_for_all_its_rows(library: Library, standard: Checklist) -> None:
    former = library.checklist(OLD)
    row = former.requirements[0].model_copy(update={"crosswalk": {standard.id: ("5.5.2.2 a", "5.5.2.2.a-1")}})
    back = reverse([former.model_copy(update={"requirements": (row,)})], standard)
    assert back["5.5.2.2.a-1"] == back["5.5.2.2.a-2"] == (f"{OLD}:{row.id}",)


def test_what_an_old_dossier_carries_over(library: Library, standard: Checklist) -> None:
    result = carry_over(library.checklist(OLD), standard)
    assert "5.7.2.1.b" in result.carried["7.1.5.7"]
    assert set(result.carried) | set(result.ended) == {row.id for row in library.checklist(OLD).requirements}
    prepared = {row for rows in result.carried.values() for row in rows}
    assert prepared | set(result.new) == {row.id for row in standard.requirements}
    assert not prepared & set(result.new)
    assert result.ended == ("7.1.1.1", "7.1.1.2"), "policies are taken up by the decree, not by the standard"
    decree = carry_over(library.checklist(OLD), library.checklist("decree-331-2026"))
    assert set(result.ended) <= set(decree.carried)


def test_own_servers_leave_nothing_to_a_provider(library: Library, standard: Checklist) -> None:
    questions = library.profile
    answers = {"own-servers": True}
    before = {row.id for row in standard.requirements if row.responsible is Responsible.PROVIDER}
    assert before
    for row in standard.requirements:
        does = questions.responsible(standard.id, row, answers)
        assert does is (Responsible.OPERATOR if row.id in before else row.responsible)
        assert questions.responsible(standard.id, row, {"own-servers": False}) is row.responsible


def test_a_shift_keeps_to_its_groups(library: Library, standard: Checklist) -> None:
    for row in standard.requirements:
        does = library.profile.responsible(standard.id, row, {"own-mail": True})
        assert does is row.responsible or row.group == "5.9"


def test_figures_in_words(library: Library, standard: Checklist) -> None:
    assert period_words("P6M", library.phrases, "vi") == "6 tháng một lần"
    assert period_words("P1Y6M", library.phrases, "en") == "every 1 year, 6 months"
    assert period_words("", library.phrases, "en") == ""
    row = next(row for row in standard.requirements if row.id == "5.8.2.1.a-8")
    assert threshold_words(row.thresholds[0], library.phrases, "en") == "Log retention: at least 3 months"
    for checklist in library.all():
        for threshold in (t for r in checklist.requirements for t in r.thresholds):
            for language in ("vi", "en"):
                assert "unit-" not in threshold_words(threshold, library.phrases, language)


def test_clauses_are_ordered_as_vietnamese_law_numbers_them() -> None:
    ids = ["5.2.a", "5.10.a", "5.10.b-1", "5.10.b-2", "5.10.b-10", "5.10.d", "5.10.đ", "5.10.e", "A.3.1", "A.3.10"]
    assert sorted(reversed(ids), key=order_key) == ids


def test_data_can_be_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    library = Library(tmp_path)
    assert (library.texts, library.planned, library.shipped_ids) == ({}, {}, ())
