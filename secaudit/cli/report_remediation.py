"""`secaudit report remediation`: the remediation plan, from the register."""

from __future__ import annotations

from datetime import UTC, datetime

from secaudit.cli.common import Session
from secaudit.cli.report_writing import Wish, chosen_formats, finish, officer_file, write_blank

FORMATS = ("docx", "html", "pdf", "xlsx", "csv", "json")


def run(session: Session, wish: Wish) -> int:
    """Write the plan, or say what it lacks; ends with 1 when `--check` finds something missing."""
    from secaudit.app.knowledge import Knowledge
    from secaudit.app.plan import remediation_plan
    from secaudit.model.base import Reason
    from secaudit.report.official.blank import blank_file
    from secaudit.report.official.writing import official_writers
    from secaudit.report.plan.build import plan_letter_gaps
    from secaudit.report.plan.facts import RemediationFile
    from secaudit.report.plan.tables import plan_sheets, plan_table
    from secaudit.report.plan.words import plan_words
    from secaudit.report.workbook import Book, Words, csv_bytes
    from secaudit.store.workspace import Workspace

    formats = chosen_formats(wish, FORMATS)
    knowledge, now = Knowledge(), datetime.now(UTC)
    if wish.blank_file is not None:
        write_blank(wish.blank_file, blank_file("remediation", now.astimezone().year))
        return 0
    officer = officer_file(wish.profile_file, RemediationFile, knowledge, session, lambda data: ())
    with Workspace.open(session.workspace) as workspace:
        plan = remediation_plan(workspace, knowledge, officer, now)
    reasons = [Reason(code=f"document-gap-{gap}") for gap in plan_letter_gaps(plan.letter)]
    reasons += [Reason(code=f"plan-gap-{gap}", params={"count": count}) for gap, count in plan.gaps.items()]
    words = plan_words(plan, knowledge.render)
    table_words = Words(session.language, now.astimezone().tzinfo or UTC)
    writers = {
        **official_writers("remediation", words, plan, now, wish.template),
        "xlsx": lambda: Book(table_words, str(words["summary"]), now).write(plan_sheets(plan, table_words)),
        "csv": lambda: csv_bytes(plan_table(plan, table_words), table_words),
    }
    folder = session.workspace / "reports"
    return finish(
        session, wish, "remediation", formats,
        lambda name: wish.output or folder / f"ke-hoach-khac-phuc-{plan.as_of.isoformat()}.{name}", writers,
        [knowledge.render(reason, session.language) for reason in reasons], draft=plan.letter.draft,
    )  # fmt: skip
