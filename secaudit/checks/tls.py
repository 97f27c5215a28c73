"""Checks of how the https port speaks TLS (RFC 8446, RFC 9325). One observation per target, no wording.

A fault that was seen counts even if something else could not be looked at; only what was not seen at all is
inconclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from secaudit.checks.registry import Verdict, check, failed, inconclusive, not_applicable, passed
from secaudit.checks.view import View
from secaudit.model.base import Json, Reason
from secaudit.model.observation import CipherSuite, Fact, TlsObservation, TlsVersion, VersionLook
from secaudit.model.words import Outcome

PROBES = ("tls",)
NO_TLS_CODES = frozenset({"connect-refused", "tls-not-spoken"})
"""Faults that prove that there is no https, as opposed to not having been able to look."""

_MOST_SUITES = 20
_OLDER = tuple(version for version in TlsVersion if version is not TlsVersion.TLS_1_3)
Judge = Callable[[TlsObservation], Verdict]


def _judge(view: View, judge: Judge) -> Iterator[Verdict]:
    seen = view.seen(TlsObservation)
    if not seen:
        yield inconclusive(view.https_endpoint, view.why_nothing(TlsObservation))
    for observation in seen:
        if observation.fault is None:
            yield judge(observation)
        elif observation.fault.code in NO_TLS_CODES:
            yield not_applicable(observation.target, Reason(code="no-https"))
        else:
            yield inconclusive(observation.target, observation.fault)


@check("tls.unavailable")
def unavailable(view: View) -> Iterable[Verdict]:
    """The https port refuses, or does not speak TLS."""
    seen = view.seen(TlsObservation)
    if not seen:
        yield inconclusive(view.https_endpoint, view.why_nothing(TlsObservation))
    for observation in seen:
        fault = observation.fault
        if fault is None:
            yield passed(observation.target)
        elif fault.code in NO_TLS_CODES:
            detail = fault.params.get("detail", "")
            yield failed(observation.target, seen=fault.code, detail=detail)
        else:
            yield inconclusive(observation.target, fault)


# --- Versions --------------------------------------------------------------------------------------


def _look(observation: TlsObservation, version: TlsVersion) -> VersionLook:
    missing = Reason(code="tls-version-not-offered", params={"version": version.value})
    found = (look for look in observation.versions if look.version is version)
    return next(found, VersionLook(version=version, fault=missing))


def _offered(observation: TlsObservation) -> list[TlsVersion]:
    return [version for version in TlsVersion if _look(observation, version).accepted]


def _first_fault(observation: TlsObservation, versions: Iterable[TlsVersion]) -> Reason | None:
    """Return why one of the versions could not be looked at, None when all were."""
    faults = (_look(observation, version).fault for version in versions)
    return next((fault for fault in faults if fault), None)


def _suites_fault(observation: TlsObservation, versions: Iterable[TlsVersion]) -> Reason | None:
    """Return why the suites of one of the versions could not be seen, None when all were.

    A server that answers other versions and is silent to the hello of SSLv2, whose form is another (RFC 6101,
    appendix E), most likely waits for the rest of a record. `tls.sslv2` then stays inconclusive; what is said of the
    suites of all other versions need not.
    """
    spared = {TlsVersion.SSL_2_0} if _offered(observation) else set()
    return _first_fault(observation, (version for version in versions if version not in spared))


def _version_check(check_id: str, version: TlsVersion) -> None:
    def judge(observation: TlsObservation) -> Verdict:
        look = _look(observation, version)
        if look.accepted:
            return failed(observation.target, version=version.value, suites=_names(look.accepted))
        return inconclusive(observation.target, look.fault) if look.fault else passed(observation.target)

    def rule(view: View) -> Iterable[Verdict]:
        return _judge(view, judge)

    check(check_id)(rule)


_version_check("tls.sslv2", TlsVersion.SSL_2_0)
_version_check("tls.sslv3", TlsVersion.SSL_3_0)
_version_check("tls.tls10", TlsVersion.TLS_1_0)
_version_check("tls.tls11", TlsVersion.TLS_1_1)


@check("tls.no-tls12")
def no_tls12(view: View) -> Iterable[Verdict]:
    """Neither TLS 1.2 nor anything newer is offered (RFC 9325, section 3.1.1)."""

    def judge(observation: TlsObservation) -> Verdict:
        look = _look(observation, TlsVersion.TLS_1_2)
        if look.accepted:
            return passed(observation.target)
        if _look(observation, TlsVersion.TLS_1_3).accepted:
            return not_applicable(observation.target, Reason(code="tls-only-13"))
        fault = look.fault or _first_fault(observation, [TlsVersion.TLS_1_3])
        if fault:
            return inconclusive(observation.target, fault)
        return failed(observation.target, offered=_version_names(observation))

    return _judge(view, judge)


@check("tls.no-tls13")
def no_tls13(view: View) -> Iterable[Verdict]:
    """TLS 1.3 is not offered (RFC 9325, section 3.1.1)."""

    def judge(observation: TlsObservation) -> Verdict:
        look = _look(observation, TlsVersion.TLS_1_3)
        if look.accepted:
            return passed(observation.target)
        if look.fault:
            return inconclusive(observation.target, look.fault)
        return failed(observation.target, offered=_version_names(observation))

    return _judge(view, judge)


def _version_names(observation: TlsObservation) -> list[Json]:
    return [version.value for version in _offered(observation)]


# --- Cipher suites ---------------------------------------------------------------------------------


def _names(suites: Iterable[CipherSuite]) -> list[Json]:
    """Return the names of suites, sorted, at most twenty; the rest as a number."""
    names = sorted({suite.name for suite in suites})
    shown: list[Json] = [*names[:_MOST_SUITES]]
    return shown if len(names) <= _MOST_SUITES else [*shown, f"+ {len(names) - _MOST_SUITES}"]


def _suite_check(check_id: str, bad: Callable[[CipherSuite], bool]) -> None:
    def judge(observation: TlsObservation) -> Verdict:
        found = {v.value: [s for s in _look(observation, v).accepted if bad(s)] for v in _OLDER}
        if any(found.values()):
            evidence: dict[str, Json] = {name: _names(suites) for name, suites in found.items() if suites}
            return failed(observation.target, suites=evidence)
        fault = _suites_fault(observation, _OLDER)
        return inconclusive(observation.target, fault) if fault else passed(observation.target)

    def rule(view: View) -> Iterable[Verdict]:
        return _judge(view, judge)

    check(check_id)(rule)


def _named(pattern: str) -> Callable[[CipherSuite], bool]:
    compiled = re.compile(pattern)
    return lambda suite: bool(compiled.search(suite.name))


def is_forward_secret(suite: CipherSuite) -> bool:
    """Tell whether the key is agreed anew for each connection (RFC 9325, section 4.1)."""
    return bool(re.search(r"_(EC)?DHE_|_(EC)?DH_anon_", suite.name))


_suite_check("tls.cipher-null", _named(r"_NULL_"))
_suite_check("tls.cipher-anonymous", lambda suite: suite.anonymous or "_anon_" in suite.name)
_suite_check("tls.cipher-export", _named(r"EXPORT"))
_suite_check("tls.cipher-rc4", _named(r"RC4"))
_suite_check("tls.cipher-3des", _named(r"3DES|_DES_192_EDE3_"))
_suite_check("tls.cipher-cbc", _named(r"_CBC"))
_suite_check("tls.no-forward-secrecy", lambda suite: not is_forward_secret(suite))


@check("tls.weak-dh")
def weak_dh(view: View) -> Iterable[Verdict]:
    """A Diffie-Hellman group of less than 2048 bit is used (RFC 9325, section 4.4)."""

    def judge(observation: TlsObservation) -> Verdict:
        by_dh = [
            (version, suite)
            for version in TlsVersion
            for suite in _look(observation, version).accepted
            if suite.exchange == "DH" or re.search(r"_DHE_|_DH_anon_", suite.name)
        ]
        small = [(version, suite) for version, suite in by_dh if 0 < suite.exchange_bits < 2048]
        if small:
            return failed(
                observation.target,
                bits=[*sorted({suite.exchange_bits for _, suite in small})],
                versions=[*sorted({version.value for version, _ in small})],
                suites=_names(suite for _, suite in small),
            )
        if any(suite.exchange_bits == 0 for _, suite in by_dh):
            return inconclusive(observation.target, Reason(code="tls-dh-size-unknown"))
        fault = _suites_fault(observation, TlsVersion)
        return inconclusive(observation.target, fault) if fault else passed(observation.target)

    return _judge(view, judge)


# --- Single facts ----------------------------------------------------------------------------------


def _fact_verdict(observation: TlsObservation, fact: Fact, bad: bool, **evidence: Json) -> Verdict:
    if fact.value is None:
        return inconclusive(observation.target, fact.fault or Reason(code="tls-no-server-hello"))
    if fact.value is bad:
        return Verdict(Outcome.FAIL, observation.target, evidence)
    return passed(observation.target)


def _fact_check(check_id: str, fact: str, *, bad: bool) -> None:
    def judge(observation: TlsObservation) -> Verdict:
        return _fact_verdict(observation, getattr(observation, fact), bad, **{fact.replace("_", "-"): bad})

    def rule(view: View) -> Iterable[Verdict]:
        return _judge(view, judge)

    check(check_id)(rule)


_fact_check("tls.compression", "compression", bad=True)
_fact_check("tls.heartbleed", "heartbleed", bad=True)
_fact_check("tls.ccs-injection", "ccs_injection", bad=True)


@check("tls.robot")
def robot(view: View) -> Iterable[Verdict]:
    """The server leaks whether an RSA-encrypted secret was well formed (robotattack.org)."""
    return _judge(view, lambda o: _fact_verdict(o, o.robot, True, oracle=o.robot_detail))


_fact_check("tls.insecure-renegotiation", "secure_renegotiation", bad=False)
_fact_check("tls.client-renegotiation", "client_renegotiation", bad=True)


@check("tls.no-fallback-scsv")
def no_fallback_scsv(view: View) -> Iterable[Verdict]:
    """A client can be pushed down to an older version unnoticed (RFC 7507).

    Not asked of servers with one version only. A server that offers just TLS 1.2 and 1.3 is not blamed for lacking
    the signal: TLS 1.3 marks downgrades itself (RFC 8446, section 4.1.3), and some products know nothing else.
    """

    def judge(observation: TlsObservation) -> Verdict:
        offered, fact = _offered(observation), observation.fallback_scsv
        if len(offered) <= 1:
            if fault := _first_fault(observation, TlsVersion):
                return inconclusive(observation.target, fault)
            return not_applicable(observation.target, Reason(code="tls-one-version"))
        if fact.value is False and offered == [TlsVersion.TLS_1_2, TlsVersion.TLS_1_3]:
            return not_applicable(observation.target, Reason(code="tls-13-marks-downgrades"))
        return _fact_verdict(observation, fact, False, offered=_version_names(observation))

    return _judge(view, judge)


@check("tls.early-data")
def early_data(view: View) -> Iterable[Verdict]:
    """Data sent before the handshake ends is accepted, so that it can be replayed (RFC 8446, section 8)."""

    def judge(observation: TlsObservation) -> Verdict:
        look = _look(observation, TlsVersion.TLS_1_3)
        if not look.accepted and look.fault is None:
            return not_applicable(observation.target, Reason(code="tls-no-13"))
        return _fact_verdict(observation, observation.early_data, True, version=TlsVersion.TLS_1_3.value)

    return _judge(view, judge)


@check("tls.no-extended-master-secret")
def no_extended_master_secret(view: View) -> Iterable[Verdict]:
    """Sessions of TLS 1.2 and older are not bound to their handshake (RFC 7627)."""

    def judge(observation: TlsObservation) -> Verdict:
        if _offered(observation) == [TlsVersion.TLS_1_3] and not _first_fault(observation, _OLDER):
            return not_applicable(observation.target, Reason(code="tls-only-13"))
        fact = observation.extended_master_secret
        return _fact_verdict(observation, fact, False, offered=_version_names(observation))

    return _judge(view, judge)
