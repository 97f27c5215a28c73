"""How a system developed: its past scans and answers, judged again by today's rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.app.judge import JudgedScan, judge_scan, keep_judgement
from secaudit.app.judge import Look as StoredLook
from secaudit.app.knowledge import Knowledge
from secaudit.app.provider import held_at
from secaudit.app.rules import rules_version
from secaudit.assess.inheritance import Offers
from secaudit.assess.judge import judge
from secaudit.assess.lives import lives
from secaudit.assess.past import answers_at, profile_at
from secaudit.model.assessment import Answer, Assessment, ProfileAnswer
from secaudit.model.history import Judgement, ScanSummary
from secaudit.model.judgement import Finding
from secaudit.model.observation import CertificateObservation
from secaudit.model.organisation import Site, System
from secaudit.model.past import FindingLife, Look
from secaudit.model.requirement import Checklist
from secaudit.model.target import host_port
from secaudit.model.words import ScanStatus
from secaudit.report.bounds import bounded
from secaudit.report.trend.build import Moment, build_trend, thin
from secaudit.report.trend.facts import CertificateDays, Trend
from secaudit.store.past import PastScan, past_judgements, past_scans
from secaudit.store.workspace import Workspace

ENDED = (ScanStatus.COMPLETE, ScanStatus.INCOMPLETE)
"""A scan that was killed says too little to compare with."""
Said = JudgedScan | StoredLook


@dataclass(frozen=True)
class SitePast:
    """The scans of one page that ended by themselves, oldest first."""

    site: Site
    scans: Sequence[ScanSummary]
    looks: Sequence[Look]

    @property
    def lives(self) -> tuple[FindingLife, ...]:
        """Return the life of every finding of the page."""
        return lives(self.looks)

    def latest(self, moment: datetime) -> Look | None:
        """Return the last look until `moment`, None before the first."""
        position = bisect_right(self.looks, moment, key=lambda look: look.at)
        return self.looks[position - 1] if position else None


def site_past(
    workspace: Workspace, site: Site, knowledge: Knowledge, until: datetime, now: datetime,
    fresh: Sequence[Said] = (),
) -> SitePast:  # fmt: skip
    """Return the scans of a page up to `until`, judged by today's rules.

    A judgement by the rules of this version is taken from the store. Older ones are made anew from what was seen, and
    kept, so that this happens once.

    Args:
        fresh: scans that were judged just now, so that a report says the same everywhere.
    """
    ready = {judged.scan.id: judged for judged in fresh}
    known = workspace.scans.summaries(site.id)
    scans = [s for s in reversed(known) if s.source is None and s.status in ENDED and s.started_at <= until]
    stored = past_judgements(workspace.database, [scan.id for scan in scans])
    looks = []
    for scan in scans:
        said = ready.get(scan.id) or stored.get(scan.id)
        if said is None or (isinstance(said, Judgement) and said.rules_version != rules_version()):
            said = _judged_again(workspace, scan.id, knowledge, now)
        looks.append(Look.model_construct(at=scan.started_at, scan=scan.id, outcomes=tuple(said.outcomes),
                                          findings=tuple(said.findings)))  # fmt: skip
    return SitePast(site, scans, looks)


def _judged_again(workspace: Workspace, scan_id: str, knowledge: Knowledge, now: datetime) -> Judgement:
    judged = judge_scan(workspace.scans.load(scan_id), knowledge)
    keep_judgement(workspace, judged, now)
    return Judgement(
        scan=scan_id, rules_version=rules_version(), judged_at=now, outcomes=tuple(judged.outcomes),
        findings=tuple(judged.findings),
    )  # fmt: skip


@dataclass(frozen=True)
class SystemPast:
    """A system's answers and scans, from which it can be judged as it stood at any moment."""

    system: System
    sites: Sequence[SitePast]
    answers: Sequence[Answer]
    profile: Sequence[ProfileAnswer]
    knowledge: Knowledge
    offers: Callable[[datetime, Checklist], Offers]

    def assessments(self, moment: datetime) -> list[Assessment]:
        """Judge the lists that count by what was seen and answered until `moment`."""
        looks = self.looks(moment)
        return [
            judge(
                checklist,
                outcomes=[outcome for look in looks for outcome in look.outcomes],
                findings=[finding for look in looks for finding in look.findings],
                answers=answers_at(self.answers, moment),
                profile=profile_at(self.profile, moment),
                questions=self.knowledge.profile,
                offers=self.offers(moment, checklist),
                at=moment,
                today=moment.astimezone().date(),
            )
            for checklist in self.knowledge.checklists
            if checklist.counts
        ]

    def looks(self, moment: datetime) -> list[Look]:
        """Return the last look at each page until `moment`."""
        return [look for site in self.sites if (look := site.latest(moment)) is not None]

    def findings(self, moment: datetime) -> list[Finding]:
        """Return the findings of those looks."""
        return [finding for look in self.looks(moment) for finding in look.findings]

    @property
    def lives(self) -> tuple[FindingLife, ...]:
        """Return the life of every finding of all pages."""
        return tuple(life for site in self.sites for life in site.lives)


