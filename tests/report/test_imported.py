"""Imported results in the report: shown in the tool's own words, counted, bounded, and nothing but text."""

from __future__ import annotations

from dataclasses import replace

from secaudit.model.imported import ImportFormat, ImportSource
from secaudit.model.observation import ImportedFinding
from secaudit.model.scan import Scan
from secaudit.model.traffic import Budget, ProbeTraffic, Traffic
from secaudit.report.build import build_report
from secaudit.report.html import render_html
from secaudit.report.imported import MOST_SHOWN
from tests.report.sample import AT, sample_inputs
from tests.report.test_hostile import CORPUS
from tests.report.tree import Element, read_html


def _import(count: int, words: str = "nginx") -> Scan:
    own = sample_inputs(answered=True).scan
    found = [
        ImportedFinding(
            target=words, at=AT, tool=words, rule=f"{words}{number}", title=words, severity=words, evidence=words
        )
        for number in range(count)
    ]
    source = ImportSource(
        format=ImportFormat.ZAP, tool=words, tool_version=words, file_name=words, sha256="0" * 64, size=1, made_at=AT
    )
    return own.model_copy(update={"id": "x", "observations": tuple(found), "source": source})


def _tree(element: Element) -> object:
    return element.tag, sorted(element.attributes), [_tree(child) for child in element.children]


def test_results_stand_in_the_report_with_the_tools_own_grade() -> None:
    inputs = replace(sample_inputs(answered=True), imports=[_import(MOST_SHOWN + 5, "ZAP-words")])
    model = build_report(inputs)
    [entry] = model.imports
    assert (len(entry.findings), entry.omitted, entry.severities) == (MOST_SHOWN, 5, {"ZAP-words": MOST_SHOWN + 5})
    page = render_html(model, "en")
    assert page.count("ZAP-words99") == 1
    assert "5 more results are not shown." in page
    assert model.findings == build_report(sample_inputs(answered=True)).findings


def test_without_imports_the_report_does_not_mention_them() -> None:
    own = sample_inputs(answered=True)
    assert build_report(replace(own, imports=[own.scan])).imports == ()
    assert 'id="imports"' not in render_html(build_report(own), "en")


def test_hostile_words_stay_text() -> None:
    harmless = read_html(render_html(build_report(replace(sample_inputs(answered=True), imports=[_import(1)])), "en"))
    for name, words in CORPUS.items():
        model = build_report(replace(sample_inputs(answered=True), imports=[_import(1, words[:3000])]))
        page = read_html(render_html(model, "en"))
        assert _tree(page) == _tree(harmless), name


def test_what_was_sent_stands_beside_the_tools() -> None:
    traffic = Traffic(
        connections=1234, requests=56, received=7_890_000, busiest_second=321,
        probes={"http": ProbeTraffic(connections=56, requests=56, received=7_890_000)},
        budget=Budget(connections=1234, per_second=500, requests=100, megabytes=20), spent="connections",
    )  # fmt: skip
    own = sample_inputs(answered=True)
    model = build_report(replace(own, scan=own.scan.model_copy(update={"traffic": traffic})))
    page = render_html(model, "en")
    sent = "Sent: 1,234 connections (at most 321 in one second), 56 HTTP requests; received: 7,890 kB."
    assert sent in page
    assert "The profile allows 1,234 connections, 100 HTTP requests and 20 MB." in page
    assert "This limit was reached" in page
    assert model.model_dump(mode="json")["scan"]["traffic"]["probes"]["http"]["requests"] == 56
