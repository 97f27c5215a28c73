from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from secaudit.model.base import Reason, Text
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.observation import ServiceObservation
from secaudit.model.organisation import Organisation, System
from secaudit.model.scan import ProbeRun
from secaudit.model.words import Outcome, ProbeStatus, Responsible, RowState, Severity
from secaudit.report.bounds import TEXT_LIMIT, VALUE_LIMIT, bounded, evidence_lines
from secaudit.report.build import build_report, profile_gaps
from secaudit.report.findings import short_codes
from secaudit.report.model import ReportModel, report_json
from secaudit.report.observed import server_kind
from tests.report.sample import AT, FAILS, HOST, PHRASES, sample_inputs


def test_findings_stand_gravest_first_with_their_words(model):
    findings = model(True).findings
    assert [f.check for f in findings][:2] == ["port.cache", "port.ftp"]
    assert [f.severity.rank for f in findings] == sorted(f.severity.rank for f in findings)
    assert len(findings) == len(FAILS)
    assert model(True).severities == {
        Severity.CRITICAL: 1, Severity.HIGH: 5, Severity.MEDIUM: 6, Severity.LOW: 2, Severity.INFO: 1,
    }  # fmt: skip


def test_requirements_that_a_finding_bears_on(model):
    ftp = next(f for f in model(True).findings if f.check == "port.ftp")
    assert [ref.requirement for ref in ftp.requirements] == ["5.4.2.4.b", "5.12.2.5.a"]
    assert ftp.responsible is Responsible.PROVIDER
    assert all(ref.counts for ref in ftp.requirements)


def test_short_codes_grow_until_they_differ():
    assert short_codes(["0123456789abcdef"]) == {"0123456789abcdef": "01234567"}
    twins = ["0123456789abcdef", "0123456789ffffff", "0123456789abcdef"]
    assert short_codes(twins) == {twins[0]: "0123456789ab", twins[1]: "0123456789ff"}
    assert short_codes([]) == {}


def test_figures_without_answers(model):
    standing = model(False).standing
    assert (standing.applicable, standing.met, standing.unanswered) == (17, 0, 17)
    assert (standing.strict, standing.progress) == (0.0, 0.0)
    assert standing.unanswered_against == 3
    assert standing.suggested == 2


def test_figures_with_answers(model):
    report = model(True)
    standing = report.standing
    assert (standing.applicable, standing.met, standing.partial) == (15, 6, 1)
    assert standing.strict == pytest.approx(6 / 15)
    assert standing.progress == pytest.approx(6.5 / 15)
    assert standing.states[RowState.CONTRADICTED] == 1
    assert standing.states[RowState.STALE] == standing.overdue == 1
    assert sum(standing.states.values()) == standing.applicable
    assert standing.set_aside == 2
    main, advisory = report.lists
    assert main.counts and not advisory.counts
    assert sum(group.standing.applicable for group in main.groups) == 15
    assert advisory.standing.applicable == 2, "an advisory list has rows, but the figure above has not"


def test_rows_carry_what_speaks_for_and_against_them(model):
    rows = {row.requirement: row for group in model(True).lists[0].groups for row in group.rows}
    contradicted = rows["5.4.2.4.b"]
    assert contradicted.state is RowState.CONTRADICTED
    assert "Máy chủ còn chấp nhận TLS 1.0" in [finding.title.vi for finding in contradicted.against]
    assert [title.vi for title in contradicted.supported_by] == ["Không hỗ trợ TLS 1.2"]
    assert rows["5.2.2.2.a"].overdue and rows["5.2.2.2.a"].due == date(2026, 7, 15)
    assert rows["5.2.2.4.b"].set_aside == Text(vi="Mạng không dùng DHCP.", en="The network does not use DHCP.")
    assert not rows["5.4.2.1.b"].counted


def test_a_row_that_the_assessment_does_not_know_is_shown_and_not_counted():
    inputs = sample_inputs(answered=True)
    judged = inputs.assessments[0]
    known = tuple(row for row in judged.rows if row.requirement != "5.14.2.2.d")
    report = build_report(
        replace(inputs, assessments=[judged.model_copy(update={"rows": known}), *inputs.assessments[1:]])
    )
    rows = {row.requirement: row for group in report.lists[0].groups for row in group.rows}
    assert len(rows) == 19
    assert rows["5.14.2.2.d"].state is RowState.UNASSESSED
    assert not rows["5.14.2.2.d"].counted


