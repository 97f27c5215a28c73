"""The life of findings over the scans of one site: first seen, proved gone, back again.

A finding ends only by proof, as in `changes`: its check passed on the same target. A scan that could not look leaves
it open.
"""

from __future__ import annotations

from collections.abc import Iterable

from secaudit.assess.changes import Change, compare
from secaudit.model.judgement import Finding
from secaudit.model.past import FindingLife, Look


def lives(looks: Iterable[Look]) -> tuple[FindingLife, ...]:
    """Return every stretch in which a fault was there, in the order in which they began.

    Args:
        looks: scans of one site that ended by themselves, in any order.
    """
    running: dict[str, FindingLife] = {}
    over: list[FindingLife] = []
    ended_before: set[str] = set()
    for look in sorted(looks, key=lambda one: one.at):
        before = [life.finding for life in running.values()]
        for change in compare(before, look.findings, look.outcomes, ended_before):
            identity = change.finding.identity
            if change.change in (Change.NEW, Change.BACK):
                running[identity] = _begun(change.finding, look, back=change.change is Change.BACK)
            elif change.change is Change.OPEN:
                seen = {"finding": change.finding, "last_seen": look.at, "state": "open"}
                running[identity] = running[identity].model_copy(update=seen)
            elif change.change is Change.UNKNOWN:
                running[identity] = running[identity].model_copy(update={"state": "unproven"})
            else:
                ended = {"state": change.change.value, "ended": look.at}
                over.append(running.pop(identity).model_copy(update=ended))
                ended_before.add(identity)
    return tuple(sorted([*over, *running.values()], key=lambda life: (life.first_seen, life.finding.identity)))


def _begun(finding: Finding, look: Look, *, back: bool) -> FindingLife:
    return FindingLife(finding=finding, first_seen=look.at, last_seen=look.at, back=back)
