"""Lynis' report (`lynis-report.dat`): its warnings and suggestions."""

from __future__ import annotations

from datetime import datetime

from secaudit.importers.document import Imported, NotReadable, excerpt, moment, text_of, words
from secaudit.model.observation import ImportedFinding

_KINDS = ("warning", "suggestion")


def read(data: bytes, now: datetime) -> Imported:
    """Return the facts of a report of Lynis. Its times carry no zone; they count as UTC.

    Raises:
        NotReadable: it is none, or was not finished.
    """
    single: dict[str, str] = {}
    listed: list[tuple[str, str]] = []
    for number, line in enumerate(text_of(data).splitlines(), 1):
        name, separator, value = line.partition("=")
        if not line.strip() or line.startswith("#"):
            continue
        if not separator:
            raise NotReadable(f"line {number} is no name=value")
        if name.endswith("[]"):
            listed.append((name.removesuffix("[]"), value))
        else:
            single[name] = value
    if "lynis_version" not in single:
        raise NotReadable("it holds no lynis_version")
    if single.get("finish") != "true":
        raise NotReadable("Lynis did not finish it")
    version, made_at = words(single["lynis_version"], 60), moment(single.get("report_datetime_end"))
    host = words(single.get("hostname"))
    found = []
    for kind, value in listed:
        if kind in _KINDS:
            rule, text, details, solution, *_ = [*value.split("|"), "", "", ""]
            found.append(
                ImportedFinding(
                    target=host, at=made_at or now, tool="Lynis", tool_version=version, rule=words(rule),
                    title=words(text), severity=kind, evidence=excerpt([("", _said(details)), ("", _said(solution))]),
                )
            )  # fmt: skip
    return Imported("Lynis", version, made_at, tuple(found), (host,) if host else ())


def _said(field: str) -> str:
    return "" if field.strip() == "-" else field
