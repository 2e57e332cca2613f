"""What the pipeline made, in a book: its rows with the cells where they will stand, and a copy that holds them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditplan.io.files import whole_file
from auditplan.io.workbook.audits_sheet import AuditsSheet, audits_sheet, write_rows

if TYPE_CHECKING:
    from auditplan.planner.cycle.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn from a book's certificates; the sheet that it belongs into, None where nothing is to be written;
    and the notes on the days that were worked out, by cell."""

    pipeline: Pipeline
    sheet: AuditsSheet | None
    notes: Mapping[str, str]


def located(path: Path, pipeline: Pipeline, language: str) -> Drawn:
    """The pipeline with the cells in which its new rows will stand, so that what is found in them has a place. Raises
    WorkbookError for a book that cannot be written."""
    rows = pipeline.added or pipeline.changed or pipeline.settled or pipeline.linked
    if not rows and not any(audit.computed for audit in pipeline.body.audits):
        return Drawn(pipeline, None, {})
    sheet = audits_sheet(path)
    places = {audit.id: row for row, audit in enumerate(pipeline.added, start=sheet.last + 1)}
    moved = {
        audit.id: replace(audit, origin=sheet.origin(places[audit.id]))
        for audit in pipeline.body.audits
        if audit.id in places
    }
    audits = tuple(moved.get(audit.id, audit) for audit in pipeline.body.audits)
    added = tuple(moved[audit.id] for audit in pipeline.added)
    here = replace(pipeline, body=replace(pipeline.body, audits=audits), added=added)
    notes = {cell: text for cell, text in _notes(here, language).items() if sheet.notes.get(cell) != text}
    return Drawn(here, sheet, notes) if rows or notes else Drawn(pipeline, None, {})


def _notes(pipeline: Pipeline, language: str) -> dict[str, str]:
    """How the days of new and changed rows came about, and those of typed rows that left them blank; by cell."""
    from auditplan.io.render import account_text
    from auditplan.planner.cycle.account import Accounts
    from auditplan.planner.rulebook import RuleBook

    accounts = Accounts(pipeline.body, RuleBook(pipeline.body.rules))
    written = {audit.id for audit in (*pipeline.added, *pipeline.changed)}
    found = {}
    for audit in pipeline.body.audits:
        if audit.origin is not None and (audit.computed or audit.id in written):
            lines, cell = accounts.of(audit), audit.origin.cell("days")
            if lines and cell:
                found[cell] = account_text(lines, language)
    return found


def write_pipeline(source: Path, target: Path, drawn: Drawn, sheet: AuditsSheet, language: str) -> None:
    """Writes `source` with the pipeline's rows to `target`, which may be the same file. Raises WorkbookError and
    OSError."""
    with whole_file(target) as temporary:
        write_rows(source, temporary, sheet, drawn.pipeline, language, drawn.notes)


@contextmanager
def with_rows(source: Path, drawn: Drawn, language: str) -> Iterator[Path]:
    """A copy of a book that holds the pipeline's rows, gone afterwards; the book itself where there are none."""
    if drawn.sheet is None:
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / source.name
        write_rows(source, copy, drawn.sheet, drawn.pipeline, language, drawn.notes)
        yield copy


def copy_book(source: Path, target: Path) -> None:
    """The book as it is under another name; nothing where it is the same file. Raises OSError."""
    if target.exists() and source.samefile(target):
        return
    with whole_file(target) as temporary:
        shutil.copyfile(source, temporary)
