"""A month of periodic work on a real web server, with a clock of the test and a real mail server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from secaudit.app.digest import build_digest, send_due_digest
from secaudit.app.events import Silent
from secaudit.app.knowledge import Knowledge
from secaudit.app.periodic import Turn, due_sites, run_due, worst_exit
from secaudit.app.setup import site_of
from secaudit.cli.words import share
from secaudit.i18n import use_language
from secaudit.model.errors import BadInput, SecauditError
from secaudit.model.history import ProcessMark
from secaudit.model.organisation import Organisation
from secaudit.model.schedule import Cadence, MailSecurity, MailSettings, RunState, Schedule
from secaudit.model.target import parse_target
from secaudit.model.words import Profile
from secaudit.schedule.cadence import last_slot
from secaudit.store.workspace import Workspace
from tests.notify.test_smtp import serving
from tests.servers.nginx import nginx
from tests.servers.process import free_port

pytestmark = pytest.mark.network
BEGIN = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
WEEK = timedelta(days=7)
KNOWLEDGE = Knowledge()


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


def block(port: int, extra: str = "") -> str:
    return f"server {{ listen 127.0.0.1:{port}; server_tokens off; location / {{ return 200 'Xa Thu'; {extra} }} }}"


def plan(**more: object) -> Schedule:
    known = {"cadence": Cadence.WEEKLY, "profile": Profile.QUICK, "report": False, "language": "en", "saved_at": BEGIN}
    return Schedule.model_validate(known | more)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("vi")


@pytest.fixture
def workspace(tmp_path: Path, port: int) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "w") as opened:
        opened.registry.save_organisation(Organisation(name="UBND xã Thử"))
        site_of(opened, parse_target(f"http://127.0.0.1:{port}/"))
        yield opened


def work(workspace: Workspace, schedule: Schedule, clock: Clock) -> list[Turn]:
    return run_due(workspace, schedule, KNOWLEDGE, clock, Silent, str)


def test_what_is_due_is_done_once_in_each_period(workspace: Workspace, port: int, tmp_path: Path) -> None:
    clock, schedule = Clock(), plan(report=True)
    with nginx(tmp_path / "n", [block(port)], [port]):
        assert [site.target.port for site in due_sites(workspace, schedule, clock())] == [port]
        [first] = work(workspace, schedule, clock)
        assert first.judged is not None
        assert Path(first.report).stat().st_size > 10_000
        assert work(workspace, schedule, clock) == []
        clock.now += WEEK
        [second] = work(workspace, schedule, clock)
        assert second.judged is not None
        assert second.judged.scan.id != first.judged.scan.id
        clock.now -= 2 * WEEK  # somebody sets the clock back: no scan of the future counts for that week
        assert len(work(workspace, schedule, clock)) == 1
        assert work(workspace, schedule, clock) == []
    assert worst_exit([first, second]) in (0, 3)
    states = {run.state for run in workspace.schedule.runs()}
    assert states == {RunState.DONE}


def test_two_at_once_scan_once(workspace: Workspace, port: int, tmp_path: Path) -> None:
    turns: list[Turn] = []
    with nginx(tmp_path / "n", [block(port)], [port]):
        threads = [threading.Thread(target=lambda: turns.extend(work(workspace, plan(), Clock()))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(turns) == 1
    assert len(workspace.scans.summaries()) == 1


def test_a_killed_run_is_taken_up_and_a_running_one_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    schedule, [site] = plan(), workspace.registry.sites()
    slot = last_slot(schedule, BEGIN.astimezone())
    dead = ProcessMark(host="x", pid=1)
    assert workspace.schedule.take_turn(site.id, slot, BEGIN, dead, lambda *_: True)
    # A process on another computer cannot be asked, so it counts as alive.
    assert due_sites(workspace, schedule, BEGIN) == []
    gone = ProcessMark(host=socket.gethostname(), pid=2**22 - 3, started="never")
    assert workspace.schedule.take_turn(site.id, slot, BEGIN, gone, lambda *_: True)
    assert [one.id for one in due_sites(workspace, schedule, BEGIN)] == [site.id]
    workspace.schedule.take_turn(site.id, slot, BEGIN, gone, lambda *_: True)
    assert due_sites(workspace, schedule, BEGIN) == []  # begun three times: enough


def test_without_permission_the_others_are_still_scanned(workspace: Workspace, port: int, tmp_path: Path) -> None:
    site_of(workspace, parse_target("http://192.0.2.7/"))
    with nginx(tmp_path / "n", [block(port)], [port]):
        turns = work(workspace, plan(), Clock())
    assert {turn.site.target.host: turn.error is None for turn in turns} == {"127.0.0.1": True, "192.0.2.7": False}
    assert worst_exit(turns) == 4
    faults = [run.fault for run in workspace.schedule.runs() if run.fault]
    assert len(faults) == 1
    digest, _ = build_digest(workspace, KNOWLEDGE, "en", BEGIN, share, str, turns)
    assert [bool(page.fault) for page in sorted(digest.pages, key=lambda p: p.name)] == [False, True]


def send(workspace: Workspace, schedule: Schedule, clock: Clock) -> bool:
    def sentence(error: SecauditError) -> str:
        return str(error)

    return send_due_digest(
        workspace, schedule, clock,
        lambda: build_digest(workspace, KNOWLEDGE, "en", clock(), share, sentence),
    )  # fmt: skip


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())


def test_the_digest_tells_what_changed_since_the_one_before(workspace: Workspace, port: int, tmp_path: Path) -> None:
    clock = Clock()
    safe = "add_header X-Content-Type-Options nosniff always;"
    with serving() as (mail_port, box):
        schedule = plan(mail=MailSettings(host="127.0.0.1", port=mail_port, security=MailSecurity.NONE,
                                          sender="secaudit@xa.example", recipients=("a@xa.example",)))  # fmt: skip
        for number, extra in enumerate((safe, "", safe, "")):
            with nginx(tmp_path / f"n{number}", [block(port, extra)], [port]):
                work(workspace, schedule, clock)
            assert send(workspace, schedule, clock)
            assert not send(workspace, schedule, clock)  # once in each period
            clock.now += WEEK
    first, second, third, fourth = box.mails
    title = KNOWLEDGE.title("header.nosniff-missing", "en")
    assert "there is none to compare with" in body(first)
    assert "New (" not in body(first)
    assert f"New (1):\n  [Low] {title}" in body(second).replace("\r", "") or title in body(second)
    assert "1 new" in second["Subject"]
    assert "1 fixed" in third["Subject"]
    assert "Fixed (1):" in body(third)
    assert "Back again (1):" in body(fourth)
    assert "1 back again" in fourth["Subject"]
    assert len({mail["Message-ID"] for mail in box.mails}) == 4


def test_a_digest_that_was_not_taken_is_tried_again(workspace: Workspace) -> None:
    clock, mail_port = Clock(), free_port()
    schedule = plan(mail=MailSettings(host="127.0.0.1", port=mail_port, security=MailSecurity.NONE,
                                      sender="secaudit@xa.example", recipients=("a@xa.example",)))  # fmt: skip
    with pytest.raises(BadInput, match="did not take the digest"):
        send(workspace, schedule, clock)
    with serving() as (real_port, box):
        assert schedule.mail is not None
        found = schedule.model_copy(update={"mail": schedule.mail.model_copy(update={"port": real_port})})
        assert send(workspace, found, clock)
    assert "! Never scanned so far." in body(box.mails[0])


def test_quiet_weeks_send_nothing_when_asked_for_news_only(workspace: Workspace, port: int, tmp_path: Path) -> None:
    clock = Clock()
    with serving() as (mail_port, box), nginx(tmp_path / "n", [block(port)], [port]):
        schedule = plan(mail=MailSettings(host="127.0.0.1", port=mail_port, security=MailSecurity.NONE, only_news=True,
                                          sender="secaudit@xa.example", recipients=("a@xa.example",)))  # fmt: skip
        sent = []
        for _ in range(2):
            [turn] = work(workspace, schedule, clock)
            assert turn.judged is not None
            sent.append(send(workspace, schedule, clock))
            clock.now += WEEK
    complete = turn.judged.scan.status.value == "complete"
    assert sent == ([False, False] if complete else [True, True])
    assert len(box.mails) == sum(sent)
