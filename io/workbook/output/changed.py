"""The Changes sheet: one row per audit that differs from the plan before."""

from __future__ import annotations

from collections.abc import Sequence

from auditplan.io.render_changes import change_lines, told_names
from auditplan.io.workbook.output.context import LINE, Context, TableWriter
from auditplan.io.workbook.schema import CHANGES
from auditplan.planner.changes import Change


def changes(context: Context, found: Sequence[Change]) -> None:
    """What, old, new, and who must be told; several differences of one audit stand under each other."""
    table = TableWriter(context, CHANGES)
    body = context.body
    for change in found:
        lines = change_lines(change, context.language)
        what, old, new = ("\n".join(column) for column in zip(*lines, strict=True))
        told = context.text("list-comma").join(told_names(change, body, context.language))
        table.add([change.audit, what, old, new, told])
        table.page.set_row(table.rows, LINE * table.height([change.audit, what, old, new, told]))
    table.finish()
