from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from secaudit.checks.cert import inclusive_validity, longest_validity
from secaudit.model.base import Reason
from secaudit.model.observation import Certificate, CertificateObservation, TrustLook
from tests.checks.tls_views import IDS, captured, verdict, verdicts

CERT_IDS = [check for check in IDS if check.startswith("cert.")]
GOOD = captured("good")[1]
LEAF, INTERMEDIATE = GOOD.chain
UNREADABLE = Reason(code="certificate-unreadable", params={"detail": "x"})
TIMEOUT = Reason(code="connect-timeout")
STORES = ("Android", "Apple", "Java", "Mozilla", "Windows")


def with_leaf(**changes: Any) -> CertificateObservation:
    return GOOD.model_copy(update={"chain": (LEAF.model_copy(update=changes), INTERMEDIATE)})


def stores(*trusting: str, own: bool | None = None, known: str = "") -> tuple[TrustLook, ...]:
    looks = [TrustLook(store=name, trusted=name in trusting) for name in STORES]
    if own is not None:
        looks.append(TrustLook(store="own", trusted=own, issuer_known=known))  # type: ignore[arg-type]
    return tuple(looks)


def public(**changes: Any) -> CertificateObservation:
    """Return the good chain as if every public store trusted it."""
    seen = with_leaf(**changes)
    return seen.model_copy(update={"trust": stores(*STORES)})


def test_the_contract_names_11_cert_checks() -> None:
    assert len(CERT_IDS) == 11


@pytest.mark.parametrize("check", CERT_IDS)
def test_the_good_server_fails_nothing(check: str) -> None:
    expected = "not-applicable" if check == "cert.no-sct" else "pass"
    assert verdict(check, GOOD).result == expected


@pytest.mark.parametrize("check", CERT_IDS)
def test_what_was_not_seen_is_inconclusive(check: str) -> None:
    blind = verdict(check, GOOD.model_copy(update={"fault": TIMEOUT}))
    assert (blind.result, blind.reason) == ("inconclusive", TIMEOUT)
    leaf = Certificate(sha256="0" * 64, fault=UNREADABLE)
    unreadable = verdict(check, GOOD.model_copy(update={"chain": (leaf,), "hostname_matches": None}))
    assert (unreadable.result, unreadable.reason) == ("inconclusive", UNREADABLE)
    (not_run,) = verdicts(check)
    assert not_run.result == "inconclusive"


@pytest.mark.parametrize("check", CERT_IDS)
def test_without_https_or_certificate_nothing_arises(check: str) -> None:
    refused = verdict(check, GOOD.model_copy(update={"fault": Reason(code="connect-refused")}))
    assert (refused.result, refused.reason) == ("not-applicable", Reason(code="no-https"))
    none = verdict(check, GOOD.model_copy(update={"chain": ()}))
    assert (none.result, none.reason) == ("not-applicable", Reason(code="no-certificate"))


def test_dates() -> None:
    assert LEAF.not_before
    assert LEAF.not_after
    second = timedelta(seconds=1)
    for at, failing in (
        (LEAF.not_before - second, {"cert.not-yet-valid"}),
        (LEAF.not_before, set()),
        (LEAF.not_after - timedelta(days=30) - second, set()),
        (LEAF.not_after - timedelta(days=30), {"cert.expires-soon"}),
        (LEAF.not_after, {"cert.expires-soon"}),
        (LEAF.not_after + second, {"cert.expired"}),
    ):
        checks = ("cert.expired", "cert.not-yet-valid", "cert.expires-soon")
        assert {check for check in checks if verdict(check, GOOD, at=at).result == "fail"} == failing
    assert verdict("cert.expires-soon", GOOD, at=LEAF.not_after + second).result == "not-applicable"
    evidence = verdict("cert.expired", GOOD, at=LEAF.not_after + second).evidence
    assert evidence["sha256"] == LEAF.sha256
    assert str(evidence["not-after"]).endswith("Z")
    assert verdict("cert.expired", with_leaf(not_after=None)).result == "inconclusive"


