"""The report for programs, held against the formats' own schemas and read by other libraries."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import cmarkgfm
import icalendar
import openpyxl
import pytest
from jsonschema import Draft4Validator, Draft7Validator, Draft202012Validator
from trestle.core.validator_factory import validator_factory
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.poam import PlanOfActionAndMilestones

from secaudit.model.base import Text
from secaudit.model.remediation import Acceptance, ItemSource, ItemState, RegisterEntry, RemediationItem
from secaudit.model.words import Outcome, ProbeStatus, RowState, ScanStatus, Severity
from secaudit.report.build import build_report
from secaudit.report.model import ProbeEntry, ReportModel, report_json
from secaudit.report.programs import FORMATS
from secaudit.report.programs.ciso_assistant import AUDIT, FINDINGS, RESULTS
from secaudit.report.programs.content import Content
from secaudit.report.programs.oscal_poam import write_poam
from secaudit.report.programs.oscal_results import write_results
from secaudit.report.programs.plain import cell, sarif_text
from secaudit.report.programs.sarif import FINGERPRINT, LEVELS, address_of, write_sarif
from secaudit.report.programs.writers import WRITERS, report_schema
from secaudit.text import markdown, web_link
from tests.report.sample import NOW, sample_inputs
from tools.write_report_schema import FILE, schema_bytes

SCHEMAS = Path(__file__).parent / "schemas"
LANGUAGES = ("vi", "en")
ANSWERED = (True, False)


@cache
def sample(answered: bool = True) -> ReportModel:
    return build_report(sample_inputs(answered=answered))


def work(subject: str, state: ItemState = ItemState.ASSIGNED, source: ItemSource = ItemSource.FINDING, n: int = 1):
    item = RemediationItem(
        id=f"KP{n:04}", system="trang-tin", source=source, subject=subject, state=state, owner="Lê Văn Mẫu",
        due=date(2026, 12, 1), opened_at=NOW,
        accepted=Acceptance(by="Chủ tịch", reason="Chờ kinh phí", until=date(2026, 12, 31), at=NOW),
    )  # fmt: skip
    return RegisterEntry(item=item, title=Text(vi="Việc cần làm", en="Work to do"))


def content(answered: bool = True, language: str = "vi", **changed: Any) -> Content:
    return Content(sample(answered), language, **changed)


@cache
def validator(name: str) -> Any:
    text = (SCHEMAS / name).read_text(encoding="utf-8")
    # Python's expressions know no \p{L}: a letter is a word character that is no digit.
    text = text.replace(r"(\\p{L}|_)(\\p{L}|\\p{N}|[.\\-_])*", r"[^\\W\\d][\\w.\\-]*")
    assert r"\\p{" not in text
    schema = json.loads(text)
    kind = Draft4Validator if "draft-04" in schema["$schema"] else Draft7Validator
    kind.check_schema(schema)
    return kind(schema)


def faults(name: str, data: bytes) -> list[str]:
    return [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator(name).iter_errors(json.loads(data))]


def only(data: bytes) -> dict[str, Any]:
    (value,) = json.loads(data).values()
    return value


def test_the_schemas_do_refuse() -> None:
    assert faults("oscal_poam_schema.json", b'{"plan-of-action-and-milestones": {"uuid": "x"}}')
    assert faults("oscal_assessment-results_schema.json", b'{"assessment-results": {}}')
    assert faults("sarif-2.1.0.json", b'{"version": "2.1.0", "runs": [{}]}')


def test_every_format_has_a_writer() -> None:
    assert tuple(WRITERS) == FORMATS


OSCAL = {
    "oscal_assessment-results_schema.json": (write_results, AssessmentResults),
    "oscal_poam_schema.json": (write_poam, PlanOfActionAndMilestones),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answered", ANSWERED)
@pytest.mark.parametrize("schema", OSCAL)
def test_oscal_holds_against_nist_and_trestle(schema: str, answered: bool, language: str, tmp_path: Path) -> None:
    write, kind = OSCAL[schema]
    register = [work(sample().findings[0].identity), work("", source=ItemSource.HAND, n=2)]
    data = write(content(answered, language, register=register))
    assert data is not None
    assert faults(schema, data) == []
    file, again = tmp_path / "a.json", tmp_path / "b.json"
    file.write_bytes(data)
    model = kind.oscal_read(file)
    (tmp_path / ".trestle").mkdir()
    for one in validator_factory.get_all():
        assert one.model_is_valid(model, True, tmp_path), type(one).__name__
    model.oscal_write(again)
    before, after = only(data), only(again.read_bytes())
    counted = ("observations", "risks", "findings", "poam-items")
    for ours, theirs in zip([before, *before.get("results", [])], [after, *after.get("results", [])], strict=True):
        assert [len(ours.get(name, ())) for name in counted] == [len(theirs.get(name, ())) for name in counted]


def test_oscal_without_a_judged_list_says_that_no_control_was_reviewed() -> None:
    bare = sample().model_copy(update={"lists": (), "standing": None})
    data = write_results(Content(bare, "en"))
    assert faults("oscal_assessment-results_schema.json", data) == []
    (result,) = only(data)["results"]
    assert result["reviewed-controls"]["control-selections"][0]["include-controls"] == [{"control-id": "no-control"}]
    assert "findings" not in result


@pytest.mark.parametrize("answered", ANSWERED)
def test_only_met_rows_are_satisfied(answered: bool) -> None:
    report = only(write_results(content(answered)))
    rows = {f"{entry.id}:{row.requirement}": row for entry, row in content(answered).rows()}
    seen: dict[str, str] = {}
    aside = set()
    for result in report["results"]:
        (named,) = [p["value"] for p in result["props"] if p["name"] == "checklist"]
        for excluded in result["reviewed-controls"]["control-selections"][0].get("exclude-controls", ()):
            aside.add(f"{named}:{excluded['control-id'].removeprefix('row-')}")
        for finding in result.get("findings", ()):
            target = finding["target"]
            row = target["target-id"].removeprefix("row-").removesuffix("_smt")
            seen[f"{named}:{row}"] = target["status"]["state"]
    assert aside == {key for key, row in rows.items() if row.state is RowState.NOT_APPLICABLE}
    assert seen.keys() == rows.keys() - aside
    satisfied = {key for key, state in seen.items() if state == "satisfied"}
    assert satisfied == {key for key, row in rows.items() if row.state is RowState.MET}
    assert bool(satisfied) is answered
    states = {rows[key].state for key in seen.keys() - satisfied}
    assert RowState.UNASSESSED in states
    if answered:
        assert {RowState.PARTIAL, RowState.CONTRADICTED, RowState.NOT_MET} <= states


def uuids(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*([value["uuid"]] if "uuid" in value else []), *(key for item in value.values() for key in uuids(item))]
    return [key for item in value for key in uuids(item)] if isinstance(value, list) else []


def links(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {item for name, item in value.items() if name.endswith("-uuid")}
        return own.union(*(links(item) for item in value.values())) if value else own
    return set().union(*(links(item) for item in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("schema", OSCAL)
def test_identifiers_are_unique_and_every_reference_leads_somewhere(schema: str) -> None:
    data = only(OSCAL[schema][0](content(register=[work("", source=ItemSource.HAND)])) or b"")
    known = uuids(data)
    assert len(known) == len(set(known))
    # Parties are named by lists, everything else by one reference.
    named = {key for role in data["metadata"]["responsible-parties"] for key in role["party-uuids"]}
    assert named | links(data) <= set(known)


@pytest.mark.parametrize("schema", OSCAL)
def test_two_exports_compare(schema: str) -> None:
    later = sample().model_copy(update={"made_at": NOW + timedelta(days=3)})
    first, second = (only(OSCAL[schema][0](Content(model, "vi")) or b"") for model in (sample(), later))
    assert first["uuid"] != second["uuid"], "another document"
    kept = set(uuids(first)) & set(uuids(second))
    for finding in sample().findings:
        observations = [one for result in first.get("results", [first]) for one in result.get("observations", ())]
        assert any({"identity", finding.identity} <= {p["name"], p["value"]} for o in observations for p in o["props"])
    assert len(kept) >= len(set(uuids(first))) - 1 - len(first.get("results", ()))


def test_the_plan_follows_the_register() -> None:
    states = [ItemState.ASSIGNED, ItemState.ACCEPTED, ItemState.VERIFIED, ItemState.OPEN, ItemState.DONE]
    found = sample().findings
    register = [work(found[n].identity, state, n=n + 1) for n, state in enumerate(states)]
    plan = only(write_poam(content(register=register)) or b"")
    statuses = [one["status"] for one in plan["risks"]]
    assert statuses[:5] == ["remediating", "deviation-approved", "closed", "open", "remediating"]
    assert set(statuses[5:]) == {"open"}
    assert plan["risks"][0]["deadline"].startswith("2026-12-01T23:59:59")
    props = [{p["name"]: p["value"] for p in item["props"]} for item in plan["poam-items"]]
    assert props[1]["accepted-until"] == "2026-12-31"
    assert props[0]["owner"] == "Lê Văn Mẫu"
    rows = {p["requirement"]: p["state"] for p in props if "requirement" in p}
    assert "met" not in rows.values() and "not-applicable" not in rows.values()
    assert len(props) == len(found) + len(rows)


def test_nothing_to_do_gives_no_plan() -> None:
    bare = sample().model_copy(update={"lists": (), "findings": ()})
    assert write_poam(Content(bare, "vi")) is None
    assert list(WRITERS["oscal"](Content(bare, "vi"))) == ["oscal-results.json"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answered", ANSWERED)
def test_sarif_holds_against_its_schema(answered: bool, language: str) -> None:
    assert faults("sarif-2.1.0.json", write_sarif(content(answered, language))) == []


def test_sarif_says_what_was_found_and_what_nobody_knows() -> None:
    (run,) = json.loads(write_sarif(content()))["runs"]
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    failed = [one for one in results if one["kind"] == "fail"]
    assert [one["partialFingerprints"][FINGERPRINT] for one in failed] == [f.identity for f in sample().findings]
    assert [one["level"] for one in failed] == [LEVELS[f.severity] for f in sample().findings]
    assert LEVELS.keys() == set(Severity)
    others = [one for one in results if one["kind"] != "fail"]
    assert {one["level"] for one in others} == {"none"}
    kinds = {Outcome.PASS: "pass", Outcome.INCONCLUSIVE: "open", Outcome.NOT_APPLICABLE: "notApplicable"}
    told = {(one["ruleId"], one["kind"]) for one in others}
    assert told == {(entry.check, kinds[entry.result]) for entry in sample().other_outcomes}
    for finding in sample().findings:
        (rule,) = [one for one in rules if one["id"] == finding.check]
        assert finding.remediation is not None
        assert finding.remediation.vi in rule["help"]["text"] and finding.remediation.en in rule["help"]["text"]


def test_sarif_names_the_probes_that_failed() -> None:
    fault = Text(vi="Không kết nối được", en="No connection")
    probe = ProbeEntry(name="tls", status=ProbeStatus.FAILED, seconds=5, fault=fault)
    scan = sample().scan.model_copy(update={"probes": (probe,), "status": ScanStatus.INCOMPLETE})
    broken = Content(sample().model_copy(update={"scan": scan}), "en")
    data = write_sarif(broken)
    assert faults("sarif-2.1.0.json", data) == []
    (invocation,) = json.loads(data)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [(one["level"], one["message"]["text"]) for one in invocation["toolExecutionNotifications"]]
    assert ("error", "Encryption (TLS) and certificate: Failed. No connection") in told
    whole = json.loads(write_sarif(content()))["runs"][0]["invocations"][0]
    assert whole["executionSuccessful"] is True


@pytest.mark.parametrize(
    ("target", "area", "address"),
    [
        ("https://xa.vn/a b?x=é", "header", "https://xa.vn/a%20b?x=%C3%A9"),
        ("xa.vn:443", "cert", "https://xa.vn:443"),
        ("xa.vn:21", "port", "tcp://xa.vn:21"),
        ("[::1]:8443", "tls", "https://[::1]:8443"),
        ("xa.vn", "dns", "urn:secaudit:target:xa.vn"),
        ("javascript:alert(1)", "http", "urn:secaudit:target:javascript%3Aalert%281%29"),
        ("data:text/html,<b>", "http", "urn:secaudit:target:data%3Atext%2Fhtml%2C%3Cb%3E"),
        ("", "http", "urn:secaudit:target:"),
    ],
)
def test_targets_are_addresses(target: str, area: str, address: str) -> None:
    assert address_of(target, area) == address


def records(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=True))


def test_the_tables_hold_every_finding_and_requirement() -> None:
    files = WRITERS["csv"](content(language="en"))
    found, rows = (records(data) for data in files.values())
    assert [one["Identity"] for one in found] == [f.identity for f in sample().findings]
    expected = [f"{entry.id}:{row.requirement}" for entry, row in content().rows()]
    assert [one["Row"] for one in rows] == expected
    days = [one["Answered on"] for one in rows if one["Answered on"]]
    assert days and all(date.fromisoformat(day) for day in days)
    found = records(WRITERS["csv"](content())["findings.csv"], ";")
    assert "Bộ nhớ đệm (Redis, memcached) mở ra Internet" in [one["Phát hiện"] for one in found]


def events(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_the_calendar_holds_law_evidence_certificates_and_work() -> None:
    register = [work("x", n=1), work("y", ItemState.VERIFIED, n=2), work("z", ItemState.ACCEPTED, n=3)]
    one = content(register=register)
    found = events(WRITERS["ics"](one)["ics"])
    days = {(str(event["summary"]), event["dtstart"].dt) for event in found}
    ahead = [milestone for milestone in sample().deadlines if milestone.date >= NOW.date()]
    assert 0 < len(ahead) < len(sample().deadlines)
    for milestone in ahead:
        assert (milestone.text.vi, milestone.date) in days
    evidence = [row.due for _, row in one.rows() if row.due and row.answer]
    assert evidence
    leaf = [c for c in sample().certificates if c.position == 0 and c.not_after]
    assert len(found) == len(ahead) + len(evidence) + len(leaf) + 2, "work that is proven done is left out"
    assert ("KP0001: Việc cần làm", date(2026, 12, 1)) in days
    assert ("KP0003: Việc cần làm", date(2026, 12, 31)) in days, "the end of the acceptance"
    keys = [str(event["uid"]) for event in found]
    assert len(keys) == len(set(keys))
    assert all(event["dtend"].dt - event["dtstart"].dt == timedelta(days=1) for event in found)


def test_a_day_that_moves_keeps_its_uid() -> None:
    first = {str(e["summary"]): str(e["uid"]) for e in events(WRITERS["ics"](content())["ics"])}
    leaf = sample().certificates[0]
    assert leaf.not_after is not None
    renewed = leaf.model_copy(update={"not_after": leaf.not_after + timedelta(days=90)})
    later = sample().model_copy(update={"certificates": (renewed,), "made_at": NOW + timedelta(days=1)})
    second = {str(e["summary"]): str(e["uid"]) for e in events(WRITERS["ics"](Content(later, "vi"))["ics"])}
    assert first == second


def sheet(data: bytes) -> list[dict[str, Any]]:
    page = openpyxl.load_workbook(BytesIO(data)).worksheets[0]
    heads, *rows = page.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_ciso_assistant_gets_every_row_under_the_ids_of_its_library() -> None:
    from secaudit.export.ciso_assistant import write_library
    from secaudit.export.content import Content as ListContent
    from tests.report.sample_rows import main_list

    files = WRITERS["ciso-assistant"](content(language="en"))
    standard = main_list()
    rows = sheet(files[f"ciso-assistant.{standard.id}.xlsx"])
    assert tuple(rows[0]) == AUDIT
    library = write_library(ListContent(standard, "en")).decode("utf-8")
    assert [row["ref_id"] for row in rows] == [one.id.replace("đ", "dd") for one in standard.requirements]
    assert all(f'ref_id: "{row["ref_id"]}"' in library for row in rows)
    assert all(row["assessable"] is True and row["score"] is None for row in rows)
    states = {row.requirement: row.state for entry, row in content().rows() if entry.id == standard.id}
    assert [row["compliance_result"] for row in rows] == [RESULTS[state] for state in states.values()]
    met = {row["ref_id"] for row in rows if row["compliance_result"] == "compliant"}
    assert met == {key.replace("đ", "dd") for key, state in states.items() if state is RowState.MET}
    found = sheet(files["ciso-assistant.findings.xlsx"])
    assert tuple(found[0]) == FINDINGS
    assert [row["ref_id"] for row in found] == [f.code for f in sample().findings]
    assert {row["status"] for row in found} == {"identified"}


def test_no_state_but_met_is_compliant() -> None:
    assert RESULTS.keys() == set(RowState)
    assert [state for state, word in RESULTS.items() if word == "compliant"] == [RowState.MET]


def test_the_shipped_schema_is_current_and_a_report_holds_against_it() -> None:
    assert FILE.read_bytes() == schema_bytes(), "run python -m tools.write_report_schema"
    schema = json.loads(report_schema())
    Draft202012Validator.check_schema(schema)
    check = Draft202012Validator(schema)
    for answered in ANSWERED:
        data = json.loads(json.dumps(report_json(sample(answered))))
        assert [e.message for e in check.iter_errors(data)] == []
        assert list(check.iter_errors({**data, "made_at": 5}))
        assert list(check.iter_errors({**data, "unknown": 5}))


@pytest.mark.parametrize(
    "text",
    ["# a", "- a", "1. a", "12) a", "a *b* _c_", "[a](javascript:b)", "![a](https://b.example)", "<script>a</script>",
     "&lt;b&gt;", "a `b` ~~c~~", "https://b.example/c", "www.b.example", "<https://b.example>", "a | b", "\\*a\\*",
     "> a", "===", "---", "$a$ {b}", "+ a", "[a]: javascript:b"],
)  # fmt: skip
def test_markdown_shows_the_letters_and_nothing_else(text: str) -> None:
    from tests.report.tree import read_html

    tree = read_html(cmarkgfm.github_flavored_markdown_to_html(markdown(text)))
    assert {element.tag for element in tree.walk()} == {"#document", "p"}
    assert tree.words == text


def test_cells_are_no_formulas() -> None:
    for start in "=+-@＝＋－＠":
        assert cell(f"{start}a") == f"'{start}a"
        assert cell(f' "{start}a').startswith("\"'")
        assert f";'{start}" in cell(f"x;{start}a") and f", '{start}" in cell(f"x, {start}a")
    assert cell("5.1.2; a-b") == "5.1.2; a-b"
    assert sarif_text("{0} [a](1)") == "{{0}} [a\\](1)"
    assert web_link("https://a.example/b") and not web_link("javascript:a") and not web_link("https://a b")
