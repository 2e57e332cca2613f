"""`auditplan report`: the plan that stands in a book, as one self-contained page."""

from __future__ import annotations

from pathlib import Path

import click

from auditplan.io.cli.calendars import planned_body
from auditplan.io.cli.options import Command, book_argument, option
from auditplan.io.cli.talk import Talk
from auditplan.io.cli.targets import page_target
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan


def build(language: str) -> Command:
    """The command with its help in a language."""
    file = click.Path(path_type=Path)
    output = option(language, "-o", "--output", "page", text="page", type=file, required=True, metavar="FILE.html")
    return Command("report", language, run, [book_argument(language), output])


def run(talk: Talk, lang: str | None, *, book: Path, page: Path) -> None:
    """Writes the page of a planned book."""
    from auditplan.planner.previous import plan_of_schedule

    page_target(book, page)
    body = planned_body(talk, book, lang)
    talk.emit(write(talk, book, body, plan_of_schedule(body), page, lang))


def write(talk: Talk, book: Path, body: Body, plan: Plan, page: Path, lang: str | None) -> dict[str, object]:
    """Writes the page of a plan that stands in a book; answers the figures for `--json`. Raises OSError."""
    from auditplan.io.report.build import report_of
    from auditplan.io.report.page import write_page
    from auditplan.io.workbook.written import read_written

    written = read_written(book)
    report = report_of(body, plan, written, lang or body.settings.language or talk.language)
    write_page(report, page)
    size = page.stat().st_size
    talk.note("cli-report-done", file=page, size=f"{size / 1e6:.1f}")
    return {
        "output": str(page),
        "placed": len(plan.placements),
        "unplaced": len(written.unplaced),
        "changes": len(written.changes),
        "bytes": size,
    }
