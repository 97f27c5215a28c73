"""`secaudit checklist diff OLD NEW`: what a change of standard, or of one list, means for an office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.common import Command, Session, say, shared_options
from secaudit.i18n import mark, translate
from secaudit.text import printable

if TYPE_CHECKING:
    from secaudit.checklist.difference import FieldChange, GroupShare, Revision, Transition
    from secaudit.export.words import Words
    from secaudit.model.requirement import Checklist

SCHEMA = "secaudit.checklist-diff/1"
_ARROW = " " * 17 + "→ "
# Names of fields in the order in which an office cares; a field that is not here is shown by its name in the file.
_FIELDS = {
    "text": mark("Text"),
    "obligation": mark("Obligation"),
    "period": mark("Period"),
    "deadline": mark("Deadline"),
    "thresholds": mark("Figures"),
    "condition": mark("Applies when"),
    "responsible": mark("Usually done by"),
    "evidence": mark("Evidence to keep"),
    "meaning": mark("What it means here"),
    "example": mark("Example"),
    "nature": mark("Nature"),
    "crosswalk": mark("See also"),
    "contradicted_by": mark("Spoken against by"),
    "supported_by": mark("Supported by"),
}


@click.command("diff", cls=Command, help=mark("Compare two checklists: what carries over, what is new, what ends."))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@shared_options
def command(session: Session, old: str, new: str) -> None:
    """Compare a list with the one that replaces it, or two versions of one list (ids or files)."""
    from secaudit.app.checklists import compare_checklists
    from secaudit.app.knowledge import Knowledge
    from secaudit.checklist.difference import Transition

    found = compare_checklists(Knowledge(), old, new)
    if session.json_to:
        session.emit_json(_transition_json(found) if isinstance(found, Transition) else _revision_json(found))
    elif isinstance(found, Transition):
        _say_transition(found, session.language)
    else:
        _say_revision(found, session.language)


def _say_transition(found: Transition, language: str) -> None:
    former, present, over = found.former, found.present, found.over
    _say_head(former, present, language)
    rows, new = len(present.requirements), len(over.new)
    say(mark("Of {rows} requirements, {prepared} build on the former list and {new} are new work."),
        rows=rows, prepared=rows - new, new=new)  # fmt: skip
    say(mark("Of {rows} former headings, {carried} carry over and {ended} are not in the new list."),
        rows=len(former.requirements), carried=len(over.carried), ended=len(over.ended))  # fmt: skip
    say(
        mark(
            "“Carries over” says that documents of the old dossier help. Compare each with the new text, its period "
            "and its figures before you call a requirement met."
        )
    )
    if present.milestones:
        _say_section(mark("Dates"))
    for milestone in present.milestones:
        text = milestone.text.in_language(language)
        click.echo(f"  {milestone.date:%d/%m/%Y}  {printable(text)} ({printable(milestone.source)})")
    _say_section(mark("By group"))
    for share in found.present_groups:
        _say_share(share, mark("{id}  {title}: {rows} requirements, {carried} carried over, {left} new"), language)
    _say_section(mark("Former headings by group"))
    for share in found.former_groups:
        _say_share(share, mark("{id}  {title}: {rows} headings, {carried} carry over, {left} end"), language)
    _say_rows(mark("New work, nothing in the old dossier prepares it ({count})"), present, over.new, language)
    _say_section(mark("Carries over ({count})"), count=len(over.carried))
    texts = {row.id: row.text.in_language(language) for row in former.requirements}
    for row_id, targets in over.carried.items():
        click.echo(f"  {row_id:<14} {printable(texts[row_id])}\n{_ARROW}{', '.join(targets)}")
    _say_rows(mark("Not in the new list ({count})"), former, over.ended, language, found.elsewhere)


def _say_revision(found: Revision, language: str) -> None:
    from secaudit.export.words import Words

    _say_head(found.before, found.after, language)
    say(mark("{added} requirements added, {removed} removed, {changed} changed."),
        added=len(found.added), removed=len(found.removed), changed=len(found.changed))  # fmt: skip
    _say_rows(mark("Added ({count})"), found.after, found.added, language)
    _say_rows(mark("Removed ({count})"), found.before, found.removed, language)
    if found.changed:
        _say_section(mark("Changed ({count})"), count=len(found.changed))
    words = Words(language)
    for row in found.changed:
        click.echo(f"  {row.id}")
        for change in sorted(row.fields, key=_order):
            before, after = _both_shown(change, words)
            click.echo(f"    {translate(_FIELDS.get(change.field, change.field))}: {before} → {after}")


def _say_head(old: Checklist, new: Checklist, language: str) -> None:
    for checklist in (old, new):
        title, day = printable(checklist.title.in_language(language)), f"{checklist.reviewed:%d/%m/%Y}"
        say(mark("{title} ({id}, last review {day})"), title=title, id=checklist.id, day=day)
    click.echo(f"{printable(new.notice.in_language(language))}\n")


def _say_section(title: str, **params: object) -> None:
    click.echo()
    say(title, **params)


def _say_share(share: GroupShare, sentence: str, language: str) -> None:
    title = printable(share.title.in_language(language))
    click.echo("  ", nl=False)
    say(sentence, id=share.id, title=title, rows=share.rows, carried=share.carried, left=share.rows - share.carried)


def _say_rows(
    title: str, checklist: Checklist, ids: Iterable[str], language: str,
    elsewhere: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> None:  # fmt: skip
    wanted = set(ids)
    if not wanted:
        return
    _say_section(title, count=len(wanted))
    for row in checklist.requirements:
        if row.id in wanted:
            click.echo(f"  {row.id:<14} {printable(row.text.in_language(language))}")
            if row.id in elsewhere:
                click.echo(_ARROW + ", ".join(elsewhere[row.id]))


def _order(change: FieldChange) -> int:
    names = list(_FIELDS)
    return names.index(change.field) if change.field in names else len(names)


def _both_shown(change: FieldChange, words: Words) -> tuple[str, str]:
    """Return both values in words: a text in the reader's language, or in the other where only that one changed."""
    values = change.before, change.after
    if any(isinstance(value, dict) and set(value) == {"vi", "en"} for value in values):
        other = "en" if words.language == "vi" else "vi"
        for language in (words.language, other):
            before, after = (printable(value[language]) if value else "–" for value in values)
            if before != after:
                break
        return before, after
    before, after = (_shown(change.field, value, words) for value in values)
    return before, after


