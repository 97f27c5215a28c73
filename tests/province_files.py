"""The combined reports of many communes, generated: each differs, all agree with themselves, the same every time."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from secaudit.app.judge import JudgedScan, assess_system
from secaudit.app.knowledge import Knowledge
from secaudit.app.report import report_model
from secaudit.report.model import report_json
from tests.history import FAULTS, FIRST, outcomes, with_history

NOW = FIRST + timedelta(days=400)
PORTAL = "203.0.113.10"
_NAMES = (
    "Khe Tre", "Phú Lộc", "Lộc An", "Vinh Lộc", "Hưng Lộc", "Chân Mây", "Bình Điền", "Long Quảng", "Nam Đông",
    "A Lưới 1", "Phong Điền", "Phong Thái", "Quảng Điền", "Đan Điền", "Hóa Châu", "Thuận An", "Mỹ Thượng", "Dương Nỗ",
    "Vỹ Dạ", "Kim Long",
)  # fmt: skip


def base(folder: Path) -> dict[str, Any]:
    """Return one commune's report as JSON, with every fault and half of the rows answered."""
    knowledge = Knowledge()
    with with_history(folder, scans=1) as workspace:
        [system], [site] = workspace.registry.systems(), workspace.registry.sites()
        scan = workspace.scans.load("latest")
        judgement = workspace.scans.judgement(scan.id)
        assert judgement is not None
        judged = JudgedScan(scan, outcomes(site.target.host, FAULTS), judgement.findings)
        assessments = assess_system(workspace, system, [judged], knowledge, NOW)
        return report_json(report_model(workspace, system, site, judged, assessments, knowledge, NOW))


def commune(of: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the report of commune `number`: its own name, page, faults, answers and age of scan."""
    chance = Random(number)
    made = copy.deepcopy(of)
    name = f"{_NAMES[number % len(_NAMES)]}{'' if number < len(_NAMES) else f' {number // len(_NAMES) + 1}'}"
    host = f"xa{number:03}.example"
    made["organisation"]["name"] = f"Ủy ban nhân dân xã {name}"
    made["system"] |= {
        "name": f"Trang thông tin điện tử xã {name}",
        "operator": "Trung tâm Chuyển đổi số thành phố Huế",
    }
    at = NOW - timedelta(days=chance.choice((2, 5, 9, 20, 45, 80, 200)))
    own = chance.random() < 0.12
    made["scan"] |= {
        "id": f"{at:%Y%m%d-%H%M}-{number:06x}", "url": f"https://{host}/", "display_host": host,
        "addresses": [f"198.51.100.{number % 250 + 1}" if own else PORTAL], "started_at": at.isoformat(),
        "status": chance.choices(("complete", "incomplete", "interrupted"), (90, 7, 3))[0],
    }  # fmt: skip
    made["pages"] = [{"url": made["scan"]["url"], "display_host": host, "scan": made["scan"]["id"]}]
    made["made_at"] = (at + timedelta(minutes=20)).isoformat()
    bad = {fault for fault in FAULTS if chance.random() < (0.9 if fault.startswith(("header", "tls.tls1")) else 0.25)}
    made["findings"] = [finding for finding in made["findings"] if finding["check"] in bad]
    counts = Counter(finding["severity"] for finding in made["findings"])
    made["severities"] = {severity: counts[severity] for severity in made["severities"]}
    _answer(made, chance, done=number % 40 == 39, share=chance.random())
    return made


def _answer(made: dict[str, Any], chance: Random, *, done: bool, share: float) -> None:
    total: Counter[str] = Counter()
    for one in made["lists"]:
        for group in one["groups"]:
            for row in group["rows"]:
                if row["counted"]:
                    row["state"] = "met" if done or chance.random() < share else chance.choice(
                        ("partial", "unassessed", "unassessed", "not-met", "contradicted")
                    )  # fmt: skip
                    row["against"] = [] if row["state"] == "met" else row["against"]
                    row["answer"] = None if row["state"] == "unassessed" else row["answer"] or {"value": "met"}
            states = Counter(row["state"] for row in group["rows"] if row["counted"])
            figures = {"applicable": states.total(), "met": states["met"], "partial": states["partial"]}
            group["standing"] |= figures
            if one["counts"]:
                total.update(figures)
    made["standing"] |= dict(total)


def communes(of: dict[str, Any], count: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of `count` files."""
    for number in range(count):
        data = json.dumps(commune(of, number), ensure_ascii=False).encode("utf-8")
        yield f"xa-{number:03}.json", data


def write_communes(folder: Path, count: int, scratch: Path, now: datetime = NOW) -> None:
    """Write the files of `count` communes into a folder; `scratch` holds a workspace on the way."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in communes(base(scratch), count):
        (folder / name).write_bytes(data)
