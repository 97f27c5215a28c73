"""The shipped lists as writers get them, and a small list whose texts mean harm."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from secaudit.app.checklists import export_content
from secaudit.app.knowledge import Knowledge
from secaudit.export.content import Content
from secaudit.model.base import Language, Text
from secaudit.model.requirement import (
    CheckLink,
    Checklist,
    Group,
    Milestone,
    Provenance,
    Requirement,
    Source,
    Threshold,
)
from secaudit.model.words import Nature, Obligation, Responsible

ROOT = Path(__file__).parent.parent.parent
LANGUAGES: tuple[Language, ...] = ("vi", "en")
SHIPPED = Knowledge(ROOT / "checklists").shipped_ids
STANDARD = "tcvn-14423-2026-l3"
REVIEWED = date(2026, 11, 22)
HOSTILE = (
    '=HYPERLINK("http://192.0.2.1/","bấm vào đây")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1;2)",
    "\t=1+1",
    "nul\x00 chuông\x07 thoát\x1b[31m",
    "_x0041_ </t></si><script>&amp;",
    "https://xa.gov.vn/?q=1",
    "00123",
)


@cache
def knowledge() -> Knowledge:
    return Knowledge(ROOT / "checklists")


@cache
def shipped(checklist: str, language: Language) -> Content:
    return export_content(knowledge(), knowledge().checklist(checklist), language)


def both(text: str) -> Text:
    return Text(vi=text, en=text)


def row(number: int, text: str, **fields: object) -> Requirement:
    values: dict[str, object] = {
        "id": f"1.{number}",
        "clause": f"1.{number}",
        "group": "1",
        "text": both(text),
        "evidence": both(text),
        "nature": Nature.MIXED,
        "provenance": Provenance(sources=("S",), confirmed="summary", open_points=(both(text),), reviewed=REVIEWED),
    }
    return Requirement.model_validate({**values, **fields})


def small(rows: tuple[Requirement, ...], notice: str = "Chỉ là bản tóm lược.", **fields: object) -> Checklist:
    """A list of its own with one group of these rows."""
    values: dict[str, object] = {
        "format": "secaudit.checklist/1",
        "id": "danh-sach-xa",
        "title": Text(vi="Danh sách & của xã", en="The commune's list"),
        "counts": False,
        "notice": Text(vi=notice, en="A summary only."),
        "reviewed": REVIEWED,
        "sources": (Source(tag="S", title=both("Nguồn"), kind="plan"),),
        "milestones": (Milestone(date=date(2027, 6, 30), text=both("Hạn"), source="S 1"),),
        "groups": (Group(id="1", title=both("Nhóm"), rows=len(rows)),),
        "requirements": rows,
    }
    return Checklist.model_validate({**values, **fields})


def hostile() -> Content:
    """Every text of every row in turn is one that a spreadsheet or a parser might act upon."""
    rows = tuple(
        row(
            n, text, meaning=both(text), example=both(text), deadline=both(text), period="P1Y6M", condition="x",
            obligation=Obligation.SUGGESTED if n % 2 else Obligation.MANDATORY, responsible=Responsible.PROVIDER,
            thresholds=(Threshold(name=both(text), value=100000.5, unit="month"),), equivalent=True,
            crosswalk={"khac": (text,)}, contradicted_by=(CheckLink(check="tls.tls10", reason=both(text)),),
        )
        for n, text in enumerate(HOSTILE, 1)
    )  # fmt: skip
    words = {"questions": {"x": both(HOSTILE[0])}, "checks": {"tls.tls10": both(HOSTILE[1])}}
    return Content(small(rows), "vi", **words, lists={"khac": both(HOSTILE[2])})
