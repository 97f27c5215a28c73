"""apache2 from Debian on loopback: one process for any number of virtual hosts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import require, running

_MODULES = Path("/usr/lib/apache2/modules")
_MAIN = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
Mutex file:{folder} default
{modules}
{user}
{listen}
ServerTokens {tokens}
TypesConfig {folder}/mime.types
DocumentRoot {folder}/pages
<Directory {folder}/pages>
  Require all granted
</Directory>
DavLockDB {folder}/davlock
{hosts}
"""
_NEEDED = ("mpm_event", "authz_core", "dir", "mime", "alias", "headers", "ssl", "socache_shmcb", "dav", "dav_fs")


@contextmanager
def apache(
    hosts: Sequence[str], ports: Sequence[int], *, page: str, tokens: str = "Prod", modules: Sequence[str] = ()
) -> Iterator[Path]:
    """Run apache2 with the given `<VirtualHost>` blocks until the block ends; yields its folder.

    `{folder}` in a block stands for that folder; `page` is served at `/`.
    """
    program = require("apache2")
    # Its worker processes run as an ordinary user, who could not enter pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="secaudit-apache-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        pages = folder / "pages"
        pages.mkdir()
        (pages / "index.html").write_text(page, encoding="utf-8")
        (folder / "mime.types").write_text("text/html html\n", encoding="utf-8")
        loaded = "\n".join(f"LoadModule {m}_module {_MODULES}/mod_{m}.so" for m in (*_NEEDED, *modules))
        configuration = folder / "apache.conf"
        configuration.write_text(
            _MAIN.format(
                folder=folder,
                modules=loaded,
                user="User www-data\nGroup www-data" if os.geteuid() == 0 else "",
                listen="\n".join(f"Listen 127.0.0.1:{port}" for port in ports),
                tokens=tokens,
                hosts="\n".join(host.replace("{folder}", str(folder)) for host in hosts),
            ),
            encoding="utf-8",
        )
        with running([program, "-D", "FOREGROUND", "-f", str(configuration)], ports, folder):
            yield folder
