"""Rules of the area `disclosure`: security.txt, where people who find a weakness learn whom to tell (RFC 9116)."""

from __future__ import annotations

from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.security_txt import WELL_KNOWN, NoFile, SecurityTxt, expiry, faults, security_txt
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.target import build_url

PROBES = ("disclosure",)


def _without_file(view: View, found: NoFile | Reason) -> Verdict:
    target = _target(view)
    if isinstance(found, Reason):
        return inconclusive(target, found)
    return not_applicable(target, Reason(code="security-txt-none"))


def _target(view: View) -> str:
    """Return where the file belongs, the same whatever way it was looked for."""
    return build_url("https", view.target.host, _https_port(view), WELL_KNOWN)


def _https_port(view: View) -> int:
    return view.target.port if view.target.scheme == "https" else view.options.https_port or 443


@check("disclosure.security-txt-missing")
def _missing(view: View) -> list[Verdict]:
    found, target = security_txt(view), _target(view)
    if isinstance(found, Reason):
        return [inconclusive(target, found)]
    if isinstance(found, SecurityTxt):
        return [passed(target, found_at=found.target, contact=[*found.values("Contact")[:5]])]
    return [failed(target, answers=[*found.answers])]


@check("disclosure.security-txt-expired")
def _expired(view: View) -> list[Verdict]:
    found, target = security_txt(view), _target(view)
    if not isinstance(found, SecurityTxt):
        return [_without_file(view, found)]
    ends = expiry(found)
    written = found.values("Expires")[:3]
    if ends is None:
        return [inconclusive(target, Reason(code="security-txt-expires-unreadable"))]
    if ends < view.at:
        return [failed(target, found_at=found.target, expires=[*written])]
    return [passed(target, found_at=found.target, expires=[*written])]


@check("disclosure.security-txt-invalid")
def _invalid(view: View) -> list[Verdict]:
    found, target = security_txt(view), _target(view)
    if not isinstance(found, SecurityTxt):
        return [_without_file(view, found)]
    wrong = faults(found)
    if isinstance(wrong, Reason):
        return [inconclusive(target, wrong)]
    if wrong:
        return [failed(target, found_at=found.target, faults=[*wrong])]
    return [passed(target, found_at=found.target)]
