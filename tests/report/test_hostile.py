"""Nothing that a scanned server or a person typed becomes markup, script, style or a link.

The proof: a report made from hostile values has exactly the elements and attribute names of the same report made from
harmless ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from secaudit.model.authorisation import Authorisation
from secaudit.model.base import Text
from secaudit.model.judgement import CheckOutcome, Finding
from secaudit.model.observation import HttpVisit
from secaudit.model.organisation import Organisation
from secaudit.model.remediation import Acceptance, ItemState
from secaudit.model.words import Outcome
from secaudit.report.build import build_report
from secaudit.report.inputs import ReportInputs
from tests.hostile.strings import CORPUS
from tests.report.inspection_sample import ADDED, record
from tests.report.plan_sample import entry
from tests.report.sample import sample_inputs
from tests.report.tree import Element, read_html

HARMLESS = "nginx"


def _with(inputs: ReportInputs, value: str) -> ReportInputs:
    """Put `value` wherever a server, a certificate or a person can put words.

    What people type is never cut in a report, so theirs is a short one.
    """
    evidence = {"banner": value, "names": [value, value], "nested": {"inner": value}, "objects": [{"subject": value}]}
    outcomes: list[CheckOutcome] = []
    for outcome in inputs.outcomes:
        swapped: dict[str, Any] = {"target": value + outcome.target, "place": value}
        if outcome.result is Outcome.FAIL:
            swapped["evidence"] = evidence
        if outcome.reason:
            swapped["reason"] = outcome.reason.model_copy(
                update={"params": {name: value for name in outcome.reason.params}}
            )
        outcomes.append(outcome.model_copy(update=swapped))
    findings: list[Finding] = [
        finding.model_copy(update={"target": value + finding.target, "place": value, "evidence": evidence})
        for finding in inputs.findings
    ]
    seen = []
    for observation in inputs.scan.observations:
        words = {name: value for name in ("service", "product", "version", "banner") if hasattr(observation, name)}
        if observation.kind == "certificate":
            leaf = observation.chain[0].model_copy(
                update={"subject": value, "issuer": value, "names": (value, value), "key_type": value,
                        "signature_hash": value}
            )  # fmt: skip
            trust = tuple(look.model_copy(update={"error": value}) for look in observation.trust)
            words |= {"chain": (leaf,), "trust": trust}
        if isinstance(observation, HttpVisit):
            exchange = observation.exchanges[0].model_copy(update={"headers": (("Server", value),), "body": value})
            words |= {"exchanges": (exchange,)}
        if observation.fault is None and observation.kind in ("tls", "port-scan"):
            words |= {"host": value}
        seen.append(observation.model_copy(update=words))
    target = inputs.scan.target.model_copy(update={"display_host": value, "path": "/" + value})
    scan = inputs.scan.model_copy(
        update={
            "observations": tuple(seen),
            "target": target,
            "tools": {value[:500]: value[:500]},
            "runs": tuple(
                run.model_copy(
                    update={
                        "notes": tuple(
                            note.model_copy(update={"params": {name: value for name in note.params}})
                            for note in run.notes
                        )
                    }
                )
                for run in inputs.scan.runs
            ),
        }
    )
    return replace(inputs, outcomes=outcomes, findings=findings, scan=scan, **_typed(inputs, value[:500]))


def _typed(inputs: ReportInputs, value: str) -> dict[str, Any]:
    """Return what people type, with `value` in every field."""
    first, *rest = inputs.assessments
    rows = tuple(
        row.model_copy(
            update={
                "answer": row.answer
                and row.answer.model_copy(
                    update={name: value for name in ("note", "reason", "equivalent", "answered_by")}
                    | {"evidence": ("E1",)}
                )
            }
        )
        for row in first.rows
    )
    organisation = Organisation.model_construct(
        name=value, superior=value, place=value, contact_name=value, contact_email=value, contact_phone=value,
        is_sample=True,
    )  # fmt: skip
    record = inputs.authorisations[0]
    return {
        "assessments": [first.model_copy(update={"rows": rows}), *rest],
        "organisation": organisation,
        "system": inputs.system.model_copy(update={"name": value, "operator": value}),
        **_recorded(value.encode("utf-8", "replace").decode("utf-8")),
        "authorisations": [
            Authorisation.model_construct(
                **{**dict(record), "hosts": (value,), "granted_by": value, "document": value, "recorded_by": value}
            )
        ],
    }


def _recorded(value: str) -> dict[str, Any]:
    """Return a register and evidence with `value` in every field."""
    typed = {"owner": value, "unit": value, "target": value, "place": value}
    accepted = Acceptance(by=value, reason=value, until=date(2027, 1, 1), at=ADDED)
    return {
        "register": [
            entry(1, value, action=Text(vi=value, en=value), **typed),
            entry(2, value, state=ItemState.ACCEPTED, accepted=accepted, **typed),
            entry(3, value, state=ItemState.VERIFIED, closed_at=ADDED, **typed),
        ],
        "evidence": [record(1, name=value, note=value, added_by=value)],
    }


def _skeleton(element: Element) -> list[tuple[str, tuple[str, ...]]]:
    return [(item.tag, tuple(sorted(item.attributes))) for item in element.walk()]


@pytest.fixture(scope="module")
def harmless(render) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return what the report is made of when everything is harmless."""
    report = build_report(_with(sample_inputs(answered=True), HARMLESS))
    return {language: _skeleton(read_html(render(report, language))) for language in ("vi", "en")}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", CORPUS)
def test_hostile_words_stay_words(render, harmless, name: str, language: str):
    value = CORPUS[name]
    # A server's own words decide which recipe stands unfolded; keep that apart from what is tested here.
    report = build_report(_with(sample_inputs(answered=True), value)).model_copy(update={"server": "nginx"})
    document = render(report, language)
    document.encode("utf-8")
    tree = read_html(document)
    assert _skeleton(tree) == harmless[language]
    for element in tree.walk():
        for attribute, text in element.attributes.items():
            assert not attribute.startswith("on")
            if attribute == "href":
                assert re.fullmatch(r"#[\w-]+|https://[^\s]+", text)
    (style,) = tree.all("style")
    assert "evil.example" not in style.text and "display:none}" not in style.text
    hidden = {letter for letter in document if not letter.isprintable() and letter not in "\n\t"}
    assert all(unicodedata.category(letter) == "Zs" for letter in hidden)
    assert len(document) < 700_000, "long values are cut"


def test_the_words_can_still_be_read(render):
    report = build_report(_with(sample_inputs(answered=True), CORPUS["script"]))
    words = read_html(render(report, "vi")).words
    assert "lời chào: <script>alert(1)</script>" in words
    bidi = read_html(render(build_report(_with(sample_inputs(answered=True), CORPUS["bidi"])), "vi")).words
    assert "gov.vn[U+202E]fdp.exe[U+2066][U+2069][U+200F]" in bidi
    long = read_html(render(build_report(_with(sample_inputs(answered=True), CORPUS["long"])), "vi")).words
    assert "A… [+19760]" in long
