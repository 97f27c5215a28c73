"""The table of formats for programs: what `secaudit report --format` names, and the files that each gives."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from secaudit.report.programs.ciso_assistant import audit_name, write_audit, write_followup
from secaudit.report.programs.content import Content
from secaudit.report.programs.deadlines import write_calendar
from secaudit.report.programs.oscal_poam import write_poam
from secaudit.report.programs.oscal_results import write_results
from secaudit.report.programs.sarif import write_sarif
from secaudit.report.programs.tables import write_findings, write_requirements

Files = dict[str, bytes]
"""End of a file's name (`sarif`, `findings.csv`) to what is in it, the main file first."""


def _poam(content: Content) -> Files:
    plan = write_poam(content)
    return {} if plan is None else {"oscal-poam.json": plan}


def _oscal(content: Content) -> Files:
    return {"oscal-results.json": write_results(content)} | _poam(content)


def _sarif(content: Content) -> Files:
    return {"sarif": write_sarif(content)}


def _csv(content: Content) -> Files:
    return {"findings.csv": write_findings(content), "requirements.csv": write_requirements(content)}


def _ics(content: Content) -> Files:
    return {"ics": write_calendar(content)}


def _ciso_assistant(content: Content) -> Files:
    audits = {audit_name(entry): write_audit(content, entry) for entry in content.model.lists}
    return {**audits, "ciso-assistant.findings.xlsx": write_followup(content)}


def _schema(content: Content) -> Files:
    return {"schema.json": report_schema()}


WRITERS: dict[str, Callable[[Content], Files]] = {
    "oscal": _oscal,
    "oscal-poam": _poam,
    "sarif": _sarif,
    "csv": _csv,
    "ics": _ics,
    "ciso-assistant": _ciso_assistant,
    "json-schema": _schema,
}
"""Format to its writer; `json-schema` describes what the format `json` holds."""


def report_schema() -> bytes:
    """Return the JSON Schema (draft 2020-12) of `secaudit.report/1` as shipped."""
    return files("secaudit.report.programs").joinpath("report.schema.json").read_bytes()
