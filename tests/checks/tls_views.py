"""Views over recorded and constructed TLS observations, for the tests of the tls and cert checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from secaudit.checks import cert, tls  # noqa: F401 - registers the rules
from secaudit.checks.registry import _RULES, Verdict
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import OBSERVATION, CertificateObservation, Observation, TlsObservation
from secaudit.model.scan import ScanOptions
from secaudit.model.target import parse_target

CAPTURED = Path(__file__).parent.parent / "captured" / "tls"
TARGET = parse_target("https://xa.tinh.gov.vn/")
IDS = tuple(check for check in _RULES if check.startswith(("tls.", "cert.")))


def captured(name: str) -> tuple[TlsObservation, CertificateObservation]:
    """Return what was recorded on the lab server of that name."""
    lines = (CAPTURED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    tls_seen, certificate_seen = (OBSERVATION.validate_json(line) for line in lines)
    assert isinstance(tls_seen, TlsObservation)
    assert isinstance(certificate_seen, CertificateObservation)
    return tls_seen, certificate_seen


def verdicts(
    check: str, *observations: Observation, at: datetime | None = None, missing: dict[str, Reason] | None = None
) -> list[Verdict]:
    """Judge the observations by one check, at their own moment unless told otherwise."""
    moment = at or (observations[0].at if observations else captured("good")[0].at)
    return list(_RULES[check](View(TARGET, ScanOptions(), moment, observations, missing or {})))


def verdict(check: str, *observations: Observation, at: datetime | None = None) -> Verdict:
    """Judge by one check that must give exactly one verdict."""
    (only,) = verdicts(check, *observations, at=at)
    return only


def failing(observations: Iterable[Observation]) -> set[str]:
    """Return the ids of all tls and cert checks that fail."""
    seen = list(observations)
    return {check for check in IDS for one in verdicts(check, *seen) if one.result == "fail"}
