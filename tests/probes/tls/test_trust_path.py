from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from secaudit.probes.tls.trust_path import Roots, is_vouched_for, issuer_known, last_linked, load_roots
from tests.servers.authority import LabAuthority, Pair

NOW = datetime.now(UTC)


@pytest.fixture
def roots(root_file: Path) -> Roots:
    return load_roots(root_file)


def chain(pair: Pair) -> list[x509.Certificate]:
    return [pair.certificate, *pair.chain]


def test_a_whole_chain(authority: LabAuthority, roots: Roots) -> None:
    good = chain(authority.issue("a.vn"))
    assert is_vouched_for(good, roots, NOW)
    assert is_vouched_for([good[0], authority.root, good[1]], roots, NOW)
    assert not is_vouched_for(good[:1], roots, NOW)
    assert not is_vouched_for([], roots, NOW)


def test_the_leafs_own_faults_do_not_break_the_path(authority: LabAuthority, roots: Roots) -> None:
    day = timedelta(days=1)
    for pair in (
        authority.issue("a.vn", begins=-90 * day, ends=-3 * day),
        authority.issue("a.vn", begins=3 * day, ends=80 * day),
        authority.issue("a.vn", key="rsa1024"),
    ):
        assert is_vouched_for(chain(pair), roots, NOW)


def test_another_authority_of_the_same_name_is_not_trusted(roots: Roots) -> None:
    stranger = chain(LabAuthority().issue("a.vn"))
    assert not is_vouched_for(stranger, roots, NOW)
    assert issuer_known(stranger, roots) == "name"


def test_how_a_store_knows_the_last_issuer(authority: LabAuthority, roots: Roots) -> None:
    alone = [authority.issue("a.vn").certificate]
    assert issuer_known(alone, roots) == "organisation"
    assert issuer_known(alone, Roots({}, frozenset())) == ""
    assert last_linked([*alone, authority.root, authority.intermediate]) == authority.root


def test_an_expired_issuer_breaks_the_path(authority: LabAuthority, roots: Roots) -> None:
    later = NOW + timedelta(days=5000)
    leaf = authority.issue("a.vn", ends=timedelta(days=6000))
    assert is_vouched_for(chain(leaf), roots, NOW)
    assert not is_vouched_for(chain(leaf), roots, later)


def test_a_leaf_cannot_vouch_for_another(authority: LabAuthority, roots: Roots) -> None:
    holder = authority.issue("a.vn")
    assert isinstance(holder.key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bank.vn")]))
        .issuer_name(holder.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(holder.key, hashes.SHA256())
    )
    assert not is_vouched_for([forged, *chain(holder)], roots, NOW)


def test_a_certificate_in_the_store_vouches_for_itself(authority: LabAuthority, tmp_path: Path) -> None:
    own = authority.issue("a.vn", self_signed=True).certificate
    file = tmp_path / "own.pem"
    file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
    assert is_vouched_for([own], load_roots(file), NOW)
