from __future__ import annotations

import pytest
from tlslite.messages import ClientHello
from tlslite.utils.codec import Parser

from secaudit.model.observation import TlsVersion
from secaudit.probes.tls import client_hello
from secaudit.probes.tls.suites import CLASSIC_GROUPS, GROUPS_13, MOST_PER_HELLO, all_suites, group_name, offers
from tests.probes.tls.wire import offered_suites, offered_version

SCSV = 0x00FF


def parsed(hello: bytes) -> ClientHello:
    return ClientHello().parse(Parser(bytearray(hello[6:])))


def test_the_hello_names_the_host_and_avoids_the_length_that_load_balancers_hang_on() -> None:
    named = client_hello.client_hello("xa.tinh.gov.vn")
    assert bytes(parsed(named).server_name) == b"xa.tinh.gov.vn"
    assert named[:3] == b"\x16\x03\x01"
    for sni in ("", "x.vn", "a" * 60 + ".vn"):
        for suites in (client_hello.COMMON_SUITES, client_hello.COMMON_SUITES[:2]):
            assert not 256 <= len(client_hello.client_hello(sni, suites=suites)) - 5 < 512
        assert not 256 <= len(client_hello.hello_13(sni, [0x1301])) - 5 < 512


def test_an_address_is_not_sent_as_a_name() -> None:
    assert parsed(client_hello.client_hello("")).getExtension(0) is None


def test_the_fallback_signal_is_sent_only_when_asked_for() -> None:
    suites = [0xC02F, 0x002F]
    plain = client_hello.client_hello("", client_hello.TLS_1_1, suites)
    signalled = client_hello.client_hello("", client_hello.TLS_1_1, suites, fallback=True)
    assert offered_suites(plain) == [*suites, SCSV]
    assert offered_suites(signalled) == [*suites, 0x5600, SCSV]
    assert offered_version(plain) == 0x0302


def test_ssl_3_has_no_extensions() -> None:
    assert parsed(client_hello.client_hello("a.vn", client_hello.SSL_3_0)).extensions is None


def test_tls_13_alone_is_offered_and_the_key_is_left_out_on_request() -> None:
    hello = client_hello.hello_13("a.vn", [0x1301], [29, 23], with_share=False)
    assert offered_version(hello) == 0x0304
    assert offered_suites(hello) == [0x1301]
    assert parsed(hello).getExtension(51).client_shares == []
    (share,) = parsed(client_hello.hello_13("a.vn", [0x1301])).getExtension(51).client_shares
    assert (share.group, len(share.key_exchange)) == (29, 32)


def test_ssl_2_offers_its_kinds() -> None:
    (kinds,) = offers(TlsVersion.SSL_2_0)
    hello = client_hello.hello_ssl2(kinds)
    assert hello[0] & 0x80
    assert int.from_bytes(hello[:2], "big") & 0x7FFF == len(hello) - 2
    read = ClientHello(ssl2=True).parse(Parser(bytearray(hello[3:])))
    assert tuple(read.cipher_suites) == kinds


@pytest.mark.parametrize("version", list(TlsVersion))
def test_every_suite_is_offered_once_and_no_hello_is_too_large(version: TlsVersion) -> None:
    chunks = offers(version, with_secrets=True)
    offered = [code for chunk in chunks for code in chunk]
    assert len(offered) == len(set(offered))
    assert all(0 < len(chunk) <= MOST_PER_HELLO for chunk in chunks)
    assert set().union(*offers(version)) <= set(offered)


def test_weak_suites_are_offered() -> None:
    suites = all_suites()
    names = {suites[code].name for chunk in offers(TlsVersion.TLS_1_0) for code in chunk}
    assert {
        "TLS_RSA_WITH_NULL_MD5", "TLS_RSA_EXPORT_WITH_RC4_40_MD5", "TLS_RSA_WITH_RC4_128_SHA",
        "TLS_RSA_WITH_DES_CBC_SHA", "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA",
        "TLS_DH_anon_WITH_RC4_128_MD5", "TLS_ECDH_anon_WITH_NULL_SHA",
        "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA",
    } <= names  # fmt: skip
    assert not any("GCM" in name or "PSK" in name for name in names)


def test_the_register_is_whole() -> None:
    suites = all_suites()
    assert len(suites) > 350
    assert len({suite.name for suite in suites.values()}) == len(suites)
    assert suites[0xC02F].name == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    assert suites[0xC02F].openssl_name == "ECDHE-RSA-AES128-GCM-SHA256"
    assert {suites[code].key_bits for code in (0x0001, 0x0003, 0x0009, 0x000A, 0x1301, 0x1302)} == {
        0,
        40,
        56,
        168,
        128,
        256,
    }
    assert suites[0x0018].anonymous
    groups = (*CLASSIC_GROUPS, *GROUPS_13)
    assert not any(group_name(group).startswith("0x") for group in groups)
    assert group_name(0x2A2A) == "0x2a2a"
