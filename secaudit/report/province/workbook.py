"""The report over many systems as a workbook: to filter, to sort and to sum up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from secaudit.i18n import catalogue
from secaudit.model.base import Text
from secaudit.model.words import Severity
from secaudit.report.cells import Value, cell_formats, wide_sheet, write_row
from secaudit.report.format import zone_of
from secaudit.report.labels import LABELS, N_
from secaudit.report.province.facts import Province, RankedSystem


def write_province_workbook(model: Province, language: str) -> bytes:
    """Return the workbook in `vi` or `en`. Nothing in it is ever a formula, a link or a macro."""
    return _Book(model, language).write()


class _Book:
    def __init__(self, model: Province, language: str) -> None:
        self._model, self._language = model, language
        self._words = catalogue("report", language)
        self._buffer = BytesIO()
        options = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
        self._book = Workbook(self._buffer, {"in_memory": True, **options})
        self._formats = cell_formats(self._book)

    def write(self) -> bytes:
        title = self._say(N_("Cybersecurity of the web pages: overview"))
        made = self._model.made_at.replace(tzinfo=None)
        self._book.set_properties({"title": title, "author": "secaudit", "created": made})
        self._summary()
        self._systems()
        self._faults()
        self._groups()
        self._everything()
        if self._model.unused:
            heads = ((self._say(N_("File")), 40.0), (self._say(N_("Why, and what to do")), 100.0))
            lines = [(file.name, self._in(file.why)) for file in self._model.unused]
            self._sheet(N_("Files that do not count"), heads, lines, "text text")
        self._book.close()
        return self._buffer.getvalue()

    def _sheet(self, name: str, heads: Sequence[tuple[str, float]], rows: Iterable[Sequence[Value]], kinds: str) -> Any:
        page = wide_sheet(self._book, self._say(name)[:31], heads, self._formats)
        last = 0
        for last, row in enumerate(rows, 1):
            write_row(page, last, row, kinds.split(), self._formats)
        if last:
            page.autofilter(0, 0, last, len(heads) - 1)
        return page

    def _summary(self) -> None:
        model = self._model
        origin, kinds = self._say(N_("Origin of the files")), self._say(N_("Kinds of fault"))
        counts = [
            (f"{kinds}: {self._label('severity', severity)}", model.severities[severity]) for severity in Severity
        ]
        lines: list[tuple[str, Value]] = [
            (self._say(N_("Office")), model.office),
            (self._say(N_("Report made at")), self._moment(model.made_at)),
            *([(self._say(N_("Note")), "MẪU / SAMPLE")] if model.is_sample else []),
            (self._say(N_("Systems")), len(model.systems)),
            (self._say(N_("Systems scanned")), len(model.ranked)),
            (self._say(N_("Systems not scanned, or not all of their pages")), len(model.unscanned)),
            *self._solution(),
            *((f"{origin}: {self._label('seal', state)}", count) for state, count in model.seals.items()),
            *counts,
            *((self._say(N_("Notice")), self._in(notice)) for notice in model.notices),
        ]
        page = self._sheet(N_("Summary"), ((self._say(N_("What")), 48), (self._say(N_("Value")), 70)), [], "")
        for number, (name, value) in enumerate(lines, 1):
            kind = "moment" if isinstance(value, datetime) else "share" if isinstance(value, float) else "text"
            write_row(page, number, (name, value), ("text", kind), self._formats)

    def _solution(self) -> Iterator[tuple[str, Value]]:
        """Give the plan's figure with its counts and the rule that it is made by."""
        figure, target = self._model.solution, self._say(N_("The plan's target"))
        yield self._say(N_("Systems with the solution of level 3")), figure.have
        yield self._say(N_("Systems that the plan is about")), figure.all
        yield self._say(N_("Share with the solution of level 3")), figure.share
        for part in figure.kinds if len(figure.kinds) > 1 else ():
            yield self._in(part.name), f"{part.have}/{part.all}"
        yield self._say(N_("Systems of other kinds, not counted")), figure.left_out
        for line in figure.targets:
            state = N_("reached") if line.reached else N_("not reached yet")
            yield f"{target} {line.year}", f"{line.wanted}%: {self._say(state)}"
        own, shipped = N_("Rule of the office that made this report"), N_("Rule (the program's default)")
        yield self._say(own if figure.own else shipped), "; ".join(self._in(one) for one in figure.conditions)
        yield self._say(N_("Counted are systems of these kinds")), "; ".join(map(self._in, figure.kinds_named))

    def _systems(self) -> None:
        heads = [
            (self._say(head), width)
            for head, width in (
                (N_("Rank"), 7.0), (N_("Office"), 34), (N_("System"), 34), (N_("Web page"), 30), (N_("Operator"), 26),
                (N_("Level"), 7), (N_("Points"), 8), (N_("Points of faults"), 9), (N_("Points of contradictions"), 9),
                (N_("Points of age"), 8),
            )
        ]  # fmt: skip
        heads += [(self._label("severity", severity), 9.0) for severity in Severity]
        heads += [
            (self._say(head), width)
            for head, width in (
                (N_("Contradicted"), 9.0), (N_("Requirements that apply"), 9), (N_("Requirements met"), 8),
                (N_("Requirements partly met"), 9), (N_("Not answered"), 9), (N_("Met in full"), 9),
                (N_("Progress"), 9),
                (N_("Scanned"), 17), (N_("Days since"), 8), (N_("Solution of level 3"), 10), (N_("What it lacks"), 40),
                (N_("File"), 26), (N_("Seal"), 22), (N_("Signed by"), 26),
            )
        ]  # fmt: skip
        kinds = "text " * (10 + len(Severity) + 5) + "share share moment text text text text text text"
        name = N_("Ranking by risk")
        self._sheet(name, heads, (self._system(one) for one in self._model.systems), kinds)

    def _system(self, one: RankedSystem) -> Sequence[Value]:
        state, risk = one.state, one.risk
        points = (risk.findings, risk.contradicted, risk.age) if risk else (None, None, None)
        oldest = min((look.at for look in state.looks), default=None)
        unscanned, unsent = self._say(N_("not scanned")), self._say(N_("no file came"))
        unseen = [f"{page} ({unscanned})" for page in state.unseen] + [f"{page} ({unsent})" for page in state.unsent]
        has = N_("yes") if one.has_solution else N_("not yet") if one.counted else N_("not counted")
        return (
            one.rank, state.office, state.name, ", ".join([*(look.url for look in state.looks), *unseen]),
            state.operator, state.level, one.points, *points, *(state.count(severity) for severity in Severity),
            state.contradicted, state.applicable, state.met, state.partial, state.unanswered, state.strict,
            state.progress, self._moment(oldest) if oldest else None, one.days,
            self._say(has), "; ".join(self._in(lack) for lack in one.lacks), state.source,
            self._label("seal", state.sealed) if state.sealed else None, "; ".join(state.signers),
        )  # fmt: skip

    def _faults(self) -> None:
        heads = [
            (self._say(head), width)
            for head, width in (
                (N_("Fault seen"), 36.0), (N_("Check"), 24), (N_("Severity"), 13), (N_("Systems"), 9),
                (N_("Share of those scanned"), 10), (N_("What to do once for all"), 46),
                (N_("Who usually does it"), 24), (N_("Shared address or operator"), 26), (N_("Systems there"), 9),
            )
        ]  # fmt: skip
        rows = (
            (
                self._in(fault.title), fault.check, self._label("severity", fault.severity), fault.systems, fault.share,
                self._in(fault.action), self._label("responsible", fault.responsible),
                fault.place.name if fault.place else None, fault.place.systems if fault.place else None,
            )
            for fault in self._model.faults
        )  # fmt: skip
        self._sheet(N_("Shared faults"), heads, rows, "text text text text share text text text text")

    def _groups(self) -> None:
        heads = [
            (self._say(head), width)
            for head, width in (
                (N_("Group"), 56.0), (N_("Systems"), 10), (N_("Requirements that apply"), 12),
                (N_("Requirements met"), 10), (N_("Requirements partly met"), 10), (N_("Met in full"), 10),
                (N_("Progress"), 10),
            )
        ]  # fmt: skip
        rows = (
            (
                f"{group.id} {self._in(group.title)}", group.systems, group.applicable, group.met, group.partial,
                group.strict, group.progress,
            )
            for group in self._model.groups
        )  # fmt: skip
        self._sheet(N_("Groups"), heads, rows, "text text text text text share share")

    def _everything(self) -> None:
        """Write every fault of every system, one a row, to filter and count."""
        heads = [
            (self._say(head), width)
            for head, width in (
                (N_("Office"), 34.0), (N_("System"), 34), (N_("Severity"), 13), (N_("Fault seen"), 46),
                (N_("Check"), 24), (N_("Places"), 9), (N_("Who usually does it"), 24),
            )
        ]  # fmt: skip
        rows = (
            (
                one.state.office, one.state.name, self._label("severity", fault.severity), self._in(fault.title),
                fault.check, fault.places, self._label("responsible", fault.responsible),
            )
            for one in self._model.systems
            for fault in one.state.faults
        )  # fmt: skip
        self._sheet(N_("Faults by system"), heads, rows, "text text text text text text text")

    def _moment(self, at: datetime) -> datetime:
        return at.astimezone(zone_of(self._model.made_at)).replace(tzinfo=None)

    def _say(self, message: str) -> str:
        return self._words.gettext(message)

    def _label(self, table: str, word: str) -> str:
        known = LABELS[table][word]
        return self._say(known)

    def _in(self, text: Text | None) -> str:
        return text.in_language(self._language) if text else ""
