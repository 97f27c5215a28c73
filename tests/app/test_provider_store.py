"""Taking a provider's file into a workspace: keys, editions, systems, withdrawal, and what the store keeps of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import idna
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from secaudit.app.answers import Statement, assess_one, record_answer
from secaudit.app.key_files import fingerprint, raw_public
from secaudit.app.knowledge import Knowledge
from secaudit.app.provider import held_at, held_by
from secaudit.app.provider_export import Heading, Selection, issue, issue_withdrawal
from secaudit.app.provider_file import sign
from secaudit.app.provider_import import (
    distrust_key,
    import_profile,
    read_profile,
    trust_key,
    withdraw_profile,
)
from secaudit.assess.inheritance import rows_digest
from secaudit.model.assessment import RequirementStatus
from secaudit.model.errors import BadInput
from secaudit.model.organisation import Site, System
from secaudit.model.provider import Extent, Fulfilment, ProviderList, ProviderProfile
from secaudit.model.target import parse_target
from secaudit.model.words import AnswerValue, RowState
from secaudit.store import integrity
from secaudit.store.workspace import Workspace
from tests.app.provider_sample import KEY, PROFILE

KNOWLEDGE = Knowledge()
STANDARD = KNOWLEDGE.checklist("tcvn-14423-2026-l3")
NOW = datetime.fromisoformat("2026-11-22T09:00:00+07:00")
ROW, SHARED, RULES = "5.12.2.1.b", "5.4.2.1.d", "5.1.2.1.a"
PRINT = fingerprint(raw_public(KEY.public_key()))


def profile(**changes: Any) -> ProviderProfile:
    part = ProviderList(
        checklist=STANDARD.id, reviewed=STANDARD.reviewed, rows_sha256=rows_digest(STANDARD),
        rows=(Fulfilment(requirement=ROW, extent=Extent.WHOLE, how="Phân vùng mạng"),),
    )  # fmt: skip
    return PROFILE.model_copy(update={"lists": (part,), **changes})


def withdrawn(serial: int) -> ProviderProfile:
    return profile(serial=serial, lists=(), withdrawn=True, reason="Chuyển trung tâm dữ liệu")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A commune's workspace with one system in the provincial portal, whose clock stands at NOW."""
    with Workspace.create(tmp_path / "dữ liệu xã", clock=lambda: NOW) as opened:
        opened.registry.save_system(System(id="trang-xa", name="Trang xã"))
        site = Site(id="s1", system="trang-xa", target=parse_target("https://xa.tinhmau.gov.vn/"))
        opened.registry.save_site(site)
        yield opened


def take(
    workspace: Workspace, tmp_path: Path, one: ProviderProfile, key: Ed25519PrivateKey = KEY, **how: Any
) -> list[str]:
    """Import a profile that was signed just now; the key is trusted unless `trusted` says otherwise."""
    file = tmp_path / "hồ sơ.json"
    file.write_text(sign(one, key), encoding="utf-8")
    print_ = fingerprint(raw_public(key.public_key()))
    options = {"system_id": None, "trusted": print_, "asked": lambda _: False, "now": NOW, "by": "Lan", **how}
    return list(import_profile(workspace, file, **options).systems)


def status(workspace: Workspace, row: str = ROW, system: str = "trang-xa", now: datetime = NOW) -> RequirementStatus:
    chosen = next(one for one in workspace.registry.systems() if one.id == system)
    rows = assess_one(workspace, KNOWLEDGE, chosen, STANDARD, now).rows
    return next(one for one in rows if one.requirement == row)


def codes(one: RequirementStatus) -> list[str]:
    return [reason.code for reason in one.reasons]


def test_an_imported_row_is_met_by_the_provider_until_the_profile_ends(workspace: Workspace, tmp_path: Path) -> None:
    assert status(workspace).state is RowState.UNASSESSED
    assert take(workspace, tmp_path, profile()) == ["trang-xa"]
    assert status(workspace).met_by_provider
    after = datetime.fromisoformat("2028-01-02T09:00:00+07:00")
    assert codes(status(workspace, now=after)) == ["provider-expired"]


