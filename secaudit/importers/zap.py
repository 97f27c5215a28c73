"""ZAP's "Traditional JSON Report": one alert each, with the first places where it was raised."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from secaudit.importers.document import Imported, NotReadable, excerpt, json_of, mapping, members, moment, words
from secaudit.model.observation import ImportedFinding

_PLACES = 5
_TAG = re.compile(r"<[^<>]{0,80}>")


def read(data: bytes, now: datetime) -> Imported:
    """Return the facts of a file of ZAP.

    Raises:
        NotReadable: it is none.
    """
    whole = mapping(json_of(data), "the file")
    if "site" not in whole or "@version" not in whole:
        raise NotReadable("it holds no site or no @version")
    version, made_at = words(whole["@version"], 60), moment(whole.get("created"))
    found, hosts = [], []
    for value in members(whole["site"], "site"):
        site = mapping(value, "a site")
        hosts.append(words(site.get("@host")))
        for one in members(site.get("alerts"), "alerts"):
            alert = mapping(one, "an alert")
            if "pluginid" not in alert:
                raise NotReadable("an alert without pluginid")
            found.append(
                ImportedFinding(
                    target=words(site.get("@name")), at=made_at or now, tool="ZAP", tool_version=version,
                    rule=words(alert.get("alertRef") or alert["pluginid"]),
                    title=_plain(alert.get("name") or alert.get("alert")), severity=words(alert.get("riskdesc"), 40),
                    evidence=excerpt([*_places(alert), ("CWE", alert.get("cweid")), ("", _plain(alert.get("desc")))]),
                )
            )  # fmt: skip
    return Imported("ZAP", version, made_at, tuple(found), tuple(dict.fromkeys(filter(None, hosts))))


def _places(alert: Mapping[str, Any]) -> list[tuple[str, str]]:
    places = [mapping(one, "an instance") for one in members(alert.get("instances"), "instances")]
    lines = []
    for place in places[:_PLACES]:
        parts = [words(place.get("method"), 20), words(place.get("uri")), words(place.get("param"), 80)]
        lines.append(("", " ".join(filter(None, parts))))
        lines.append(("evidence", _plain(place.get("evidence"))))
    if len(places) > _PLACES:
        lines.append(("", f"… [+{len(places) - _PLACES}]"))
    return lines


def _plain(value: Any) -> str:
    """Return text without the HTML that ZAP writes into its descriptions."""
    return words(html.unescape(_TAG.sub(" ", words(value, 2000))))
