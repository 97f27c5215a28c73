"""The trend as figures: points, times to fix, movements; and how it is drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from xlsxwriter import Workbook

from secaudit.i18n import catalogue
from secaudit.model.judgement import Finding, finding_identity
from secaudit.model.past import FindingLife, LifeState
from secaudit.model.words import Profile, Severity
from secaudit.report.build import build_report
from secaudit.report.format import Formatter
from secaudit.report.model import report_json
from secaudit.report.trend.bars import letter_bar
from secaudit.report.trend.build import MOST_POINTS, Moment, build_trend, movements, thin
from secaudit.report.trend.charts import TrendCharts
from secaudit.report.trend.facts import CertificateDays, Trend
from secaudit.report.trend.sheet import add_trend_sheet
from secaudit.report.trend.words import trend_words
from tests.report.conftest import Render
from tests.report.sample import sample_inputs
from tests.report.tree import read_html

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
NOW = BEGIN + timedelta(days=100)


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def finding(name: str, severity: Severity = Severity.HIGH) -> Finding:
    return Finding(identity=finding_identity(name, "a:1", ""), check=name, severity=severity, target="a:1")


def life(
    name: str, first: float, ended: float | None = None, state: LifeState | None = None, *, back: bool = False,
    severity: Severity = Severity.HIGH,
) -> FindingLife:  # fmt: skip
    return FindingLife(
        finding=finding(name, severity), first_seen=day(first), last_seen=day(first), back=back,
        state=state or ("open" if ended is None else "fixed"), ended=None if ended is None else day(ended),
    )  # fmt: skip


STORY = (
    life("tls.a", 0, 10),
    life("tls.b", 0, 30, severity=Severity.LOW),
    life("tls.c", 10, 30),
    life("tls.c", 60, back=True),
    life("tls.d", 0, 50, "no-longer-applies"),
    life("tls.e", 0, None, "unproven"),
)


def trend(scans: int = 3, endpoint: str = "xa.example:443") -> Trend:
    given = sample_inputs(answered=True)
    moments = [
        Moment(
            at=day(30 * number), assessments=[given.assessments[0]],
            findings=[finding(f"tls.a{n}", list(Severity)[n % 3]) for n in range(3 * (scans - number))],
            scan=f"s{number}", profile=Profile.QUICK if number else Profile.FULL, complete=bool(number),
            certificates=[CertificateDays(endpoint=endpoint, days_left=90 - 30 * number)],
        )
        for number in range(scans)
    ]  # fmt: skip
    return build_trend(moments, STORY, scans, NOW)


def test_times_to_fix_count_proofs_only() -> None:
    made = trend()
    assert made.total is not None
    assert (made.total.fixed, made.total.median, made.total.longest) == (3, 20.0, 30.0)
    assert (made.total.open, made.total.unproven, made.total.oldest) == (2, 1, 100.0)
    assert {line.severity: (line.fixed, line.median) for line in made.fix_times} == {
        Severity.HIGH: (2, 15.0),
        Severity.LOW: (1, 30.0),
    }


def test_movements_always_add_up() -> None:
    for start, end in ((0, 100), (5, 55), (10, 30), (-1, 0), (61, 99)):
        for line in movements(STORY, day(start), day(end)):
            assert line.before + line.new + line.back - line.fixed - line.moot == line.now, (start, end, line)
    together = movements(STORY, day(5), day(100))[-1]
    assert (together.before, together.new, together.back, together.fixed, together.moot, together.now) == (
        4, 1, 1, 3, 1, 2,
    )  # fmt: skip
    assert together.unproven == 1


def test_points_carry_the_figures_of_their_assessments() -> None:
    made = trend()
    [assessment, _] = sample_inputs(answered=True).assessments
    assert made.comparable
    assert made.mixed
    assert [point.severities[Severity.CRITICAL] for point in made.points] == [3, 2, 1]
    assert {point.strict for point in made.points} == {assessment.total.strict}
    assert {point.progress for point in made.points} == {assessment.total.progress}
    assert [point.certificates[0].days_left for point in made.points] == [90, 60, 30]


@pytest.mark.parametrize(("count", "every"), [(10, 1), (24, 1), (60, 0.1), (150, 7), (400, 7), (2000, 1), (3000, 30)])
def test_thinning_keeps_both_ends_and_the_order(count: int, every: float) -> None:
    days = [day(number * every) for number in range(count)]
    kept = thin(days, lambda at: at)
    assert len(kept) <= MOST_POINTS
    assert kept == sorted(set(kept))
    assert kept[-1] == days[-1]
    if count * every < 365 * MOST_POINTS:
        assert kept[0] == days[0]
    if count <= MOST_POINTS:
        assert kept == days


def drawn(made: Trend, language: str = "vi") -> TrendCharts:
    return TrendCharts(made, catalogue("report", language), Formatter(language, UTC))


def test_charts_tell_their_series_apart_without_colour_and_say_their_numbers() -> None:
    charts = drawn(trend())
    figures = read_html(str(charts.figures()))
    [svg] = figures.all("svg")
    assert svg.attributes["role"] == "img"
    lines = figures.all("polyline")
    assert len(lines) == 2
    assert len({line.attributes.get("stroke-dasharray") for line in lines}) == 2
    assert figures.all("circle")
    assert figures.all("rect"), "each line has a mark of its own"
    described = figures.all("desc")[0].words
    assert described.count("%") == 6
    strips = read_html(str(charts.findings()))
    numbers = [text.text for text in strips.all("text")]
    assert [numbers.count(str(n)) for n in (1, 2, 3)] == [3, 3, 3], "three severities with three counts each"
    assert drawn(trend()).certificates().count("<polyline") == 1


def test_hostile_names_stay_text_in_charts() -> None:
    name = '"><script>alert(1)</script>:443'
    harmless, hostile = (str(drawn(trend(endpoint=one)).certificates()) for one in ("x" * 31, name))
    count = lambda text: [element.tag for element in read_html(text).walk()]  # noqa: E731
    assert count(hostile) == count(harmless)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_report_shows_charts_with_tables_beside(render: Render, language: str) -> None:
    from dataclasses import replace

    report = build_report(replace(sample_inputs(answered=True), trend=trend()))
    page = render(report, language)
    tree = read_html(page)
    [section] = [one for one in tree.all("section") if one.attributes.get("id") == "trend"]
    assert len([svg for svg in section.all("svg") if svg.attributes.get("role") == "img"]) == 3
    assert len(section.all("table")) == 2
    assert len(section.all("tr")) == 1 + 3 + 1 + 2 + 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_one_scan_draws_no_line_and_says_why(render: Render) -> None:
    from dataclasses import replace

    lonely = build_trend([], STORY[:1], 1, NOW)
    assert not lonely.comparable
    page = render(build_report(replace(sample_inputs(answered=True), trend=lonely)), "en")
    assert "nothing to compare yet" in page
    assert "<polyline" not in page
    assert 'id="trend"' not in render(build_report(sample_inputs(answered=True)), "en")


def test_the_json_carries_the_trend() -> None:
    from dataclasses import replace

    data = report_json(build_report(replace(sample_inputs(answered=True), trend=trend())))
    assert [point["severities"]["critical"] for point in data["trend"]["points"]] == [3, 2, 1]
    assert data["trend"]["total"]["median"] == 20.0


def sheet(made: Trend) -> bytes:
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    add_trend_sheet(book, made, catalogue("report", "en").gettext, UTC)
    book.close()
    return buffer.getvalue()


def test_the_workbook_has_numbers_and_charts_over_them() -> None:
    import zipfile

    data = sheet(trend())
    page = openpyxl.load_workbook(BytesIO(data))["Trend"]
    rows: Sequence[tuple[object, ...]] = list(page.iter_rows(values_only=True))
    assert [type(row[0]) for row in rows[1:4]] == [datetime] * 3
    assert [row[8] for row in rows[1:4]] == [3, 2, 1]
    assert [row[13] for row in rows[1:4]] == [90, 60, 30]
    archive = zipfile.ZipFile(BytesIO(data))
    charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    drawing = archive.read("xl/drawings/drawing1.xml").decode("utf-8")
    assert drawing.count('descr="') == 3, "alternative text"
    stacked = next(text for name in charts if "c:barChart" in (text := archive.read(name).decode("utf-8")))
    assert len(set(re.findall(r'a:pattFill prst="(\w+)"', stacked))) == 3, "fills that differ without colour"


def test_a_workbook_with_one_scan_says_that_there_is_nothing_to_compare() -> None:
    page = openpyxl.load_workbook(BytesIO(sheet(build_trend([], [], 1, NOW))))["Trend"]
    assert "nothing to compare" in str(page["A2"].value)


def test_words_for_word_carry_the_same_numbers_with_bars() -> None:
    made = trend()
    words = trend_words(made, catalogue("report", "en"), Formatter("en", UTC))
    assert [line["critical"] for line in words["points"]] == ["3", "2", "1"]
    assert [line["days_left"] for line in words["points"]] == ["90", "60", "30"]
    assert {line["strict_bar"] for line in words["points"]} == {letter_bar(made.points[0].strict or 0)}
    assert words["fix_times"][-1] == {
        "severity": "Together", "fixed": "3", "median": "20 days", "longest": "30 days", "open": "2",
        "oldest": "100 days",
    }  # fmt: skip
    assert words["comparable"] is True


@pytest.mark.parametrize(("share", "letters"), [(0, ""), (0.001, "▌"), (0.5, "██"), (0.999, "███▌"), (1, "████")])
def test_a_bar_is_empty_only_for_nothing_and_full_only_for_all(share: float, letters: str) -> None:
    assert letter_bar(share, 4) == letters
