"""The page in a real browser: no horizontal scroll on a phone, every section on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.report.build import build_report
from tests.report.sample import sample_inputs

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]

# The report's own policy forbids scripts, so a frame around it measures. A frame can be narrower than a window.
_FRAME = """<!DOCTYPE html><title>wait</title>
<iframe id="f" src="report.html" style="width:{width}px;height:800px;border:0"></iframe><script>
document.getElementById("f").onload = () => {{
  const d = document.getElementById("f").contentDocument, v = d.documentElement.clientWidth;
  const inside = e => e.closest(".box, .skip") || getComputedStyle(e).position === "absolute";
  const wide = [...d.body.querySelectorAll("*")].filter(e => !inside(e) && e.getBoundingClientRect().right > v + 1);
  const names = wide.slice(0, 3).map(e => e.tagName + "." + e.className);
  document.title = ["scroll", d.scrollingElement.scrollWidth, v, wide.length, names].join(" ");
}};
</script>"""


def _chromium(folder: Path, *arguments: str) -> str:
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-first-run", f"--user-data-dir={folder / 'profile'}",
        *arguments,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def _hostile_widths() -> dict[str, object]:
    inputs = sample_inputs(answered=True)
    long = "a" * 3000
    findings = [
        finding.model_copy(update={"target": long, "evidence": {"banner": long}}) for finding in inputs.findings
    ]
    return {"findings": findings}


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("long_values", [False, True])
def test_no_horizontal_scroll(render, tmp_path: Path, width: int, long_values: bool):
    inputs = sample_inputs(answered=True)
    report = build_report(replace(inputs, **_hostile_widths()) if long_values else inputs)
    (tmp_path / "report.html").write_text(render(report, "vi"), encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(_FRAME.format(width=width), encoding="utf-8")
    dumped = _chromium(
        tmp_path, "--allow-file-access-from-files", "--virtual-time-budget=8000", "--dump-dom", frame.as_uri()
    )
    measured = re.search(r"<title>scroll (\d+) (\d+) (\d+) ?(.*?)</title>", dumped)
    assert measured, dumped[:400]
    scroll, inner, wide = (int(measured.group(n)) for n in (1, 2, 3))
    assert width - 20 <= inner <= width
    assert scroll <= inner, measured.group()
    assert wide == 0, measured.group()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_print_shows_everything_with_page_numbers(render, tmp_path: Path):
    report = build_report(sample_inputs(answered=True))
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(render(report, "vi"), encoding="utf-8")
    _chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={printed}", page.as_uri())
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
    pages = text.rstrip("\f").split("\f")
    assert f"Trang 1/{len(pages)}" in pages[0]
    assert f"Trang {len(pages)}/{len(pages)}" in pages[-1]
    assert "5 việc cần làm trước" in pages[0]
    # What is folded on screen is printed: the recipe for a server that was not seen.
    assert "SSLProtocol -all +TLSv1.2 +TLSv1.3" in text
    for row in (row for group in report.lists[0].groups for row in group.rows):
        assert row.clause in text
    headed = [page for page in pages if re.search(r"^\s*Điều(?: khoản)?\s+Yêu cầu", page, re.MULTILINE)]
    assert len(headed) >= 3, "table heads repeat on every page"
