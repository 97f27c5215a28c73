"""A PDF made in a process of its own is the one that would have been made here, and nothing is left running."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdf
import pytest

from secaudit.report import pdf_worker
from secaudit.report.pdf_worker import BackgroundPdf

pytestmark = pytest.mark.slow
AT = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
PAGE = "<html lang=vi><title>Báo cáo</title><body><h1>Xã Thử</h1><p>Phát hiện: cổng Telnet mở.</p></body></html>"


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_file_comes_whole_with_its_attachment() -> None:
    with BackgroundPdf(PAGE, made_at=AT, attachments={"du-lieu.json": b"{}"}) as behind:
        made = behind.result()
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert "Phát hiện: cổng Telnet mở." in text_of(made)
    assert {name: list(content) for name, content in reader.attachments.items()} == {"du-lieu.json": [b"{}"]}


def test_a_process_that_fails_is_made_up_for_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_worker, "_COMMAND", (pdf_worker.sys.executable, "-c", "import sys; sys.exit(1)"))
    with BackgroundPdf(PAGE, made_at=AT, attachments={}) as behind:
        assert "Xã Thử" in text_of(behind.result())


def test_nothing_runs_on_when_nobody_wants_it_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_worker, "_COMMAND", (pdf_worker.sys.executable, "-c", "import time; time.sleep(600)"))
    with BackgroundPdf(PAGE, made_at=AT, attachments={}) as behind:
        process = behind._process
        assert process.poll() is None
    assert process.poll() is not None
