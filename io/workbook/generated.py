"""What the pipeline made, in a book: its rows with the cells where they will stand, and a copy that holds them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditplan.io.files import whole_file
from auditplan.io.workbook.audits_sheet import AuditsSheet, audits_sheet, write_rows

if TYPE_CHECKING:
    from auditplan.planner.cycle.pipeline import Pipeline


def located(path: Path, pipeline: Pipeline) -> tuple[Pipeline, AuditsSheet | None]:
    """The pipeline with the cells in which its new rows will stand, so that what is found in them has a place, and the
    sheet. None where nothing is to be written. Raises WorkbookError for a book that cannot be written."""
    if not (pipeline.added or pipeline.changed or pipeline.settled or pipeline.linked):
        return pipeline, None
    sheet = audits_sheet(path)
    places = {audit.id: row for row, audit in enumerate(pipeline.added, start=sheet.last + 1)}
    moved = {
        audit.id: replace(audit, origin=sheet.origin(places[audit.id]))
        for audit in pipeline.body.audits
        if audit.id in places
    }
    audits = tuple(moved.get(audit.id, audit) for audit in pipeline.body.audits)
    added = tuple(moved[audit.id] for audit in pipeline.added)
    return replace(pipeline, body=replace(pipeline.body, audits=audits), added=added), sheet


def write_pipeline(source: Path, target: Path, pipeline: Pipeline, sheet: AuditsSheet, language: str) -> None:
    """Writes `source` with the pipeline's rows to `target`, which may be the same file. Raises WorkbookError and
    OSError."""
    with whole_file(target) as temporary:
        write_rows(source, temporary, sheet, pipeline, language)


@contextmanager
def with_rows(source: Path, pipeline: Pipeline | None, sheet: AuditsSheet | None, language: str) -> Iterator[Path]:
    """A copy of a book that holds the pipeline's rows, gone afterwards; the book itself where there are none."""
    if pipeline is None or sheet is None:
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / source.name
        write_rows(source, copy, sheet, pipeline, language)
        yield copy


def copy_book(source: Path, target: Path) -> None:
    """The book as it is under another name; nothing where it is the same file. Raises OSError."""
    if target.exists() and source.samefile(target):
        return
    with whole_file(target) as temporary:
        shutil.copyfile(source, temporary)