def test_an_unknown_key_is_refused_unless_a_person_compared_it(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not trusted, so nothing was taken"):
        take(workspace, tmp_path, profile(), trusted=None)
    with pytest.raises(BadInput, match="Nothing was taken"):
        take(workspace, tmp_path, profile(), trusted=PRINT.replace("9", "8").replace("1", "2"))
    assert workspace.providers.records() == []
    assert workspace.providers.trusted_keys() == []
    shown: list[str] = []
    take(workspace, tmp_path, profile(), trusted=None, asked=lambda found: shown.append(found.fingerprint) or True)
    assert shown == [PRINT]
    take(workspace, tmp_path, profile(serial=4), trusted=None)  # known from now on: nobody is asked
    with pytest.raises(BadInput, match="Nothing was taken"):  # what a script says holds for a known key, too
        take(workspace, tmp_path, profile(serial=5), trusted="0" * 40)
    assert status(workspace).inherited is not None


def test_a_changed_file_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(sign(profile(), KEY).replace("2027-12-31", "2037-12-31"), encoding="utf-8")
    with pytest.raises(BadInput, match="was changed after it was signed"):
        read_profile(file)
    with pytest.raises(BadInput, match="does not exist"):
        read_profile(tmp_path / "none.json")


def test_a_key_that_is_no_longer_trusted_lets_its_rows_fall_back(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, profile())
    assert distrust_key(workspace, PRINT.replace(" ", ""), NOW, "Lan") == PRINT
    assert codes(status(workspace)) == ["provider-unknown-key"]
    with pytest.raises(BadInput, match="No key"):
        distrust_key(workspace, PRINT, NOW, "Lan")
    public = tmp_path / "khóa.pub"
    public.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert trust_key(workspace, str(public), "Trung tâm", NOW, "Lan").fingerprint == PRINT
    assert status(workspace).met_by_provider
    for wrong in ("abc", "", str(tmp_path / "none.pub"), "A" * 44):
        with pytest.raises(BadInput):
            trust_key(workspace, wrong, "", NOW, "Lan")


def test_an_older_edition_is_refused_and_a_newer_one_replaces(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, profile(serial=5))
    with pytest.raises(BadInput, match="edition 5 is known"):
        take(workspace, tmp_path, profile(serial=4))
    with pytest.raises(BadInput, match="something else"):
        take(workspace, tmp_path, profile(serial=5, contact="khác"))
    take(workspace, tmp_path, profile(serial=5))  # the same file again changes nothing
    take(workspace, tmp_path, profile(serial=6, valid_until=date(2026, 12, 31)))
    one = status(workspace)
    assert one.inherited is not None
    assert (one.inherited.serial, one.inherited.until) == (6, date(2026, 12, 31))


def test_the_provider_takes_a_profile_back_and_an_old_file_does_not_undo_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    take(workspace, tmp_path, profile(serial=1))
    assert take(workspace, tmp_path, withdrawn(2)) == ["trang-xa"]
    assert (status(workspace).state, status(workspace).inherited) == (RowState.UNASSESSED, None)
    with pytest.raises(BadInput, match="edition 2 is known"):
        take(workspace, tmp_path, profile(serial=1))
    take(workspace, tmp_path, profile(serial=3))
    assert status(workspace).met_by_provider


def test_another_key_cannot_take_a_profile_back(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, profile(serial=1))
    take(workspace, tmp_path, withdrawn(9), key=Ed25519PrivateKey.generate(), system_id="trang-xa")
    assert status(workspace).met_by_provider


def test_the_office_withdraws_and_takes_it_up_again(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, profile())
    with pytest.raises(BadInput, match="Say why"):
        withdraw_profile(workspace, "ncc-mau", None, " ", NOW, "Lan")
    assert withdraw_profile(workspace, "ncc-mau", None, "Đã chuyển máy chủ", NOW, "Lan") == ["trang-xa"]
    assert codes(status(workspace)) == ["provider-withdrawn-here"]
    with pytest.raises(BadInput, match="in use here"):
        withdraw_profile(workspace, "ncc-mau", None, "lần nữa", NOW, "Lan")
    take(workspace, tmp_path, profile())
    assert status(workspace).met_by_provider


def test_a_newer_edition_reaches_every_system_that_uses_the_profile(workspace: Workspace, tmp_path: Path) -> None:
    for system in ("a", "b"):
        workspace.registry.save_system(System(id=system, name=system))
        target = parse_target(f"https://{system}.tinhmau.gov.vn/")
        workspace.registry.save_site(Site(id=system, system=system, target=target))
    with pytest.raises(BadInput, match="several systems"):
        take(workspace, tmp_path, profile(serial=1))
    take(workspace, tmp_path, profile(serial=1), system_id="a")
    assert not status(workspace, system="b").met_by_provider
    take(workspace, tmp_path, profile(serial=1), system_id="b")
    withdraw_profile(workspace, "ncc-mau", "b", "không dùng", NOW, "Lan")
    assert take(workspace, tmp_path, profile(serial=2)) == ["a"]
    assert codes(status(workspace, system="b")) == ["provider-replaced"]
    assert status(workspace, system="a").met_by_provider
    assert take(workspace, tmp_path, withdrawn(3)) == ["a"]
    assert not status(workspace, system="a").met_by_provider


def test_a_page_elsewhere_inherits_nothing(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, profile(hosts=("tinhkhac.gov.vn",)))
    assert codes(status(workspace)) == ["provider-elsewhere"]


def test_a_clock_set_back_revives_nothing(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, profile(valid_until=date(2026, 11, 25)))
    assert status(workspace).met_by_provider
    with Workspace.open(workspace.path, clock=lambda: NOW + timedelta(days=30)) as later:
        later.registry.save_system(System(id="sau", name="Ghi vào tháng sau"))
    assert codes(status(workspace)) == ["provider-expired-clock"]


def test_the_past_is_judged_by_what_held_then(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, tmp_path, profile(serial=1))
    later = NOW + timedelta(days=10)
    withdraw_profile(workspace, "ncc-mau", None, "thử", later, "Lan")
    distrust_key(workspace, PRINT, later, "Lan")
    [system] = workspace.registry.systems()
    offered = {
        days: list(held_at(workspace, system, NOW + timedelta(days=days)).offers(STANDARD).by_row)
        for days in (-1, 1, 11)
    }
    assert offered == {-1: [], 1: [ROW], 11: []}


def test_everything_is_in_the_journal_and_a_change_in_the_database_is_found(
    workspace: Workspace, tmp_path: Path
) -> None:
    take(workspace, tmp_path, profile())
    withdraw_profile(workspace, "ncc-mau", None, "thử", NOW, "Lan")
    distrust_key(workspace, PRINT, NOW, "Lan")
    kinds = [entry.kind for entry in workspace.journal.entries() if entry.kind.startswith("provider.")]
    assert kinds == ["provider.imported", "provider.trust", "provider.withdraw", "provider.distrust"]
    assert list(integrity.faults(workspace)) == []
    with closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection, connection:
        connection.execute("UPDATE provider_profile SET withdrawn_at = NULL")
        connection.execute("UPDATE provider_key SET revoked_at = NULL")
    assert [fault.code for fault in integrity.faults(workspace)] == ["row-changed", "row-changed"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE provider_profile SET document = replace(document, '2027', '2037')", "provider-bad-signature"),
        ("UPDATE provider_profile SET document = '{'", "provider-unreadable"),
        ("UPDATE provider_profile SET serial = 99", "provider-bad-signature"),
        ("UPDATE provider_profile SET key = '0'", "provider-bad-signature"),
    ],
)
def test_a_profile_that_was_changed_in_the_database_counts_no_more(
    workspace: Workspace, tmp_path: Path, statement: str, code: str
) -> None:
    take(workspace, tmp_path, profile())
    with closing(sqlite3.connect(workspace.path / "secaudit.db")) as connection, connection:
        connection.execute(statement)
    held = held_by(workspace, workspace.registry.systems()[0], NOW)
    told = held.objection(held.profiles[0])
    assert told is not None
    assert told.code == code
    assert (status(workspace).state, status(workspace).inherited) == (RowState.UNASSESSED, None)


