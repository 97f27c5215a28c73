"""testssl.sh's JSON, flat (`--jsonfile`) or pretty (`--jsonfile-pretty`): what it does not find in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from secaudit.importers.document import Imported, NotReadable, epoch, excerpt, json_of, mapping, members, words
from secaudit.model.observation import ImportedFinding
from secaudit.model.target import host_port

_IN_ORDER = {"OK", "INFO", "DEBUG", ""}
"""Severities of results that are no findings. WARN means that something could not be looked at; it is kept."""


def read(data: bytes, now: datetime) -> Imported:
    """Return the facts of a file of testssl.sh.

    Raises:
        NotReadable: it is none.
    """
    value = json_of(data)
    if isinstance(value, list):
        rows, version, made_at = [_row(one) for one in value], "", None
    else:
        whole = mapping(value, "the file")
        if "scanResult" not in whole:
            raise NotReadable("it holds no scanResult")
        rows = list(_pretty(whole))
        version, made_at = words(str(whole.get("version", "")).split(" from")[0], 60), epoch(whole.get("startTime"))
    if not rows:
        raise NotReadable("it holds no result")
    found = [
        ImportedFinding(
            target=_target(row), at=made_at or now, tool="testssl.sh", tool_version=version, rule=words(row["id"]),
            title=words(row["id"]), severity=words(row["severity"], 40),
            evidence=excerpt([("", row["finding"]), ("CVE", row.get("cve")), ("CWE", row.get("cwe"))]),
        )
        for row in rows
        if str(row["severity"]).upper() not in _IN_ORDER
    ]  # fmt: skip
    hosts = [part for row in rows for part in words(row.get("ip")).split("/") if part]
    return Imported("testssl.sh", version, made_at, tuple(found), tuple(dict.fromkeys(hosts)))


def _row(value: Any) -> Mapping[str, Any]:
    row = mapping(value, "a result")
    if missing := {"id", "severity", "finding"} - set(row):
        raise NotReadable(f"a result without {', '.join(sorted(missing))}")
    return row


def _pretty(whole: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for scan in members(whole["scanResult"], "scanResult"):
        server = mapping(scan, "a scan")
        where = {"ip": "/".join(filter(None, (words(server.get("targetHost")), words(server.get("ip"))))),
                 "port": server.get("port")}  # fmt: skip
        if "id" in server:  # a problem of the scan itself stands among the servers
            yield _row(server)
        for part in server.values():
            if isinstance(part, list):
                yield from ({**_row(one), **where} for one in part)


def _target(row: Mapping[str, Any]) -> str:
    host = words(row.get("ip")).split("/")[0]
    port = str(row.get("port") or "")
    return host_port(host, int(port)) if host and port.isascii() and port.isdigit() else host
