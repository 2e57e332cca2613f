"""Findings in the Schedule that was read, at the cells where their audits stand in the Schedule that is written."""

from __future__ import annotations

from dataclasses import replace

from auditplan.io.workbook.output.context import Context
from auditplan.io.workbook.read_cells import letters
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.schema import SCHEDULE
from auditplan.planner.problems import Origin, Problem

_NAMES = frozenset({fold(SCHEDULE.en), fold(SCHEDULE.zh)})


def as_written(context: Context, problem: Problem) -> Problem:
    """A problem with its cell in the book that is being written; as it is where it is in no row of the Schedule that
    is still there."""
    if fold(problem.sheet) not in _NAMES:
        return problem
    column, row = _split(problem.cell)
    places = {placement.audit: number for number, placement in enumerate(context.plan.placements, start=2)}
    for old in context.body.previous:
        if old.origin is not None and old.origin.row == row and old.audit in places:
            cell = f"{_column(old.origin, column)}{places[old.audit]}"
            return replace(problem, sheet=SCHEDULE.name(context.language), cell=cell)
    return problem


def _split(cell: str) -> tuple[str, int]:
    """The letters and the row of a cell; either may be missing."""
    digits = "".join(sign for sign in cell.partition(":")[0] if sign.isdigit())
    return "".join(sign for sign in cell if sign.isalpha()), int(digits or 0)


def _column(origin: Origin, column: str) -> str:
    """The letters of a column as the planner writes it."""
    key = next((key for key, own in origin.columns if own == column), "")
    keys = [own.key for own in SCHEDULE.columns]
    return letters(keys.index(key) + 1) if key in keys else column
