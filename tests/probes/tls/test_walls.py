from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import secaudit

PACKAGE = Path(secaudit.__file__).parent


def test_only_the_adapter_knows_sslyze() -> None:
    importing = re.compile(r"^\s*(?:from|import) (?:sslyze|nassl)\b", re.MULTILINE)
    files = {file.name for file in PACKAGE.rglob("*.py") if importing.search(file.read_text(encoding="utf-8"))}
    assert files == {"sslyze_adapter.py"}


def test_the_probe_itself_does_not_load_sslyze() -> None:
    program = "import sys, secaudit.probes.tls.probe; print('sslyze' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
