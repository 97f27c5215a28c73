"""Sites with files and pages left open, on real nginx and Apache, each with the exact set of checks that must fail.

The login forms are our own few lines with the marks by which the systems are known; nothing is copied from them. All
secrets are invented.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from secaudit.model.scan import ScanOptions
from secaudit.model.target import Target, parse_target
from secaudit.model.words import Profile
from tests.servers.apache import apache
from tests.servers.nginx import nginx
from tests.servers.process import free_port

HOST = "www.commune.example"
SECRET = "Bi-mat-cua-xa-2026"
HOME = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Trang thông tin điện tử xã</title>
{head}</head><body><h1>Ủy ban nhân dân xã</h1><p>Tin tức, thông báo, thủ tục hành chính.</p></body></html>
"""


def page(title: str, body: str, head: str = "") -> str:
    """Return a small page."""
    start = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
    return f"{start}<body>{body}</body></html>"


def archive() -> bytes:
    """Return a small ZIP file."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("index.php", "<?php echo 'xa'; ?>")
    return kept.getvalue()


PHPINFO = page(
    "PHP 7.4.33 - phpinfo()", '<table><tr class="h"><td><h1 class="p">PHP Version 7.4.33</h1></td></tr></table>'
)
EXPOSED: dict[str, bytes | str] = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": f'[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = https://xa:{SECRET}@git.example/x\n',
    ".env": f"APP_NAME=XaPortal\nAPP_KEY=base64:{SECRET}\nDB_PASSWORD={SECRET}\nMAIL_PASSWORD='{SECRET}'\n",
    ".svn/wc.db": b"SQLite format 3\x00\x10\x00\x01\x01\x00@  \x00\x00",
    "backup.zip": archive(),
    "dump.sql": f"-- MySQL dump 10.13  Distrib 8.0.36\n-- Host: localhost    Database: xa\n\nCREATE TABLE `users` (\n"
    f"  `id` int\n);\nINSERT INTO `users` VALUES (1,'admin','{SECRET}');\n",
    "phpinfo.php": PHPINFO,
    "wp-config.php.bak": f"<?php\ndefine('DB_NAME', 'xa');\ndefine('DB_PASSWORD', '{SECRET}');\n",
    "access.log": f'203.0.113.9 - canbo [22/Nov/2026:10:00:00 +0700] "GET /tin?token={SECRET} HTTP/1.1" 200 5\n',
    ".DS_Store": b"\x00\x00\x00\x01Bud1\x00\x00\x10\x00\x00\x00\x08\x00",
}
NUKEVIET = page(
    "Quản trị",
    '<form method="post" action="/admin/index.php"><input name="nv_login"><input type="password" name="nv_password">'
    '</form><script src="/themes/admin_default/js/login.js"></script>',
)
WORDPRESS = page(
    "Đăng nhập",
    '<form id="loginform" action="/wp-login.php"><input name="log"><input type="password" name="pwd">'
    '<input type="submit" id="wp-submit"></form>',
)
JOOMLA = page(
    "Administration",
    '<form id="form-login"><input id="mod-login-username" name="username"><input type="password" name="passwd">'
    '<input type="hidden" name="option" value="com_login"></form>',
)
DNN = page(
    "User Log In",
    '<div id="dnn_ctr_Login_Login_DNN"><input id="dnn_ctr_Login_Login_DNN_txtUsername">'
    '<input type="password" id="dnn_ctr_Login_Login_DNN_txtPassword"></div>',
)
# The beginning of the real banner; nothing of the library itself.
JQUERY = "/*! jQuery v1.8.3 jquery.com | jquery.org/license */\n(function(){})();\n"
ADMINS = {"admin/index.html": NUKEVIET, "wp-login.php": WORDPRESS, "administrator/index.html": JOOMLA, "Login": DNN}
OLD_HEAD = """<meta name="generator" content="NukeViet v4.3.04">
<script src="/themes/default/js/main.js"></script><script src="/assets/js/jquery/jquery.min.js"></script>
<script src="/js/bootstrap-3.3.7.min.js"></script>
"""

FAILING: dict[str, frozenset[str]] = {
    "clean": frozenset(),
    "says-yes": frozenset(),
    "sends-home": frozenset(),
    "login-wall": frozenset(),
    "denies-dots": frozenset(),
    "exposed": frozenset(
        {
            "expose.git /.git/HEAD",
            "expose.env /.env",
            "expose.svn /.svn/wc.db",
            "expose.backup /backup.zip",
            "expose.sql-dump /dump.sql",
            "expose.phpinfo /phpinfo.php",
            "expose.config /wp-config.php.bak",
            "expose.log /access.log",
            "expose.ds-store /.DS_Store",
            "software.server-eol PHP",
        }
    ),
    "panels": frozenset(
        {
            "expose.admin-login /admin/",
            "expose.admin-login /wp-login.php",
            "expose.admin-login /administrator/",
            "expose.admin-login /Login",
        }
    ),
    "old": frozenset(
        {
            "software.cms-version NukeViet",
            "software.cms-outdated NukeViet",
            "software.js-vulnerable jQuery",
            "software.js-vulnerable Bootstrap",
        }
    ),
    "default-page": frozenset({"expose.default-page"}),
    "firewall": frozenset(),
    "apache-status": frozenset({"expose.server-status /server-status"}),
}
"""The known truth of every site: each check of the areas expose and software that fails, with its place."""


@dataclass(frozen=True)
class Site:
    """One site of the lab, over plain http only."""

    name: str
    port: int
    folder: Path
    failing: frozenset[str] = field(default_factory=frozenset)

    @property
    def target(self) -> Target:
        """Return the address that an officer would type."""
        return parse_target(f"http://{HOST}:{self.port}/")

    def options(self, profile: Profile = Profile.STANDARD) -> ScanOptions:
        """Return options; the https side is a port where nobody listens."""
        return ScanOptions(probes=("http", "exposure"), profile=profile, https_port=free_port())


def _write(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def _files(name: str) -> dict[str, bytes | str]:
    match name:
        case "exposed":
            return {"index.html": HOME.format(head=""), **EXPOSED}
        case "panels":
            return {"index.html": HOME.format(head=""), **ADMINS}
        case "old":
            files: dict[str, bytes | str] = {"index.html": HOME.format(head=OLD_HEAD)}
            return {**files, "assets/js/jquery/jquery.min.js": JQUERY, "themes/default/js/main.js": "var nv = 1;\n"}
        case "login-wall":
            return {"index.html": NUKEVIET}
        case "default-page":
            return {"index.html": page("Welcome to nginx!", "<h1>Welcome to nginx!</h1>")}
    return {"index.html": HOME.format(head="")}


_BODY = {
    "says-yes": "location / { try_files $uri $uri/ /index.html; }",
    "login-wall": "location / { try_files $uri $uri/ /index.html; }",
    "sends-home": "location / { try_files $uri $uri/ @home; } location @home { return 302 /; }",
    "denies-dots": r"location ~ /\. { return 403; } location ~ \.(bak|sql|zip|log)$ { return 403; }"
    " location / { try_files $uri $uri/ =404; }",
    "panels": "types { } default_type text/html; location / { try_files $uri $uri/ $uri/index.html =404; }",
    "exposed": "location = /phpinfo.php { types { } default_type text/html; }"
    " location / { types { text/html html; } default_type application/octet-stream; try_files $uri $uri/ =404; }",
    "firewall": "limit_req zone=firewall burst=15 nodelay; limit_req_status 429;"
    " location / { try_files $uri $uri/ =404; }",
}
_ZONE = "limit_req_zone $binary_remote_addr zone=firewall:1m rate=1r/m;"


@contextmanager
def exposure_lab(folder: Path, names: tuple[str, ...] = tuple(FAILING)) -> Iterator[dict[str, Site]]:
    """Run the named sites until the block ends; yields them by name."""
    sites = {name: Site(name, free_port(), folder / name, FAILING[name]) for name in names}
    blocks = [_ZONE] if "firewall" in names else []
    by_nginx = [site for site in sites.values() if site.name != "apache-status"]
    for site in by_nginx:
        _write(site.folder, _files(site.name))
        body = _BODY.get(site.name, "location / { try_files $uri $uri/ =404; }")
        blocks.append(
            f"server {{ listen 127.0.0.1:{site.port}; server_name {HOST}; server_tokens off; index index.html;"
            f" root {site.folder}; absolute_redirect off; {body} }}"
        )
    with ExitStack() as stack:
        if by_nginx:
            stack.enter_context(nginx(folder / "nginx", blocks, [site.port for site in by_nginx]))
        if "apache-status" in sites:
            site = sites["apache-status"]
            host = (
                f"<VirtualHost 127.0.0.1:{site.port}>\n<Location /server-status>\nSetHandler server-status\n"
                "Require all granted\n</Location>\n</VirtualHost>"
            )
            stack.enter_context(apache([host], [site.port], page=HOME.format(head=""), modules=("status",)))
        yield sites
