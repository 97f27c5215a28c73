"""Checks of the certificates that the https port serves (RFC 5280, CA/Browser Forum Baseline Requirements).

A server may hold one chain for RSA and one for EC; a fault in either is a fault. Ages count from the moment of the
scan, so that an old scan judged again says the same.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.tls import NO_TLS_CODES
from secaudit.checks.trust import Standing, last_linked, standing, trusted_publicly
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import Certificate, CertificateObservation
from secaudit.model.words import Outcome

PROBES = ("tls",)
EXPIRES_SOON = timedelta(days=30)
_GRAVEST_FIRST = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.NOT_APPLICABLE)
Judge = Callable[[CertificateObservation], Verdict]


def _judge(view: View, judge: Judge) -> Iterator[Verdict]:
    """Judge every chain; where a port serves several, the gravest verdict stands for the port."""
    seen = view.seen(CertificateObservation)
    if not seen:
        yield inconclusive(view.https_endpoint, view.why_nothing(CertificateObservation))
    by_target: dict[str, list[Verdict]] = {}
    for observation in seen:
        by_target.setdefault(observation.target, []).append(_judge_one(observation, judge))
    for verdicts in by_target.values():
        yield min(verdicts, key=lambda verdict: _GRAVEST_FIRST.index(verdict.result))


def _judge_one(observation: CertificateObservation, judge: Judge) -> Verdict:
    fault = observation.fault
    if fault is not None:
        if fault.code in NO_TLS_CODES:
            return not_applicable(observation.target, Reason(code="no-https"))
        if fault.code == "no-certificate":
            return not_applicable(observation.target, fault)
        return inconclusive(observation.target, fault)
    if not observation.chain:
        return not_applicable(observation.target, Reason(code="no-certificate"))
    leaf_fault = observation.chain[0].fault
    return inconclusive(observation.target, leaf_fault) if leaf_fault else judge(observation)


def _described(certificate: Certificate, **facts: Json) -> dict[str, Json]:
    return {"subject": certificate.subject[:200], "sha256": certificate.sha256, **facts}


def _failed(observation: CertificateObservation, evidence: dict[str, Json]) -> Verdict:
    return Verdict(Outcome.FAIL, observation.target, evidence)


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""


# --- Validity --------------------------------------------------------------------------------------


def _dated(observation: CertificateObservation) -> tuple[datetime, datetime] | None:
    leaf = observation.chain[0]
    return (leaf.not_before, leaf.not_after) if leaf.not_before and leaf.not_after else None


def _date_check(check_id: str, judge_dates: Callable[[datetime, datetime, datetime], Outcome | Reason]) -> None:
    """Register a check over (begin, end, moment of the scan); a Reason means that it does not apply."""

    def rule(view: View) -> Iterable[Verdict]:
        def judge(observation: CertificateObservation) -> Verdict:
            dates = _dated(observation)
            if dates is None:
                return inconclusive(observation.target, Reason(code="certificate-undated"))
            result = judge_dates(*dates, view.at)
            if isinstance(result, Reason):
                return not_applicable(observation.target, result)
            evidence: dict[str, Json] = {"not-before": _iso(dates[0]), "not-after": _iso(dates[1])}
            if result is Outcome.FAIL:
                return _failed(observation, _described(observation.chain[0], **evidence))
            return passed(observation.target, **evidence)

        return _judge(view, judge)

    check(check_id)(rule)


def _when(fault: bool) -> Outcome:
    return Outcome.FAIL if fault else Outcome.PASS


def _expires_soon(_begins: datetime, ends: datetime, at: datetime) -> Outcome | Reason:
    if at > ends:
        return Reason(code="certificate-expired")
    return _when(ends - at <= EXPIRES_SOON)


_date_check("cert.expired", lambda _begins, ends, at: _when(at > ends))
_date_check("cert.not-yet-valid", lambda begins, _ends, at: _when(at < begins))
_date_check("cert.expires-soon", _expires_soon)

# --- Name ------------------------------------------------------------------------------------------


@check("cert.hostname-mismatch")
def hostname_mismatch(view: View) -> Iterable[Verdict]:
    """The leaf does not name the host (RFC 9525)."""

    def judge(observation: CertificateObservation) -> Verdict:
        if observation.hostname_matches is None:
            return inconclusive(observation.target, Reason(code="certificate-names-unreadable"))
        if observation.hostname_matches:
            return passed(observation.target)
        names: list[Json] = [name[:255] for name in observation.chain[0].names[:20]]
        return _failed(observation, _described(observation.chain[0], host=observation.host, names=names))

    return _judge(view, judge)


# --- Trust -----------------------------------------------------------------------------------------


@check("cert.self-signed")
def self_signed(view: View) -> Iterable[Verdict]:
    """The leaf vouches for itself."""

    def judge(observation: CertificateObservation) -> Verdict:
        leaf = observation.chain[0]
        if leaf.self_issued:
            return _failed(observation, _described(leaf, issuer=leaf.issuer[:200]))
        return passed(observation.target)

    return _judge(view, judge)


@check("cert.untrusted")
def untrusted(view: View) -> Iterable[Verdict]:
    """No trust store, or not every browser's, knows the root."""

    def judge(observation: CertificateObservation) -> Verdict:
        match standing(observation):
            case Standing.TRUSTED:
                return passed(observation.target, trusted=_stores(observation, trusted=True))
            case Standing.SELF_SIGNED:
                return not_applicable(observation.target, Reason(code="certificate-self-signed"))
            case Standing.INCOMPLETE:
                return inconclusive(observation.target, Reason(code="chain-incomplete"))
            case Standing.NOT_LOOKED:
                return inconclusive(observation.target, Reason(code="trust-not-looked"))
        last = last_linked(observation)
        return failed(
            observation.target,
            issuer=last.issuer[:200],
            refused=_stores(observation, trusted=False),
            trusted=_stores(observation, trusted=True),
        )

    return _judge(view, judge)


