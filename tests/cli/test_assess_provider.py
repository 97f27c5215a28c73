"""`secaudit assess provider` from end to end: the province in one workspace, the commune in another."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Run, as_json, refused

TODAY = date.today()  # noqa: DTZ011 - the officer's own day
UNTIL = TODAY + timedelta(days=300)
ROW, PART = "5.12.2.1.b", "5.9.2.1.c"
PROVINCE, COMMUNE = ("--workspace", "tinh"), ("--workspace", "xa")


def written(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def export(run: Run, file: str, *more: str) -> Any:
    return as_json(run, "assess", "provider", "export", *PROVINCE, "--key", "khoa.pem", "--provider", "Trung tâm CNTT",
                "--output", file, *more)  # fmt: skip


@pytest.fixture
def both(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The province with two answers and a locked key, the commune with a page in its portal."""
    monkeypatch.setenv("SECAUDIT_PASSPHRASE", "bí mật của tỉnh")
    assert run("init", *PROVINCE, "--organisation", "Trung tâm CNTT", "--url", "cong.tinh.gov.vn")[0] == 0
    assert run("init", *COMMUNE, "--organisation", "UBND xã Thử", "--url", "xa-thu.tinh.gov.vn")[0] == 0
    for row, value in ((ROW, "met"), (PART, "partial")):
        said = ("--answer", value, "--note", "Tường lửa của tỉnh", "--evidence-date", written(TODAY))
        as_json(run, "assess", "set", *PROVINCE, row, *said)
    run("assess", "provider", "keygen", "khoa.pem")
    return run


def test_one_file_from_the_province_to_the_commune_and_back(both: Run) -> None:
    made = export(both, "p.json", "--until", written(UNTIL), "--host", "tinh.gov.vn")
    assert made["rows"] == {"tcvn-14423-2026-l3": [PART, ROW]}
    assert "is not trusted" in refused(both, "assess", "provider", "import", "p.json", *COMMUNE)
    took = as_json(both, "assess", "provider", "import", "p.json", *COMMUNE, "--trust", made["key"])
    [covered] = took["systems"].values()
    assert covered == {
        "met_by_provider": [f"tcvn-14423-2026-l3:{ROW}"], "partly_by_provider": [f"tcvn-14423-2026-l3:{PART}"],
        "not_counted": [],
    }  # fmt: skip
    [row] = as_json(both, "assess", "show", ROW, *COMMUNE)["rows"]
    assert (row["state"], row["answer"], row["inherited"]["provider"]) == ("met", None, "Trung tâm CNTT")
    standing = as_json(both, "status", *COMMUNE)["systems"][0]["checklists"][0]
    assert (standing["met"], standing["met_by_provider"], standing["partial"]) == (1, 1, 1)
    shown = both("assess", "show", ROW, *COMMUNE, "--lang", "en")[1]
    assert "Met (by the provider)" in shown
    assert "Tường lửa của tỉnh" in shown
    assert "Met by the provider: 1 of the 1" in both("status", *COMMUNE, "--lang", "en")[1]
    listed = as_json(both, "assess", "provider", "list", *COMMUNE)
    assert [(one["counts"], one["why_not"], one["hosts"]) for one in listed["profiles"]] == [
        (True, None, ["tinh.gov.vn"])
    ]
    assert [key["fingerprint"] for key in listed["keys"]] == [made["key"]]
    back = export(both, "rut.json", "--withdraw", "--reason", "Dừng dịch vụ")
    assert (back["serial"], back["withdrawn"], back["rows"]) == (2, True, {})
    as_json(both, "assess", "provider", "import", "rut.json", *COMMUNE)  # the key is known now
    assert "edition 2 is known" in refused(both, "assess", "provider", "import", "p.json", *COMMUNE)
    [row] = as_json(both, "assess", "show", ROW, *COMMUNE)["rows"]
    assert (row["state"], row["inherited"]) == ("unassessed", None)
    assert as_json(both, "verify", *COMMUNE)["sound"]
    assert as_json(both, "verify", *PROVINCE)["sound"]


