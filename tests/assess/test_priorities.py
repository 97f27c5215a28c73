"""What comes first."""

from __future__ import annotations

import re
from pathlib import Path

from secaudit.assess import judge
from secaudit.assess.findings import find
from secaudit.assess.priorities import first_things
from secaudit.checklist.loader import Library
from secaudit.checklist.reading import parse
from secaudit.model.requirement import CheckLink, Fix
from secaudit.model.words import AnswerValue, Obligation, Outcome, Severity
from tests.assess.making import T, answer, assessed, outcome, row, text
from tests.checklist.conftest import DATA

PASTE = {"nginx": Fix(text=T, code="ssl_protocols TLSv1.2 TLSv1.3;")}
TEXTS = {
    one.id: one
    for one in (
        text("port.telnet", Severity.CRITICAL),
        text("tls.sslv3", Severity.HIGH),
        text("tls.tls10", Severity.MEDIUM),
        text("cert.expired", Severity.HIGH),
        text("header.csp-missing", Severity.MEDIUM, fixes=PASTE),
        text("cookie.no-secure", Severity.MEDIUM),
        text("header.powered-by", Severity.INFO),
    )
}
LINKED = ("tls.sslv3", "tls.tls10")
ROWS = (
    row("1.1", contradicted_by=tuple(CheckLink(check=check, reason=T) for check in LINKED)),
    row("1.2", contradicted_by=(CheckLink(check="tls.sslv3", reason=T),)),
    row("1.3", contradicted_by=(CheckLink(check="cert.expired", reason=T),), obligation=Obligation.SUGGESTED),
    row("2.1", contradicted_by=()),
    row("2.2", contradicted_by=()),
    row("2.3", contradicted_by=()),
)


def failing(*checks: str) -> list[tuple[str, str]]:
    return [(check, f"xa.gov.vn:{n}") for n, check in enumerate(checks)]


def work(*checks: str, count: int = 5) -> list[tuple[str, str]]:
    seen = [outcome(check, Outcome.FAIL, target) for check, target in failing(*checks)]
    found = assessed(*ROWS, outcomes=seen)
    return [(one.kind, one.subject) for one in first_things(find(seen, TEXTS), [found], TEXTS, count)]


def test_severity_then_rows_then_ease() -> None:
    order = work("header.csp-missing", "cookie.no-secure", "cert.expired", "tls.sslv3", "port.telnet")
    assert order == [("findings", area) for area in ("port", "tls", "cert", "header", "cookie")]


def test_groups_follow_the_most_unassessed_first() -> None:
    assert work("cert.expired") == [("findings", "cert"), ("group", "2"), ("group", "1")]


def test_five_at_most() -> None:
    checks = ["header.csp-missing", "cookie.no-secure", "cert.expired", "tls.sslv3", "port.telnet"]
    assert len(work(*checks)) == 5
    assert len(work(*checks, count=3)) == 3


def test_one_place_of_work_holds_all_its_findings() -> None:
    seen = [outcome(check, Outcome.FAIL) for check in ("tls.tls10", "tls.sslv3")]
    found = assessed(*ROWS, outcomes=seen)
    tls = first_things(find(seen, TEXTS), [found], TEXTS)[0]
    assert tls.checks == ("tls.sslv3", "tls.tls10")
    assert tls.severity is Severity.HIGH
    assert tls.requirements == ("own-list:1.1", "own-list:1.2")
    assert tls.reason.params == {"count": 2, "rows": 2}


def test_information_is_no_work() -> None:
    assert work("header.powered-by")[0][0] == "group"


def test_a_suggested_row_adds_no_weight() -> None:
    seen = [outcome("cert.expired", Outcome.FAIL)]
    found = assessed(*ROWS, outcomes=seen)
    assert first_things(find(seen, TEXTS), [found], TEXTS)[0].requirements == ()


def test_a_group_that_is_done_is_not_named() -> None:
    answers = [answer(requirement=one.id) for one in ROWS if one.group == "2"]
    answers.append(answer(AnswerValue.NOT_MET, "1.1"))
    found = assessed(*ROWS, answers=answers)
    (group,) = first_things([], [found], TEXTS)
    assert (group.subject, group.requirements) == ("1", ("own-list:1.1", "own-list:1.2"))
    assert group.reason.params == {"group": "1", "unassessed": 1, "open": 2}


def test_nothing_to_do() -> None:
    assert first_things([], [], {}) == ()
    done = assessed(row("1.1"), answers=[answer()])
    assert first_things([], [done], {}) == ()


def test_every_reason_has_words() -> None:
    phrases = Library(DATA).phrases
    seen = [outcome("tls.sslv3", Outcome.FAIL), outcome("cert.expired", Outcome.FAIL, "b:443")]
    found = assessed(*ROWS, outcomes=seen)
    reasons = [one.reason for one in first_things(find(seen, TEXTS), [found], TEXTS)]
    reasons += [reason for one in found.rows for reason in one.reasons]
    assert len({reason.code for reason in reasons}) == 4
    for reason in reasons:
        for language in ("vi", "en"):
            assert reason.code not in phrases.render(reason, language)


def test_the_phrases_of_this_room_are_those_it_uses() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(judge.__file__).parent.glob("*.py")))
    used = set(re.findall(r'"((?:row|priority)-[a-z-]+)"', source))
    worded = set(parse((DATA / "phrases" / "assess.yaml").read_text(encoding="utf-8"), "assess.yaml"))
    assert used == worded