def _stores(observation: CertificateObservation, *, trusted: bool) -> list[Json]:
    looks = [look for look in observation.trust if look.trusted is trusted]
    return [f"{look.store} {look.version}".strip()[:80] for look in looks]


@check("cert.incomplete-chain")
def incomplete_chain(view: View) -> Iterable[Verdict]:
    """The server does not send the certificates between its own and the root (RFC 8446, section 4.4.2)."""

    def judge(observation: CertificateObservation) -> Verdict:
        match standing(observation):
            case Standing.TRUSTED | Standing.PARTLY:
                return passed(observation.target)
            case Standing.SELF_SIGNED:
                return not_applicable(observation.target, Reason(code="certificate-self-signed"))
            case Standing.NOT_LOOKED:
                return inconclusive(observation.target, Reason(code="trust-not-looked"))
        last = last_linked(observation)
        if standing(observation) is Standing.UNKNOWN_ROOT:
            if last.self_issued:
                return passed(observation.target)
            return inconclusive(observation.target, Reason(code="chain-root-unknown"))
        served: list[Json] = [one.subject[:200] for one in observation.chain[:10]]
        return failed(observation.target, served=served, missing=last.issuer[:200])

    return _judge(view, judge)


# --- Strength --------------------------------------------------------------------------------------


def _judged_certificates(observation: CertificateObservation) -> list[Certificate]:
    """Return the leaf and the intermediates; a root is trusted for being in a store, not for its signature."""
    return [observation.chain[0], *(one for one in observation.chain[1:] if not one.self_issued)]


def _strength_check(check_id: str, weak: Callable[[Certificate], bool | None],
                    facts: Callable[[Certificate], dict[str, Json]]) -> None:  # fmt: skip
    """Register a check over leaf and intermediates; `weak` gives None for what it does not know."""

    def judge(observation: CertificateObservation) -> Verdict:
        judged = _judged_certificates(observation)
        opinions = [(one, weak(one) if one.fault is None else None) for one in judged]
        bad: list[Json] = [_described(one, **facts(one)) for one, opinion in opinions if opinion]
        if bad:
            return failed(observation.target, certificates=bad)
        for one, opinion in opinions:
            if opinion is None:
                unknown = str(next(iter(facts(one).values()), ""))
                reason = one.fault or Reason(code="certificate-algorithm-unknown", params={"algorithm": unknown})
                return inconclusive(observation.target, reason)
        return passed(observation.target)

    def rule(view: View) -> Iterable[Verdict]:
        return _judge(view, judge)

    check(check_id)(rule)


def _weak_key(one: Certificate) -> bool | None:
    least = {"RSA": 2048, "DSA": 2048, "EC": 256, "Ed25519": 0, "Ed448": 0}.get(one.key_type)
    return None if least is None else one.key_bits < least


