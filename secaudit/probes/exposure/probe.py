"""The exposure probe: a fingerprint of the host's "not found", then files and pages that should not be there."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

from secaudit.model.base import Reason
from secaudit.model.exposure_look import ExposureObservation, FileLook, ScriptFileObservation
from secaudit.model.observation import HttpExchange, Observation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from secaudit.probes.exposure.asking import Asker, Question, decoded
from secaudit.probes.exposure.limits import BUDGETS, PAGE_BYTES, REQUEST_SECONDS, SCRIPT_BYTES, SIDE_BY_SIDE
from secaudit.probes.exposure.pace import Pace, Watch
from secaudit.probes.exposure.scripts import script_look, wanted_scripts
from secaudit.probes.http.fetch import Ask, fetch
from secaudit.probes.http.identity import request_headers
from secaudit.probes.http.limits import Limits
from secaudit.probes.http.probe import sides
from secaudit.probes.http.spare import Spare
from secaudit.probes.http.visit import Errand, make_visit
from secaudit.probes.probe import PlannedStep, ProbeContext
from secaudit.reference.datasets import data_of
from secaudit.reference.paths import entries_for, filled_paths
from secaudit.reference.shapes import VulnerableScripts

_SHARE_OF_TIME = 0.9
_LEAST_SECONDS = 0.5
_FINGERPRINTS = ("/{a}", "/{b}.php", "/{b}.zip", "/{a}/", "/.{a}")
"""Addresses that cannot exist; the first ones in smaller profiles."""


class ExposureProbe:
    """Asks for the profile's list over the side of the site that answers, https preferred."""

    name = "exposure"

    def __init__(
        self, random_name: Callable[[], str] = lambda: "s" + secrets.token_hex(8), pace: Callable[[float], Pace] = Pace
    ) -> None:
        self._random_name = random_name
        self._pace = pace

    def plan(self, target: Target, options: ScanOptions) -> list[PlannedStep]:
        """Return what `run` would send; sends nothing itself."""
        side = sides(target, options)[1].origin
        budget = BUDGETS[options.profile]
        files = len(_questions(target, options))
        steps = (
            ("exposure-plan-page", 1),
            ("exposure-plan-fingerprints", budget.fingerprints + 1),
            ("exposure-plan-files", files),
            ("exposure-plan-scripts", budget.scripts),
        )
        return [
            PlannedStep(self.name, side, Reason(code=code, params={"count": count}), connections=count)
            for code, count in steps
        ]

    def run(self, target: Target, context: ProbeContext) -> Iterator[Observation]:
        """Yield what each request saw, then how the look went as a whole, then the scripts."""
        pace = self._pace(BUDGETS[context.options.profile].per_second)
        with Spare(SIDE_BY_SIDE) as spare:
            yield from _Look(target, context, pace, self._random_name, spare).observations()


def _questions(base: Target, options: ScanOptions) -> list[Question]:
    return [
        Question(entry.id, base.model_copy(update={"path": path}), entry)
        for entry in entries_for(options.profile)
        for path in filled_paths(entry, base.host)
    ]


