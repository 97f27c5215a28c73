"""Reading the address that an officer typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.errors import BadInput
from secaudit.model.target import parse_target


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("xa.gov.vn", "https://xa.gov.vn/"),
        ("http://XA.gov.vn:80", "http://xa.gov.vn/"),
        ("https://127.0.0.1:8443/a?b=c#d", "https://127.0.0.1:8443/a?b=c"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://[0:0::1]/", "https://[::1]/"),
        ("https://xã-mẫu.vn/trang chủ".replace(" ", "%20"), "https://xn--x-mu-goa0686b.vn/trang%20ch%E1%BB%A7"),
        ("  https://xa.gov.vn/  ", "https://xa.gov.vn/"),
        ("https://xa.gov.vn./", "https://xa.gov.vn/"),
    ],
)
def test_addresses_become_one_form(typed: str, url: str) -> None:
    target = parse_target(typed)
    assert target.url == url
    assert parse_target(target.url) == target.model_copy(update={"display_host": target.host})


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://user:secret@xa.gov.vn/",
        "https://user@xa.gov.vn/",
        "https://xa gov.vn/",
        "ftp://xa.gov.vn/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://:443/",
        "https://xa.gov.vn:99999/",
        "https://xa.gov.vn:0/",
        "https://xa.gov.vn:abc/",
        "https://[::1/",
        "https://-xa.gov.vn/",
        "https://xa..gov.vn/",
        "https://256.1.1.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://xa.gov.vn\\@evil.example/",
        "https://xa.gov.vn\n/",
        f"https://{'a' * 64}.vn/",
    ],
)
def test_unusable_addresses_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_target(typed)
    assert str(caught.value).endswith(".")
    assert "secret" not in str(caught.value)


@given(st.text())
def test_no_text_crashes_the_reader(typed: str) -> None:
    try:
        target = parse_target(typed)
    except BadInput:
        return
    assert target.host
    assert 1 <= target.port <= 65535
    assert "@" not in target.origin