def test_the_commune_stops_using_it_and_trusting_the_key(both: Run) -> None:
    made = export(both, "p.json", "--until", written(UNTIL))
    as_json(both, "assess", "provider", "trust", "khoa.pem.pub", *COMMUNE, "--provider", "Trung tâm")
    as_json(both, "assess", "provider", "import", "p.json", *COMMUNE)
    assert "Say why" in refused(both, "assess", "provider", "withdraw", made["profile"], *COMMUNE)
    as_json(both, "assess", "provider", "withdraw", made["profile"], *COMMUNE, "--reason", "Đã chuyển")
    code, out, _ = both("assess", "provider", "list", *COMMUNE, "--lang", "en")
    assert (code, "has stopped using the profile" in out) == (0, True)
    as_json(both, "assess", "provider", "import", "p.json", *COMMUNE)
    assert as_json(both, "assess", "provider", "list", *COMMUNE)["profiles"][0]["counts"]
    as_json(both, "assess", "provider", "trust", made["key"], "--revoke", *COMMUNE)
    [row] = as_json(both, "assess", "show", ROW, *COMMUNE)["rows"]
    assert [reason["code"] for reason in row["reasons"]] == ["provider-unknown-key"]


def test_a_passphrase_is_needed_and_never_an_argument(both: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECAUDIT_PASSPHRASE")
    asked = (
        "assess",
        "provider",
        "export",
        *PROVINCE,
        "--key",
        "khoa.pem",
        "--provider",
        "T",
        "--until",
        written(UNTIL),
    )
    assert "is locked" in refused(both, *asked)
    Path("sai.txt").write_text("sai\n", encoding="utf-8")
    assert "is wrong" in refused(both, *asked, "--passphrase-file", "sai.txt")
    Path("dung.txt").write_text("bí mật của tỉnh\n", encoding="utf-8")
    assert both(*asked, "--passphrase-file", "dung.txt")[0] == 0
    assert "--no-passphrase" in refused(both, "assess", "provider", "keygen", "k2.pem")
    assert both("assess", "provider", "keygen", "k2.pem", "--no-passphrase")[0] == 0
    assert "--until" in refused(both, *asked[:-2])


def test_both_sides_see_what_they_hold(both: Run) -> None:
    made = export(both, "p.json", "--until", written(UNTIL))
    as_json(both, "assess", "provider", "import", "p.json", *COMMUNE, "--trust", made["key"])
    code, out, _ = both("assess", "provider", "list", *COMMUNE, "--lang", "en")
    assert (code, "Counts now." in out, made["key"] in out) == (0, True, True)
    assert "Issued here" in both("assess", "provider", "list", *PROVINCE, "--lang", "en")[1]


def test_what_does_not_count_is_said_at_once(both: Run) -> None:
    made = export(both, "p.json", "--until", written(UNTIL), "--host", "tinhkhac.gov.vn")
    took = as_json(both, "assess", "provider", "import", "p.json", *COMMUNE, "--trust", made["key"])
    [covered] = took["systems"].values()
    assert (covered["met_by_provider"], covered["partly_by_provider"]) == ([], [])
    assert [(one["code"], one["rows"]) for one in covered["not_counted"]] == [("provider-elsewhere", 2)]
    code, out, _ = both("assess", "provider", "import", "p.json", *COMMUNE, "--lang", "en")
    assert (code, "Not counted: 2 rows" in out) == (0, True)


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 2), ("", 3)])
def test_a_person_compares_the_fingerprint(both: Run, monkeypatch: pytest.MonkeyPatch, typed: str, code: int) -> None:
    made = export(both, "p.json", "--until", written(UNTIL))
    terminal = io.StringIO(typed)
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", terminal)
    ended, _, err = both("assess", "provider", "import", "p.json", *COMMUNE, "--lang", "en")
    assert ended == code
    assert f"Fingerprint of the key: {made['key']}" in err
    assert "on a number that you know from elsewhere" in err
    kept = as_json(both, "assess", "provider", "list", *COMMUNE)["profiles"]
    assert len(kept) == (code == 0)
