"""The HTTP part of the lab: real nginx and apache2 pages, each with the exact set of checks that must fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from tests.servers.apache import apache
from tests.servers.authority import LabAuthority
from tests.servers.nginx import nginx
from tests.servers.process import free_port

HOST = "www.commune.example"
"""The lab's name; tests give the gate a resolver for it."""
OFF_SCOPE = "offscope.example"
ADDRESSES = {HOST: ["127.0.0.1"], OFF_SCOPE: ["192.0.2.1"]}

PAGE = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>UBND xã</title></head>
<body><h1>Trang thông tin điện tử xã</h1></body></html>
"""
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
GOOD = (
    ("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), microphone=()"),
)
GOOD_COOKIE = ("Set-Cookie", "JSESSIONID=1a2b3c; Path=/; Secure; HttpOnly; SameSite=Lax")
WEAK = (
    ("Strict-Transport-Security", "max-age=3600"),
    ("Content-Security-Policy", "script-src 'self' 'unsafe-inline' 'unsafe-eval' https:"),
    ("X-Frame-Options", "ALLOW-FROM https://other.example"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin, unsafe-url"),
    ("Permissions-Policy", "camera=()"),
    ("Access-Control-Allow-Origin", "$http_origin"),
    ("Access-Control-Allow-Credentials", "true"),
)
COOKIES = (
    ("Set-Cookie", "PHPSESSID=aa; Path=/"),
    ("Set-Cookie", "lang=vi; Path=/; Secure; SameSite=Lax"),
    ("Set-Cookie", "XSRF-TOKEN=bb; Path=/; Secure; SameSite=Strict"),
    ("Set-Cookie", "embed=cc; Path=/; HttpOnly; SameSite=None"),
    ("Set-Cookie", "wide=dd; Domain=commune.example; Path=/; Secure; SameSite=Lax"),
    ("Set-Cookie", "old=; Path=/; Max-Age=0"),
)


@dataclass(frozen=True)
class Lab:
    """One page of the lab.

    Attributes:
        failing: every check of the areas http, header and cookie that must fail, and no other; where a check has
            places, `id place`.
    """

    name: str
    http_port: int
    https_port: int
    failing: frozenset[str] = field(default_factory=frozenset)
    path: str = "/"

    @property
    def target(self) -> Target:
        """Return the https address, the one an officer would type."""
        return parse_target(f"https://{HOST}:{self.https_port}{self.path}")

    @property
    def options(self) -> ScanOptions:
        """Return options that know the other port."""
        return ScanOptions(probes=("http",), http_port=self.http_port, contact="it@commune.example")


FAILING: dict[str, frozenset[str]] = {
    "good": frozenset(),
    "bad": frozenset(
        {
            "http.no-https-redirect",
            "header.hsts-missing",
            "header.csp-missing",
            "header.framing-allowed",
            "header.nosniff-missing",
            "header.referrer-policy-missing",
            "header.permissions-policy-missing",
            "header.cors-any-origin",
            "header.server-version",
            "header.powered-by",
        }
    ),
    "weak": frozenset(
        {
            "header.hsts-short",
            "header.csp-unsafe-inline",
            "header.csp-unsafe-eval",
            "header.csp-wildcard",
            "header.csp-no-object-src",
            "header.csp-no-base-uri",
            "header.framing-allowed",
            "header.referrer-policy-unsafe",
            "header.cors-reflects-origin",
        }
    ),
    "invalid-hsts": frozenset({"header.hsts-invalid"}),
    "plain": frozenset({"http.plain-only"}),
    "loop": frozenset({"http.redirect-loop"}),
    "off-scope": frozenset({"http.redirect-off-scope"}),
    "cookies": frozenset(
        {
            "cookie.no-secure PHPSESSID",
            "cookie.no-secure embed",
            "cookie.no-httponly PHPSESSID",
            "cookie.no-samesite PHPSESSID",
            "cookie.samesite-none-insecure embed",
            "cookie.broad-domain wide",
        }
    ),
    "cookie-wall": frozenset(),
    "error-page": frozenset({"header.csp-missing"}),
    "trace": frozenset({"http.trace-enabled"}),
    "methods": frozenset({"http.unsafe-methods"}),
}
"""The known truth of every page of the lab."""


def _nginx_headers(headers: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f'add_header {name} "{value}" always;' for name, value in headers)


@dataclass(frozen=True)
class _Files:
    certificate: Path
    key: Path
    pages: Path

    def tls(self, port: int, headers: Sequence[tuple[str, str]], body: str = "", tokens: str = "off") -> str:
        """Return a server block for the https side."""
        return f"""server {{
  listen 127.0.0.1:{port} ssl; server_name {HOST}; server_tokens {tokens};
  ssl_certificate {self.certificate}; ssl_certificate_key {self.key};
  root {self.pages};
  {_nginx_headers(headers)}
  {body}
}}"""

    def plain(self, port: int, body: str, headers: Sequence[tuple[str, str]] = ()) -> str:
        """Return a server block for the http side."""
        return f"""server {{
  listen 127.0.0.1:{port}; server_name {HOST}; server_tokens off; root {self.pages};
  {_nginx_headers(headers)}
  {body}
}}"""


def _blocks(files: _Files, lab: Lab) -> list[str]:
    """Return the nginx configuration of one page."""
    good = (HSTS, *GOOD)
    to_https = f"return 301 https://$host:{lab.https_port}$request_uri;"
    redirecting = files.plain(lab.http_port, to_https)
    loop = "location = / { return 302 /a; } location = /a { return 302 /b; } location = /b { return 302 /a; }"
    wall = (
        'if ($cookie_pass = "") { set $wall 1; } '
        'location / { if ($wall) { add_header Set-Cookie "pass=1; Secure; HttpOnly; SameSite=Lax"; return 302 /; } }'
    )
    match lab.name:
        case "good":
            return [files.tls(lab.https_port, (*good, GOOD_COOKIE)), redirecting]
        case "bad":
            bad = (("Access-Control-Allow-Origin", "*"), ("X-Powered-By", "PHP/7.4.33"))
            return [files.tls(lab.https_port, bad, tokens="on"), files.plain(lab.http_port, "", bad)]
        case "weak":
            return [files.tls(lab.https_port, WEAK), redirecting]
        case "invalid-hsts":
            invalid = ("Strict-Transport-Security", "max-age=31536000; max-age=1; includeSubDomains")
            return [files.tls(lab.https_port, (invalid, *GOOD)), redirecting]
        case "plain":
            return [files.plain(lab.http_port, "", GOOD)]
        case "loop":
            return [files.tls(lab.https_port, good, loop), files.plain(lab.http_port, loop, GOOD)]
        case "off-scope":
            away = "return 302 {}://" + OFF_SCOPE + "/tin-tuc?id=1;"
            return [
                files.tls(lab.https_port, good, away.format("https")),
                files.plain(lab.http_port, away.format("http")),
            ]
        case "cookies":
            return [files.tls(lab.https_port, (*good, *COOKIES)), redirecting]
        case "cookie-wall":
            return [files.tls(lab.https_port, good, wall), redirecting]
        case "error-page":
            without_policy = (HSTS, ("X-Frame-Options", "DENY"), *GOOD[1:])
            return [files.tls(lab.https_port, without_policy, "location / { return 503; }"), redirecting]
    return []


def _apache_hosts(files: _Files, lab: Lab) -> list[str]:
    headers = "\n".join(f'Header always set {name} "{value}"' for name, value in (HSTS, *GOOD))
    extra = {"trace": "TraceEnable On", "methods": "TraceEnable Off\n<Location />\n  Dav On\n</Location>"}[lab.name]
    return [
        f"""<VirtualHost 127.0.0.1:{lab.https_port}>
  ServerName {HOST}
  SSLEngine on
  SSLCertificateFile {files.certificate}
  SSLCertificateKeyFile {files.key}
  {headers}
  {extra}