def _weak_signature(one: Certificate) -> bool | None:
    return None if one.signature_hash.startswith("oid:") else one.signature_hash in {"md2", "md4", "md5", "sha1"}


_strength_check("cert.weak-key", _weak_key, lambda one: {"key": one.key_type, "bits": one.key_bits})
_strength_check("cert.weak-signature", _weak_signature, lambda one: {"hash": one.signature_hash})


# --- What authorities must keep to ------------------------------------------------------------------

# Baseline Requirements, section 6.3.2 (200, 100 and 47 days: ballot SC-081v3). Issued on or after: most days.
_LIMITS_IN_DAYS = (
    (datetime(2029, 3, 15, tzinfo=UTC), 47),
    (datetime(2027, 3, 15, tzinfo=UTC), 100),
    (datetime(2026, 3, 15, tzinfo=UTC), 200),
    (datetime(2020, 9, 1, tzinfo=UTC), 398),
    (datetime(2018, 3, 1, tzinfo=UTC), 825),
)
_LIMIT_39_MONTHS = datetime(2015, 4, 1, tzinfo=UTC)


def longest_validity(begins: datetime) -> timedelta:
    """Return how long a certificate issued at `begins` may be valid, both ends counted."""
    begins = begins.astimezone(UTC)
    for since, days in _LIMITS_IN_DAYS:
        if begins >= since:
            return timedelta(days=days)
    months = 39 if begins >= _LIMIT_39_MONTHS else 60
    # Counted by the calendar then, the last moment not held against anyone.
    return _months_later(begins, months) - begins + timedelta(seconds=1)


def _months_later(begins: datetime, months: int) -> datetime:
    year, month = divmod(begins.month - 1 + months, 12)
    year, month = begins.year + year, month + 1
    day = min(begins.day, calendar.monthrange(year, month)[1])
    return begins.replace(year=year, month=month, day=day)


def inclusive_validity(begins: datetime, ends: datetime) -> timedelta:
    """Return the validity period, both ends included (RFC 5280, section 4.1.2.5)."""
    return ends - begins + timedelta(seconds=1)


@check("cert.validity-too-long")
def validity_too_long(view: View) -> Iterable[Verdict]:
    """The validity exceeds what the CA/Browser Forum allowed when the certificate was issued.

    Asked also of authorities given by `--ca-file`: the page serves the public, and the danger of a long-lived key
    is the same. Self-signed certificates are left to `cert.self-signed`.
    """

    def judge(observation: CertificateObservation) -> Verdict:
        if standing(observation) is Standing.SELF_SIGNED:
            return not_applicable(observation.target, Reason(code="certificate-self-signed"))
        dates = _dated(observation)
        if dates is None:
            return inconclusive(observation.target, Reason(code="certificate-undated"))
        period, longest = inclusive_validity(*dates), longest_validity(dates[0])
        if period <= longest:
            return passed(observation.target)
        evidence = _described(
            observation.chain[0],
            **{"not-before": _iso(dates[0]), "not-after": _iso(dates[1])},
            days=-(-period // timedelta(days=1)),
            most=longest.days,
        )
        return _failed(observation, evidence)

    return _judge(view, judge)


@check("cert.no-sct")
def no_sct(view: View) -> Iterable[Verdict]:
    """A publicly trusted certificate comes without any certificate timestamp (RFC 6962).

    Private authorities do not log their certificates, so the question does not arise for them.
    """

    def judge(observation: CertificateObservation) -> Verdict:
        embedded, stapled = observation.chain[0].sct_count, observation.stapled_sct_count
        if embedded or stapled:
            return passed(observation.target, embedded=embedded, stapled=stapled)
        if trusted_publicly(observation):
            if embedded is None or stapled is None:
                return inconclusive(observation.target, Reason(code="sct-not-looked"))
            return _failed(observation, _described(observation.chain[0], embedded=0, stapled=0))
        match standing(observation):
            case Standing.INCOMPLETE:
                return inconclusive(observation.target, Reason(code="chain-incomplete"))
            case Standing.NOT_LOOKED:
                return inconclusive(observation.target, Reason(code="trust-not-looked"))
        return not_applicable(observation.target, Reason(code="certificate-not-public"))

    return _judge(view, judge)