def test_without_any_list_there_is_no_figure():
    report = build_report(replace(sample_inputs(answered=False), assessments=[]))
    assert report.standing is None
    assert report.lists == ()


def test_first_things_keep_the_given_order_and_gain_words(model):
    things = model(False).first_things
    assert [thing.subject for thing in things] == ["port", "tls", "cert", "http", "header"]
    port = things[0]
    assert port.severity is Severity.CRITICAL
    assert port.responsible is Responsible.PROVIDER
    assert port.titles[0].vi == "Bộ nhớ đệm (Redis, memcached) mở ra Internet"
    assert len(port.codes) == port.count == 3
    assert {ref.clause for ref in port.requirements} == {"5.12.2.5 a", "5.4.2.4 b"}


def test_groups_follow_when_there_is_little_to_repair():
    from secaudit.assess.priorities import first_things

    inputs = sample_inputs(answered=False)
    ranked = first_things([], inputs.assessments[:1], inputs.texts)
    report = build_report(replace(inputs, outcomes=[], findings=[], priorities=ranked))
    assert [thing.kind for thing in report.first_things] == ["group"] * 5
    assert report.first_things[0].titles[0] == report.lists[0].groups[0].title
    assert "priority-group" not in report.first_things[0].why.vi


def test_gaps_of_the_profile():
    full = sample_inputs(answered=False)
    assert profile_gaps(full.organisation, full.system) == ()
    assert profile_gaps(Organisation(), System(id="x", name="")) == (
        "organisation-name", "place", "contact-name", "contact-channel", "operator",
    )  # fmt: skip
    assert profile_gaps(full.organisation.model_copy(update={"contact_email": ""}), full.system) == ()


def test_inconclusive_checks_keep_their_reason(model):
    unclear = {e.check: e for e in model(False).other_outcomes if e.result is Outcome.INCONCLUSIVE}
    assert unclear["port.database"].reason == Text(
        vi="Máy này chưa cài nmap.", en="nmap is not installed on this computer."
    )
    assert model(False).scan.outcomes[Outcome.INCONCLUSIVE] == 3


def test_one_check_with_two_reasons_gives_two_entries():
    inputs = sample_inputs(answered=False)
    reasons = [Reason(code="no-page"), Reason(code="no-https"), Reason(code="no-page")]
    outcomes = [
        CheckOutcome(check="tls.robot", result=Outcome.INCONCLUSIVE, target=f"h:{port}", reason=reason)
        for port, reason in enumerate(reasons)
    ]
    entries = build_report(replace(inputs, outcomes=outcomes, findings=[])).other_outcomes
    assert [(entry.targets, entry.reason.en) for entry in entries] == [
        (("h:0", "h:2"), "The page could not be fetched."),
        (("h:1",), "The page is not served over https."),
    ]


def test_a_check_that_the_texts_no_longer_know_goes_by_its_id():
    inputs = sample_inputs(answered=False)
    old = Finding(identity="f" * 16, check="old.fault", severity=Severity.LOW, target="h:1")
    entry = build_report(replace(inputs, findings=[old])).findings[0]
    assert entry.title == Text(vi="old.fault", en="old.fault")
    assert entry.explanation is None
    assert entry.responsible is Responsible.SHARED


def test_evidence_is_bounded_and_says_what_it_left_out():
    long, many = "x" * 1000, list(range(50))
    lines = {line.key: line for line in evidence_lines({"a": long, "b": many, "c": None, "d": [], "e": False})}
    assert lines["a"].values == ("x" * TEXT_LIMIT + f"… [+{1000 - TEXT_LIMIT}]",)
    assert (len(lines["b"].values), lines["b"].omitted) == (VALUE_LIMIT, 50 - VALUE_LIMIT)
    assert lines["e"].values == (False,)
    assert set(lines) == {"a", "b", "e"}
    assert bounded("abc", 3) == "abc"


def test_nested_evidence_becomes_lines():
    lines = evidence_lines(
        {
            "suites": {"TLSv1.0": ["A", "B"]},
            "certificates": [{"subject": "CN=x", "bits": 1024}] * 6,
            "odd": [[1, 2], "z"],
        }
    )
    assert [(line.key, line.values, line.omitted) for line in lines] == [
        ("suites.TLSv1.0", ("A", "B"), 0),
        *[pair for n in range(1, 5) for pair in (
            (f"certificates {n}.subject", ("CN=x",), 0), (f"certificates {n}.bits", (1024,), 0))],
        ("certificates", (), 2),
        ("odd", ("1, 2", "z"), 0),
    ]  # fmt: skip