def say(workspace: Workspace, requirement: str, value: AnswerValue = AnswerValue.MET, **more: Any) -> None:
    row = next(one for one in STANDARD.requirements if one.id == requirement)
    said = Statement(value=value, name="Minh", **{"note": "Tỉnh làm", **more})
    system = workspace.registry.systems()[0]
    record_answer(workspace, KNOWLEDGE, system, STANDARD, row, said, NOW, "minh")


HEADING = Heading("Trung tâm CNTT", "0123", date(2027, 12, 31), hosts=("*.tỉnhmẫu.vn",))
EVERYTHING = Selection()


def issued(workspace: Workspace, selection: Selection = EVERYTHING, heading: Heading = HEADING) -> Any:
    return issue(workspace, KNOWLEDGE, workspace.registry.systems()[0], heading, selection, KEY, NOW, "Minh")


def test_an_export_takes_what_is_met_and_the_providers_and_says_what_it_left_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "Biên bản.pdf"
    file.write_bytes(b"%PDF-1.7")
    say(workspace, ROW, evidence=(str(file),), evidence_date=date(2026, 11, 1))
    say(workspace, SHARED, evidence_date=date(2026, 11, 1))
    say(workspace, RULES)
    say(workspace, "5.9.2.1.c", AnswerValue.NOT_MET)
    say(workspace, "5.11.2.1.b", note="")
    made = issued(workspace)
    [part] = made.profile.lists
    rows = {row.requirement: row for row in part.rows}
    assert {key: row.extent for key, row in rows.items()} == {ROW: Extent.WHOLE, SHARED: Extent.PART}
    [evidence] = rows[ROW].evidence
    assert (evidence.name, len(evidence.sha256), evidence.size) == ("Biên bản.pdf", 64, 8)
    assert rows[ROW].evidence_date == date(2026, 11, 1)
    assert {one.requirement: one.why.code for one in made.skipped} == {
        RULES: "provider-export-not-the-providers",
        "5.9.2.1.c": "provider-export-not-met",
        "5.11.2.1.b": "provider-export-no-how",
    }
    assert made.profile.hosts == (idna.encode("tỉnhmẫu.vn").decode(),)
    assert "Trang xã" not in made.document  # it names no office


