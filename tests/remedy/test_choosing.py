"""Filters, and owners from files as Vietnamese Excel writes them."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest

from secaudit.model.errors import BadInput
from secaudit.model.remediation import ItemState, RemediationItem
from secaudit.model.words import Severity
from secaudit.remedy.filters import Wanted, choose
from secaudit.remedy.owners import Outcome, assignments, changes, read_owners
from tests.remedy.making import NOW, TODAY, item

HEADS = {"item": "Mã việc", "check": "Phép kiểm tra", "group": "Nhóm", "owner": "Người phụ trách", "unit": "Đơn vị",
         "assigned_at": "Giao lúc"}  # fmt: skip
LATE = TODAY - timedelta(days=1)
ITEMS = [
    item(id="KP1", owner="Trần Thị Bưởi", group="c:5.4", due=TODAY + timedelta(days=40)),
    item(id="KP2", subject="b", severity=Severity.CRITICAL, group="c:5.5", due=LATE),
    item(id="KP3", subject="c", state=ItemState.VERIFIED, due=LATE),
    item(id="KP4", subject="d", due=None, check="cert.expired"),
    item(id="KP5", subject="e", state=ItemState.DONE, due=TODAY),
]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), ["KP2", "KP5", "KP1", "KP4"]),
        (Wanted(closed=True), ["KP2", "KP3", "KP5", "KP1", "KP4"]),
        (Wanted(overdue=True), ["KP2"]),
        (Wanted(owner=unicodedata.normalize("NFD", " trần  thị bưởi")), ["KP1"]),
        (Wanted(owner="Trần"), []),
        (Wanted(severities=(Severity.CRITICAL, Severity.LOW)), ["KP2"]),
        (Wanted(groups=("5.4",)), ["KP1"]),
        (Wanted(groups=("c:5.5", "5.4")), ["KP2", "KP1"]),
        (Wanted(groups=("",)), []),
        (Wanted(states=(ItemState.VERIFIED,)), ["KP3"]),
        (Wanted(due_within=0), ["KP2", "KP5"]),
        (Wanted(due_within=39, closed=True), ["KP2", "KP5"]),
        (Wanted(due_within=40), ["KP2", "KP5", "KP1"]),
    ],
)
def test_the_filters(wanted: Wanted, ids: list[str]) -> None:
    assert [one.id for one in choose(ITEMS, wanted, TODAY)] == ids


def table(text: str, encoding: str = "utf-8-sig") -> bytes:
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_file_is_read_however_excel_wrote_it(encoding: str, separator: str, form: str) -> None:
    text = f"Mã việc{separator}Người phụ trách{separator}Đơn vị\r\nKP1{separator}Đỗ Thị Hường{separator}\r\n\r\n"
    [line] = read_owners(unicodedata.normalize(form, text).encode(encoding), HEADS)
    assert (line.number, line.item, line.owner, line.unit, line.assigned_at) == (2, "KP1", "Đỗ Thị Hường", None, None)


def test_heads_in_english_or_without_diacritics_and_a_line_that_names_the_separator() -> None:
    [line] = read_owners(table("sep=;\nITEM;  nguoi phu trach ;Assigned_at;'=x\nkp2;'=Lan;t\n"), HEADS)
    assert (line.number, line.item, line.owner, line.assigned_at) == (3, "kp2", "=Lan", "t")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "names the columns|is empty"),
        (table("Tên;Số\nLan;3\n"), "must name the columns"),
        (table("Owner\nLan\n"), "must name the columns"),
        ("Mã việc;Người phụ trách\nKP1;Hường".encode("cp1258", "replace"), "not in UTF-8"),
        (b"PK\x03\x04\0\0\0", "not a text file|must name"),
    ],
)
def test_what_is_no_list_of_owners_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_owners(data, HEADS)


def plan(text: str, *, overwrite: bool = False) -> tuple[dict[str, tuple[str, str]], list[tuple[int, str]]]:
    found, faults = assignments(read_owners(table(text), HEADS), ITEMS_NOW, overwrite=overwrite)
    return (
        {one.item.id: (one.line.owner, one.outcome.value) for one in found},
        [(fault.number, fault.reason.code) for fault in faults],
    )


ASSIGNED = NOW.isoformat()
ITEMS_NOW: list[RemediationItem] = [
    ITEMS[0].model_copy(update={"assigned_at": NOW}), *ITEMS[1:],
]  # fmt: skip


def test_the_more_exact_line_goes_first_and_closed_items_are_left_alone() -> None:
    found, faults = plan("item;check;group;owner\n;tls.tls10;;Minh\n;;5.5;Hoa\nKP2;;;Lan\n")
    assert found == {"KP1": ("Minh", "conflict"), "KP2": ("Lan", "assign"), "KP5": ("Minh", "assign")}
    assert faults == []


def test_every_bad_line_is_named() -> None:
    text = "item;check;owner\nKP99;;Lan\n;no.such;Lan\n;;Lan\nKP3;;Lan\nKP4;;Lan\nKP4;;Minh\nKP5;;\n"
    _, faults = plan(text)
    assert faults == [
        (2, "owners-no-item"), (3, "owners-no-such"), (4, "owners-nothing-named"), (5, "owners-item-closed"),
        (7, "owners-two-lines"),
    ]  # fmt: skip


def test_a_newer_assignment_is_not_overwritten_silently() -> None:
    head = "item;owner;assigned_at\n"
    assert plan(f"{head}KP1;Lan;{ASSIGNED}\n")[0] == {"KP1": ("Lan", "assign")}
    for stamp in ("", (NOW - timedelta(days=1)).isoformat()):
        assert plan(f"{head}KP1;Lan;{stamp}\n")[0] == {"KP1": ("Lan", "conflict")}
        assert plan(f"{head}KP1;Lan;{stamp}\n", overwrite=True)[0] == {"KP1": ("Lan", "assign")}
    assert plan("item;owner\nKP1;trần thị bưởi\n")[0] == {}
    found, _ = assignments(read_owners(table(f"{head}KP1;Lan;\nKP2;Lan;\n"), HEADS), ITEMS_NOW)
    [change] = changes(found, NOW, "Chủ tịch")
    assert (change.item.id, change.item.owner, change.item.state) == ("KP2", "Lan", ItemState.ASSIGNED)
    assert [one.outcome for one in found] == [Outcome.CONFLICT, Outcome.ASSIGN]
