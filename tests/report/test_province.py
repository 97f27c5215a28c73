"""Many systems in one report: ranking, common faults, groups, and what does not count."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from secaudit.app.knowledge import Knowledge
from secaudit.app.portfolio import RuleInForce
from secaudit.app.province_solution import portfolio_of_files, solution_figure, verdicts_of
from secaudit.model.base import Text
from secaudit.model.organisation import SystemKind
from secaudit.model.words import Profile, ScanStatus, Severity
from secaudit.report.province.build import ProvinceInputs, build_province
from secaudit.report.province.facts import (
    Fault,
    FileSeal,
    GroupFigure,
    PageLook,
    Province,
    SealState,
    SystemState,
    UnusedFile,
)
from secaudit.report.province.html import bands, first_faults, render_province
from secaudit.report.province.joining import newest
from secaudit.report.province.reading import MOST_BYTES, Sent, Unusable, read_report
from secaudit.report.province.risk import age_points, risk_of
from secaudit.report.province.workbook import write_province_workbook
from tests.province_files import NOW, base, commune
from tests.report.forms_sample import RULE
from tests.report.test_hostile import CORPUS
from tests.report.tree import read_html

S = Severity
KNOWLEDGE = Knowledge()


def fault(check: str, severity: Severity = S.MEDIUM) -> Fault:
    return Fault(check=check, severity=severity, title=Text(vi=f"Lỗi {check}", en=check))


def state(
    name: str, faults: Sequence[Fault] = (), *, days: int = 5, contradicted: int = 0, met: int = 10,
    scanned: bool = True, address: str = "203.0.113.10", **more: Any,
) -> SystemState:  # fmt: skip
    look = PageLook(
        url=f"https://{name}.example/", host=f"{name}.example", scan="s1", at=NOW - timedelta(days=days),
        status=ScanStatus.COMPLETE, profile=Profile.STANDARD, addresses=(address,),
    )  # fmt: skip
    group = GroupFigure(id="5.1", title=Text(vi="Nhóm", en="Group"), applicable=20, met=met, partial=0)
    given: dict[str, Any] = {
        "office": f"Ủy ban nhân dân xã {name}", "system": "he-thong-1", "name": f"Trang xã {name}", "level": 3,
        "made_at": NOW, "looks": (look,) if scanned else (), "unseen": () if scanned else (f"{name}.example",),
        "applicable": 20, "met": met, "partial": 0, "unanswered": 0, "contradicted": contradicted,
        "faults": tuple(faults), "groups": (group,), "source": f"{name}.json", "kind": SystemKind.PAGE,
        "pages_named": True, "assessed": True, "findings": dict(Counter(one.severity for one in faults)),
        "seals": (FileSeal(state=SealState.UNSEALED),),
    }  # fmt: skip
    return SystemState(**(given | more))


def built(*states: SystemState, **more: Any) -> Province:
    in_force = RuleInForce(RULE, None)
    found = portfolio_of_files(states, in_force, NOW.date())
    return build_province(
        ProvinceInputs(
            office="Ủy ban nhân dân thành phố Huế", states=states, now=NOW, from_files=True,
            verdicts=verdicts_of(found, KNOWLEDGE), solution=solution_figure(found, in_force, KNOWLEDGE), **more,
        )
    )  # fmt: skip


def test_points_are_the_documented_sum() -> None:
    faults = [fault("a.1", S.CRITICAL), fault("a.2", S.HIGH), fault("a.3"), fault("a.4", S.LOW), fault("a.5", S.INFO)]
    risk = risk_of(state("a", faults, days=61, contradicted=2), NOW)
    assert (risk.findings, risk.contradicted, risk.age, risk.points) == (60, 10, 3, 73)
    assert [age_points(days) for days in (0, 30, 39, 40, 390, 391, 5000)] == [0, 0, 0, 1, 36, 36, 36]


def test_contradictions_never_outweigh_what_was_seen() -> None:
    assert [risk_of(state("a", contradicted=rows), NOW).points for rows in (0, 1, 10, 11, 100)] == [0, 5, 50, 50, 50]


def test_the_first_page_names_what_takes_most_points_away() -> None:
    grave, slight = fault("a.grave", S.CRITICAL), fault("a.slight", S.LOW)
    made = built(*(state(f"x{n}", [slight, fault("a.info", S.INFO), *([grave] if n < 2 else [])]) for n in range(9)))
    assert [one.check for one in first_faults(made)] == ["a.grave", "a.slight"]
    assert [one.check for one in made.faults] == ["a.slight", "a.info", "a.grave"]


def test_ranking_puts_the_greatest_risk_first_and_never_ranks_what_nobody_scanned() -> None:
    made = built(
        state("sạch", met=20), state("nặng", [fault("a.1", S.CRITICAL)]), state("nhẹ", [fault("a.4", S.LOW)]),
        state("cũng nhẹ", [fault("a.6", S.LOW)]), state("chưa quét", scanned=False, met=20),
    )  # fmt: skip
    assert [(one.rank, one.state.name) for one in made.ranked] == [
        (1, "Trang xã nặng"), (2, "Trang xã cũng nhẹ"), (2, "Trang xã nhẹ"), (4, "Trang xã sạch"),
    ]  # fmt: skip
    [apart] = made.unscanned
    assert (apart.rank, apart.points, apart.has_solution) == (None, None, False)
    assert (made.solution.have, made.solution.all, made.solution.share) == (1, 5, 0.2)


def test_a_system_with_one_page_unseen_is_not_ranked() -> None:
    half = state("a", [fault("a.1")], unseen=("b.example",))
    assert built(half).ranked == ()
    assert built(half).unscanned[0].days == 5


def test_common_faults_name_how_many_systems_and_where_they_sit_together() -> None:
    many = [state(f"x{n}", [fault("tls.tls10"), fault("a.one") if n == 0 else fault("a.some")]) for n in range(4)]
    far = state("xa", [fault("tls.tls10", S.HIGH)], address="198.51.100.9", operator="Riêng")
    made = built(*many, far, state("khác"))
    first, second = made.faults
    assert (first.check, first.systems, first.share, first.severity) == ("tls.tls10", 5, 5 / 6, S.HIGH)
    assert first.place is not None
    assert (first.place.kind, first.place.name, first.place.systems) == ("address", "203.0.113.10", 4)
    assert (second.check, second.systems) == ("a.some", 3), "a fault of one system is not common"


def test_groups_are_over_all_systems_lowest_first() -> None:
    low = GroupFigure(id="5.9", title=Text(vi="Thấp", en="Low"), applicable=4, met=0, partial=2)
    made = built(state("a", met=20), state("b", met=10, groups=(low,)))
    assert [(line.id, line.strict, line.progress) for line in made.groups] == [("5.9", 0.0, 0.25), ("5.1", 1.0, 1.0)]


def test_bands_hold_every_system_once() -> None:
    shares = [0, 1, 5, 6, 10, 11, 15, 19, 20]
    made = built(*(state(f"x{n}", met=met) for n, met in enumerate(shares)))
    assert bands(made) == [1, 2, 2, 2, 1, 1]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return base(tmp_path_factory.mktemp("province") / "workspace")


def sent_file(data: dict[str, Any]) -> Sent:
    return read_report(json.dumps(data).encode("utf-8"), "xa.json", NOW, ())


def read(data: dict[str, Any]) -> SystemState:
    return sent_file(data).state


def test_a_report_is_read_as_it_was_sent(sent: dict[str, Any]) -> None:
    one = commune(sent, 3)
    found = read(one)
    assert found.office == one["organisation"]["name"]
    assert {item.check for item in found.faults} == {item["check"] for item in one["findings"]}
    assert (found.applicable, found.met) == (one["standing"]["applicable"], one["standing"]["met"])
    assert sum(group.met for group in found.groups) == found.met
    assert found.looks[0].addresses == tuple(one["scan"]["addresses"])


def test_fields_of_a_newer_program_are_passed_over(sent: dict[str, Any]) -> None:
    one = commune(sent, 1) | {"something-new": {"a": 1}}
    one["findings"][0]["new"] = [1]
    assert read(one).faults


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["standing"].update(met=d["standing"]["met"] + 1), "province-file-total"),
        (lambda d: d["lists"][0]["groups"][0]["standing"].update(met=0, applicable=1), "province-file-figures"),
        (lambda d: d["findings"].pop(), "province-file-counts"),
        (lambda d: d.update(made_at=(NOW + timedelta(days=3)).isoformat()), "province-file-from-the-future"),
        (lambda d: d.update(schema="secaudit.scan/1"), "province-file-no-report"),
        (lambda d: d.update(kind="annual"), "province-file-no-report"),
        (lambda d: d["system"].update(level=9), "province-file-field"),
        (lambda d: d["findings"][0].update(check="<script>"), "province-file-field"),
        (lambda d: d["scan"].update(started_at="2026-01-01T00:00:00"), "province-file-field"),
        (lambda d: d.pop("lists"), "province-file-field"),
    ],
)  # fmt: skip
def test_a_file_that_was_altered_does_not_count_and_says_why(sent: dict[str, Any], change: Any, code: str) -> None:
    one = commune(sent, 0)
    change(one)
    with pytest.raises(Unusable) as refused:
        read(one)
    assert refused.value.why.code == code


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe{}", b"[]", b"null", b'{"a": 1}', b"[" * 100_000])
def test_what_is_no_report_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(Unusable):
        read_report(data, "x.json", NOW, ())


def test_a_huge_file_is_not_even_parsed() -> None:
    with pytest.raises(Unusable) as refused:
        read_report(b" " * (MOST_BYTES + 1), "x.json", NOW, ())
    assert refused.value.why.code == "province-file-too-large"


def test_the_newest_file_of_each_page_counts(sent: dict[str, Any]) -> None:
    new = sent_file(commune(sent, 2))

    def other(**changes: Any) -> Sent:
        return replace(new, state=new.state.model_copy(update=changes))

    old = other(made_at=new.state.made_at - timedelta(days=1), met=0)
    look = new.state.looks[0].model_copy(update={"host": "b.example"})
    other_page = other(looks=(look,), faults=(fault("a.only"),))
    twin = other(superior="Ủy ban nhân dân tỉnh khác")
    counted, older = newest([new, old, other_page, twin])
    assert older == 1
    assert len(counted) == 2, "communes of the same name under another province are others"
    joined = next(one for one in counted if one.superior == new.state.superior)
    assert joined.met == new.state.met
    assert len(joined.looks) == 2
    assert "a.only" in {item.check for item in joined.faults}


def test_an_interrupted_scan_leaves_a_system_unranked(sent: dict[str, Any]) -> None:
    one = commune(sent, 0)
    one["scan"]["status"] = "interrupted"
    found = read(one)
    assert (found.scanned, found.faults) == (False, ())


def page(model: Province, language: str = "vi") -> str:
    return render_province(model, language)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_has_every_system_once_in_the_annex(language: str) -> None:
    made = built(
        *(state(f"x{n}", [fault("tls.tls10")]) for n in range(5)), state("y", scanned=False),
        unused=[UnusedFile(name="hỏng.json", why=Text(vi="Không đọc được.", en="Cannot be read."))], older=2,
    )  # fmt: skip
    tree = read_html(page(made, language))
    assert len(tree.all("article")) == 6
    assert len(tree.by_id("ranking").all("tr")) == 6
    assert "hỏng.json" in tree.by_id("overview").words
    links = {a.attributes["href"][1:] for a in tree.all("a")}
    assert links <= {element.attributes["id"] for element in tree.walk() if "id" in element.attributes}


def test_nothing_scanned_and_nothing_shared_still_makes_a_page() -> None:
    tree = read_html(page(built(state("y", scanned=False, applicable=0, met=0, groups=())), "en"))
    assert "No fault is shared" in tree.by_id("common").words
    assert "100%" not in tree.by_id("unscanned").words


@pytest.mark.parametrize("case", CORPUS)
def test_hostile_words_of_a_commune_stay_text_in_every_format(case: str, sent: dict[str, Any]) -> None:
    value = CORPUS[case].encode("utf-8", "replace").decode("utf-8")[:1500]

    def of(word: str) -> Province:
        one = commune(sent, 0)
        one["organisation"] |= {"name": word, "superior": word}
        one["system"] |= {"name": word, "operator": word}
        one["scan"] |= {"display_host": word, "url": word, "id": word, "addresses": [word]}
        for finding in one["findings"]:
            finding["title"] = {"vi": word, "en": word}
        data = json.dumps(one).encode("utf-8")
        states = [read_report(data, name, NOW, ()).state for name in (word, f"{word}2")]
        second = states[1].model_copy(update={"system": "khác"})
        return built(states[0], second, unused=[UnusedFile(name=word, why=Text(vi=word, en=word))])

    shapes = [[(e.tag, *sorted(e.attributes)) for e in read_html(page(of(word))).walk()] for word in (value, "nginx")]
    assert shapes[0] == shapes[1]
    for row in (
        row for sheet in openpyxl.load_workbook(BytesIO(write_province_workbook(of(value), "vi"))) for row in sheet
    ):
        for cell in row:
            assert cell.data_type != "f"
            assert cell.hyperlink is None


def test_the_workbook_has_real_numbers_and_a_row_for_each_system() -> None:
    made = built(
        *(state(f"x{n}", [fault("tls.tls10"), fault("a.b", S.CRITICAL)]) for n in range(3)), state("y", scanned=False)
    )
    book = openpyxl.load_workbook(BytesIO(write_province_workbook(made, "en")))
    assert book.sheetnames == ["Summary", "Ranking by risk", "Shared faults", "Groups", "Faults by system"]
    rows = list(book["Ranking by risk"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [1, 1, 1, None]
    assert [row[6] for row in rows] == [44, 44, 44, None]
    assert isinstance(rows[0][22], datetime)
    assert book["Faults by system"].max_row == 7
    assert book["Shared faults"]["E2"].value == 1


def test_the_json_says_its_schema_and_holds_both_lists() -> None:
    made = built(state("a"), state("b", scanned=False))
    data = json.loads(made.model_dump_json(by_alias=True))
    assert data["schema"] == "secaudit.province/1"
    assert (len(data["ranked"]), len(data["unscanned"])) == (1, 1)
    assert Province.model_validate(data) == made


def test_days_are_whole_and_in_utc_or_any_zone() -> None:
    late = state("a", days=40)
    assert built(late).ranked[0].days == 40
    assert risk_of(late, datetime(2027, 1, 1, tzinfo=UTC)).age > 0
