"""The findings as SARIF 2.1.0 (OASIS): one run of ours, and one run for each imported file of another tool.

A finding is `fail` with a level by its severity. What could not be decided is `open`, what does not arise is
`notApplicable`, and what was looked at without a fault is `pass`; these have the level `none` (3.27.9, 3.27.10). Texts
of rules stand in both languages, since few readers know translations.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from secaudit.model.base import Text
from secaudit.model.words import Outcome, ProbeStatus, ScanStatus, Severity
from secaudit.report.imports_model import ImportedEntry, ImportEntry
from secaudit.report.labels import N_
from secaudit.report.model import CheckEntry, FindingEntry
from secaudit.report.programs.content import Content
from secaudit.report.programs.identifiers import identifier
from secaudit.report.programs.plain import sarif_text
from secaudit.text import one_line, web_link

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "secauditFinding/v1"
"""Name of the fingerprint: the finding's identity, over check, target and place."""
LEVELS = {
    Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note",
    Severity.INFO: "note",
}  # fmt: skip
_BANDS = {
    Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0", Severity.INFO: "0.0",
}  # fmt: skip
"""`security-severity` as code scanning services read it: the middle of each band, no measurement."""
_KINDS = {Outcome.PASS: "pass", Outcome.INCONCLUSIVE: "open", Outcome.NOT_APPLICABLE: "notApplicable"}
_ADDRESS = re.compile(r"(?i)https?://[^/?#\s]+")
_HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]+):(\d{1,5})")
_TLS_AREAS = ("tls", "cert")

Json = dict[str, Any]


def write_sarif(content: Content) -> bytes:
    """Return the log as JSON in UTF-8; halves of surrogate pairs are written as JSON escapes."""
    runs = [_own_run(content), *(_imported_run(content, entry) for entry in content.model.imports)]
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": runs}
    return (json.dumps(log, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _own_run(content: Content) -> Json:
    model = content.model
    rules = _rules(content)
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [_finding(content, finding, places) for finding in model.findings]
    results += [result for entry in model.other_outcomes for result in _others(content, entry, places)]
    return {
        "tool": {"driver": {"name": "secaudit", "version": one_line(model.version) or "-", "rules": rules}},
        "automationDetails": {
            "id": f"secaudit/{quote(model.system.id, safe='')}/{quote(model.site.id, safe='')}/",
            "correlationGuid": identifier("automation", model.system.id, model.site.id),
        },
        "language": content.language,
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(content)],
        "results": results,
        "properties": {
            "scan": model.scan.id,
            "page": one_line(model.scan.url),
            "madeAt": model.made_at.isoformat(timespec="seconds"),
            "draft": model.is_draft,
            "sample": model.organisation.is_sample,
            "notices": [one_line(content.say(notice)) for notice in model.notices],
        },
    }


def _rules(content: Content) -> list[Json]:
    rules: dict[str, Json] = {}
    for finding in content.model.findings:
        rules.setdefault(finding.check, _rule(content, finding))
    for entry in content.model.other_outcomes:
        rules.setdefault(entry.check, _bare_rule(content, entry.check, entry.area, entry.title))
    return list(rules.values())


def _bare_rule(content: Content, check: str, area: str, title: Text) -> Json:
    return {
        "id": check,
        "name": "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", check)) or "Check",
        "shortDescription": {"text": sarif_text(content.say(title)) or check},
        "properties": {"tags": ["security", area], "title": {"vi": one_line(title.vi), "en": one_line(title.en)}},
    }


def _rule(content: Content, finding: FindingEntry) -> Json:
    rule = _bare_rule(content, finding.check, finding.area, finding.title)
    rule["properties"]["security-severity"] = _BANDS[finding.severity]
    rule["defaultConfiguration"] = {"level": LEVELS[finding.severity]}
    if finding.explanation:
        rule["fullDescription"] = {"text": sarif_text(content.say(finding.explanation)) or finding.check}
    first = "en" if content.language == "en" else "vi"
    second = "vi" if first == "en" else "en"
    parts = [_help(finding, language) for language in (first, second)]
    rule["help"] = {"text": "\n\n".join(filter(None, parts)) or finding.check}
    links = [web_link(address) for address in finding.references]
    if any(links):
        rule["helpUri"] = quote(next(filter(None, links)), safe="/:?#[]@!$&'()*+,;=%~-._")
    return rule


def _help(finding: FindingEntry, language: str) -> str:
    said = [finding.title, finding.explanation, finding.risk, finding.remediation]
    texts = [sarif_text(text.in_language(language)) for text in said if text]
    fixes = [f"{sarif_text(kind)}: {sarif_text(fix.text.in_language(language))}" for kind, fix in finding.fixes.items()]
    return "\n".join(filter(None, [f"[{language}]", *texts, *fixes]))


