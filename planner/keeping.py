"""What a re-plan takes for granted of the plan before, so that nothing moves without a reason.

By the levels of the objective alone every run would go on improving closeness to Due, which comes before changes, and
every longer search would move what was sent to people the day before. So a re-plan measures the first two levels
against the plan before: an audit whose row nobody touched is as well placed as it was, and only what gets worse than
that counts. An untouched audit that was left out waits: it is taken in where nothing else has to change for it. What is
new or was edited is planned in full, and may move others. To ask for the best plan anew is `improve`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditplan.planner.compile import Compiled
from auditplan.planner.domain import Audit, Body
from auditplan.planner.marks import audit_mark, inputs_mark
from auditplan.planner.preferences import LATENESS, lateness
from auditplan.solver.problem import Mode, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """accepted: ids of audits whose place in the plan before counts as good enough; waiting: of those that it left out
    and that are not planned for the time being; must: of those that may not be left out, since the coordinator typed or
    locked a part of their row."""

    accepted: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()


def keep_of(body: Body, must: frozenset[str] = frozenset()) -> Keep:
    """What a re-plan of a body keeps. A plan without the planner's own memory of it is accepted as it stands."""
    planned = frozenset(row.audit for row in body.previous)
    written = body.written
    if written is None:
        return Keep(accepted=planned, must=must)
    marks = dict(written.marks)
    untouched = {audit.id for audit in body.audits if marks.get(audit.id) == audit_mark(audit)}
    left_out = untouched & set(written.left_out)
    needed = _ancestors(body.audits, [audit for audit in body.audits if audit.id not in left_out])
    return Keep(accepted=planned & untouched, waiting=frozenset(left_out - needed - planned), must=must)


def kept_problem(compiled: Compiled, keep: Keep) -> Problem:
    """A problem in which closeness to Due only counts as far as it is worse than in the plan before, and what must be
    placed may not be left out."""
    previous, rules = compiled.facts.lookup.previous, compiled.facts.rules
    activities = []
    for audit, activity in zip(compiled.audits, compiled.problem.activities, strict=True):
        row = previous.get(audit.id)
        if row is not None and audit.id in keep.accepted:
            points = lateness(audit, row.start, row.end, rules)
            activity = replace(activity, modes=tuple(_beyond(mode, points) for mode in activity.modes))
        activities.append(replace(activity, left_out=None) if audit.id in keep.must else activity)
    return replace(compiled.problem, activities=tuple(activities))


def _beyond(mode: Mode, points: int) -> Mode:
    """A mode whose second level only counts what is above some points."""
    costs = list(mode.costs)
    costs[LATENESS] = tuple(max(0, price - points) for price in costs[LATENESS])
    return replace(mode, costs=tuple(costs))


def _ancestors(audits: tuple[Audit, ...], wanted: list[Audit]) -> set[str]:
    """What some audits must follow, however far back."""
    after = {audit.id: audit.after for audit in audits}
    found: set[str] = set()
    for audit in wanted:
        step = audit.after
        while step in after and step not in found:
            found.add(step)
            step = after[step]
    return found


def unchanged(body: Body) -> bool:
    """Whether nothing is asked of a re-plan: the input is what it was when the plan was made, and nobody typed over
    what was written. A lock that was set and a status that was raised ask for nothing."""
    written = body.written
    if written is None or not body.previous or any(row.typed for row in body.previous):
        return False
    if {row.audit for row in body.previous} != {row.audit for row in written.rows}:
        return False
    return written.inputs == inputs_mark(body)