def test_ports_certificates_and_versions(model):
    report = model(False)
    assert [(p.port, p.expected) for p in report.ports] == [
        (21, False), (22, False), (80, True), (443, True), (6379, False),
    ]  # fmt: skip
    assert report.port_scans[0].states == {"open": 5, "closed": 1033, "filtered": 12}
    (leaf,) = report.certificates
    assert (leaf.days_left, leaf.trust, leaf.hostname_matches) == (16, {"Mozilla": False, "Windows": True}, True)
    versions = {entry.version.value: entry.accepted for entry in report.tls}
    assert versions == {
        "SSLv2": False, "SSLv3": False, "TLSv1.0": True, "TLSv1.1": True, "TLSv1.2": True, "TLSv1.3": None,
    }  # fmt: skip
    assert report.scan.addresses == ("203.0.113.10",)


def test_a_probe_without_an_open_socket_leaves_facts_with_reasons():
    inputs = sample_inputs(answered=False)
    fault = Reason(code="connect-refused", params={"host": HOST, "port": 443})
    bare = [
        seen.model_copy(update={"versions": (), "chain": (), "fault": fault} if seen.kind != "tls" else
                        {"versions": (), "fault": fault})
        for seen in inputs.scan.observations if seen.kind in ("tls", "certificate")
    ]  # fmt: skip
    run = ProbeRun(name="tls", status=ProbeStatus.FAILED, fault=fault)
    report = build_report(
        replace(inputs, scan=inputs.scan.model_copy(update={"observations": tuple(bare), "runs": (run,)}))
    )
    said = PHRASES.render(fault, "vi")
    assert [entry.fault.vi for entry in report.tls] == [said]
    assert [entry.fault.vi for entry in report.certificates] == [said]
    assert report.scan.probes[0].fault.vi == said


@pytest.mark.parametrize(
    ("products", "kind"),
    [
        (["nginx"], "nginx"),
        (["Apache httpd"], "apache"),
        (["Microsoft IIS httpd"], "iis"),
        (["Apache-Coyote/1.1"], ""),
        (["nginx", "Apache httpd"], ""),
        ([], ""),
    ],
)
def test_server_kind(products: list[str], kind: str):
    scan = sample_inputs(answered=False).scan
    services = tuple(
        ServiceObservation(target=f"{HOST}:443", at=AT, host=HOST, port=443, product=product) for product in products
    )
    assert server_kind(scan.model_copy(update={"observations": services})) == kind


def test_only_the_name_of_the_certificate_file_is_told():
    inputs = sample_inputs(answered=False)
    for path in ("/home/officer/ca/goc.pem", "C:\\Users\\officer\\goc.pem"):
        options = inputs.scan.options.model_copy(update={"ca_file": path})
        report = build_report(replace(inputs, scan=inputs.scan.model_copy(update={"options": options})))
        assert report.scan.certificate_file == "goc.pem"
        assert "officer" not in json.dumps(report_json(report))


def test_deadlines_are_sorted_and_stand_once(model):
    assert [d.date for d in model(False).deadlines] == [
        date(2026, 11, 1), date(2026, 12, 20), date(2026, 12, 25), date(2027, 6, 30),
    ]  # fmt: skip
    inputs = sample_inputs(answered=False)
    twice = build_report(replace(inputs, deadlines=[*inputs.deadlines, *inputs.deadlines]))
    assert twice.deadlines == model(False).deadlines


def test_the_same_facts_give_the_same_report():
    assert build_report(sample_inputs(answered=True)) == build_report(sample_inputs(answered=True))


def test_json_is_versioned_and_reads_back(model):
    dumped = report_json(model(True))
    assert dumped["schema"] == "secaudit.report/1"
    text = json.dumps(dumped, ensure_ascii=False, allow_nan=False)
    assert ReportModel.model_validate_json(text) == model(True)


def test_moments_keep_their_zone_in_json(model):
    made = datetime.fromisoformat(report_json(model(True))["made_at"])
    assert made.utcoffset() == timedelta(hours=7)
    assert made.astimezone(UTC).hour == 7
