"""Cipher suites and groups by number, and which of them one hello offers.

`suites.csv` holds IANA's register of TLS cipher suites, the kinds of SSL 2.0 (three octets), and what was in use
without ever being registered (EXPORT1024, GOST 1994/2001, ChaCha20 of the drafts). `key_bits` is the strength of the
symmetric key.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from secaudit.model.observation import TlsVersion

MOST_PER_HELLO = 60
"""Some old servers and guards choke on a hello with more suites."""

_TLS_13 = re.compile(r"^TLS_(AES|CHACHA20|SM4)_")
_SINCE_12 = re.compile(r"SHA256|SHA384|_CCM|_GCM|POLY1305|KUZNYECHIK|MAGMA|112_256_")
_WITHOUT_CERTIFICATE = re.compile(r"PSK|SRP|KRB5")
_FINITE_FIELD = re.compile(r"_DHE_|_DH_anon_")
_ELLIPTIC = re.compile(r"_ECDHE_|_ECDH_anon_")


@dataclass(frozen=True)
class Suite:
    """One cipher suite: its number, its names, and the strength of its symmetric key in bits."""

    code: int
    name: str
    openssl_name: str
    key_bits: int

    @property
    def anonymous(self) -> bool:
        """No certificate proves the server."""
        return "_anon_" in self.name


@lru_cache(maxsize=1)
def all_suites() -> dict[int, Suite]:
    """Return every known suite by number; the kinds of SSL 2.0 have numbers above 65535."""
    text = files("secaudit.probes.tls").joinpath("suites.csv").read_text(encoding="utf-8")
    return {
        int(row["code"], 16): Suite(int(row["code"], 16), row["name"], row["openssl_name"], int(row["key_bits"]))
        for row in csv.DictReader(text.splitlines())
    }


def is_finite_field_ephemeral(name: str) -> bool:
    """Tell whether a suite agrees its key by ephemeral Diffie-Hellman over a finite field."""
    return bool(_FINITE_FIELD.search(name))


def is_elliptic_ephemeral(name: str) -> bool:
    """Tell whether a suite agrees its key by ephemeral Diffie-Hellman over an elliptic curve."""
    return bool(_ELLIPTIC.search(name))


@lru_cache(maxsize=16)
def offers(version: TlsVersion, *, with_secrets: bool = False) -> tuple[tuple[int, ...], ...]:
    """Return what to offer at `version`, one tuple per hello, the most usual suites first.

    Args:
        version: the only version offered.
        with_secrets: also suites that need a secret shared beforehand (PSK, SRP, Kerberos), which no web page uses.
    """
    kinds: dict[str, list[int]] = {"ecdhe": [], "dhe": [], "rsa": [], "weak": [], "static": [], "secret": []}
    for code, suite in all_suites().items():
        if _speaks(suite, version):
            kinds[_kind(suite.name)].append(code)
    if not with_secrets:
        kinds["secret"] = []
    if version in (TlsVersion.SSL_2_0, TlsVersion.TLS_1_3):
        return (tuple(kinds["rsa"]),)
    if version is TlsVersion.TLS_1_2:
        return _filled(kinds["ecdhe"], kinds["dhe"], kinds["rsa"], [*kinds["weak"], *kinds["static"]], kinds["secret"])
    return _filled([*kinds["ecdhe"], *kinds["dhe"], *kinds["rsa"]], [*kinds["weak"], *kinds["static"]], kinds["secret"])


def _filled(*groups: list[int]) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(group[at : at + MOST_PER_HELLO]) for group in groups for at in range(0, len(group), MOST_PER_HELLO)
    )


def _speaks(suite: Suite, version: TlsVersion) -> bool:
    if suite.code > 0xFFFF:
        return version is TlsVersion.SSL_2_0
    if _TLS_13.match(suite.name):
        return version is TlsVersion.TLS_1_3
    if version is TlsVersion.TLS_1_2:
        return True
    older = version in (TlsVersion.SSL_3_0, TlsVersion.TLS_1_0, TlsVersion.TLS_1_1)
    return older and not _SINCE_12.search(suite.name)


def _kind(name: str) -> str:
    if _WITHOUT_CERTIFICATE.search(name):
        return "secret"
    if re.search(r"^TLS_.*(_anon_|_NULL_|EXPORT)", name):
        return "weak"
    for kind in ("ecdhe", "dhe"):
        if f"_{kind.upper()}_" in name:
            return kind
    return "static" if re.search(r"_(EC)?DH_", name) else "rsa"


# --- Groups for key agreement ----------------------------------------------------------------------

# IANA's register "TLS Supported Groups"; the names of curves as sslyze writes them.
_CURVES = {
    29: ("X25519", 253), 23: ("secp256r1", 256), 24: ("secp384r1", 384), 25: ("secp521r1", 521), 30: ("X448", 448),
    26: ("brainpoolP256r1", 256), 27: ("brainpoolP384r1", 384), 28: ("brainpoolP512r1", 512),
    31: ("brainpoolP256r1tls13", 256), 32: ("brainpoolP384r1tls13", 384), 33: ("brainpoolP512r1tls13", 512),
    41: ("curveSM2", 256), 22: ("secp256k1", 256), 21: ("secp224r1", 224), 20: ("secp224k1", 224),
    19: ("secp192r1", 192), 18: ("secp192k1", 192), 17: ("secp160r2", 160), 16: ("secp160r1", 160),
    15: ("secp160k1", 160), 14: ("sect571r1", 571), 13: ("sect571k1", 571), 12: ("sect409r1", 409),
    11: ("sect409k1", 409), 10: ("sect283r1", 283), 9: ("sect283k1", 283), 8: ("sect239k1", 239),
    7: ("sect233r1", 233), 6: ("sect233k1", 233), 5: ("sect193r2", 193), 4: ("sect193r1", 193),
    3: ("sect163r2", 163), 2: ("sect163r1", 163), 1: ("sect163k1", 163),
}  # fmt: skip
_FIELDS = {256: ("ffdhe2048", 2048), 257: ("ffdhe3072", 3072), 258: ("ffdhe4096", 4096), 259: ("ffdhe6144", 6144),
           260: ("ffdhe8192", 8192)}  # fmt: skip
_HYBRIDS = {4588: ("X25519MLKEM768", 0), 4587: ("SecP256r1MLKEM768", 0), 4589: ("SecP384r1MLKEM1024", 0),
            25497: ("X25519Kyber768Draft00", 0), 512: ("MLKEM512", 0), 513: ("MLKEM768", 0),
            514: ("MLKEM1024", 0)}  # fmt: skip
_ONLY_13 = frozenset((31, 32, 33))
_NEVER_IN_13 = frozenset((*range(1, 23), 26, 27, 28))

CLASSIC_GROUPS = tuple(group for group in _CURVES if group not in _ONLY_13)
"""Curves of TLS 1.2 and older (RFC 8422, 7027)."""
GROUPS_13 = (*(group for group in _CURVES if group not in _NEVER_IN_13), *_FIELDS, *_HYBRIDS)
"""Groups of TLS 1.3 (RFC 8446, section 4.2.7; RFC 8734; hybrids with ML-KEM)."""


def is_curve(group: int) -> bool:
    """Tell whether a group is an elliptic curve."""
    return group in _CURVES


def group_name(group: int) -> str:
    """Return the name of a group, its number in hexadecimal where it has none here."""
    return _group(group)[0]


def group_bits(group: int) -> int:
    """Return the size of a group's keys in bits, 0 where that says nothing (hybrids) or is unknown."""
    return _group(group)[1]


def _group(group: int) -> tuple[str, int]:
    return _CURVES.get(group) or _FIELDS.get(group) or _HYBRIDS.get(group) or (f"0x{group:04x}", 0)
