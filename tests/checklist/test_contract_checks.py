"""The checks of the outside contract: each has a text or stands in planned.yaml, and each is mapped or says why not."""

from __future__ import annotations

import pytest

from secaudit.checklist.loader import Library

CONTRACT = {
    "tls": "unavailable sslv2 sslv3 tls10 tls11 no-tls12 no-tls13 cipher-null cipher-anonymous cipher-export "
    "cipher-rc4 cipher-3des cipher-cbc no-forward-secrecy weak-dh compression heartbleed ccs-injection robot "
    "insecure-renegotiation client-renegotiation no-fallback-scsv early-data no-extended-master-secret",
    "cert": "expired not-yet-valid expires-soon hostname-mismatch self-signed untrusted incomplete-chain weak-key "
    "weak-signature validity-too-long no-sct",
    "http": "plain-only no-https-redirect redirect-loop redirect-off-scope trace-enabled unsafe-methods",
    "header": "hsts-missing hsts-short hsts-invalid csp-missing csp-unsafe-inline csp-unsafe-eval csp-wildcard "
    "csp-no-object-src csp-no-base-uri framing-allowed nosniff-missing referrer-policy-missing referrer-policy-unsafe "
    "permissions-policy-missing cors-any-origin cors-reflects-origin server-version powered-by",
    "cookie": "no-secure no-httponly no-samesite samesite-none-insecure broad-domain",
    "content": "mixed-active mixed-passive no-sri insecure-form password-over-http directory-listing error-disclosure",
    "integrity": "gambling-spam hidden-links cloaking search-redirect defaced changed unregistered-script-domain",
    "expose": "git svn env backup sql-dump config phpinfo server-status log ds-store admin-login",
    "software": "cms-version cms-outdated js-vulnerable server-eol",
    "port": "telnet ftp smb rdp vnc ssh database cache mail-plain snmp unexpected",
    "dns": "no-caa no-dnssec single-nameserver zone-transfer no-ipv6 dangling-cname",
    "mail": "spf-missing spf-permissive dmarc-missing dmarc-none",
    "site": "incident-contact-missing owner-identity-missing not-vn-domain domain-form hosted-abroad",
    "disclosure": "security-txt-missing security-txt-expired security-txt-invalid",
}
IDS = [f"{area}.{name}" for area, names in CONTRACT.items() for name in names.split()]


def test_the_list_is_the_contracts() -> None:
    assert len(IDS) == len(set(IDS)) == 122


@pytest.mark.parametrize("check", IDS)
def test_a_check_has_a_text_or_is_planned(library: Library, check: str) -> None:
    assert (check in library.texts) != (check in library.planned)


def test_nothing_is_planned_that_the_contract_does_not_name(library: Library) -> None:
    assert set(library.planned) <= set(IDS)


@pytest.mark.parametrize("check", IDS)
def test_a_check_is_mapped_or_says_why_not(library: Library, check: str) -> None:
    assert (check in library.mapping.checks()) != (check in library.unmapped)


def test_checks_beyond_the_contract_are_mapped_or_say_why_not(library: Library) -> None:
    for check, text in library.texts.items():
        assert (check in library.mapping.checks()) != (text.unmapped is not None), check


def test_nothing_is_unmapped_that_does_not_exist(library: Library) -> None:
    assert set(library.unmapped) <= {*IDS, *library.texts}