class _Look:
    """One run."""

    def __init__(
        self, target: Target, context: ProbeContext, pace: Pace, random_name: Callable[[], str], spare: Spare
    ) -> None:
        self._target, self._context, self._pace = target, context, pace
        self._budget = BUDGETS[context.options.profile]
        allowed = min(context.options.time_limit * _SHARE_OF_TIME, self._budget.seconds)
        self._deadline = time.monotonic() + allowed
        self._random_name = random_name
        self._spare = spare
        self._asker = Asker(context.gate, context.options.contact, context.clock, self._seconds, spare=spare)
        self._base = target
        self._seen: list[FileLook] = []
        self._controls: list[FileLook] = []

    def _seconds(self) -> float:
        return max(_LEAST_SECONDS, min(REQUEST_SECONDS, self._deadline - time.monotonic()))

    def _may_go_on(self) -> bool:
        return not self._context.stop.is_set() and time.monotonic() < self._deadline - _LEAST_SECONDS

    def observations(self) -> Iterator[Observation]:
        base, page, fault = self._first_page()
        questions = _questions(base, self._context.options)
        planned = len(questions) + self._budget.fingerprints + 3
        if fault is not None:
            entries = tuple(dict.fromkeys(question.entry for question in questions))
            yield ExposureObservation(
                target=base.origin, at=self._context.clock(), fault=fault, entries=entries, planned=planned,
                asked=self._pace.taken,
            )  # fmt: skip
            return
        self._base = base
        watch = Watch(self._still_answers)
        for look in (*self._fingerprints(), self._ask(Question("home", base))):
            watch.note(look.number, 0 if look.fault else look.status)
            yield look
        for look in self._side_by_side(questions, watch):
            yield look
        if self._may_go_on():
            watch.end(self._first_like_the_last)
        yield from self._controls
        yield self._whole(base, questions, planned, watch)
        if watch.stopped is None:
            yield from self._scripts(page, base)

    def _first_page(self) -> tuple[Target, str, Reason | None]:
        """Return the origin that the site really lives at, its page, and a fault when neither side answered."""
        plain, secure = sides(self._target, self._context.options)
        headers = request_headers(self._context.options.contact, stays=True)
        fault: Reason | None = None
        for side in (secure, plain):
            self._context.say(Reason(code="http-fetching", params={"method": "GET", "url": side.url}))
            visit = make_visit(Errand("page-https", side, headers), self._context.gate, self._context.clock, self._page)
            if visit.page is not None:
                return parse_target(visit.page.url).model_copy(update={"path": "/"}), visit.page.body, None
            if visit.exchanges[0].status:
                return side.model_copy(update={"path": "/"}), "", None
            fault = fault or visit.fault
        return secure, "", fault or Reason(code="no-page")

    def _page(self, ask: Ask) -> HttpExchange:
        self._pace.turn()
        limits = Limits(seconds=self._seconds(), text_bytes=2 * PAGE_BYTES)
        return fetch(self._context.gate, ask, limits, self._spare)

    def _ask(self, question: Question) -> FileLook:
        number = self._pace.turn()
        self._context.say(Reason(code="http-fetching", params={"method": "GET", "url": question.target.url}))
        look = self._asker.look(question, number)
        self._seen.append(look)
        return look

    def _nonexistent(self, entry: str, shape: str) -> Question:
        path = shape.format(a=self._random_name(), b=self._random_name())
        return Question(entry, self._base.model_copy(update={"path": path}))

    def _fingerprints(self) -> Iterator[FileLook]:
        for shape in _FINGERPRINTS[: self._budget.fingerprints]:
            yield self._ask(self._nonexistent("no-such-page", shape))

    def _still_answers(self) -> bool:
        before = next(look for look in self._seen if look.entry == "no-such-page")
        now = self._ask(self._nonexistent("control", _FINGERPRINTS[0]))
        self._controls.append(now)
        return now.status == before.status and now.fault is None

    def _first_like_the_last(self) -> int:
        last = self._controls[-1]
        like = [s.number for s in self._seen if (s.status, s.body_sha256) == (last.status, last.body_sha256)]
        return min(like)

    def _side_by_side(self, questions: list[Question], watch: Watch) -> Iterator[FileLook]:
        def one(question: Question) -> FileLook | None:
            if watch.stopped is not None or not self._may_go_on():
                return None
            look = self._ask(question)
            watch.note(look.number, 0 if look.fault else look.status)
            return look

        with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE, thread_name_prefix="secaudit-exposure") as pool:
            for done in as_completed([pool.submit(one, question) for question in questions]):
                if (look := done.result()) is not None:
                    yield look

    def _whole(self, base: Target, questions: list[Question], planned: int, watch: Watch) -> ExposureObservation:
        stopped = watch.stopped
        answered = {look.target for look in self._seen}
        if stopped is not None:
            self._context.note(stopped)
        elif any(question.target.url not in answered for question in questions):
            stopped = Reason(code="exposure-no-time", params={"asked": self._pace.taken, "planned": planned})
            self._context.note(stopped)
        return ExposureObservation(
            target=base.origin,
            at=self._context.clock(),
            entries=tuple(dict.fromkeys(question.entry for question in questions)),
            planned=planned,
            asked=self._pace.taken,
            reliable=watch.reliable if watch.stopped is not None else self._pace.taken,
            stopped=stopped,
        )

    def _scripts(self, page: str, base: Target) -> Iterator[ScriptFileObservation]:
        libraries = data_of("vulnerable-js", VulnerableScripts).libraries
        for target in wanted_scripts(page, base, libraries, self._budget.scripts):
            if not self._may_go_on():
                return
            self._pace.turn()
            self._context.say(Reason(code="http-fetching", params={"method": "GET", "url": target.url}))
            answer, data = self._asker.bytes_of(target, SCRIPT_BYTES, ranged=True)
            yield script_look(target, answer, decoded(data, answer), libraries, self._context.clock())
