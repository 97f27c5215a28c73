"""Signatures over a manifest: of every kind of key, proven here and by OpenSSL, and no byte of them can be changed."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secaudit.app.key_files import PassphraseNeeded
from secaudit.app.sealing_signature import SealingKey, check_signature, load_p12, load_pem, signature_files
from secaudit.model.errors import BadInput
from secaudit.model.seal import Certified, SignatureCheck, SignatureState
from tests.app.sealing_sample import NOW, PASSPHRASE, certificate, chain, key, p12, pem

MANIFEST = '{"schema":"secaudit.seal/1","tên":"báo cáo"}\n'.encode()
KINDS = ("rsa", "ec", "ed25519")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def signed(kind: str, *, with_root: bool = True) -> dict[str, bytes]:
    own, root = chain(kind)
    return signature_files(SealingKey(key(kind), (own, root) if with_root else (own,)), MANIFEST)


def states(ending: str, raw: bytes, manifest: bytes = MANIFEST) -> list[SignatureState]:
    return [one.state for one in check_signature(f"m.seal.json{ending}", raw, manifest, NOW)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_signed_is_good_and_says_by_whom(kind: str) -> None:
    made = signed(kind)
    assert set(made) == ({".sig"} if kind == "ed25519" else {".sig", ".p7s"})
    for ending, raw in made.items():
        [one] = check_signature(f"m{ending}", raw, MANIFEST, NOW)
        assert one.state is SignatureState.GOOD
        assert one.signer is not None
        assert (one.signer.name, one.signer.issuer, one.signer.serial) == ("Trần Thị B", "CA Thử", "abcdef")
        assert (one.signer.certified, one.signer.valid_at_sealing) == (Certified.ISSUER, True)
        assert states(ending, raw, MANIFEST[:-1]) == [SignatureState.BAD]


@pytest.mark.parametrize("kind", KINDS)
def test_a_bare_key_is_known_by_its_fingerprint(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "khóa.pem"
    file.write_bytes(pem(kind, PASSPHRASE))
    with pytest.raises(PassphraseNeeded):
        load_pem(file, None)
    made = signature_files(load_pem(file, PASSPHRASE), MANIFEST)
    assert list(made) == [".sig"]
    [one] = check_signature("m.sig", made[".sig"], MANIFEST, NOW)
    assert one.signer is not None
    assert (one.signer.name, one.signer.certified, len(one.signer.key.split())) == ("", None, 8)


def test_a_pem_file_may_bring_its_certificate(tmp_path: Path) -> None:
    file = tmp_path / "k.pem"
    own = chain("rsa")[0].public_bytes(Encoding.PEM)
    file.write_bytes(pem("rsa") + own)
    assert set(signature_files(load_pem(file, None), MANIFEST)) == {".sig", ".p7s"}
    file.write_bytes(pem("ec") + own)
    with pytest.raises(BadInput, match="not of the key beside it"):
        load_pem(file, None)
    file.write_bytes(pem("ec") + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(BadInput, match="cannot be read"):
        load_pem(file, None)


def test_a_pkcs12_file_signs_and_its_faults_are_named(tmp_path: Path) -> None:
    file = tmp_path / "chứng thư.p12"
    file.write_bytes(p12("rsa"))
    assert len(load_p12(file, PASSPHRASE).certificates) == 2
    for wrong in (None, b"sai"):
        with pytest.raises(PassphraseNeeded, match="passphrase is missing or wrong"):
            load_p12(file, wrong)
    file.write_bytes(pem("rsa"))
    with pytest.raises(BadInput, match=r"no PKCS#12 file"):
        load_p12(file, PASSPHRASE)
    file.write_bytes(p12("rsa")[:-40])
    with pytest.raises(BadInput):
        load_p12(file, PASSPHRASE)


def test_who_confirms_the_name_is_told_apart() -> None:
    own_key = key("rsa")
    alone = certificate(own_key, "Trần Thị B", own_key, "Trần Thị B", NOW + timedelta(days=1))
    imposter = certificate(key("rsa-other"), "CA Thử", key("rsa-other"), "CA Thử", NOW + timedelta(days=1))
    cases = (
        ((alone,), Certified.SELF, SignatureState.GOOD),
        ((chain("rsa")[0],), Certified.UNPROVEN, SignatureState.GOOD),
        ((chain("rsa")[0], imposter), None, SignatureState.BAD),
    )
    for certificates, who, state in cases:
        for ending, raw in signature_files(SealingKey(own_key, certificates), MANIFEST).items():
            [one] = check_signature(f"m{ending}", raw, MANIFEST, NOW)
            assert (one.state, one.signer.certified if one.signer else None) == (state, who)


def test_a_certificate_that_had_ended_is_told() -> None:
    own, root = chain("rsa", NOW - timedelta(days=1))
    made = signature_files(SealingKey(key("rsa"), (own, root)), MANIFEST)
    for ending, raw in made.items():
        [one] = check_signature(f"m{ending}", raw, MANIFEST, NOW)
        assert one.signer is not None
        assert one.signer.valid_at_sealing is False


def same_or_unproven(one: SignatureCheck, told: SignatureCheck) -> bool:
    """Whether the same person signed with the same key, or at least the result says that nobody proves the name."""
    assert one.signer is not None
    assert told.signer is not None
    same = (one.signer.name, one.signer.serial) == (told.signer.name, told.signer.serial)
    return one.signer.key == told.signer.key and (same or one.signer.certified is Certified.UNPROVEN)


@pytest.mark.parametrize("kind", ["rsa", "ec"])
@pytest.mark.parametrize("ending", [".sig", ".p7s"])
def test_no_byte_of_a_signature_can_be_changed_so_that_another_signer_is_proven(kind: str, ending: str) -> None:
    """A flipped byte makes it bad; in a certificate, which the signature does not cover, it at most unproves it."""
    raw = signed(kind)[ending]
    [told] = check_signature(f"m{ending}", raw, MANIFEST, NOW)

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(raw) - 1), st.integers(1, 255))
    def changed(position: int, by: int) -> None:
        other = bytearray(raw)
        other[position] ^= by
        for one in check_signature(f"m{ending}", bytes(other), MANIFEST, NOW):
            assert one.state is not SignatureState.GOOD or same_or_unproven(one, told)

    changed()


@pytest.mark.parametrize("kind", KINDS)
def test_every_region_of_the_own_form_is_bad_when_it_is_changed(kind: str) -> None:
    raw = signed(kind)[".sig"]
    [told] = check_signature("m.sig", raw, MANIFEST, NOW)
    within = range(raw.index(b"BEGIN CERTIFICATE"), raw.rindex(b"END CERTIFICATE"))
    for position in range(0, len(raw), max(1, len(raw) // 150)):
        other = bytearray(raw)
        other[position] ^= 1
        [one] = check_signature("m.sig", bytes(other), MANIFEST, NOW)
        assert one.state is SignatureState.BAD or (position in within and same_or_unproven(one, told))
    data = json.loads(raw)
    for field in data:
        other_data = {**data, field: "x"}
        assert states(".sig", (json.dumps(other_data, indent=2) + "\n").encode()) == [SignatureState.BAD]
    assert states(".sig", json.dumps(data).encode()) == [SignatureState.BAD]


@given(st.binary(max_size=300))
def test_rubbish_is_bad_and_never_raises(raw: bytes) -> None:
    for ending in (".sig", ".p7s"):
        assert states(ending, raw) == [SignatureState.BAD]


def test_a_signature_over_another_manifest_is_bad_even_with_it_inside() -> None:
    own, _ = chain("rsa")
    builder = PKCS7SignatureBuilder().set_data(b"another").add_signer(own, key("rsa"), SHA256())
    assert states(".p7s", builder.sign(Encoding.DER, [PKCS7Options.Binary])) == [SignatureState.BAD]


def test_other_hashes_and_several_signers_are_read() -> None:
    builder = PKCS7SignatureBuilder().set_data(MANIFEST)
    builder = builder.add_signer(chain("rsa")[0], key("rsa"), SHA384())
    second = certificate(key("ec"), "Lê Văn C", key("ec"), "Lê Văn C", NOW + timedelta(days=1))
    builder = builder.add_signer(second, key("ec"), SHA256())
    raw = builder.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
    found = check_signature("m.p7s", raw, MANIFEST, NOW)
    assert {one.signer.name for one in found if one.signer} == {"Trần Thị B", "Lê Văn C"}


@needs_openssl
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_openssl_verifies_what_is_written_and_refuses_what_was_changed(tmp_path: Path, kind: str) -> None:
    manifest, signature, root = tmp_path / "m.json", tmp_path / "m.p7s", tmp_path / "ca.pem"
    manifest.write_bytes(MANIFEST)
    signature.write_bytes(signed(kind, with_root=False)[".p7s"])
    root.write_bytes(chain(kind)[1].public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(signature), "-content",
               str(manifest), "-CAfile", str(root), "-purpose", "any", "-no_check_time", "-out",
               str(tmp_path / "out")]  # fmt: skip
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert (tmp_path / "out").read_bytes() == MANIFEST
    manifest.write_bytes(MANIFEST.replace(b"seal", b"sEal"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@needs_openssl
@pytest.mark.parametrize("extra", [[], ["-keyopt", "rsa_padding_mode:pss"], ["-noattr"], ["-md", "sha512"], ["-keyid"]])
def test_what_openssl_signs_is_read_here(tmp_path: Path, extra: list[str]) -> None:
    manifest, out = tmp_path / "m.json", tmp_path / "m.p7s"
    manifest.write_bytes(MANIFEST)
    (tmp_path / "k.pem").write_bytes(pem("rsa"))
    own = chain("rsa")[0]
    if extra == ["-keyid"]:  # a certificate that carries an identifier of its key
        subject = x509.SubjectKeyIdentifier.from_public_key(key("rsa").public_key())
        builder = x509.CertificateBuilder().subject_name(own.subject).issuer_name(own.subject).serial_number(1)
        builder = builder.not_valid_before(own.not_valid_before_utc).not_valid_after(own.not_valid_after_utc)
        builder = builder.public_key(key("rsa").public_key()).add_extension(subject, critical=False)
        own = builder.sign(key("rsa"), SHA256())  # type: ignore[arg-type]
    (tmp_path / "c.pem").write_bytes(own.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in", str(manifest), "-signer",
               str(tmp_path / "c.pem"), "-inkey", str(tmp_path / "k.pem"), "-out", str(out), *extra]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True)
    assert states(".p7s", out.read_bytes()) == [SignatureState.GOOD]
    assert states(".p7s", out.read_bytes(), MANIFEST + b" ") == [SignatureState.BAD]


@needs_openssl
def test_a_hash_that_is_broken_cannot_be_checked_here(tmp_path: Path) -> None:
    manifest, out = tmp_path / "m.json", tmp_path / "m.p7s"
    manifest.write_bytes(MANIFEST)
    (tmp_path / "k.pem").write_bytes(pem("rsa"))
    (tmp_path / "c.pem").write_bytes(chain("rsa")[0].public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in", str(manifest), "-md", "sha1", "-signer",
               str(tmp_path / "c.pem"), "-inkey", str(tmp_path / "k.pem"), "-out", str(out)]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True)
    assert states(".p7s", out.read_bytes()) == [SignatureState.UNKNOWN]
