"""The frame holds: style, types, walls between rooms, catalogues and generated pages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LONGEST_FILE = 420


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        (sys.executable, "-m", "ruff", "check", "."),
        (sys.executable, "-m", "ruff", "format", "--check", "."),
        (sys.executable, "-m", "mypy"),
        (str(Path(sys.executable).parent / "lint-imports"),),
    ],
    ids=["ruff", "format", "mypy", "walls"],
)
def test_the_tools_find_nothing(command: tuple[str, ...]) -> None:
    result = run(*command)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]


@pytest.mark.slow
def test_no_message_is_missing_or_out_of_date() -> None:
    result = run(sys.executable, "-m", "tools.messages", "--check")
    assert result.returncode == 0, result.stdout


def test_translations_keep_every_placeholder() -> None:
    from tools.messages import updated

    wrong = []
    for domain in ("cli", "report", "click"):
        for entry in updated(domain):
            pairs = zip(
                (entry.id,) if isinstance(entry.id, str) else entry.id,
                (entry.string,) if isinstance(entry.string, str) else entry.string,
                strict=False,
            )
            for source, translation in pairs:
                named = [set(re.findall(r"\{[a-z_]+|%\([a-z_]+\)[sd]", text)) for text in (source, translation)]
                if source and named[0] != named[1] and domain != "click":
                    wrong.append((source, translation))
    assert wrong == []


def test_generated_pages_are_current() -> None:
    from tools.write_docs import pages

    for path, text in pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make docs`"


def test_no_file_outgrows_its_reader() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("secaudit", "tests", "tools", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_only_probes_and_the_demonstration_open_sockets() -> None:
    """The walls of importlinter do not see the standard library, so the imports are read here."""
    # The two files of the store only ask for the name of this computer; the digest goes to the officer's mail server.
    allowed = ("secaudit/probes/", "secaudit/demo/", "secaudit/store/process.py", "secaudit/store/scans.py",
               "secaudit/notify/smtp.py")  # fmt: skip
    network = {"socket", "ssl", "http.client", "urllib.request", "requests", "urllib3", "sslyze", "nmap", "dns"}
    offenders = []
    for path in (ROOT / "secaudit").rglob("*.py"):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(allowed):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            offenders += [(place, name) for name in names if name in network or name.split(".")[0] in network]
    assert offenders == []


def test_ci_runs_the_readme_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make test" in readme
    assert "make audit" in readme
