"""The officer's file: every fault with line and field, blanks as if left out, the shipped blank one valid."""

from __future__ import annotations

import json
import unicodedata

import pytest

from secaudit.checklist.faults import FaultyFile
from secaudit.model.organisation import System
from secaudit.report.annual.facts import AnnualFile
from secaudit.report.form08.facts import Approval
from secaudit.report.form08.officer import Form08File, system_misfits
from secaudit.report.official.blank import blank_annual, blank_form08
from secaudit.report.official.officer_file import read_officer_file
from tests.report.sample import PHRASES

FAULTS = {
    "year: 2026\nyaer: 2027\n": (2, "yaer", "field-unknown"),
    "document:\n  date: tomorrow\n": (2, "document.date", "bad-date"),
    "document:\n  number: five\n": (2, "document.number", "not-integer"),
    "document:\n  number: 0\n": (2, "document.number", "out-of-range"),
    "signer:\n  capacity: boss\n": (2, "signer.capacity", "not-in-list"),
    "systems:\n  - id: a\n    name: A\n    level: 9\n": (4, "systems[0].level", "out-of-range"),
    "systems:\n  - id: a\n    name: A\n    level: 2\n    status: Đã duyệt\n": (5, "systems[0].status", "not-in-list"),
    "systems:\n  - name: A\n": (2, "systems[0].id", "field-missing"),
    "systems:\n  - id: khac\n": (2, "systems[0].id", "form08-system-unknown"),
    "systems:\n  - id: trang-tin\n  - id: trang-tin\n": (3, "systems[1].id", "id-taken"),
    "- one\n": (1, "", "not-a-mapping"),
    "counts:\n  approved: -1\n": (2, "counts.approved", "out-of-range"),
}


def read(text: str) -> Form08File:
    return read_officer_file(
        text.encode("utf-8"), "form08.yaml", Form08File, lambda data: system_misfits(data, {"trang-tin"})
    )


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_named_with_line_field_and_remedy(text: str) -> None:
    line, field, code = FAULTS[text]
    with pytest.raises(FaultyFile) as caught:
        read(text)
    [fault] = caught.value.faults
    assert (fault.line, fault.field, fault.wrong.code) == (line, field, code)
    for language in ("vi", "en"):
        sentence = fault.sentence(PHRASES, language)
        assert "form08.yaml" in sentence
        assert code not in sentence


def test_blank_fields_count_as_left_out() -> None:
    assert read("year:\ndocument:\n  number:\n  addressees:\nsystems:\n") == Form08File()
    assert read("") == Form08File()


def test_the_shipped_blank_files_are_valid_and_hostile_names_stay_in_their_place() -> None:
    systems = [System(id="trang-tin", name="Trang tin\n    level: 9"), System(id='b"\\c', name="{year} {{x}}")]
    text = blank_form08(2026, systems)
    file = read_officer_file(text.encode("utf-8"), "f", Form08File)
    assert file.year == 2026
    assert [system.id for system in file.systems] == ["trang-tin", 'b"\\c']
    assert [system.level for system in file.systems] == [None, None]
    assert read_officer_file(blank_form08(2026, []).encode("utf-8"), "f", Form08File).systems == ()
    annual = read_officer_file(blank_annual(2026).encode("utf-8"), "f", AnnualFile)
    assert annual.document.symbol == "BC-UBND"
    assert annual.targets == ()


def test_letters_typed_in_pieces_are_put_together() -> None:
    pieces = unicodedata.normalize("NFD", "Ủy ban nhân dân xã Khe Tre")
    assert read(f'owner:\n  name: "{pieces}"\n').owner.name == "Ủy ban nhân dân xã Khe Tre"


def test_json_is_taken_too() -> None:
    data = {"systems": [{"id": "trang-tin", "status": "Đã thẩm định"}]}
    assert read(json.dumps(data)).systems[0].status is Approval.APPRAISED
