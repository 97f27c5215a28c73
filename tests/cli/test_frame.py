"""The commands as a person meets them: help, languages, errors as one sentence, exit codes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from secaudit.cli.main import COMMANDS


def test_help_is_vietnamese_first_and_english_on_request(run: Callable[..., tuple[int, str, str]]) -> None:
    code, vietnamese, _ = run("--help")
    assert code == 0
    assert "Cách dùng" in vietnamese
    _, english, _ = run("--lang", "en", "--help")
    assert "Usage" in english
    for name in COMMANDS:
        assert name in vietnamese
        assert name in english


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself_in_both_languages(
    run: Callable[..., tuple[int, str, str]], command: str
) -> None:
    code, vietnamese, _ = run(command, "--help")
    assert code == 0
    code, english, _ = run(command, "--help", "--lang", "en")
    assert code == 0
    assert vietnamese != english


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["audit"], 2),
        (["audit", "https://user:secret@xa.gov.vn/"], 2),
        (["audit", "https://xa gov.vn/"], 2),
        (["audit", "ftp://xa.gov.vn/"], 2),
        (["audit", "https://[::1/"], 2),
        (["audit", "https://xa.tinh-mau.invalid/"], 4),
        (["audit", "https://192.0.2.7/"], 4),
        (["audit", "https://[2001:db8::7]/"], 4),
        (["scan"], 2),
        (["scan", "https://127.0.0.1/", "--ca-file", "missing.pem"], 2),
        (["scan", "https://127.0.0.1/", "--resolver", "dns.example"], 2),
        (["scan", "https://127.0.0.1/", "--document", "12/QĐ-UBND"], 2),
        (["scan", "https://127.0.0.1/", "--probe", "nothing"], 2),
        (["audit", "https://xa.tinh-mau.invalid/", "--authorised-by", " "], 2),
        (["audit", "https://xa.tinh-mau.invalid/", "--authorised-by", "Chủ tịch UBND xã"], 3),
        (["history"], 2),
        (["status"], 2),
        (["report"], 2),
        (["diff", "a"], 2),
        (["scope", "list"], 2),
        (["scope", "add", "--host", "*.gov.vn", "--by", "A", "--until", "31/12/2099"], 2),
        (["scope", "add", "--host", "xa.gov.vn", "--by", "A", "--until", "31/02/2027"], 2),
        (["checklist", "show", "nothing"], 2),
        (["checklist", "validate", "missing.yaml"], 2),
        (["nothing"], 2),
        (["--nothing"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input_is_one_sentence_with_the_right_code(
    run: Callable[..., tuple[int, str, str]], arguments: list[str], code: int
) -> None:
    for language in ("vi", "en"):
        ended, out, err = run(*arguments, "--lang", language)
        assert ended == code, err
        assert out == ""
        lines = [line for line in err.splitlines() if line.startswith(("Lỗi: ", "Error: "))]
        assert len(lines) == 1
        assert lines[0].startswith("Lỗi: " if language == "vi" else "Error: ")
        assert "secret" not in err


def test_a_workspace_that_is_a_file(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine", encoding="utf-8")
    code, _, err = run("init", "--workspace", "data")
    assert code == 2
    assert "data" in err
    assert (tmp_path / "data").read_text(encoding="utf-8") == "mine"


def test_a_broken_certificate_file(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(
        "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----", encoding="utf-8"
    )
    code, _, err = run("scan", "https://127.0.0.1/", "--ca-file", "ca.pem")
    assert code == 2
    assert "ca.pem" in err


def test_a_broken_checklist_names_file_and_line(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("format: secaudit.checklist/1\nid: [unclosed\n", encoding="utf-8")
    code, out, err = run("checklist", "validate", "mine.yaml")
    assert code == 2
    assert "mine.yaml" in out + err
    assert any(f"{word} {line}" in out + err for word in ("dòng", "Dòng") for line in (2, 3))


def test_a_permission_is_recorded_listed_and_withdrawn(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run(
        "scope", "add", "--host", "xa.tinh.gov.vn", "--by", "Chủ tịch UBND xã", "--document", "15/QĐ-UBND",
        "--until", _in_a_month(), "--json",
    )  # fmt: skip
    assert code == 0, err
    record = json.loads(out)
    assert record["hosts"] == ["xa.tinh.gov.vn"]
    code, out, _ = run("scope", "list", "--json")
    assert [r["in_force"] for r in json.loads(out)] == [True]
    code, _, _ = run("scope", "revoke", record["id"])
    assert code == 0
    code, out, _ = run("scope", "list", "--json")
    assert [r["in_force"] for r in json.loads(out)] == [False]
    code, out, _ = run("scope", "list")
    assert "thu hồi" in out


def _in_a_month() -> str:
    from datetime import date, timedelta

    return (date.today() + timedelta(days=30)).strftime("%d/%m/%Y")  # noqa: DTZ011


@pytest.mark.skipif(os.name == "nt", reason="the permission bits of POSIX")
def test_a_read_only_folder(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    if os.geteuid() == 0:
        # root may write anywhere; a path below a file cannot be made by anyone.
        (tmp_path / "file").write_text("", encoding="utf-8")
        code, _, err = run("init", "--workspace", "file/data")
    else:
        (tmp_path / "closed").mkdir()
        (tmp_path / "closed").chmod(stat.S_IREAD | stat.S_IEXEC)
        code, _, err = run("init", "--workspace", "closed/data")
    assert code == 2
    assert len([line for line in err.splitlines() if line.startswith("Lỗi: ")]) == 1


def test_init_completes_what_is_there(run: Callable[..., tuple[int, str, str]]) -> None:
    run("init", "--organisation", "Ủy ban nhân dân xã Thử", "--url", "xa-thu.tinh.gov.vn")
    code, out, _ = run("init", "--operator", "Trung tâm Chuyển đổi số tỉnh", "--json")
    assert code == 0
    data = json.loads(out)
    assert data["organisation"]["name"] == "Ủy ban nhân dân xã Thử"
    assert data["system"]["operator"] == "Trung tâm Chuyển đổi số tỉnh"
    code, out, _ = run("site", "list", "--json")
    assert [site["url"] for site in json.loads(out)] == ["https://xa-thu.tinh.gov.vn/"]
    code, out, _ = run("site", "ports", "xa-thu.tinh.gov.vn", "8443", "443", "--json")
    assert json.loads(out)["allowed_ports"] == [443, 8443]


def test_json_alone_does_not_swallow_the_address(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("scan", "--plan", "--json", "https://127.0.0.1:1/")
    assert code == 0, err
    steps = json.loads(out)
    assert {step["probe"] for step in steps} >= {"http", "tls", "ports"}
    assert sum(step["connections"] for step in steps) > 0
