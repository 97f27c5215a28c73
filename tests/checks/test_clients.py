"""Which clients can connect: yes only where it was seen, no only where it was seen, else unknown with the reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from secaudit.checklist.reading import plain
from secaudit.checklist.resources import shipped
from secaudit.checks.clients import reach_of
from secaudit.model.base import Reason
from secaudit.model.clients import ClientReach, Reach
from secaudit.model.observation import CertificateObservation, CipherSuite, TlsObservation, TlsVersion, VersionLook
from secaudit.model.tls_look import Certificate
from secaudit.probes.tls.suites import all_suites, group_name
from secaudit.reference.clients import Client, known_clients
from secaudit.reference.reading import read_shipped

AT = datetime(2026, 11, 22, tzinfo=UTC)
GCM, CBC, DHE = (
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
)  # fmt: skip
ECDSA, TLS_13 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"
FAULT = Reason(code="tls-version-unanswered")


def client(**changes: object) -> Client:
    fields: dict[str, object] = {
        "id": "phone", "name": "Phone", "kind": "telephone", "confirmed": True, "recording": "test", "sni": True,
        "versions": ["TLSv1.2", "TLSv1.3"], "groups": "X25519 secp256r1", "signatures": "0401 0804 0403",
        "suites": f"{TLS_13} {ECDSA} {GCM} {DHE} {CBC}",
    }  # fmt: skip
    return Client.model_validate({**fields, **changes})


def tls(
    *, sni: str = "xa.example", groups: tuple[str, ...] = ("X25519",), groups_fault: Reason | None = None,
    faults: tuple[TlsVersion, ...] = (), bits: int = 0, **accepted: tuple[str, ...],
) -> TlsObservation:  # fmt: skip
    """Return what was seen: `tls12=(GCM,)` and so on; versions not named are refused, those in `faults` unseen."""
    looks = []
    for version in TlsVersion:
        names = accepted.get(version.value.lower().replace("v", "").replace(".", ""), ())
        suites = tuple(CipherSuite(name=name, exchange_bits=bits) for name in names)
        looks.append(VersionLook(version=version, accepted=suites, fault=FAULT if version in faults else None))
    return TlsObservation(
        target="xa.example:443", at=AT, host="xa.example", port=443, sni=sni, versions=tuple(looks), groups=groups,
        groups_fault=groups_fault,
    )  # fmt: skip


def chain(key_type: str = "RSA", bits: int = 2048, issuer: str = "CN=Lab") -> CertificateObservation:
    leaf = Certificate(sha256="00", key_type=key_type, key_bits=bits, issuer=issuer)
    return CertificateObservation(target="xa.example:443", at=AT, host="xa.example", port=443, chain=(leaf,))


def said(reached: ClientReach) -> tuple[Reach, str]:
    return reached.reach, reached.reason.code if reached.reason else ""


def test_it_connects_with_the_newest_version_and_every_suite_that_both_know() -> None:
    reached = reach_of(client(), tls(tls12=(CBC, GCM), tls13=(TLS_13,)))
    assert (reached.reach, reached.version, reached.suites) == (Reach.CONNECTS, TlsVersion.TLS_1_3, (TLS_13,))
    older = reach_of(client(versions=["TLSv1.2"]), tls(tls12=(CBC, GCM), tls13=(TLS_13,)))
    assert (older.version, older.suites) == (TlsVersion.TLS_1_2, (GCM, CBC))


@pytest.mark.parametrize(
    ("changes", "seen", "code"),
    [
        ({"versions": ["TLSv1.0"]}, {"tls12": (GCM,)}, "client-version"),
        ({"suites": CBC}, {"tls12": (GCM,)}, "client-suites"),
        # Both speak 1.3; that the suites of 1.2 would fit does not help.
        ({"suites": GCM}, {"tls12": (GCM,), "tls13": (TLS_13,)}, "client-suites"),
        ({"groups": "secp521r1"}, {"tls12": (GCM,)}, "client-groups"),
        ({"groups": ""}, {"tls12": (GCM,)}, "client-groups"),
        ({"groups": "secp521r1"}, {"tls13": (TLS_13,)}, "client-groups"),
        ({"dh_most": 1024}, {"tls12": (DHE,), "bits": 2048}, "client-groups"),
        ({"dh_least": 1024}, {"tls12": (DHE,), "bits": 512}, "client-groups"),
    ],
)
def test_it_cannot_where_nothing_fits(changes: dict[str, object], seen: dict[str, tuple[str, ...]], code: str) -> None:
    assert said(reach_of(client(**changes), tls(**seen))) == (Reach.CANNOT, code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "seen", "code"),
    [
        ({}, {"tls12": (GCM,), "faults": (TlsVersion.TLS_1_3,)}, "client-unseen"),
        ({"suites": CBC}, {"tls12": (GCM,), "faults": (TlsVersion.TLS_1_2,), "tls13": ()}, "client-unseen"),
        ({}, {}, "client-unseen"),
        ({}, {"tls12": (GCM,), "groups": (), "groups_fault": FAULT}, "client-groups-unseen"),
        ({"groups": "secp521r1"}, {"tls13": (TLS_13,), "groups_fault": FAULT}, "client-groups-unseen"),
        ({"dh_most": 1024}, {"tls12": (DHE,)}, "client-groups-unseen"),
        ({"sni": False}, {"tls12": (GCM,)}, "client-without-sni"),
    ],
)
def test_what_was_not_seen_makes_it_unknown(changes: dict[str, object], seen: dict[str, object], code: str) -> None:
    assert said(reach_of(client(**changes), tls(**seen))) == (Reach.UNKNOWN, code)  # type: ignore[arg-type]


def test_without_a_name_to_say_a_client_is_not_at_a_disadvantage_at_an_address() -> None:
    assert reach_of(client(sni=False), tls(sni="", tls12=(GCM,))).reach is Reach.CONNECTS


def test_groups_that_were_not_asked_for_count_by_what_a_handshake_showed() -> None:
    seen = tls(tls12=(GCM,), groups=(), groups_fault=FAULT)
    shown = CipherSuite(name=GCM, exchange="ECDH", curve="secp256r1")
    look = VersionLook(version=TlsVersion.TLS_1_2, accepted=(shown,))
    versions = tuple(look if one.version is TlsVersion.TLS_1_2 else one for one in seen.versions)
    assert reach_of(client(), seen.model_copy(update={"versions": versions})).reach is Reach.CONNECTS


@pytest.mark.parametrize(
    ("certificate", "changes", "seen", "reach"),
    [
        (chain(), {}, {"tls13": (TLS_13,)}, Reach.CONNECTS),
        (chain(), {"signatures": "0401 0403"}, {"tls13": (TLS_13,)}, Reach.CANNOT),
        (chain("EC", 256), {}, {"tls13": (TLS_13,)}, Reach.CONNECTS),
        (chain("EC", 384), {}, {"tls13": (TLS_13,)}, Reach.CANNOT),
        (chain("Ed25519", 256), {}, {"tls13": (TLS_13,)}, Reach.CANNOT),
        (chain("EC", 384), {}, {"tls12": (ECDSA,)}, Reach.CANNOT),
        (chain("EC", 384), {"groups": "X25519 secp384r1"}, {"tls12": (ECDSA,)}, Reach.CONNECTS),
        (chain("EC", 384), {"signatures": "", "versions": ["TLSv1.0"]}, {"tls10": (CBC,)}, Reach.CONNECTS),
    ],
)
def test_the_key_of_the_certificate_must_suit_it(
    certificate: CertificateObservation, changes: dict[str, object], seen: dict[str, tuple[str, ...]], reach: Reach
) -> None:
    assert reach_of(client(**changes), tls(**seen), [certificate]).reach is reach  # type: ignore[arg-type]


def test_a_root_that_its_store_lacks_is_named() -> None:
    old = client(lacks_roots=["ISRG Root X1"])
    isrg = chain(issuer="CN=ISRG Root X1,O=Internet Security Research Group,C=US")
    reached = reach_of(old, tls(tls12=(GCM,)), [isrg])
    assert said(reached) == (Reach.CANNOT, "client-root")
    assert reached.reason is not None
    assert reached.reason.params == {"root": "ISRG Root X1"}
    assert reach_of(old, tls(tls12=(GCM,)), [isrg, chain()]).reach is Reach.CONNECTS, "the other chain will do"
    assert reach_of(client(), tls(tls12=(GCM,)), [isrg]).reach is Reach.CONNECTS


# --- The data ------------------------------------------------------------------------------------


def test_the_data_set_keeps_its_schema() -> None:
    schema = json.loads((shipped() / "clients.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(plain(read_shipped("data/clients.yaml")), schema)


def test_every_word_of_the_data_set_is_one_that_the_probe_uses() -> None:
    suites = {suite.name for suite in all_suites().values()}
    groups = {group_name(number) for number in range(0x200)}
    clients = known_clients().clients
    assert len({one.id for one in clients}) == len(clients) >= 30
    for one in clients:
        assert set(one.suites) <= suites, one.id
        assert set(one.groups) <= groups, one.id
        assert len(set(one.suites)) == len(one.suites), one.id
        assert list(one.versions) == sorted(one.versions, key=list(TlsVersion).index), one.id
        newest = one.versions[-1] is TlsVersion.TLS_1_3
        assert newest == any("_WITH_" not in name for name in one.suites), one.id
        assert bool(one.signatures) == (one.versions[-1] in (TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)), one.id


def test_what_no_recording_confirms_is_marked() -> None:
    unsure = {one.id for one in known_clients().clients if not one.confirmed}
    assert unsure == {"ios-15", "coc-coc"}
