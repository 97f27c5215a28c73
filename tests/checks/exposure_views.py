"""Constructed observations of the exposure probe for tests of rules."""

from __future__ import annotations

from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.exposure_look import ExposureObservation, FileLook, ScriptFileObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target
from secaudit.model.words import Profile
from secaudit.reference.paths import entries_for, filled_paths
from tests.checks.judging import AT, make_view
from tests.checks.visits import HTTPS, answer, visit

ORIGIN = "https://xa.example"
NOT_FOUND = {"status": 404, "sniffed": "html", "title": "404", "body_bytes": 150, "body_sha256": "4" * 64}
BLOCKED = Reason(code="exposure-blocked", params={"requests": 10})


def look(entry: str, path: str, number: int, **more: object) -> FileLook:
    """Return one answer; a plain 404 unless told otherwise."""
    return FileLook.model_validate(
        {"target": ORIGIN + path, "at": AT, "entry": entry, "number": number, **NOT_FOUND, **more}
    )


def exposure(
    found: dict[str, dict[str, object]] | None = None,
    *,
    profile: Profile = Profile.STANDARD,
    usual: dict[str, object] | None = None,
    last: int = 10**6,
    stopped: Reason | None = None,
    fault: Reason | None = None,
) -> View:
    """Return a view of a finished look: every path of the profile answered 404, those in `found` otherwise.

    Args:
        found: path to what its answer has.
        usual: what addresses that cannot exist answer.
        last: number of the last request that was sent.
    """
    found = found or {}
    entries = entries_for(profile)
    looks = [look("no-such-page", "/s1", 1, **(usual or {})), look("home", "/", 2, status=200, title="UBND xã",
             body_sha256="0" * 64, body_bytes=900)]  # fmt: skip
    number = 2
    for entry in entries:
        for path in filled_paths(entry, "xa.example"):
            number += 1
            if number <= last:
                looks.append(look(entry.id, path, number, **found.get(path, {})))
    whole = ExposureObservation(
        target=ORIGIN, at=AT, fault=fault, entries=tuple(entry.id for entry in entries), planned=number,
        asked=min(number, last), reliable=min(number, last), stopped=stopped,
    )  # fmt: skip
    options = ScanOptions(profile=profile)
    page = visit("page-https", answer(HTTPS, headers=[("Content-Type", "text/html")], body="<title>UBND xã</title>"))
    return make_view([page, *([] if fault else looks), whole], target=parse_target(HTTPS), options=options)


def script(url: str, excerpt: str) -> ScriptFileObservation:
    """Return the beginning of a script."""
    return ScriptFileObservation(target=url, at=AT, status=200, excerpt=excerpt, body_bytes=len(excerpt))
