"""Rules over files left open: found beyond doubt, not there, or nobody can say."""

from __future__ import annotations

from typing import Any

import pytest

from secaudit.checks.expose import KINDS
from secaudit.model.base import Reason
from secaudit.model.words import Outcome, Profile
from tests.checks.exposure_views import BLOCKED, exposure
from tests.checks.judging import judge, judge_one, make_view
from tests.checks.visits import page_view

ZIP = {"status": 206, "sniffed": "binary", "magic": "504b0304" + "00" * 12, "body_sha256": "a" * 64, "title": ""}
PAGE = {"status": 200, "sniffed": "html", "title": "Login", "body_bytes": 700, "body_sha256": "b" * 64}


def text(excerpt: str, **more: Any) -> dict[str, Any]:
    return {"status": 206, "sniffed": "text", "title": "", "excerpt": excerpt, "body_sha256": "c" * 64, **more}


FOUND: dict[str, tuple[str, dict[str, Any]]] = {
    "expose.git": ("/.git/HEAD", text("ref: refs/heads/main")),
    "expose.svn": ("/.svn/wc.db", {**ZIP, "magic": b"SQLite format 3\x00".hex()}),
    "expose.env": ("/.env", text("APP_KEY=***\nDB_PASSWORD=***")),
    "expose.backup": ("/backup.zip", ZIP),
    "expose.sql-dump": ("/dump.sql", text("-- MySQL dump 10.13\nCREATE TABLE `users`")),
    "expose.config": ("/wp-config.php.bak", text("<?php\nDB_NAME=***")),
    "expose.phpinfo": ("/phpinfo.php", {**PAGE, "excerpt": "<title>phpinfo()\nPHP Version 8.3.1"}),
    "expose.server-status": (
        "/server-status",
        {**PAGE, "excerpt": "<h1>Apache Server Status for x\nServer Version: Apache/2.4.62 (Debian)"},
    ),
    "expose.log": ("/access.log", text('*.*.*.* - - [22/Nov/2026:10:00:00 +0700] "GET / HTTP/1.1" 200 1')),
    "expose.ds-store": ("/.DS_Store", {**ZIP, "magic": "000000014275643100001000"}),
    "expose.admin-login": (
        "/wp-login.php",
        {**PAGE, "excerpt": 'id="loginform"\nname="log"\nname="pwd"\nwp-submit'},
    ),
    "expose.installer": ("/install/index.php", {**PAGE, "excerpt": "NukeViet\ninstall/index.php"}),
}


def test_every_check_has_an_example() -> None:
    assert tuple(FOUND) == KINDS


@pytest.mark.parametrize("check", KINDS)
def test_found(check: str) -> None:
    path, seen = FOUND[check]
    (verdict,) = judge(check, exposure({path: seen}))
    assert verdict.result is Outcome.FAIL
    assert (verdict.target, verdict.place) == ("https://xa.example", path)
    assert verdict.evidence["url"] == "https://xa.example" + path


@pytest.mark.parametrize("check", KINDS)
def test_not_there(check: str) -> None:
    assert judge_one(check, exposure()) is Outcome.PASS


@pytest.mark.parametrize("check", KINDS)
def test_status_200_alone_is_never_enough(check: str) -> None:
    path, seen = FOUND[check]
    welcome = {**PAGE, "title": "Tin tức", "excerpt": ""}
    assert judge_one(check, exposure({path: welcome})) is Outcome.PASS
    if seen["sniffed"] != "html":
        # Even the right words in the wrong form: a news page about ".env files".
        assert judge_one(check, exposure({path: {**welcome, "excerpt": seen.get("excerpt", "")}})) is Outcome.PASS


@pytest.mark.parametrize("check", KINDS)
def test_a_host_that_answers_everything_so_is_no_finding(check: str) -> None:
    path, seen = FOUND[check]
    (verdict,) = judge(check, exposure({path: seen}, usual=seen))
    assert verdict.result is Outcome.INCONCLUSIVE
    assert verdict.reason == Reason(code="exposure-answers-everything", params={"url": "https://xa.example" + path})


