"""The lab's state pages: real nginx pages of a commune, each with its known truth for the areas site and disclosure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from tests.servers.authority import LabAuthority
from tests.servers.nginx import nginx
from tests.servers.process import free_port

HOST, ELSEWHERE = "khetre.hue.gov.vn", "anm.hue.gov.vn"
"""Tests give the gate a resolver for them: the first is on loopback, the second outside every scope."""
ADDRESSES = {HOST: ["127.0.0.1"], ELSEWHERE: ["192.0.2.1"]}
NEXT_YEAR = (datetime.now(UTC) + timedelta(days=200)).strftime("%Y-%m-%dT%H:%M:%SZ")
NEWS = "<p>Lễ khai giảng năm học mới, lịch tiếp công dân, kết quả thu ngân sách quý ba của địa phương.</p>" * 6
FOOTER = (
    "<footer>Cơ quan chủ quản: Ủy ban nhân dân xã Khe Tre. Địa chỉ: số 1 đường Khe Tre. Điện thoại: 0234 3875 123. "
    "Thư điện tử: khetre@hue.gov.vn. Chịu trách nhiệm nội dung: Ông Nguyễn Văn An, Chủ tịch.</footer>"
)
INCIDENTS = "<p>Tiếp nhận sự cố an ninh mạng: <a href='mailto:anm@hue.gov.vn'>gửi thư</a></p>"
FILE = f"Contact: mailto:anm@hue.gov.vn\nExpires: {NEXT_YEAR}\nPreferred-Languages: vi, en\n"
EXPIRED = "Contact: mailto:anm@hue.gov.vn\nExpires: 2024-01-01T00:00:00Z\n"
WELL_KNOWN = ".well-known/security.txt"
_PAGE = '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Xã</title></head><body>{body}</body></html>'
_BLOCK = """
server {{
  listen 127.0.0.1:{https} {ssl};
  {certificate}
  root {root};
  location ~ \\.txt$ {{ default_type "text/plain"; charset utf-8; }}
  location / {{ {fallback} }}
}}
"""


@dataclass(frozen=True)
class StatePage:
    """One page of the lab.

    Attributes:
        body: of the home page.
        files: further files below the root.
        failing: every check of the areas site and disclosure that must fail, and no other.
        open: those that must stay inconclusive besides `site.hosted-abroad`.
        https: served over https; else over plain http only.
        soft: everything that does not exist gives the home page.
    """

    body: str
    files: dict[str, str] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    https: bool = True
    soft: bool = False


def _ids(text: str) -> frozenset[str]:
    return frozenset(text.split())


PAGES = {
    "good": StatePage(NEWS + INCIDENTS + FOOTER, {WELL_KNOWN: FILE}),
    "bare": StatePage(
        NEWS + "<a href=/lien-he.html>Liên hệ</a>",
        {"lien-he.html": NEWS},
        _ids("site.owner-identity-missing site.incident-contact-missing disclosure.security-txt-missing"),
    ),
    "contact-page": StatePage(
        NEWS + "<a href='lien-he.html'>Liên hệ</a>" + FOOTER,
        {"lien-he.html": INCIDENTS, "security.txt": EXPIRED},
        _ids("disclosure.security-txt-expired disclosure.security-txt-invalid"),
    ),
    "scripted": StatePage(
        "<div id=app></div><script src=app.js></script>",
        failing=_ids("disclosure.security-txt-missing"),
        open=_ids("site.owner-identity-missing site.incident-contact-missing"),
        soft=True,
    ),
    "plain": StatePage(
        NEWS + INCIDENTS + FOOTER, {WELL_KNOWN: FILE}, _ids("disclosure.security-txt-invalid"), https=False
    ),
    "elsewhere": StatePage(
        NEWS + f"<a href='https://{ELSEWHERE}/'>Báo sự cố an ninh mạng</a>" + FOOTER,
        failing=_ids("disclosure.security-txt-missing"),
        open=_ids("site.incident-contact-missing"),
    ),
    "many-contacts": StatePage(
        NEWS + "".join(f"<a href='/lien-he-{n}.html'>Liên hệ phòng {n}</a>" for n in range(6)) + FOOTER,
        {f"lien-he-{n}.html": NEWS for n in range(6)},
        _ids("disclosure.security-txt-missing"),
        _ids("site.incident-contact-missing"),
    ),
}


@dataclass(frozen=True)
class Served:
    """A page of the lab as it is served."""

    page: StatePage
    target: Target
    options: ScanOptions
    folder: Path

    def requests(self) -> list[str]:
        """Return the paths asked for, in order."""
        lines = (self.folder / "access.log").read_text(encoding="utf-8").splitlines()
        return [line.split('"')[1].split(" ")[1] for line in lines]


@contextmanager
def state_page(folder: Path, name: str, authority: LabAuthority) -> Iterator[Served]:
    """Serve one page of the lab until the block ends."""
    page = PAGES[name]
    root = folder / "root"
    for path, content in {"index.html": page.body, **page.files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = content if path.endswith(".txt") else _PAGE.format(body=content)
        file.write_text(text, encoding="utf-8")
    port, closed = free_port(), free_port()
    pair, key = authority.issue(HOST).write(folder / "tls", "page")
    block = _BLOCK.format(
        https=port, ssl="ssl" if page.https else "", root=root,
        certificate=f"ssl_certificate {pair}; ssl_certificate_key {key};" if page.https else "",
        fallback="try_files $uri /index.html;" if page.soft else "",
    )  # fmt: skip
    http, https = (closed, port) if page.https else (port, closed)
    with nginx(folder / "nginx", [block], [port]) as running:
        options = ScanOptions(http_port=http, contact="it@hue.gov.vn")
        yield Served(page, parse_target(f"https://{HOST}:{https}/"), options, running)
