"""`secaudit remediation` as an officer meets it, in Vietnamese and English, and on a page that is mended and broken."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from openpyxl import load_workbook

from secaudit.demo.site import demo_site
from secaudit.model.remediation import ItemChange
from secaudit.store import integrity
from secaudit.store.workspace import Workspace
from tests.export.workbook_edit import Editor
from tests.remedy.making import item
from tests.servers.nginx import nginx
from tests.servers.process import free_port, require
from tests.store import facts

Run = Callable[..., tuple[int, str, str]]
TODAY = date.today()  # noqa: DTZ011 - the officer's own day
ROW = "5.7.2.1.b"


def written(day: date) -> str:
    return day.strftime("%d/%m/%Y")


@pytest.fixture
def ready(run: Run) -> Run:
    """The program with a workspace of one system and two items: a gap, and work by hand."""
    assert run("init", "--organisation", "Ủy ban nhân dân xã Thử", "--url", "xa-thu.tinh.gov.vn")[0] == 0
    assert run("assess", "set", ROW, "--answer", "not-met", "--name", "Lan")[0] == 0
    due = written(TODAY + timedelta(days=5))
    code, out, err = run("remediation", "add", "--title", "Ký lại hợp đồng thuê máy chủ", "--severity", "high",
                         "--cost", "12000000", "--due", due, "--name", "Lan")  # fmt: skip
    assert code == 0, err
    assert out.startswith("Đã thêm vào sổ với mã KP2.")
    assert "Chi phí (đồng): 12.000.000" in out
    return run


def items(run: Run, *arguments: str) -> list[dict[str, Any]]:
    code, out, err = run("remediation", "list", *arguments, "--json")
    assert code == 0, err
    data = json.loads(out)
    assert data["schema"] == "secaudit.remediation/1"
    return list(data["items"])


def history(run: Run, item_id: str) -> list[str]:
    _, out, _ = run("remediation", "show", item_id, "--json")
    return [event["kind"] for event in json.loads(out)["items"][0]["history"]]


def error(run: Run, *arguments: str, code: int = 2) -> str:
    """Run what must be refused, and return the one English sentence."""
    ended, out, err = run("remediation", *arguments, "--lang", "en")
    assert (ended, out) == (code, ""), err
    [line] = [line for line in err.splitlines() if line.startswith("Error: ")]
    return line


def test_an_answer_opens_an_item_and_the_next_one_closes_it(ready: Run) -> None:
    [gap, _] = items(ready, "--severity", "medium", "--severity", "high", "--all")[::-1]
    assert (gap["id"], gap["source"], gap["subject"]) == ("KP1", "requirement", f"tcvn-14423-2026-l3:{ROW}")
    assert (gap["state"], gap["due"]) == ("open", (TODAY + timedelta(days=90)).isoformat())
    assert gap["responsible"]
    ready("assess", "set", ROW, "--answer", "partial", "--name", "Lan")
    assert len(items(ready)) == 2
    met = ("assess", "set", ROW, "--answer", "met", "--evidence-date", written(TODAY), "--name", "Lan")
    ready(*met)
    [only] = items(ready)
    assert only["id"] == "KP2"
    ready("assess", "set", ROW, "--answer", "not-met", "--name", "Lan")
    assert history(ready, "KP1") == ["opened", "verified", "reopened"]
    ready("assess", "set", ROW, "--answer", "not-applicable", "--reason", "không có", "--name", "Lan")
    assert [one["state"] for one in items(ready, "--state", "verified")] == ["verified"]


def test_the_list_in_both_languages(ready: Run) -> None:
    code, out, _ = ready("remediation", "list")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "KP2    [Cao] Ký lại hợp đồng thuê máy chủ"
    assert lines[1].strip() == f"Chưa giao; phụ trách: chưa giao; hạn: {written(TODAY + timedelta(days=5))}"
    assert lines[-1] == "Đã liệt kê: 2. Trong sổ còn 2 việc chưa xong, 0 việc quá hạn."
    _, out, _ = ready("remediation", "list", "--due-within", "30", "--lang", "en")
    assert "Not assigned; owner: nobody; due: " in out
    assert "Listed: 1. In the register: 2 open, 0 of them overdue." in out
    _, out, _ = ready("remediation", "list", "--overdue", "--fail-on", "overdue")
    assert out.splitlines()[0] == "Không có việc nào trong sổ phù hợp."


def test_assigning_changing_and_what_it_leaves_in_the_history(ready: Run, tmp_path: Path) -> None:
    photo = tmp_path / "Ảnh máy chủ.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n")
    owner = unicodedata.normalize("NFD", "Trần Thị Bưởi")
    assert ready("remediation", "assign", "KP1", "KP2", "--owner", owner, "--unit", "Văn phòng")[0] == 0
    assert [one["id"] for one in items(ready, "--mine", "--name", "trần thị bưởi")] == ["KP2", "KP1"]
    assert items(ready, "--owner", "Minh") == []
    code, out, err = ready("remediation", "update", "kp2", "--title", "Ký hợp đồng mới", "--priority", "urgent",
                           "--due", "không", "--comment", "chờ kế toán", "--attach", str(photo), "--state", "done",
                           "--name", "Lan")  # fmt: skip
    assert code == 0, err
    assert "Báo đã làm, chờ kiểm chứng" in out
    [done] = items(ready, "--state", "done")
    assert (done["title"]["vi"], done["due"], done["attachments"]) == ("Ký hợp đồng mới", None, ["E1"])
    assert history(ready, "KP2") == ["opened", "changed", "changed", "attached", "changed"]
    _, out, _ = ready("remediation", "show", "KP2")
    assert "Vấn đề: Ký lại hợp đồng thuê máy chủ → Ký hợp đồng mới" in out
    assert "Thay đổi (Lan): chờ kế toán" in out
    assert ready("remediation", "update", "KP2", "--comment", "đã ký", "--name", "Lan")[0] == 0
    assert history(ready, "KP2")[-1] == "commented"


def test_work_by_hand_is_confirmed_by_a_person_and_nothing_else_is(ready: Run) -> None:
    assert "Say what was seen" in error(ready, "update", "KP2", "--state", "verified")
    assert "answer it with" in error(ready, "update", "KP1", "--state", "verified", "--comment", "xong")
    assert ready("remediation", "update", "KP2", "--state", "verified", "--comment", "đã xem hợp đồng")[0] == 0
    assert [one["id"] for one in items(ready, "--all", "--state", "verified")] == ["KP2"]
    _, out, _ = ready("remediation", "verify", "KP1", "--json")
    [one] = json.loads(out)["items"]
    assert (one["proven"], one["seen"]) == (False, "unknown")


def test_an_accepted_risk_is_named_bounded_and_shown_as_accepted(ready: Run) -> None:
    who = ("--by", "Nguyễn Văn A, Chủ tịch", "--reason", "chờ kinh phí")
    assert "is past" in error(ready, "accept-risk", "KP2", *who, "--until", written(TODAY - timedelta(days=1)))
    assert "365 days at most" in error(ready, "accept-risk", "KP2", *who, "--until", written(TODAY + timedelta(366)))
    assert "takes the person" in error(ready, "accept-risk", "KP2", "--by", " ", "--reason", "x", "--until",
                                       written(TODAY))  # fmt: skip
    ready("remediation", "policy", "--longest-acceptance", "10")
    assert "10 days at most" in error(ready, "accept-risk", "KP2", *who, "--until", written(TODAY + timedelta(11)))
    code, out, _ = ready("remediation", "accept-risk", "KP2", *who, "--until", written(TODAY + timedelta(10)))
    assert code == 0
    assert "lỗi vẫn chưa được khắc phục" in out
    assert "Trong sổ còn 1 việc chưa xong" in ready("remediation", "list")[1]
    ready("remediation", "export", "--format", "csv", "--output", "a")
    assert "Nguyễn Văn A, Chủ tịch: chờ kinh phí" in Path("a.csv").read_text("utf-8-sig")
    ready("remediation", "update", "KP2", "--state", "open", "--comment", "đã có kinh phí")
    ready("remediation", "export", "--format", "csv", "--output", "b")
    assert "chờ kinh phí" not in Path("b.csv").read_text("utf-8-sig")  # it ended; the history tells of it
    assert history(ready, "KP2")[-2:] == ["accepted", "changed"]


def test_merging_and_what_it_refuses(ready: Run) -> None:
    assert "into itself" in error(ready, "merge", "KP1", "kp1")
    assert "There is no remediation item KP9" in error(ready, "merge", "KP9", "KP1")
    assert ready("remediation", "merge", "KP2", "KP1")[0] == 0
    [left] = items(ready)
    assert (left["id"], left["severity"], left["due"]) == ("KP1", "high", (TODAY + timedelta(days=5)).isoformat())
    assert "was merged into KP1" in error(ready, "update", "KP2", "--comment", "x")
    assert "takes no part" in error(ready, "merge", "KP2", "KP1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "KP77"), "There is no remediation item KP77"),
        (("update", "KP1"), "Say what is to be changed"),
        (("update", "KP1", "--due", "31/02/2027"), "is not a day"),
        (("update", "KP1", "--due", "01/01/2020"), "is past"),
        (("update", "KP1", "--due", "31/12/9999"), "more than ten years"),
        (("update", "KP1", "--title", "  "), "in a few words"),
        (("update", "KP1", "--attach", "khong-co.pdf", "--comment", "x"), "khong-co.pdf"),
        (("assign", "KP1"), "Say who does it"),
        (("assign", "KP1", "KP77", "--owner", "Lan"), "There is no remediation item KP77"),
        (("add",), "in a few words"),
        (("add", "--requirement", ROW), "in the register already, as KP1"),
        (("add", "--finding", "tls.tls10"), "No finding"),
        (("add", "--requirement", ROW, "--finding", "x"), "either --requirement or --finding"),
        (("policy", "--due", "grave=3"), "is not a severity"),
        (("policy", "--due", "low=-1"), "is not a severity"),
        (("export", "--format", "pdf"), "--format takes"),
        (("import-owners", "khong-co.csv"), "cannot be read"),
        (("verify", "KP77"), "There is no remediation item KP77"),
    ],
)
def test_what_is_refused_changes_nothing(ready: Run, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    with Workspace.open(tmp_path / "secaudit-data") as workspace:
        head = workspace.journal.head()
    assert words in error(ready, *arguments)
    with Workspace.open(tmp_path / "secaudit-data") as workspace:
        assert workspace.journal.head() == head


def test_a_requirement_that_nobody_answered_gets_an_item_by_hand_only(ready: Run) -> None:
    code, _, err = ready("remediation", "add", "--requirement", "5.1.2.1.a", "--owner", "Lan")
    assert code == 0, err
    [made] = items(ready, "--owner", "lan")
    assert (made["subject"], made["state"]) == ("tcvn-14423-2026-l3:5.1.2.1.a", "assigned")


def test_the_policy_sets_the_days_of_what_comes_later(ready: Run) -> None:
    _, out, _ = ready("remediation", "policy", "--due", "medium=7", "--due", "low=never")
    assert "Trung bình: 7" in out
    assert "Thấp: không đặt hạn" in out
    ready("assess", "set", "5.1.2.1.a", "--answer", "not-met", "--name", "Lan")
    ready("assess", "set", "5.1.2.2.a", "--answer", "partial", "--name", "Lan")
    due = {one["id"]: one["due"] for one in items(ready)}
    assert (due["KP3"], due["KP4"]) == ((TODAY + timedelta(days=7)).isoformat(), None)
    assert due["KP1"] == (TODAY + timedelta(days=90)).isoformat()  # what has a day keeps it
    _, out, _ = ready("remediation", "policy", "--reset", "--json")
    assert json.loads(out)["due_days"]["medium"] == 90


def test_owners_go_out_and_come_back_through_excel(ready: Run, tmp_path: Path) -> None:
    assert ready("remediation", "export", "--format", "csv,xlsx,ics,json", "--output", "sổ")[0] == 0
    data = (tmp_path / "sổ.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    place = rows[0].index("Người phụ trách")
    for row in rows[1:]:
        row[place] = "Đỗ Văn Ổn"
    back = tmp_path / "về.csv"
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    back.write_text(text.getvalue(), encoding="utf-8")
    code, out, _ = ready("remediation", "import-owners", str(back), "--dry-run")
    assert code == 0
    assert "KP1    chưa giao → Đỗ Văn Ổn" in out
    assert "2 việc sẽ được giao; chưa đổi gì." in out
    assert items(ready, "--owner", "Đỗ Văn Ổn") == []
    ready("remediation", "assign", "KP2", "--owner", "Minh")  # somebody was quicker
    code, out, err = ready("remediation", "import-owners", str(back))
    assert code == 0
    assert "Đã giao 1 việc." in out
    assert "KP2: giữ nguyên vì đã giao cho Minh" in err
    assert {one["id"]: one["owner"] for one in items(ready)} == {"KP1": "Đỗ Văn Ổn", "KP2": "Minh"}
    ready("remediation", "import-owners", str(back), "--overwrite")
    assert {one["owner"] for one in items(ready)} == {"Đỗ Văn Ổn"}
    back.write_text("Mã việc;Người phụ trách\nKP1;Lan\nKP88;Lan\n", encoding="utf-8-sig")
    code, out, err = ready("remediation", "import-owners", str(back))
    assert code == 2
    assert "Dòng 3: không có việc khắc phục KP88" in err
    assert {one["owner"] for one in items(ready)} == {"Đỗ Văn Ổn"}


def test_the_files_hold_real_dates_no_formula_and_a_calendar_that_reads_back(ready: Run, tmp_path: Path) -> None:
    bad = '=HYPERLINK("http://x","y")\r\nBEGIN:VEVENT'
    ready("remediation", "add", "--title", bad, "--owner", "+84 912", "--unit", "@SUM(A1)", "--where", "-1+1")
    until = TODAY + timedelta(days=30)
    ready("remediation", "accept-risk", "KP1", "--by", "A", "--reason", "b", "--until", written(until))
    ready("remediation", "export", "--format", "csv,xlsx,ics,json", "--output", str(tmp_path / "a"), "--lang", "en")
    cells = [cell for row in csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n")] == []
    assert "'+84 912" in cells
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    due = sheet.cell(2, heads.index("Due") + 1)
    assert due.is_date
    assert due.value == datetime.combine(TODAY + timedelta(days=5), datetime.min.time())
    assert sheet.cell(2, heads.index("Cost (VND)") + 1).value == 12_000_000
    assert sheet.auto_filter.ref and sheet.freeze_panes == "B2"
    calendar = icalendar.Calendar.from_ical((tmp_path / "a.ics").read_bytes())
    events = {str(event["UID"]).split("-")[0]: event for event in calendar.walk("VEVENT")}
    assert set(events) == {"kp1", "kp2", "kp3"}
    assert events["kp2"].decoded("DTSTART") == TODAY + timedelta(days=5)
    assert events["kp2"].decoded("DTEND") == TODAY + timedelta(days=6)
    assert events["kp1"].decoded("DTSTART") == until
    assert "the acceptance of the risk ends" in events["kp1"]["SUMMARY"]
    triggers = [alarm.decoded("TRIGGER") for alarm in events["kp2"].walk("VALARM")]
    assert triggers == [timedelta(hours=8) - timedelta(days=days) for days in (7, 1)]
    ready("remediation", "export", "--format", "ics", "--output", str(tmp_path / "b.ics"))
    again = icalendar.Calendar.from_ical((tmp_path / "b.ics").read_bytes())
    assert {event["UID"] for event in again.walk("VEVENT")} == {event["UID"] for event in events.values()}
    assert len(json.loads((tmp_path / "a.json").read_text("utf-8"))["items"]) == 3


def low_findings(run: Run) -> int:
    """Return how many findings of low severity the status counts."""
    return int(json.loads(run("status", "--json")[1])["systems"][0]["findings"]["low"])


PAGE = "<!doctype html><html lang='vi'><head><title>Xã Thử</title></head><body><h1>Xã Thử</h1></body></html>"


@pytest.mark.network
def test_a_fault_on_nginx_from_its_finding_to_its_proof_and_back_again(run: Run, tmp_path: Path) -> None:
    require("nginx")
    port = free_port()
    root = tmp_path / "www"
    root.mkdir()
    (root / "index.html").write_text(PAGE, encoding="utf-8")
    url = f"http://127.0.0.1:{port}/"
    tokens = {"loud": "on", "quiet": "off"}

    def block(mood: str) -> str:
        return f"server {{ listen 127.0.0.1:{port}; server_tokens {tokens[mood]}; root {root}; }}"

    def verify(*arguments: str) -> tuple[int, dict[str, Any]]:
        code, out, _ = run("remediation", "verify", *arguments, "--json")
        return code, json.loads(out)

    with nginx(tmp_path / "a", [block("loud")], [port]):
        run("scan", url, "--profile", "quick", "--probe", "http", "--probe", "crawl")
        [fault] = [one for one in items(run) if one["check"] == "header.server-version"]
        kp = fault["id"]
        assert fault["state"] == "open"
        run("remediation", "assign", kp, "--owner", "Lan", "--unit", "Văn phòng")
        run("remediation", "update", kp, "--state", "done", "--comment", "đã sửa nginx.conf")
        code, done = verify(kp)
        assert (code, done["items"][0]["proven"], done["items"][0]["state"]) == (0, False, "assigned")
        assert verify(kp, "--fail-on", "low")[0] == 1
        before = len(items(run, "--all"))
        low = low_findings(run)
        _, plan, _ = run("remediation", "verify", kp, "--plan", "--json")
        assert json.loads(plan)[0]["probes"] == ["http"]
    code, done = verify(kp)  # nobody answers: that proves nothing
    assert (code, done["items"][0]["proven"], done["items"][0]["seen"]) == (3, False, "unknown")
    with nginx(tmp_path / "b", [block("quiet")], [port]):
        code, done = verify(kp)
        assert (code, done["items"][0]["proven"], done["items"][0]["seen"]) == (0, True, "clear")
        proof = done["items"][0]["scan"]
        _, out, _ = run("remediation", "show", kp)
        assert "Đã kiểm chứng, có bằng chứng" in out
        assert proof in out
        # What was looked at again speaks for the page too, and the rest of the page stays known.
        assert low_findings(run) == low - 1
        [system] = json.loads(run("status", "--json")[1])["systems"]
        assert system["sites"][0]["scan"] != proof
    with nginx(tmp_path / "c", [block("loud")], [port]):
        assert verify(kp)[1]["items"][0]["seen"] == "fault"
        assert low_findings(run) == low
        [back] = [one for one in items(run) if one["id"] == kp]
        assert (back["state"], back["reopened"], back["owner"]) == ("reopened", 1, "Lan")
        run("scan", url, "--profile", "quick", "--probe", "http")
    kinds = [kind for kind in history(run, kp) if kind != "changed"]
    assert kinds == ["opened", "not-verified", "verified", "reopened"]
    assert len(items(run, "--all")) == before
    with Workspace.open(tmp_path / "secaudit-data") as workspace:
        assert list(integrity.faults(workspace)) == []
        assert workspace.remediation.get(kp).seen_at > datetime.now(UTC) - timedelta(minutes=5)


def test_verify_is_refused_where_nobody_allowed_it(run: Run, tmp_path: Path) -> None:
    with facts.new_workspace(tmp_path / "secaudit-data") as workspace:
        scan = facts.make_scan("s1")
        workspace.scans.begin(scan, facts.SITE.id, facts.MARK)
        seen = item(id="", system=facts.SYSTEM.id, site=facts.SITE.id, seen_in="s1", looked_in="s1")
        workspace.remediation.change(lambda *_: [ItemChange(item=seen)])
    code, _, err = run("remediation", "verify", "KP1")
    assert code == 4
    assert "--authorised-by" in err


@pytest.mark.network
def test_an_audit_keeps_the_register_and_says_so_in_one_line(run: Run) -> None:
    with demo_site() as site:
        audit = (
            "audit",
            site.url,
            "--http-port",
            str(site.http_port),
            "--profile",
            "quick",
            "--port-engine",
            "embedded",
        )
        code, first, _ = run(*audit, "--lang", "en")
        found = items(run)
        again = run(*audit, "--json")[1]
    assert code == 0
    line = f"Remediation: {len(found)} items open, 0 of them overdue; 0 risks accepted (secaudit remediation list)."
    assert line in first.splitlines()
    assert {one["severity"] for one in found} & {"high", "medium"}
    assert "info" not in {one["severity"] for one in found}
    data = json.loads(again)
    assert data["remediation"] == {"open": len(found), "overdue": 0, "accepted": 0}
    assert [one["id"] for one in items(run)] == [one["id"] for one in found]
    known = {one["check"] for one in found}
    only_told = [one for one in data["findings"] if one["severity"] == "info"]
    for one in only_told:
        assert one["id"] not in known
        code, out, err = run("remediation", "add", "--finding", one["id"], "--owner", "Lan", "--json")
        assert code == 0, err
        [made] = json.loads(out)["items"]
        assert (made["source"], made["check"], made["due"]) == ("finding", one["id"], None)
        assert "in the register already" in error(run, "add", "--finding", one["id"])
    assert only_told


def test_a_workbook_of_answers_that_comes_back_is_followed_at_once(ready: Run, tmp_path: Path) -> None:
    file = tmp_path / "bảng.xlsx"
    assert ready("assess", "export", "--output", str(file))[0] == 0
    Editor(file).put("5.1.2.1.b", value="Chưa đạt", answered_by="Lan").save()
    assert ready("assess", "import", str(file), "--yes")[0] == 0
    with Workspace.open(tmp_path / "secaudit-data") as workspace:
        [made] = [one for one in workspace.remediation.items() if one.subject.endswith(":5.1.2.1.b")]
    assert (made.source.value, made.state.value) == ("requirement", "open")