def test_rows_are_chosen_by_group_by_name_in_part_and_in_whole(workspace: Workspace) -> None:
    for row in (ROW, SHARED, RULES):
        say(workspace, row, evidence_date=date(2026, 11, 1))
    by_group = issued(workspace, Selection(groups=("5.12",)))
    assert [row.requirement for row in by_group.profile.lists[0].rows] == [ROW]
    chosen = Selection(requirements=(RULES,), parts={ROW: "Xã tự đặt mật khẩu"}, wholes=(SHARED,))
    rows = {row.requirement: row for row in issued(workspace, chosen).profile.lists[0].rows}
    assert {key: (row.extent, row.named) for key, row in rows.items()} == {
        RULES: (Extent.PART, True), ROW: (Extent.PART, True), SHARED: (Extent.WHOLE, True),
    }  # fmt: skip
    assert rows[ROW].rest == "Xã tự đặt mật khẩu"


def test_editions_are_counted_and_a_withdrawal_is_one(workspace: Workspace, tmp_path: Path) -> None:
    say(workspace, ROW)
    system = workspace.registry.systems()[0]
    with pytest.raises(BadInput, match="No profile was issued"):
        issue_withdrawal(workspace, system, HEADING, "x", KEY, NOW, "Minh")
    first, second = issued(workspace).profile, issued(workspace).profile
    assert (first.id, first.serial, second.serial) == (second.id, 1, 2)
    with pytest.raises(BadInput, match="Edition 2 was issued already"):
        issued(workspace, heading=Heading("T", "", date(2027, 1, 1), serial=2))
    back = issue_withdrawal(workspace, system, HEADING, "Dừng dịch vụ", KEY, NOW, "Minh").profile
    assert (back.serial, back.withdrawn, back.lists) == (3, True, ())
    assert [one.role for one in workspace.providers.records("issued")] == ["issued"] * 3
    assert status(workspace).inherited is None  # what is issued here is not inherited here


@pytest.mark.parametrize(
    ("heading", "selection", "words"),
    [
        (Heading("T", "", date(2026, 11, 22)), Selection(), "longer than today"),
        (Heading(" ", "", date(2027, 1, 1)), Selection(), "who the provider is"),
        (Heading("T", "", date(2027, 1, 1), hosts=("-x y",)), Selection(), "no name of a host"),
        (Heading("T", "", date(2027, 1, 1), profile_id="Của Tỉnh"), Selection(), "small letters"),
        (HEADING, Selection(requirements=(SHARED,)), "cannot be put into the profile: it is not answered"),
        (HEADING, Selection(requirements=("5.11.2.1.b",)), "does not say how"),
        (HEADING, Selection(requirements=("9.9.9",)), "no group or requirement"),
        (HEADING, Selection(groups=("5.2",)), "No row can be put"),
    ],
)
def test_an_export_that_makes_no_sense_is_refused(
    workspace: Workspace, heading: Heading, selection: Selection, words: str
) -> None:
    say(workspace, ROW)
    say(workspace, "5.11.2.1.b", note="")
    with pytest.raises(BadInput, match=words):
        issued(workspace, selection, heading)
    assert workspace.providers.records("issued") == []
