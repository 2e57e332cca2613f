"""What the planner remembers of a plan that it hands out, so that the next run knows what was done to it since."""

from __future__ import annotations

from dataclasses import replace

from auditplan.planner.changes import row_of
from auditplan.planner.domain import Body, Lock, PlannedAudit, Rival, WrittenPlan
from auditplan.planner.marks import audit_mark, inputs_mark
from auditplan.planner.plan import Plan


def remembered(body: Body, plan: Plan, rivals: tuple[Rival, ...] = ()) -> WrittenPlan:
    """What there is to remember of a plan that is being written. rivals: next best teams that it notes."""
    locks = {row.audit: row.lock for row in body.previous}
    rows = tuple(_with_lock(row_of(placement), locks.get(placement.audit)) for placement in plan.placements)
    return WrittenPlan(
        rows=rows,
        left_out=tuple(left.audit for left in plan.unplaced),
        marks=tuple((audit.id, audit_mark(audit)) for audit in body.audits),
        inputs=inputs_mark(body),
        bounds=tuple(level.bound for level in plan.levels),
        rivals=rivals,
    )


def _with_lock(row: PlannedAudit, lock: Lock | None) -> PlannedAudit:
    """A row with its lock."""
    return replace(row, lock=lock)