def test_a_login_that_differs_a_little_each_time_is_still_the_usual_answer() -> None:
    path, seen = FOUND["expose.admin-login"]
    usual = {**seen, "body_sha256": "d" * 64, "body_bytes": 712}
    assert judge_one("expose.admin-login", exposure({path: seen}, usual=usual)) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("check", KINDS)
def test_blocked_is_not_passed(check: str) -> None:
    view = exposure(last=2, stopped=BLOCKED)
    (verdict,) = judge(check, view)
    assert verdict.reason == BLOCKED


def test_what_was_found_before_the_block_stands() -> None:
    path, seen = FOUND["expose.git"]
    assert judge_one("expose.git", exposure({path: seen}, last=4, stopped=BLOCKED)) is Outcome.FAIL


def test_an_answer_after_the_block_counts_for_nothing() -> None:
    view = exposure({"/.git/HEAD": {"status": 403}}, stopped=BLOCKED)
    whole = view.observations[-1].model_copy(update={"reliable": 2})
    (verdict,) = judge("expose.git", make_view([*view.observations[:-1], whole], target=view.target))
    assert verdict.reason == BLOCKED


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_the_server_is_inconclusive(status: int) -> None:
    (verdict,) = judge("expose.env", exposure({"/.env": {"status": status}}))
    assert verdict.reason == Reason(code="exposure-server-error", params={"status": status})


@pytest.mark.parametrize("status", [301, 401, 403, 404, 410])
def test_refused_or_moved_is_not_open(status: int) -> None:
    assert judge_one("expose.env", exposure({"/.env": {"status": status}})) is Outcome.PASS


def test_a_lost_answer_is_inconclusive() -> None:
    fault = Reason(code="connect-timeout", params={"host": "xa.example", "port": 443, "seconds": 5})
    (verdict,) = judge("expose.git", exposure({"/.git/HEAD": {"status": 0, "fault": fault}}))
    assert verdict.reason == fault


def test_what_the_quick_profile_leaves_out_is_said() -> None:
    (verdict,) = judge("expose.admin-login", exposure(profile=Profile.QUICK))
    assert verdict.reason == Reason(code="exposure-not-in-profile", params={"profile": "quick"})
    assert judge_one("expose.git", exposure(profile=Profile.QUICK)) is Outcome.PASS


def test_probe_not_run_or_site_silent() -> None:
    (verdict,) = judge("expose.git", make_view([]))
    assert verdict.reason == Reason(code="probe-not-run", params={"probe": "exposure"})
    silent = Reason(code="no-page")
    (verdict,) = judge("expose.git", exposure(fault=silent))
    assert verdict.reason == silent


def test_a_login_by_windows_account_counts_for_sharepoint() -> None:
    path = "/_layouts/15/Authenticate.aspx"
    headers = (("MicrosoftSharePointTeamServices", "16.0.0.10417"), ("WWW-Authenticate", "NTLM"))
    view = exposure({path: {"status": 401, "headers": headers, "body_sha256": "e" * 64, "sniffed": "text"}})
    (verdict,) = judge("expose.admin-login", view)
    assert (verdict.result, verdict.evidence["product"]) == (Outcome.FAIL, "SharePoint")


def test_size_of_the_whole_file_is_told() -> None:
    headers = (("Content-Range", "bytes 0-4095/73400320"), ("Content-Type", "application/zip"))
    (verdict,) = judge("expose.backup", exposure({"/backup.zip": {**ZIP, "headers": headers}}))
    assert verdict.evidence["size_bytes"] == 73400320


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("<!DOCTYPE html><html><head><title>Welcome to nginx!</title>", Outcome.FAIL),
        ("<title>Apache2 Debian Default Page: It works</title>", Outcome.FAIL),
        ('<title>IIS Windows Server</title><img src="iisstart.png">', Outcome.FAIL),
        ("<title>UBND xã</title><p>Welcome to nginx! là gì?</p>", Outcome.PASS),
    ],
)
def test_default_page(body: str, result: Outcome) -> None:
    assert judge_one("expose.default-page", page_view(body=body)) is result


def test_default_page_without_a_page() -> None:
    assert judge_one("expose.default-page", make_view([])) is Outcome.INCONCLUSIVE