</VirtualHost>""",
        f"""<VirtualHost 127.0.0.1:{lab.http_port}>
  ServerName {HOST}
  Redirect permanent / https://{HOST}:{lab.https_port}/
</VirtualHost>""",
    ]


@contextmanager
def http_lab(folder: Path, names: Sequence[str] = tuple(FAILING)) -> Iterator[dict[str, Lab]]:
    """Run the named pages until the block ends; yields them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = LabAuthority().issue(HOST, "127.0.0.1").write(folder, "page")
    pages = folder / "pages"
    pages.mkdir()
    (pages / "index.html").write_text(PAGE, encoding="utf-8")
    files = _Files(certificate, key, pages)
    # Apache hands "/" to its index module before WebDAV can speak of it.
    paths = {"methods": "/index.html"}
    labs = {name: Lab(name, free_port(), free_port(), FAILING[name], paths.get(name, "/")) for name in names}
    with ExitStack() as stack:
        blocks = {name: _blocks(files, lab) for name, lab in labs.items()}
        by_nginx = [labs[name] for name in labs if blocks[name]]
        ports = [p for lab in by_nginx for p in (lab.http_port, lab.https_port) if _listened(blocks[lab.name], p)]
        if by_nginx:
            stack.enter_context(nginx(folder / "nginx", [b for lab in by_nginx for b in blocks[lab.name]], ports))
        by_apache = [labs[name] for name in labs if not blocks[name]]
        if by_apache:
            hosts = [host for lab in by_apache for host in _apache_hosts(files, lab)]
            both = [port for lab in by_apache for port in (lab.http_port, lab.https_port)]
            stack.enter_context(apache(hosts, both, page=PAGE))
        yield labs


def _listened(blocks: Sequence[str], port: int) -> bool:
    return any(f"127.0.0.1:{port}" in block for block in blocks)
