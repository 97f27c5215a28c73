"""A state page's duties: names, identity block, address for incidents; precision first."""

from __future__ import annotations

from pathlib import Path

import pytest

from secaudit.checks.incident_contact import find_mention
from secaudit.checks.owner_identity import read_identity
from secaudit.checks.site import PROVINCES
from secaudit.checks.view import View
from secaudit.model.base import Reason
from secaudit.model.observation import HttpExchange, HttpVisit, PortScanObservation, VisitEnd
from secaudit.model.target import parse_target
from secaudit.model.words import Outcome
from tests.checks.judging import AT, judge, judge_one, make_view

PASS, FAIL, OPEN, NONE = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE
URL = "https://khetre.hue.gov.vn/"
NEWS = "Tin tức hoạt động của xã: lễ khai giảng năm học mới, lịch tiếp dân, kết quả thu ngân sách quý ba. " * 5
FOOTER = (
    "Cơ quan chủ quản: Ủy ban nhân dân xã Khe Tre. Địa chỉ: số 1 đường Khe Tre. Điện thoại: 0234 3875 123. "
    "Thư điện tử: khetre@hue.gov.vn. Chịu trách nhiệm nội dung: Ông Nguyễn Văn An, Chủ tịch."
)
REPORT = "Tiếp nhận sự cố an ninh mạng: anm@hue.gov.vn, 0234 3875 124."


def page(text: str, url: str = URL, **more: object) -> HttpExchange:
    body = f"<html><body><p>{text}</p></body></html>"
    facts = {"url": url, "status": 200, "headers": (("Content-Type", "text/html"),), "body": body}
    return HttpExchange.model_validate({**facts, "address": "113.160.0.1", "body_bytes": len(body), **more})


def visit(purpose: str, *exchanges: HttpExchange, fault: Reason | None = None, target: str = "") -> HttpVisit:
    end = VisitEnd.FAULT if fault else VisitEnd.FINAL
    first = target or exchanges[0].url
    address = exchanges[0].address if exchanges else ""
    facts = {"target": first, "at": AT, "address": address, "purpose": purpose, "exchanges": exchanges}
    return HttpVisit.model_validate({**facts, "end": end, "fault": fault})


def no_file(status: int = 404) -> HttpVisit:
    return visit("security-txt", page("không có", f"{URL}.well-known/security.txt", status=status))


def view(*visits: HttpVisit, url: str = URL) -> View:
    return make_view(visits, target=parse_target(url))


def home(text: str, **more: object) -> View:
    """Return a view in which everything was looked at and the home page says `text`."""
    exchange = page(text, **more)
    return view(visit("page-https", exchange), no_file(), visit("contact-page", exchange))


# --- Names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://khetre.hue.gov.vn/", PASS),
        ("https://xa.vn/", PASS),
        ("https://xakhetre.com/", FAIL),
        ("https://khetre.gov.vn.com/", FAIL),
        ("https://vn/", OPEN),
        ("https://113.160.0.1/", OPEN),
        ("http://localhost/", OPEN),
        ("https://xa.test/", OPEN),
    ],
)
def test_a_vn_domain(url: str, expected: Outcome) -> None:
    assert judge_one("site.not-vn-domain", view(url=url)) is expected


def test_a_page_that_leads_to_a_vn_name_uses_one() -> None:
    seen = visit("page-https", page("", "https://xa.com/", status=301), page(NEWS, "https://khetre.hue.gov.vn/"))
    [verdict] = judge("site.not-vn-domain", view(seen, url="https://xa.com/"))
    assert (verdict.result, verdict.evidence["leads_to"]) == (PASS, "khetre.hue.gov.vn")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://khetre.hue.gov.vn/", PASS),
        ("https://www.khetre.hue.gov.vn/tin-tuc", PASS),
        ("https://phuong1.hochiminhcity.gov.vn/", PASS),
        ("https://khe-tre.hue.gov.vn/", PASS),
        ("https://khetre.namdong.hue.gov.vn/", FAIL),
        ("https://khetre.gov.vn/", FAIL),
        ("https://khetre.hue.vn/", FAIL),
        ("https://khetre.com/", FAIL),
        ("https://khetré.hue.gov.vn/", FAIL),
        ("https://khe_tre.hue.gov.vn/", FAIL),
        ("https://khetre.thuathienhue.gov.vn/", OPEN),
        ("https://hue.gov.vn/khetre", NONE),
        ("https://www.hue.gov.vn/", NONE),
        ("https://113.160.0.1/", OPEN),
        ("http://localhost/", OPEN),
    ],
)
def test_the_form_of_the_name(url: str, expected: Outcome) -> None:
    assert judge_one("site.domain-form", view(url=url)) is expected