@pytest.mark.parametrize(
    ("issued", "days"),
    [
        ("2018-03-01", 825), ("2020-08-31", 825), ("2020-09-01", 398), ("2026-03-14", 398),
        ("2026-03-15", 200), ("2027-03-14", 200), ("2027-03-15", 100), ("2029-03-15", 47),
    ],
)  # fmt: skip
def test_limits_of_validity(issued: str, days: int) -> None:
    begins = datetime.fromisoformat(issued).replace(tzinfo=UTC)
    assert longest_validity(begins).days == days


def test_limits_in_months() -> None:
    begins = datetime(2016, 1, 31, tzinfo=UTC)
    assert (begins + longest_validity(begins)).date().isoformat() == "2019-04-30"
    older = datetime(2014, 5, 1, tzinfo=UTC)
    assert (older + longest_validity(older)).date().isoformat() == "2019-05-01"


@pytest.mark.parametrize(("more", "result"), [(-1, "pass"), (0, "fail")])
def test_validity_counts_both_ends(more: int, result: str) -> None:
    begins = datetime(2026, 4, 1, tzinfo=UTC)
    # 200 days from midnight to one second before midnight; one second more is a 201st day.
    ends = begins + timedelta(days=200, seconds=more)
    assert inclusive_validity(begins, ends) == timedelta(days=200, seconds=more + 1)
    seen = with_leaf(not_before=begins, not_after=ends)
    found = verdict("cert.validity-too-long", seen)
    assert found.result == result
    if result == "fail":
        assert (found.evidence["days"], found.evidence["most"]) == (201, 200)


def test_validity_of_a_self_signed_certificate_is_not_judged() -> None:
    seen = captured("self-signed")[1]
    assert verdict("cert.validity-too-long", seen).result == "not-applicable"


def test_names() -> None:
    wrong = verdict("cert.hostname-mismatch", GOOD.model_copy(update={"hostname_matches": False}))
    assert wrong.result == "fail"
    assert wrong.evidence["names"] == ["localhost", "127.0.0.1"]
    assert (
        verdict("cert.hostname-mismatch", GOOD.model_copy(update={"hostname_matches": None})).result == "inconclusive"
    )


@pytest.mark.parametrize(
    ("key", "bits", "result"),
    [
        ("RSA", 1024, "fail"), ("RSA", 2047, "fail"), ("RSA", 2048, "pass"), ("EC", 224, "fail"), ("EC", 256, "pass"),
        ("DSA", 1024, "fail"), ("Ed25519", 256, "pass"), ("oid:1.2.643.7.1.1.1.1", 0, "inconclusive"),
    ],
)  # fmt: skip
def test_keys(key: str, bits: int, result: str) -> None:
    assert verdict("cert.weak-key", with_leaf(key_type=key, key_bits=bits)).result == result


@pytest.mark.parametrize(
    ("name", "result"),
    [("md5", "fail"), ("sha1", "fail"), ("sha256", "pass"), ("", "pass"), ("oid:1.2.3", "inconclusive")],
)
def test_signatures(name: str, result: str) -> None:
    assert verdict("cert.weak-signature", with_leaf(signature_hash=name)).result == result


def test_intermediates_are_judged_and_roots_are_not() -> None:
    weak = INTERMEDIATE.model_copy(update={"signature_hash": "sha1", "key_type": "RSA", "key_bits": 1024})
    root = weak.model_copy(update={"self_issued": True})
    for check in ("cert.weak-key", "cert.weak-signature"):
        assert verdict(check, GOOD.model_copy(update={"chain": (LEAF, weak)})).result == "fail"
        assert verdict(check, GOOD.model_copy(update={"chain": (LEAF, INTERMEDIATE, root)})).result == "pass"
        unread = Certificate(sha256="0", fault=UNREADABLE)
        assert verdict(check, GOOD.model_copy(update={"chain": (LEAF, unread)})).result == "inconclusive"


