"""The content part of the lab: real nginx sites, whole ones and broken-into ones, each with its known truth."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from tests.servers.authority import LabAuthority
from tests.servers.nginx import nginx
from tests.servers.process import free_port

HOST = "www.commune.example"
CDN = "cdn.library.example"
GONE = "cdn.gone-company.example"
ADDRESSES = {HOST: ["127.0.0.1"]}
_DIGEST = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"

_MENU = """<header id="dau">UBND xã</header><nav id="menu"><a href="/">Trang chủ</a>
<a href="/gioi-thieu.html">Giới thiệu</a>
<a href="/tin-tuc/">Tin tức</a> <a href="/lien-he.html">Liên hệ</a> <a href="/dang-xuat">Đăng xuất</a>
<a href="https://dichvucong.gov.vn">Dịch vụ công</a></nav>"""


def _page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body>{_MENU}<main id="noi-dung"><h1>{title}</h1>{body}</main><footer id="chan">Xã Mẫu</footer></body></html>'
    )


_HOME = "Trang thông tin điện tử xã Mẫu"
_NEWS = "<p>Công an xã tuyên truyền phòng chống cờ bạc, cá độ bóng đá.</p>"
_PHONE_MENU = """<style>@media (max-width:600px){#menu{display:none}} .dt{display:none}</style>
<div class="dt"><a href="/gioi-thieu.html">Giới thiệu</a><a href="https://baotinh.example">Báo tỉnh</a></div>"""
_BETTING = """<div style="position:absolute;left:-9999px"><a href="https://nhacai88.example/">nhà cái uy tín</a>
<a href="https://taixiu.example/">tài xỉu online</a><a href="https://nohu.example/">nổ hũ</a></div>"""
_DOORWAY = """<html><head><title>Nhà cái uy tín - link vào nhà cái mới nhất</title></head><body>
<h1>Tài xỉu, nổ hũ, kèo bóng đá</h1><p>Đăng ký nhận 88k, nạp rút nhanh.</p>
<a href="https://nhacai88.example/">Nhà cái</a></body></html>"""
_TRACE = """<html><body><h1>500</h1><b>Fatal error</b>:  Uncaught PDOException: SQLSTATE[HY000] [1045] Access denied for
user 'xa'@'localhost' in /var/www/html/xa/include/db.php:27
Stack trace:
#0 /var/www/html/xa/include/db.php(27): PDO-&gt;__construct('mysql:host=loca...', 'xa', Object(SensitiveParameterValue))
#1 /var/www/html/xa/index.php(4): require_once('/var/www/html/x...')
#2 {main}
  thrown in <b>/var/www/html/xa/include/db.php</b> on line <b>27</b><br /></body></html>"""

_GOOD_FILES = {
    "index.html": _page(
        _HOME,
        '<p>Chào mừng.</p><img src="/anh/2026/xa.png" alt=""><form action="/tim" method="get"><input name="q"></form>'
        f'<script src="https://{CDN}/lib.js" integrity="{_DIGEST}" crossorigin="anonymous"></script>',
        _PHONE_MENU,
    ),
    "gioi-thieu.html": _page("Giới thiệu", "<p>Xã có 12 thôn.</p>"),
    "tin-tuc/index.html": _page("Tin tức", f'{_NEWS}<a href="/tin-tuc/1.html">Bắt tụ điểm xóc đĩa</a>'),
    "tin-tuc/1.html": _page(
        "Công an xã bắt tụ điểm xóc đĩa",
        '<p>Công an xã bắt quả tang tụ điểm xóc đĩa.</p><a href="/van-ban/thong-bao.pdf">Thông báo</a>',
    ),
    "van-ban/thong-bao.pdf": "<title>Thông báo</title><h1>Công an xã bắt tụ điểm đánh bạc</h1><p>Công an xã bắt "
    "quả tang tụ điểm tài xỉu, xóc đĩa, thu giữ tang vật; khuyến cáo người dân tránh xa cờ bạc, cá độ.</p>",
    "lien-he.html": _page("Liên hệ", '<form action="/gui" method="post"><textarea name="t"></textarea></form>'),
    "anh/2026/xa.png": "png",
}
_MIXED = """<script src="http://static.other.example/a.js"></script>
<link rel="stylesheet" href="http://static.other.example/a.css">
<img src="http://anh.other.example:8080/b.jpg"><iframe src="http://khung.other.example/"></iframe>"""
_LOGIN = '<form action="{action}" method="post"><input name="u"><input type="password" name="p"></form>'
_FILES: dict[str, dict[str, str]] = {
    "good": {},
    "hacked": {
        "index.html": _page(_HOME, f"<p>Chào mừng.</p>{_BETTING}", _PHONE_MENU),
        "bot.html": _DOORWAY,
        "upload/nha-cai-uy-tin.html": _DOORWAY,
        "sitemap.xml": '<?xml version="1.0" encoding="UTF-8"?>'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"<url><loc>https://{HOST}:PORT/upload/nha-cai-uy-tin.html</loc></url>"
        f"<url><loc>https://{HOST}:PORT/upload/tai-xiu-online.html</loc></url>"
        f"<url><loc>https://{HOST}:PORT/gioi-thieu.html</loc></url></urlset>",
    },
    # An innocent name that no page links to: only the packed sitemap and the file itself tell.
    "uploaded": {
        "robots.txt": f"User-agent: *\nAllow: /\nSitemap: https://{HOST}:PORT/sitemap.xml.gz\n",
        "sitemap.xml.gz": f"https://{HOST}:PORT/gioi-thieu.html\nhttps://{HOST}:PORT/upload/2026/van-ban-17.pdf\n",
        "upload/2026/van-ban-17.pdf": _DOORWAY,
    },
    "mixed": {"index.html": _page(_HOME, _MIXED)},
    "forms": {"index.html": _page(_HOME, _LOGIN.format(action=f"http://{HOST}/dang-nhap?x=1"))},
    "plain-login": {"quan-tri.html": _page("Quản trị", _LOGIN.format(action="/vao")), "tin-tuc/index.html": _page(
        "Tin tức", '<a href="/quan-tri.html">Quản trị</a>')},
    "listing": {},
    "error": {"loi.html": _TRACE},
    "defaced": {"index.html": "<title>Hacked by X-Team</title><h1>Hacked by X-Team</h1><p>greetz to all</p>"},
    "dangling": {"index.html": _page(_HOME, f'<script src="//{GONE}/widget.js"></script>')},
    "script-redirect": {
        "index.html": _page(
            _HOME,
            "<script>var r=document.referrer;if(/google|bing|coccoc/.test(r)){window.location.href="
            "'https://nhacai88.example/?gov';}</script>",
        )
    },
}  # fmt: skip
_EXTRA = {
    "hacked": "if ($http_user_agent ~* googlebot) { rewrite ^/$ /bot.html last; }"
    ' if ($http_referer ~* "google\\.") { return 302 https://nhacai88.example/?ref=gov; }',
    "listing": "location /anh/ { autoindex on; }",
    "error": "error_page 404 =500 /loi.html;",
}
FAILING: dict[str, frozenset[str]] = {
    "good": frozenset(),
    "hacked": frozenset(
        {
            "integrity.gambling-spam",
            "integrity.hidden-links",
            "integrity.cloaking as-crawler",
            "integrity.search-redirect",
        }
    ),
    "uploaded": frozenset({"integrity.gambling-spam"}),
    "mixed": frozenset(
        {
            "content.mixed-active static.other.example",
            "content.mixed-active khung.other.example",
            "content.mixed-passive anh.other.example:8080",
            "content.no-sri static.other.example",
        }
    ),
    "forms": frozenset(
        {
            f"content.insecure-form http://{HOST}/dang-nhap",
            f"content.password-over-http http://{HOST}/dang-nhap",
        }
    ),
    "plain-login": frozenset(
        {
            f"content.insecure-form http://{HOST}:PORT/gui",
            f"content.insecure-form http://{HOST}:PORT/vao",
            f"content.password-over-http http://{HOST}:PORT/quan-tri.html",
        }
    ),
    "listing": frozenset({"content.directory-listing /anh/2026/", "content.directory-listing /anh/"}),
    "error": frozenset({"content.error-disclosure php"}),
    "defaced": frozenset({"integrity.defaced"}),
    "dangling": frozenset({f"integrity.unregistered-script-domain {GONE}", f"content.no-sri {GONE}"}),
    "script-redirect": frozenset({"integrity.search-redirect"}),
}
"""The known truth of every site: `id`, or `id place`; PORT stands for its plain port."""


@dataclass(frozen=True)
class Site:
    """One running site of the lab."""

    name: str
    http_port: int
    https_port: int
    failing: frozenset[str] = field(default_factory=frozenset)

    @property
    def target(self) -> Target:
        """Return the https address, the one an officer would type."""
        return parse_target(f"https://{HOST}:{self.https_port}/")

    @property
    def options(self) -> ScanOptions:
        """Return options that know the other port."""
        return ScanOptions(probes=("http", "crawl"), http_port=self.http_port, contact="it@commune.example")


def _blocks(site: Site, root: Path, certificate: Path, key: Path) -> list[str]:
    common = f"server_name {HOST}; server_tokens off; root {root}; {_EXTRA.get(site.name, '')}"
    if site.name == "plain-login":
        return [f"server {{ listen 127.0.0.1:{site.http_port}; {common} }}"]
    return [
        f"server {{ listen 127.0.0.1:{site.https_port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key}; "
        f"types {{ text/html html; text/xml xml; image/png png; application/pdf pdf; application/gzip gz; "
        f"text/plain txt; }} {common} }}",
        f"server {{ listen 127.0.0.1:{site.http_port}; server_name {HOST}; "
        f"return 301 https://$host:{site.https_port}$request_uri; }}",
    ]


def _content(file: str, text: str) -> bytes:
    if file.endswith(".pdf"):
        from weasyprint import HTML

        pdf: bytes = HTML(string=text).write_pdf()
        return pdf
    content = text.encode("utf-8")
    return gzip.compress(content) if file.endswith(".gz") else content


@contextmanager
def content_lab(folder: Path, names: Sequence[str] = tuple(FAILING)) -> Iterator[dict[str, Site]]:
    """Run the named sites until the block ends; yields them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = LabAuthority().issue(HOST, "127.0.0.1").write(folder, "page")
    sites, blocks, ports = {}, [], []
    for name in names:
        site = Site(name, free_port(), free_port())
        truth = frozenset(entry.replace("PORT", str(site.http_port)) for entry in FAILING[name])
        sites[name] = Site(name, site.http_port, site.https_port, truth)
        root = folder / "sites" / name
        for file, text in (_GOOD_FILES | _FILES[name]).items():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(_content(file, text.replace("PORT", str(site.https_port))))
        blocks += _blocks(site, root, certificate, key)
        ports += [site.http_port] if name == "plain-login" else [site.http_port, site.https_port]
    with nginx(folder / "nginx", blocks, ports):
        yield sites
