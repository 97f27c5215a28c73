"""Looking at a page of the lab with the HTTP probe.

`python -m tests.probes.http_look` looks at all of them and writes the captured visits anew.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from secaudit.checks.view import View
from secaudit.probes.gate import Gate
from secaudit.probes.http.probe import HttpProbe
from secaudit.probes.probe import ProbeContext
from tests.servers.http import ADDRESSES, Lab, http_lab

CAPTURED = Path(__file__).parents[1] / "captured" / "http"


class WatchedGate(Gate):
    """Notes every connection that was let through."""

    def __init__(self) -> None:
        super().__init__([], lambda: datetime.now(UTC), lambda host: ADDRESSES[host])
        self.entered: list[tuple[str, str, int]] = []

    def enter(self, host: str, address: str, port: int) -> None:
        """Pass the gate and note it."""
        super().enter(host, address, port)
        self.entered.append((host, address, port))


def look(lab: Lab, gate: Gate | None = None) -> View:
    """Run the probe on a page of the lab and return what the checks get."""
    context = ProbeContext(gate or WatchedGate(), lab.options, lambda: datetime.now(UTC))
    visits = list(HttpProbe().run(lab.target, context))
    return View(lab.target, lab.options, datetime.now(UTC), visits, {})


def capture() -> None:
    """Write what the probe sees of every page of the lab to `tests/captured/http/`."""
    CAPTURED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, http_lab(Path(folder) / "lab") as labs:
        for name, lab in labs.items():
            view = look(lab)
            kept = {
                "at": view.at.isoformat(),
                "target": view.target.model_dump(mode="json"),
                "options": view.options.model_dump(mode="json"),
                "observations": [seen.model_dump(mode="json") for seen in view.observations],
            }
            text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
            (CAPTURED / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    capture()
