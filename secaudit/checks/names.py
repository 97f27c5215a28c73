"""What the rules over DNS share: whether the question arises for this target, and whether anyone could look."""

from __future__ import annotations

from collections.abc import Callable

from secaudit.checks.registry import Verdict, inconclusive, not_applicable
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import DnsObservation


def seen_names(view: View) -> DnsObservation | Verdict:
    """Return what the resolver said of the target's host, or the verdict that there is nothing to judge."""
    host = view.target.host
    if view.target.is_address:
        return not_applicable(host, Reason(code="dns-target-is-address", params={"host": host}))
    if not view.target.is_public_name:
        return not_applicable(host, Reason(code="dns-name-not-public", params={"host": host}))
    seen = view.seen(DnsObservation)
    if not seen:
        return inconclusive(host, view.why_nothing(DnsObservation))
    return inconclusive(host, seen[0].fault) if seen[0].fault else seen[0]


def on_names(view: View, rule: Callable[[DnsObservation], Verdict]) -> list[Verdict]:
    """Apply `rule` to what the resolver said; its own verdict where there is nothing to judge."""
    seen = seen_names(view)
    return [seen if isinstance(seen, Verdict) else rule(seen)]