def system_past(
    workspace: Workspace, system: System, sites: Sequence[Site], knowledge: Knowledge, until: datetime, now: datetime,
    fresh: Sequence[Said] = (),
) -> SystemPast:  # fmt: skip
    """Return the past of some pages of a system, up to `until`; `fresh` as in `site_past`."""
    return SystemPast(
        system=system,
        sites=[site_past(workspace, site, knowledge, until, now, fresh) for site in sites],
        offers=lambda moment, checklist: held_at(workspace, system, moment).offers(checklist),
        answers=workspace.answers.every(system.id),
        profile=workspace.profile.every(system.id),
        knowledge=knowledge,
    )


def system_trend(workspace: Workspace, past: SystemPast, assessments: Sequence[Assessment], now: datetime) -> Trend:
    """Return the development of a system; its last point is the report's own moment.

    Args:
        workspace: where the certificates of the scans stand.
        past: its scans and answers.
        assessments: how it stands now, as the same report says elsewhere; lists that do not count are left out.
        now: the report's moment.
    """
    scans = sorted((scan for site in past.sites for scan in site.scans), key=lambda scan: scan.started_at)
    if len(scans) < 2:
        return build_trend([], past.lives, len(scans), now)
    shown = thin(scans, lambda scan: scan.started_at.astimezone())
    seen = past_scans(workspace.database, [scan.id for scan in shown])
    moments = [_moment(past, scan, seen[scan.id]) for scan in shown]
    counting = {checklist.id for checklist in past.knowledge.checklists if checklist.counts}
    standing = [one for one in assessments if one.checklist in counting]
    moments.append(Moment(at=now, assessments=standing, findings=past.findings(now)))
    return build_trend(moments, past.lives, len(scans), now)


def _moment(past: SystemPast, scan: ScanSummary, seen: PastScan) -> Moment:
    return Moment(
        at=scan.started_at.astimezone(),
        assessments=past.assessments(scan.started_at),
        findings=past.findings(scan.started_at),
        scan=scan.id,
        profile=seen.options.profile,
        complete=scan.status is ScanStatus.COMPLETE,
        certificates=list(_days_left(seen.certificates, scan.started_at)),
    )


def _days_left(certificates: Sequence[CertificateObservation], at: datetime) -> Iterator[CertificateDays]:
    """Return the days left of each endpoint's own certificate; a server that shows several counts by the shortest."""
    left: dict[str, int] = {}
    for look in certificates:
        ends = look.chain[0].not_after if look.chain else None
        if ends is not None:
            endpoint = host_port(bounded(look.host), look.port)
            left[endpoint] = min((ends - at).days, left.get(endpoint, (ends - at).days))
    return (CertificateDays(endpoint=endpoint, days_left=days) for endpoint, days in sorted(left.items()))
