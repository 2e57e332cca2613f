"""A plan into a workbook: the planner's sheets built apart and grafted into a copy of the book."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from auditplan.io.files import whole_file
from auditplan.io.workbook.graft import graft
from auditplan.io.workbook.memory import MEMORY, write_memory
from auditplan.io.workbook.output import calendar, changed, summary, tables
from auditplan.io.workbook.output.context import Context, RunInfo
from auditplan.io.workbook.schema import OUTPUT_SHEETS
from auditplan.planner.changes import Change
from auditplan.planner.domain import Body
from auditplan.planner.explanations.noted import Notes
from auditplan.planner.memory import remembered
from auditplan.planner.plan import Plan
from auditplan.planner.problems import Problem

__all__ = ["RunInfo", "write_plan"]


def write_plan(
    source: Path,
    target: Path,
    body: Body,
    plan: Plan,
    problems: Sequence[Problem],
    *,
    language: str,
    run: RunInfo,
    changes: Sequence[Change] | None = None,
    notes: Notes | None = None,
) -> None:
    """Writes `source` with the sheets of a plan to `target`, which may be the same file.

    Sheets of an earlier plan are replaced, in whichever language they were; every other part stays byte for byte.
    changes: what differs from the plan before; None: there was none, and no sheet says so. notes: next best teams and
    smallest fixes.
    Raises WorkbookError for a book that cannot be written, OSError like any write."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.xlsx"
        _build(fresh, lambda book: Context(book, body, plan, problems, language, run, notes or Notes()), changes)
        replaced = [name for sheet in (*OUTPUT_SHEETS, MEMORY) for name in (sheet.en, sheet.zh)]
        with whole_file(target) as temporary:
            graft(source, fresh, temporary, replaced, hidden=(MEMORY.en, MEMORY.zh))


def _build(fresh: Path, begun: Callable[[Any], Context], changes: Sequence[Change] | None) -> None:
    """The planner's sheets as a workbook of their own."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(fresh), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the same bytes every time
    context = begun(book)
    tables.schedule(context)
    tables.assignments(context)
    tables.unplaced(context)
    calendar.calendar(context)
    tables.workload(context)
    summary.summary(context)
    if changes is not None:
        changed.changes(context, changes)
    tables.problems(context)
    write_memory(book, remembered(context.body, context.plan, context.notes.rivals), context.language)
    book.close()