def _shown(field: str, value: Any, words: Words) -> str:
    """Return a field's JSON value in words; a dash where the row has none."""
    from secaudit.export.words import OBLIGATIONS, RESPONSIBLE
    from secaudit.model.requirement import Threshold
    from secaudit.model.words import Obligation, Responsible

    if value in (None, "", [], {}):
        return "–"
    if field == "period":
        return words.period(value)
    if field == "thresholds":
        return "; ".join(words.threshold(Threshold.model_validate(one)) for one in value)
    if field == "obligation":
        return words(OBLIGATIONS[Obligation(value)])
    if field == "responsible":
        return words(RESPONSIBLE[Responsible(value)])
    if field in {"contradicted_by", "supported_by"}:
        return ", ".join(link["check"] for link in value)
    if field == "crosswalk":
        return "; ".join(f"{name}: {', '.join(ids)}" for name, ids in value.items())
    return printable(str(value))


def _transition_json(found: Transition) -> dict[str, Any]:
    former, present, over = found.former, found.present, found.over
    texts = {row.id: row.text.model_dump() for row in (*former.requirements, *present.requirements)}
    return {
        **_head_json("transition", former, present),
        "counts": {
            "requirements": len(present.requirements),
            "prepared": len(present.requirements) - len(over.new),
            "new": len(over.new),
            "headings": len(former.requirements),
            "carried": len(over.carried),
            "ended": len(over.ended),
        },
        "groups": [_share_json(share, "new") for share in found.present_groups],
        "former_groups": [_share_json(share, "ended") for share in found.former_groups],
        "carried": [{"id": one, "text": texts[one], "to": list(to)} for one, to in over.carried.items()],
        "new_rows": [{"id": one, "text": texts[one]} for one in over.new],
        "ended": [
            {"id": one, "text": texts[one], "elsewhere": list(found.elsewhere.get(one, ()))} for one in over.ended
        ],
    }


def _revision_json(found: Revision) -> dict[str, Any]:
    texts = {row.id: row.text.model_dump() for row in (*found.after.requirements, *found.before.requirements)}
    return {
        **_head_json("revision", found.before, found.after),
        "counts": {"added": len(found.added), "removed": len(found.removed), "changed": len(found.changed)},
        "added": [{"id": one, "text": texts[one]} for one in found.added],
        "removed": [{"id": one, "text": texts[one]} for one in found.removed],
        "changed": [
            {"id": row.id, "fields": [{"field": c.field, "before": c.before, "after": c.after} for c in row.fields]}
            for row in found.changed
        ],
    }


def _head_json(kind: str, old: Checklist, new: Checklist) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kind": kind,
        "old": _list_json(old),
        "new": _list_json(new),
        "notice": new.notice.model_dump(),
        "milestones": [milestone.model_dump(mode="json") for milestone in new.milestones],
    }


def _list_json(checklist: Checklist) -> dict[str, Any]:
    title, reviewed = checklist.title.model_dump(), checklist.reviewed.isoformat()
    return {"id": checklist.id, "title": title, "role": checklist.role, "reviewed": reviewed}


def _share_json(share: GroupShare, rest: str) -> dict[str, Any]:
    left = share.rows - share.carried
    return {"id": share.id, "title": share.title.model_dump(), "rows": share.rows, "carried": share.carried, rest: left}