TRUST_CHECKS = ("cert.self-signed", "cert.untrusted", "cert.incomplete-chain")
ROOT = INTERMEDIATE.model_copy(update={"subject": INTERMEDIATE.issuer, "self_issued": True})
ALONE = LEAF.model_copy(update={"ca_issuers": ("http://ca.example.vn/trung-gian.cer",)})
SELF_SIGNED = LEAF.model_copy(update={"issuer": LEAF.subject, "self_issued": True})


@pytest.mark.parametrize(
    ("chain", "trust", "expected"),
    [
        ((LEAF, INTERMEDIATE), stores(own=True), "pass pass pass"),
        ((LEAF, INTERMEDIATE), stores(*STORES), "pass pass pass"),
        ((LEAF, INTERMEDIATE), stores("Mozilla", "Apple", "Windows"), "pass pass pass"),
        ((LEAF, INTERMEDIATE), stores("Windows"), "pass fail pass"),
        ((SELF_SIGNED,), stores(), "fail not-applicable not-applicable"),
        ((LEAF, INTERMEDIATE), stores(), "pass fail inconclusive"),
        ((LEAF, INTERMEDIATE, ROOT), stores(), "pass fail pass"),
        ((LEAF, INTERMEDIATE), stores(own=False, known="name"), "pass fail inconclusive"),
        ((LEAF,), stores(own=False, known="organisation"), "pass inconclusive fail"),
        ((ALONE,), stores(), "pass inconclusive fail"),
        ((LEAF,), stores(), "pass fail inconclusive"),
        ((LEAF, INTERMEDIATE), (), "pass inconclusive inconclusive"),
    ],
    ids=["own", "public", "browsers", "one-store", "self-signed", "unknown-root", "root-sent", "same-name-root",
         "short-known", "short-aia", "private-root", "not-looked"],
)  # fmt: skip
def test_trust(chain: tuple[Certificate, ...], trust: tuple[TrustLook, ...], expected: str) -> None:
    seen = GOOD.model_copy(update={"chain": chain, "trust": trust})
    assert " ".join(verdict(check, seen).result for check in TRUST_CHECKS) == expected


def test_the_order_of_the_chain_does_not_matter() -> None:
    seen = GOOD.model_copy(update={"chain": (LEAF, ROOT, INTERMEDIATE), "trust": stores()})
    assert verdict("cert.untrusted", seen).evidence["issuer"] == ROOT.issuer
    assert verdict("cert.incomplete-chain", seen).result == "pass"


@pytest.mark.parametrize(
    ("embedded", "stapled", "result"),
    [(0, 0, "fail"), (2, 0, "pass"), (0, 1, "pass"), (0, None, "inconclusive"), (None, 0, "inconclusive")],
)
def test_timestamps(embedded: int | None, stapled: int | None, result: str) -> None:
    seen = public(sct_count=embedded).model_copy(update={"stapled_sct_count": stapled})
    assert verdict("cert.no-sct", seen).result == result


def test_timestamps_of_unknown_standing() -> None:
    short = GOOD.model_copy(update={"chain": (ALONE,), "trust": stores()})
    assert verdict("cert.no-sct", short).result == "inconclusive"
    assert verdict("cert.no-sct", GOOD.model_copy(update={"trust": ()})).result == "inconclusive"
    assert verdict("cert.no-sct", GOOD.model_copy(update={"trust": stores()})).result == "not-applicable"


def test_the_worst_of_several_chains_stands_for_the_port() -> None:
    mismatch = GOOD.model_copy(update={"hostname_matches": False})
    for order in ((GOOD, mismatch), (mismatch, GOOD)):
        (found,) = verdicts("cert.hostname-mismatch", *order)
        assert found.result == "fail"


def test_names_in_evidence_are_bounded() -> None:
    names = tuple(f"{'a' * 300}{number}.vn" for number in range(100))
    seen = with_leaf(names=names).model_copy(update={"hostname_matches": False})
    shown = verdict("cert.hostname-mismatch", seen).evidence["names"]
    assert isinstance(shown, list)
    assert len(shown) == 20
    assert all(len(str(name)) <= 255 for name in shown)
