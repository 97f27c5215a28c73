"""nginx from Debian on loopback: one process for any number of server blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import require, running

_MAIN = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  default_type text/html;
  charset utf-8;
  {blocks}
}}
"""


@contextmanager
def nginx(folder: Path, blocks: Sequence[str], ports: Sequence[int], *, address: str = "127.0.0.1") -> Iterator[Path]:
    """Run nginx with the given `server { … }` blocks until the block ends; yields its folder."""
    import os

    program = require("nginx")
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(_MAIN.format(folder=folder, user=user, blocks="\n".join(blocks)), encoding="utf-8")
    with running([program, "-e", str(folder / "start.log"), "-c", str(configuration)], ports, folder, address=address):
        yield folder
