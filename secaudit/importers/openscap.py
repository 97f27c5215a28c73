"""OpenSCAP's results, as ARF (`--results-arf`) or XCCDF (`--results`): rules that failed or could not be decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

from secaudit.importers.document import Imported, NotReadable, excerpt, local, moment, words, xml_of
from secaudit.model.observation import ImportedFinding

_KEPT = {"fail", "error", "unknown"}
"""Results (XCCDF 1.2, section 6.6.4.2) that someone has to look at."""


def read(data: bytes, now: datetime) -> Imported:
    """Return the facts of a file of OpenSCAP.

    Raises:
        NotReadable: it is none, or holds no test result.
    """
    root = xml_of(data, "asset-report-collection", "Benchmark", "TestResult")
    results = [one for one in root.iter() if local(one) == "TestResult"]
    if not results:
        raise NotReadable("it holds no TestResult")
    titles = {one.get("id", ""): _child(one, "title") for one in root.iter() if local(one) == "Rule"}
    facts = {
        one.get("name", "").removeprefix("urn:xccdf:fact:scanner:"): words(one.text)
        for one in results[0].iter()
        if local(one) == "fact"
    }
    version = facts.get("version", "")
    made_at = moment(results[0].get("end-time") or "")
    hosts = [words(one.text) for one in results[0].iter() if local(one) in ("target", "target-address")]
    found = [
        _finding(rule, titles, made_at or now, version, target)
        for result in results
        for target in [_child(result, "target")]
        for rule in _failed(result)
    ]
    return Imported("OpenSCAP", version, made_at, tuple(found), tuple(dict.fromkeys(filter(None, hosts))))


def _failed(result: Element) -> Iterator[Element]:
    return (one for one in result.iter() if local(one) == "rule-result" and _child(one, "result") in _KEPT)


def _finding(rule: Element, titles: dict[str, str], at: datetime, version: str, target: str) -> ImportedFinding:
    name = words(rule.get("idref"))
    idents = ", ".join(words(one.text, 80) for one in rule if local(one) == "ident")
    return ImportedFinding(
        target=target, at=at, tool="OpenSCAP", tool_version=version, rule=name, title=titles.get(name) or name,
        severity=words(rule.get("severity"), 40),
        evidence=excerpt([("result", _child(rule, "result")), ("ident", idents), ("", _child(rule, "message"))]),
    )  # fmt: skip


def _child(element: Element, name: str) -> str:
    found = next((one for one in element if local(one) == name), None)
    return "" if found is None else words("".join(found.itertext()))