def _finding(content: Content, finding: FindingEntry, places: dict[str, int]) -> Json:
    facts = [sarif_text(content.evidence(fact)) for fact in finding.evidence]
    message = ". ".join(filter(None, [sarif_text(content.say(finding.title)), sarif_text(finding.place)]))
    return {
        "ruleId": finding.check,
        "ruleIndex": places[finding.check],
        "kind": "fail",
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join([message or finding.check, *facts])},
        "locations": [_location(finding.target, finding.area)],
        "partialFingerprints": {FINGERPRINT: finding.identity},
        "correlationGuid": identifier("sarif", content.model.system.id, finding.identity),
        "properties": {
            "severity": finding.severity.value,
            "requirements": [f"{ref.checklist}:{ref.requirement}" for ref in finding.requirements],
        },
    }


def _others(content: Content, entry: CheckEntry, places: dict[str, int]) -> Iterator[Json]:
    words = [content.label("outcome", entry.result.value), content.say(entry.reason)]
    for target in entry.targets or ("",):
        yield {
            "ruleId": entry.check,
            "ruleIndex": places[entry.check],
            "kind": _KINDS[entry.result],
            "level": "none",
            "message": {"text": ". ".join(filter(None, map(sarif_text, words)))},
            **({"locations": [_location(target, entry.area)]} if target else {}),
        }


def _location(target: str, area: str) -> Json:
    """Return where it was seen: an address for programs, the words as they were for people."""
    return {
        "physicalLocation": {"artifactLocation": {"uri": address_of(target, area)}},
        "logicalLocations": [{"fullyQualifiedName": one_line(target) or "-", "kind": "resource"}],
    }


def address_of(target: str, area: str = "") -> str:
    """Return a target as a URI (RFC 3986): a page as it is, a port by its scheme, anything else as a name.

    >>> address_of("xa.vn:443", "tls"), address_of("xa.vn:21"), address_of("javascript:alert(1)")
    ('https://xa.vn:443', 'tcp://xa.vn:21', 'urn:secaudit:target:javascript%3Aalert%281%29')
    """
    plain = one_line(target)
    if _ADDRESS.match(plain):
        return quote(plain, safe="/:?#@!$&'()*+,;=%~-._").replace("[", "%5B")
    found = _HOST_AND_PORT.fullmatch(plain)
    if found:
        scheme = "https" if area in _TLS_AREAS else "tcp"
        return f"{scheme}://{quote(found[1], safe='[]:.-_')}:{found[2]}"
    return f"urn:secaudit:target:{quote(plain, safe='')}"


def _invocation(content: Content) -> Json:
    scan = content.model.scan
    whole = scan.status is ScanStatus.COMPLETE and all(p.status is not ProbeStatus.FAILED for p in scan.probes)
    invocation: Json = {"executionSuccessful": whole, "startTimeUtc": _moment(scan.started_at)}
    if scan.finished_at:
        invocation["endTimeUtc"] = _moment(scan.finished_at)
    told = []
    for probe in scan.probes:
        name = content.label("probe-name", probe.name)
        state = content.label("probe", probe.status.value)
        if probe.status is not ProbeStatus.OK:
            level = "error" if probe.status is ProbeStatus.FAILED else "warning"
            told.append((level, f"{name}: {state}. {content.say(probe.fault)}"))
        told += [("note", f"{name}: {content.say(note)}") for note in probe.notes]
    if scan.status is not ScanStatus.COMPLETE:
        state = content.label("scan", scan.status.value)
        told.append(
            ("error", content.words(N_("The scan is {state}: what is missing here says nothing."), state=state))
        )
    if told:
        invocation["toolExecutionNotifications"] = [
            {"level": level, "message": {"text": sarif_text(text)}} for level, text in told
        ]
    return invocation


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _imported_run(content: Content, entry: ImportEntry) -> Json:
    """Return the results of another tool in its own words, for a person to review: we do not rate them."""
    rules: dict[str, Json] = {}
    for found in entry.findings:
        rules.setdefault(one_line(found.rule) or "-", {"id": one_line(found.rule) or "-"})
    driver: Json = {"name": one_line(entry.tool) or "-", "rules": list(rules.values())}
    if one_line(entry.tool_version):
        driver["version"] = one_line(entry.tool_version)
    run: Json = {
        "tool": {"driver": driver},
        "results": _imported_results(entry.findings),
        "properties": {
            "importedAt": _moment(entry.imported_at),
            "file": one_line(entry.file_name),
            "omitted": entry.omitted,
        },
    }
    if entry.made_at:
        run["invocations"] = [{"executionSuccessful": True, "endTimeUtc": _moment(entry.made_at)}]
    return run


def _imported_results(findings: Sequence[ImportedEntry]) -> list[Json]:
    return [
        {
            "ruleId": one_line(found.rule) or "-",
            "kind": "review",
            "level": "none",
            "message": {"text": sarif_text(f"{found.title}\n{found.evidence}") or "-"},
            "locations": [_location(found.target, "")],
            "properties": {"severity": one_line(found.severity)},
        }
        for found in findings
    ]
