"""Nuclei's JSON lines (`-jsonl`) or its JSON array (`-json-export`): one matched template each."""

from __future__ import annotations

from datetime import datetime

from secaudit.importers.document import Imported, NotReadable, excerpt, json_lines_of, mapping, moment, words
from secaudit.model.observation import ImportedFinding


def read(data: bytes, now: datetime) -> Imported:
    """Return the facts of a file of Nuclei. Its version does not stand in the file.

    Raises:
        NotReadable: it is none.
    """
    found, hosts, times = [], [], []
    for value in json_lines_of(data):
        row = mapping(value, "a result")
        info = mapping(row.get("info"), "info")
        if "template-id" not in row:
            raise NotReadable("a result without template-id")
        if row.get("matcher-status") is False:
            continue  # written with -matcher-status: the template did not match
        at = moment(row.get("timestamp"))
        times += [at] if at else []
        hosts.append(words(row.get("host")))
        classification = info.get("classification")
        known = classification if isinstance(classification, dict) else {}
        found.append(
            ImportedFinding(
                target=words(row.get("matched-at") or row.get("host")), at=at or now, tool="Nuclei",
                rule=words(row["template-id"]), title=words(info.get("name") or row["template-id"]),
                severity=words(info.get("severity"), 40),
                evidence=excerpt(
                    [
                        ("matcher", row.get("matcher-name")),
                        ("extracted", _joined(row.get("extracted-results"))),
                        ("CVE", _joined(known.get("cve-id"))),
                        ("CWE", _joined(known.get("cwe-id"))),
                        ("", info.get("description")),
                    ]
                ),
            )
        )  # fmt: skip
    return Imported("Nuclei", "", max(times, default=None), tuple(found), tuple(dict.fromkeys(filter(None, hosts))))


def _joined(value: object) -> object:
    return ", ".join(words(one) for one in value) if isinstance(value, list) else value
