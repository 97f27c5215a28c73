"""`secaudit checklist export` and `checklist diff` as a person meets them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from tests.export.sample import LANGUAGES, ROOT, knowledge

Run = Callable[..., tuple[int, str, str]]
STANDARD, FORMER = "tcvn-14423-2026-l3", "tcvn-11930-2017-l3"


def notice(language: str) -> str:
    return knowledge().checklist(STANDARD).notice.in_language(language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "files"),
    [
        ("xlsx", ["tcvn-14423-2026-l3.xlsx"]),
        ("json", ["tcvn-14423-2026-l3.json"]),
        ("oscal", ["tcvn-14423-2026-l3.json", "tcvn-14423-2026-l3-profile.json"]),
        ("ciso-assistant", ["tcvn-14423-2026-l3.yaml"]),
    ],
)
def test_an_export_lands_in_this_folder_and_carries_the_notice(
    run: Run, tmp_path: Path, form: str, files: list[str], language: str
) -> None:
    code, out, err = run("checklist", "export", STANDARD, "--format", form, "--lang", language)
    assert (code, err) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)
    for name in files:
        assert str(tmp_path / name) in out
        if form == "xlsx":
            assert all(sheet["A2"].value == notice(language) for sheet in load_workbook(tmp_path / name))
        else:
            assert notice(language) in (tmp_path / name).read_text(encoding="utf-8")


def test_the_profile_names_the_catalog_beside_it(run: Run, tmp_path: Path) -> None:
    run("checklist", "export", STANDARD, "--format", "oscal", "--output", "xuất/danh-mục.json")
    profile = json.loads((tmp_path / "xuất" / "danh-mục-profile.json").read_text(encoding="utf-8"))
    assert profile["profile"]["imports"][0]["href"] == "danh-mục.json"
    assert (tmp_path / "xuất" / "danh-mục.json").is_file()


def test_notes_in_a_workbook_are_not_overwritten_unless_asked(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "ghi-chú.xlsx"
    target.write_text("của cán bộ", encoding="utf-8")
    code, _, err = run("checklist", "export", STANDARD, "--output", str(target), "--lang", "en")
    assert code == 2
    assert "--force" in err
    assert target.read_text(encoding="utf-8") == "của cán bộ"
    code, _, _ = run("checklist", "export", STANDARD, "--output", str(target), "--force")
    assert code == 0
    assert len(load_workbook(target).worksheets) == 4


def test_no_file_of_a_pair_is_written_when_one_of_them_is_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a-profile.json").write_text("{}", encoding="utf-8")
    code, _, err = run("checklist", "export", STANDARD, "--format", "oscal", "--output", "a.json")
    assert code == 2
    assert "a-profile.json" in err
    assert not (tmp_path / "a.json").exists()


def test_a_list_of_ones_own_is_exported_from_its_file(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "của-xã.yaml"
    shipped = (ROOT / "checklists" / "vn-state-website.yaml").read_text(encoding="utf-8")
    own.write_text(shipped.replace("id: vn-state-website", "id: trang-xa", 1), encoding="utf-8")
    code, out, _ = run("checklist", "export", str(own), "--format", "json", "--json")
    assert code == 0
    assert json.loads(out) == {
        "schema": "secaudit.written/1", "kind": "json", "files": [str(tmp_path / "trang-xa.json")],
    }  # fmt: skip
    assert json.loads((tmp_path / "trang-xa.json").read_text(encoding="utf-8"))["id"] == "trang-xa"


@pytest.mark.parametrize("arguments", [("export", "khong-co"), ("export", "khong-co.yaml"), ("diff", "a", "b")])
def test_a_list_that_is_not_there_is_one_sentence(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = run("checklist", *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_way_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tệp").write_text("", encoding="utf-8")
    code, _, err = run("checklist", "export", STANDARD, "--format", "json", "--output", "tệp/a.json", "--lang", "en")
    assert code == 2
    assert "a.json" in err
    assert [path.name for path in tmp_path.iterdir()] == ["tệp"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_colleagues_may_read_an_export(run: Run, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        run("checklist", "export", STANDARD, "--format", "json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / f"{STANDARD}.json").stat().st_mode) == 0o644


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_change_of_standard_in_words(run: Run, language: str) -> None:
    code, out, err = run("checklist", "diff", FORMER, STANDARD, "--lang", language)
    assert (code, err) == (0, "")
    former, present = knowledge().checklist(FORMER), knowledge().checklist(STANDARD)
    assert notice(language) in out
    for milestone in present.milestones:
        assert f"{milestone.date:%d/%m/%Y}" in out
        assert milestone.text.in_language(language) in out
    for one in former.requirements:
        assert f"  {one.id} " in out
    assert all(group.title.in_language(language) in out for group in (*former.groups, *present.groups))
    assert "decree-331-2026:" in out


def test_the_change_of_standard_as_data(run: Run) -> None:
    code, out, _ = run("checklist", "diff", FORMER, STANDARD, "--json")
    assert code == 0
    data = json.loads(out)
    assert (data["schema"], data["kind"]) == ("secaudit.checklist-diff/1", "transition")
    counts = data["counts"]
    assert counts["requirements"] == 195
    assert counts["prepared"] + counts["new"] == 195
    assert counts["carried"] + counts["ended"] == counts["headings"]
    assert len(data["new_rows"]) == counts["new"] == sum(group["new"] for group in data["groups"])
    assert len(data["ended"]) == counts["ended"] == sum(group["ended"] for group in data["former_groups"])
    assert len(data["carried"]) == counts["carried"]
    assert data["notice"]["vi"] == notice("vi")
    assert [milestone["date"] for milestone in data["milestones"]][-1] == "2027-06-30"


def changed(tmp_path: Path) -> Path:
    """The shipped website list as somebody might publish it next year."""
    data = yaml.safe_load((ROOT / "checklists" / "vn-state-website.yaml").read_text(encoding="utf-8"))
    rows = data["requirements"]
    rows[0]["text"]["en"] = "Another duty altogether."
    rows[1]["text"]["vi"] = "Một nghĩa vụ khác hẳn."
    rows[1]["period"] = "P6M"
    rows[1]["obligation"] = "suggested" if rows[1]["obligation"] == "mandatory" else "mandatory"
    gone = rows.pop()
    next(group for group in data["groups"] if group["id"] == gone["group"])["rows"] -= 1
    file = tmp_path / "moi.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


def test_two_versions_of_one_list(run: Run, tmp_path: Path) -> None:
    file = changed(tmp_path)
    rows = knowledge().checklist("vn-state-website").requirements
    code, out, _ = run("checklist", "diff", "vn-state-website", str(file), "--lang", "en")
    assert code == 0
    assert "0 requirements added, 1 removed, 2 changed." in out
    assert rows[-1].text.en in out
    assert f"Text: {rows[0].text.en} → Another duty altogether." in out
    assert f"Text: {rows[1].text.vi} → Một nghĩa vụ khác hẳn." in out  # only the Vietnamese text changed
    assert "Period: – → every 6 months" in out
    assert "Obligation: Mandatory → Suggested" in out
    code, out, _ = run("checklist", "diff", "vn-state-website", str(file), "--json")
    data = json.loads(out)
    assert data["kind"] == "revision"
    assert data["counts"] == {"added": 0, "removed": 1, "changed": 2}
    assert data["removed"] == [{"id": rows[-1].id, "text": rows[-1].text.model_dump()}]
    assert [field["field"] for field in data["changed"][1]["fields"]] == ["text", "obligation", "period"]


def test_lists_that_do_not_follow_each_other(run: Run) -> None:
    code, _, err = run("checklist", "diff", STANDARD, FORMER, "--lang", "en")
    assert code == 2
    assert f"diff {FORMER} {STANDARD}" in err
