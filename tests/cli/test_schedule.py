"""`secaudit schedule` and `run-due` at the prompt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.notify.test_smtp import serving

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ready(run: Run) -> Run:
    """The program with a workspace of one page that nobody may probe."""
    assert run("init", "--organisation", "Ủy ban nhân dân xã Thử", "--url", "https://192.0.2.7/")[0] == 0
    return run


def test_without_a_schedule_it_says_how_to_begin(ready: Run) -> None:
    for arguments in (["run-due"], ["schedule", "mail", "--test"]):
        code, _, err = ready(*arguments)
        assert code == 2
        assert "secaudit schedule install" in err
    code, out, _ = ready("schedule", "show")
    assert (code, "secaudit schedule install" in out) == (0, True)


def test_print_changes_nothing(ready: Run) -> None:
    for engine, words in (("systemd", "OnCalendar=Mon *-*-* 02:30:00"), ("cron", "30 * * * * cd "),
                          ("windows", "<ScheduleByWeek>")):  # fmt: skip
        code, out, _ = ready("schedule", "install", "--engine", engine, "--print")
        assert code == 0
        assert words in out
        assert str(Path("secaudit-data").absolute()) in out
    assert json.loads(ready("schedule", "show", "--json")[1])["schedule"] is None


def test_a_schedule_stands_and_goes(ready: Run) -> None:
    code, out, err = ready(
        "schedule", "install", "--engine", "none", "--every", "monthly", "--day", "15", "--at", "3h07"
    )
    assert (code, err) == (0, "")
    assert "Quét ngày 15 hằng tháng lúc 03:07" in out
    shown = json.loads(ready("schedule", "show", "--json")[1])
    assert shown["schedule"]["cadence"] == "monthly"
    assert shown["due"] == ["https://192.0.2.7/"]
    assert shown["next"][8:16] == "15T03:07"
    code, out, _ = ready("run-due", "--dry-run", "--json")
    assert (code, json.loads(out)["due"]) == (0, ["https://192.0.2.7/"])
    assert ready("schedule", "remove")[0] == 0
    assert json.loads(ready("schedule", "show", "--json")[1])["schedule"] is None
    assert ready("verify")[0] == 0  # both changes stand in the journal


@pytest.mark.parametrize("typed", ["25:00", "2:5", "nửa đêm", "02:30:00"])
def test_a_time_that_is_none(ready: Run, typed: str) -> None:
    code, _, err = ready("schedule", "install", "--engine", "none", "--at", typed)
    assert code == 2
    assert "GG:PP" in err


def test_a_page_without_permission_ends_with_4_and_the_digest_says_so(ready: Run) -> None:
    ready("schedule", "install", "--engine", "none")
    with serving() as (port, box):
        code, _, err = ready(
            "schedule", "mail", "--host", "127.0.0.1", "--port", str(port), "--security", "none",
            "--from", "secaudit@xa.example", "--to", "canbo@xa.example",
        )  # fmt: skip
        assert (code, err) == (0, "")
        assert ready("schedule", "mail", "--test")[0] == 0
        code, out, err = ready("run-due")
        assert code == 4
        assert "192.0.2.7" in err
        assert "Đã gửi bản tin" in out
        code, out, _ = ready("run-due", "--json")
        assert json.loads(out)["digest"] is False
    assert len(box.mails) == 2
    told = str(box.mails[1].get_content())
    assert "! Kỳ này chưa quét được" in told
    assert "! Trang này chưa được quét lần nào." in told
    assert "đạt đầy đủ 0 %" in told


def test_a_mail_server_that_is_away_ends_with_3_and_is_named(ready: Run) -> None:
    ready("schedule", "install", "--engine", "none")
    ready("schedule", "mail", "--host", "127.0.0.1", "--port", "1", "--security", "none", "--from", "a@xa.example",
          "--to", "b@xa.example")  # fmt: skip
    code, _, err = ready("schedule", "mail", "--test")
    assert code == 2
    assert "127.0.0.1:1" in err
    assert ready("schedule", "mail", "--off")[0] == 0


def test_a_password_does_not_travel_unprotected(ready: Run) -> None:
    ready("schedule", "install", "--engine", "none")
    code, _, err = ready("schedule", "mail", "--host", "m.example", "--security", "none", "--user", "xa",
                         "--from", "a@xa.example", "--to", "b@xa.example")  # fmt: skip
    assert code == 2
    assert "mật khẩu" in err
