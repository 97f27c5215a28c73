"""Running the program inside the test, as a person would at a prompt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from secaudit.cli.main import program
from secaudit.i18n import use_language


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run the program in an empty folder; gives exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SECAUDIT_WORKSPACE", raising=False)
    monkeypatch.delenv("SECAUDIT_LANG", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            program.main(list(arguments))
        use_language("vi")
        captured = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        assert "Traceback" not in captured.err
        return ended.value.code, captured.out, captured.err

    return call