def test_there_are_34_provinces_and_cities() -> None:
    spellings_of_one_city = {"hcm", "hochiminh", "hochiminhcity", "tphcm"}
    assert len(PROVINCES - spellings_of_one_city) == 33
    assert spellings_of_one_city <= PROVINCES


# --- Place -----------------------------------------------------------------------------------------


@pytest.fixture
def statistics(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of installed data with the file of one registry: blocks in Vietnam, in Germany, and given to nobody."""
    monkeypatch.setenv("SECAUDIT_DATA", str(tmp_path))
    file = tmp_path / "delegated-apnic.txt"
    file.write_text(STATISTICS, encoding="utf-8")
    return file


STATISTICS = """# of the test
2|apnic|20261101|6|19830613|20261101|+1000
apnic|*|asn|*|1|summary
apnic|VN|asn|7552|1|20030101|allocated
apnic|VN|ipv4|113.160.0.0|524288|20080101|allocated
apnic|DE|ipv4|192.0.2.0|192|20100101|assigned
apnic|VN|ipv6|2001:ee0::|32|20080101|allocated
apnic||ipv4|198.51.100.0|256||available
apnic|ZZ|ipv4|203.0.113.0|256|20100101|assigned
"""


def at_address(*addresses: str) -> View:
    """A page whose name leads to these addresses."""
    looks = [PortScanObservation(target="x", host="khetre.hue.gov.vn", address=a, at=AT) for a in addresses]
    return make_view(looks, target=parse_target(URL))


@pytest.mark.parametrize(
    ("addresses", "expected", "code"),
    [
        (["113.160.0.1"], PASS, ""),
        (["113.167.255.255", "2001:ee0:1::5"], PASS, ""),
        (["113.168.0.0"], OPEN, "site-address-not-listed"),
        (["192.0.2.191"], FAIL, ""),
        (["113.160.0.1", "192.0.2.7"], FAIL, ""),
        (["113.160.0.1", "192.0.2.192"], OPEN, "site-address-not-listed"),
        (["198.51.100.7"], OPEN, "site-address-not-listed"),
        (["203.0.113.7"], OPEN, "site-address-not-listed"),
        (["2001:db8::1"], OPEN, "site-address-not-listed"),
        ([], OPEN, "site-address-unknown"),
    ],
)
@pytest.mark.usefixtures("statistics")
def test_the_place_goes_by_the_registry(addresses: list[str], expected: Outcome, code: str) -> None:
    [verdict] = judge("site.hosted-abroad", at_address(*addresses))
    assert verdict.result is expected
    assert (verdict.reason.code if verdict.reason else "") == code
    if expected is FAIL:
        assert verdict.evidence["registered"] == ["192.0.2.191: DE"] or "192.0.2.7: DE" in str(verdict.evidence)


def test_old_blocks_accuse_but_acquit_nobody(statistics: Path) -> None:
    statistics.write_text(STATISTICS.replace("20261101|+", "20240101|+"), encoding="utf-8")
    [home_again] = judge("site.hosted-abroad", at_address("113.160.0.1"))
    assert home_again.reason is not None
    assert home_again.reason.code == "data-too-old"
    assert judge_one("site.hosted-abroad", at_address("192.0.2.7")) is FAIL


@pytest.mark.parametrize("content", ["", "<html>", "2|apnic|x", "2|nobody|1|1|1|20261101|+1000"])
def test_a_file_that_is_none_counts_as_absent(statistics: Path, content: str) -> None:
    statistics.write_text(content, encoding="utf-8")
    [verdict] = judge("site.hosted-abroad", at_address("113.160.0.1"))
    assert verdict.reason is not None
    assert verdict.reason.code == "site-no-address-database"


def test_without_data_the_place_is_left_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECAUDIT_DATA", str(tmp_path))
    [verdict] = judge("site.hosted-abroad", home(NEWS))
    assert verdict.result is OPEN
    assert verdict.reason == Reason(code="site-no-address-database", params={"address": "113.160.0.1"})
    [blind] = judge("site.hosted-abroad", view())
    assert blind.reason is not None
    assert blind.reason.code == "site-address-unknown"
    [bare] = judge("site.hosted-abroad", view(url="https://113.160.0.9/"))
    assert bare.reason == Reason(code="site-no-address-database", params={"address": "113.160.0.9"})


# --- Identity block --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "footer",
    [
        FOOTER,
        "CỔNG THÔNG TIN ĐIỆN TỬ ỦY BAN NHÂN DÂN XÃ KHE TRE Địa chỉ: Thôn 1 ĐT: (0234) 3875.123 - "
        "Email: ubndkhetre@hue.gov.vn Người chịu trách nhiệm: Bà Trần Thị Bình - Phó Chủ tịch",
        "Bản quyền thuộc UBND phường Thuận Hóa. Hotline: 1900 1234. Trưởng Ban biên tập: Lê Văn Cường",
        "© 2026 Uỷ ban nhân dân xã A. Liên hệ: vanphong(at)xaa.gov.vn. Phụ trách nội dung: đồng chí Phạm Thị Dung",
        "Đơn vị chủ quản: HĐND - UBND đặc khu Cô Tô. Tel: +84 203 388 9999. "
        "Chịu trách nhiệm chính: Văn phòng HĐND và UBND",
    ],
)
def test_identity_blocks_that_offices_write(footer: str) -> None:
    assert judge_one("site.owner-identity-missing", home(NEWS + footer)) is PASS


@pytest.mark.parametrize(
    ("footer", "lacking"),
    [
        (FOOTER.replace("Chịu trách nhiệm nội dung: Ông Nguyễn Văn An, Chủ tịch.", ""), "person_responsible"),
        ("Chịu trách nhiệm nội dung: Ông Nguyễn Văn An. Cơ quan chủ quản: UBND xã Khe Tre.", "contact"),
        ("Điện thoại: 0234 3875 123. Chịu trách nhiệm nội dung: Ông Nguyễn Văn An.", "managing_body"),
        ("", "managing_body"),
    ],
)
def test_a_missing_part_fails_and_is_named(footer: str, lacking: str) -> None:
    [verdict] = judge("site.owner-identity-missing", home(NEWS.replace("của xã", "") + footer))
    assert verdict.result is FAIL
    part = verdict.evidence[lacking]
    assert isinstance(part, dict)
    assert part["state"] == "absent"


@pytest.mark.parametrize(
    ("footer", "code"),
    [
        (FOOTER.replace("Cơ quan chủ quản: ", ""), "site-body-unsure"),
        (FOOTER.replace("Điện thoại: 0234 3875 123. Thư điện tử: khetre@hue.gov.vn.", ""), "site-contact-unsure"),
        (FOOTER.replace("Ông Nguyễn Văn An, Chủ tịch", "xem tại đây"), "site-responsible-unsure"),
        (FOOTER.replace("Chịu trách nhiệm nội dung: Ông", "Ban biên tập:"), "site-responsible-unsure"),
    ],
)
def test_words_that_may_be_it_leave_it_open(footer: str, code: str) -> None:
    [verdict] = judge("site.owner-identity-missing", home(NEWS + footer))
    assert verdict.result is OPEN
    assert verdict.reason is not None
    assert verdict.reason.code == code


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [
        (NEWS, {"truncated": True}, "page-cut"),
        (NEWS, {"status": 503}, "page-status"),
        ("<script>go()</script>", {}, "page-scripted"),
        (NEWS, {"headers": (("Content-Type", "application/pdf"),)}, "page-not-html"),
    ],
)
def test_a_page_that_was_not_read_to_its_end_never_fails(text: str, more: dict[str, object], code: str) -> None:
    for check in ("site.owner-identity-missing", "site.incident-contact-missing"):
        [verdict] = judge(check, home(text, **more))
        assert verdict.result is OPEN
        assert verdict.reason is not None
        assert verdict.reason.code == code


def test_a_part_that_was_read_may_still_pass() -> None:
    assert judge_one("site.owner-identity-missing", home(FOOTER, truncated=True)) is PASS
    assert judge_one("site.incident-contact-missing", home(REPORT, truncated=True)) is PASS


def test_no_page_is_inconclusive() -> None:
    fault = Reason(code="connect-timeout", params={"host": "khetre.hue.gov.vn", "port": 443, "seconds": 8})
    down = view(visit("page-https", fault=fault, target=URL), visit("page-http", fault=fault, target=URL))
    for check in ("site.owner-identity-missing", "site.incident-contact-missing"):
        assert judge_one(check, down) is OPEN
        assert judge_one(check, view()) is OPEN


def test_running_text_names_nobody() -> None:
    identity = read_identity("Chủ tịch UBND xã chịu trách nhiệm trước pháp luật. Người chịu trách nhiệm sẽ bị xử lý.")
    assert identity.responsible.state == "unsure"
    assert identity.managing_body.state == "unsure"
    assert identity.contact.state == "absent"


# --- Address for incidents -------------------------------------------------------------------------

OFFERS = [
    REPORT,
    "Đầu mối tiếp nhận, ứng cứu sự cố an toàn thông tin mạng: Phòng Văn hóa - Xã hội, điện thoại 0234.3875.125",
    "Phản ánh sự cố an ninh mạng xin gửi về hộp thư ubndkhetre@hue.gov.vn",
    "ĐƯỜNG DÂY NÓNG BÁO SỰ CỐ AN NINH MẠNG 1900 6789",
    "Báo cáo lỗ hổng bảo mật: mailto:anm@hue.gov.vn",
    "Thông báo sự cố mất an toàn thông tin (ATTT) tới đội ứng cứu: anm(at)hue.gov.vn",
]
MENTIONS = [
    "Xã tổ chức tập huấn ứng cứu sự cố an ninh mạng cho cán bộ. Liên hệ Văn phòng: 0234 3875 123",
    "Kế hoạch ứng phó sự cố an toàn thông tin mạng năm 2026. Điện thoại: 0234 3875 123",
    "Tiếp nhận sự cố an ninh mạng",
    "Cảnh báo lỗ hổng bảo mật nghiêm trọng. Chi tiết tại https://hue.gov.vn/tin",
]
OTHER_INCIDENTS = [
    "Báo sự cố điện: 1900 1909",
    "Diễn tập ứng phó sự cố tràn dầu, liên hệ 0234 3875 123",
    "Tiếp nhận phản ánh kiến nghị: 0234 3875 123",
    "Đường dây nóng phòng chống thiên tai 0234 3875 123",
    "Khắc phục sự cố cấp nước sạch: xin báo 0234 3875 123",
]


@pytest.mark.parametrize("text", OFFERS)
def test_an_address_for_incidents_passes(text: str) -> None:
    assert judge_one("site.incident-contact-missing", home(NEWS + text)) is PASS


@pytest.mark.parametrize("text", MENTIONS)
def test_a_mere_mention_leaves_it_open(text: str) -> None:
    [verdict] = judge("site.incident-contact-missing", home(NEWS + text))
    assert verdict.result is OPEN
    assert verdict.reason is not None
    assert verdict.reason.code == "site-incident-mentioned"


@pytest.mark.parametrize("text", OTHER_INCIDENTS)
def test_other_incidents_are_not_meant(text: str) -> None:
    assert find_mention(text) is None
    assert judge_one("site.incident-contact-missing", home(NEWS + text)) is FAIL


def test_the_evidence_names_the_pages_that_were_read() -> None:
    contact = visit("contact-page", page(NEWS, f"{URL}lien-he"))
    [verdict] = judge("site.incident-contact-missing", view(visit("page-https", page(NEWS)), no_file(), contact))
    assert verdict.result is FAIL
    assert verdict.evidence["pages"] == [URL, f"{URL}lien-he"]


def test_a_contact_page_counts() -> None:
    contact = visit("contact-page", page(REPORT, f"{URL}lien-he"))
    assert judge_one("site.incident-contact-missing", view(visit("page-https", page(NEWS)), no_file(), contact)) is PASS


def test_what_was_not_read_leaves_it_open() -> None:
    read = visit("page-https", page(NEWS))
    limit = Reason(code="contact-page-limit", params={"count": 3, "url": URL})
    unread = visit("contact-page", fault=limit, target=f"{URL}lien-he")
    assert judge_one("site.incident-contact-missing", view(read, no_file(), unread)) is OPEN
    assert judge_one("site.incident-contact-missing", view(read, no_file())) is OPEN
    contact = visit("contact-page", page(NEWS))
    assert judge_one("site.incident-contact-missing", view(read, contact)) is OPEN
    assert judge_one("site.incident-contact-missing", view(read, contact, no_file(503))) is OPEN


def test_security_txt_alone_is_not_an_address_on_the_page() -> None:
    file = page("", f"{URL}.well-known/security.txt", headers=(("Content-Type", "text/plain"),)).model_copy(
        update={"body": "Contact: mailto:anm@hue.gov.vn\nExpires: 2027-01-01T00:00:00Z\n"}
    )
    seen = view(visit("page-https", page(NEWS)), visit("security-txt", file), visit("contact-page", page(NEWS)))
    [verdict] = judge("site.incident-contact-missing", seen)
    assert verdict.result is OPEN
    assert verdict.reason is not None
    assert verdict.reason.code == "site-incident-security-txt"
