from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from secaudit.probes.tls.certificates import matches_dns_name, names_host, pem_of, read_certificate
from tests.servers.authority import LabAuthority, Pair


def pem(pair: Pair) -> str:
    return pair.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def test_what_a_certificate_says(authority: LabAuthority) -> None:
    pair = authority.issue("xa.tinh.gov.vn", "10.1.2.3", "2001:db8::1", key="rsa2048")
    seen = read_certificate(pem(pair))
    assert seen.fault is None
    assert seen.names == ("xa.tinh.gov.vn", "10.1.2.3", "2001:db8::1")
    assert (seen.key_type, seen.key_bits, seen.signature_hash) == ("RSA", 2048, "sha256")
    assert seen.sha256 == pair.certificate.fingerprint(hashes.SHA256()).hex()
    assert seen.not_before == pair.certificate.not_valid_before_utc
    assert (seen.is_ca, seen.self_issued, seen.sct_count, seen.ca_issuers) == (False, False, 0, ())
    assert read_certificate(pem(authority.issue("a.vn", self_signed=True))).self_issued


def test_where_the_issuer_can_be_fetched(authority: LabAuthority) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Xã Tân Lập")])
    now = datetime.now(UTC)
    url = x509.UniformResourceIdentifier("http://ca.example.vn/ca.cer")
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.AuthorityInformationAccess(
            [x509.AccessDescription(x509.oid.AuthorityInformationAccessOID.CA_ISSUERS, url)]), critical=False)
        .sign(key, None)
    )  # fmt: skip
    seen = read_certificate(made.public_bytes(serialization.Encoding.PEM).decode("ascii"))
    assert seen.ca_issuers == ("http://ca.example.vn/ca.cer",)
    assert (seen.key_type, seen.signature_hash, seen.names) == ("Ed25519", "", ())
    assert "Xã Tân Lập" in seen.subject


@given(st.binary(max_size=200))
def test_bytes_that_are_no_certificate_are_kept_as_they_came(data: bytes) -> None:
    seen = read_certificate(pem_of(data))
    assert seen.fault is not None
    assert seen.fault.code == "certificate-unreadable"
    assert seen.pem == pem_of(data)
    assert len(seen.sha256) == 64
    assert names_host(pem_of(data), "a.vn") is None


def test_a_certificate_cut_at_any_point_is_no_crash(authority: LabAuthority) -> None:
    der = authority.issue("a.vn").certificate.public_bytes(serialization.Encoding.DER)
    for end in range(0, len(der), 7):
        assert read_certificate(pem_of(der[:end])).fault is not None


def test_a_spoilt_certificate_is_read_or_kept(authority: LabAuthority) -> None:
    der = bytearray(authority.issue("a.vn").certificate.public_bytes(serialization.Encoding.DER))
    for at in range(0, len(der), 3):
        spoilt = bytes(der[:at]) + bytes((der[at] ^ 0xFF,)) + bytes(der[at + 1 :])
        seen = read_certificate(pem_of(spoilt))
        assert len(seen.sha256) == 64
        assert names_host(pem_of(spoilt), "a.vn") in (True, False, None)


@pytest.mark.parametrize(
    ("pattern", "host", "matches"),
    [
        ("xa.tinh.gov.vn", "xa.tinh.gov.vn", True),
        ("XA.tinh.gov.vn", "xa.Tinh.gov.vn.", True),
        ("*.tinh.gov.vn", "xa.tinh.gov.vn", True),
        ("*.tinh.gov.vn", "a.xa.tinh.gov.vn", False),
        ("*.tinh.gov.vn", "tinh.gov.vn", False),
        ("x*.tinh.gov.vn", "xa.tinh.gov.vn", False),
        ("*a.tinh.gov.vn", "xa.tinh.gov.vn", False),
        ("xa.*.gov.vn", "xa.tinh.gov.vn", False),
        ("*.vn", "tinh.vn", False),
        ("*", "localhost", False),
        ("tinh.gov.vn", "xa.tinh.gov.vn", False),
        ("", "xa.tinh.gov.vn", False),
        ("xn--t-eda.vn", "xn--t-eda.vn", True),
    ],
)
def test_dns_names(pattern: str, host: str, matches: bool) -> None:
    assert matches_dns_name([pattern], host) is matches


def test_addresses_match_addresses_and_names_match_names(authority: LabAuthority) -> None:
    both = pem(authority.issue("127.0.0.1", "localhost", "::1"))
    assert names_host(both, "127.0.0.1") is True
    assert names_host(both, "::1") is True
    assert names_host(both, "0:0:0:0:0:0:0:1") is True
    assert names_host(both, "127.0.0.2") is False
    assert names_host(both, "localhost") is True
    assert names_host(both, "localhost.localdomain") is False


def test_the_common_name_does_not_count() -> None:
    authority = LabAuthority()
    root = authority.root.public_bytes(serialization.Encoding.PEM).decode("ascii")
    assert names_host(root, "Lab Root") is False
