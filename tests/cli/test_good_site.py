"""A page with everything right, on real nginx: the whole scan finds nothing, and a worse neighbour is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_audit import secaudit
from tests.servers.authority import LabAuthority
from tests.servers.http import GOOD, GOOD_COOKIE, HSTS, PAGE
from tests.servers.nginx import nginx
from tests.servers.process import free_port
from tests.servers.redis import redis
from tests.servers.state_page import FILE, FOOTER, INCIDENTS, NEWS, WELL_KNOWN

# An address of their own: what else runs on this computer is not part of the truth.
GOOD_ADDRESS, BAD_ADDRESS = "127.0.93.1", "127.0.93.2"
BLOCK = """
server {{
  listen {address}:{https} ssl;
  server_tokens off;
  ssl_certificate {certificate};
  ssl_certificate_key {key};
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384;
  {headers}
  root {root};
  location = / {{ try_files /index.html =404; }}
  location = /.well-known/security.txt {{ default_type text/plain; types {{ }} }}
  location / {{ return 404; }}
}}
server {{
  listen {address}:{http};
  server_tokens off;
  return 301 https://{address}:{https}$request_uri;
}}
"""
# What no look over one TCP connection from outside can say, with the reason the report gives.
MAY_BE_INCONCLUSIVE = {"port.snmp", "http.unsafe-methods", "cert.no-sct"}


@pytest.mark.network
@pytest.mark.slow
def test_no_false_alarm_on_the_good_site(tmp_path: Path, authority: LabAuthority, root_file: Path) -> None:
    pages = tmp_path / "pages"
    (pages / WELL_KNOWN).parent.mkdir(parents=True)
    (pages / WELL_KNOWN).write_text(FILE, encoding="utf-8")
    (pages / "index.html").write_text(PAGE.replace("</body>", NEWS + INCIDENTS + FOOTER + "</body>"), encoding="utf-8")
    certificate, key = authority.issue(GOOD_ADDRESS).write(tmp_path / "tls", "good")
    https, http = free_port(GOOD_ADDRESS), free_port(GOOD_ADDRESS)
    headers = "".join(f'add_header {name} "{value}" always;\n' for name, value in (*GOOD, HSTS, GOOD_COOKIE))
    block = BLOCK.format(
        address=GOOD_ADDRESS, https=https, http=http, certificate=certificate, key=key, headers=headers, root=pages
    )
    with nginx(tmp_path / "nginx", [block], [https, http], address=GOOD_ADDRESS):
        result = secaudit(
            tmp_path, "scan", f"https://{GOOD_ADDRESS}:{https}/", "--http-port", str(http), "--ca-file",
            str(root_file), "--json", "--probe", "http", "--probe", "tls", "--probe", "ports",
            "--probe", "dns", "--probe", "disclosure",
        )  # fmt: skip
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert [(finding["id"], finding["evidence"]) for finding in data["findings"]] == []
    areas = ("tls.", "cert.", "http.", "header.", "cookie.", "port.", "disclosure.")
    blind = {c["id"] for c in data["checks"] if c["result"] == "inconclusive" and c["id"].startswith(areas)}
    assert blind <= MAY_BE_INCONCLUSIVE
    assert sum(check["result"] == "pass" for check in data["checks"]) > 50


@pytest.mark.network
@pytest.mark.slow
def test_a_database_beside_a_plain_page_is_seen(tmp_path: Path) -> None:
    http = free_port(BAD_ADDRESS)
    block = f"server {{ listen {BAD_ADDRESS}:{http}; return 200 'xin chao'; }}"
    with (
        nginx(tmp_path / "nginx", [block], [http], address=BAD_ADDRESS),
        redis(tmp_path / "redis", BAD_ADDRESS, 6379),
    ):
        result = secaudit(tmp_path, "scan", f"http://{BAD_ADDRESS}:{http}/", "--json", "--fail-on", "high")
    assert result.returncode == 1, result.stderr
    data = json.loads(result.stdout)
    found = {(finding["id"], finding["target"]) for finding in data["findings"]}
    assert ("port.cache", f"{BAD_ADDRESS}:6379") in found
    assert "http.plain-only" in {check for check, _ in found}
    assert "tls.unavailable" in {check for check, _ in found}
    [cache] = [port for port in data["ports"] if port["port"] == 6379]
    assert cache["state"] == "open"
    assert cache["service"] == "redis"
