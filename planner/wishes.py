"""What the coordinator asks of the next plan: dates, leads and teams typed over the Schedule that the planner wrote."""

from __future__ import annotations

from dataclasses import replace

from auditplan.planner.domain import Body, Lock, PlannedAudit
from auditplan.planner.fixed import NOTHING
from auditplan.planner.problems import Problem, Severity, problem_at


def with_typed(body: Body) -> Body:
    """The body whose rows of the plan before say what of them was typed: what differs from what the planner wrote. A
    book without that memory says nothing: its rows are the plan before, and locks alone hold."""
    if body.written is None:
        return body
    known = {row.audit: row for row in body.written.rows}
    return replace(body, previous=tuple(_compared(row, known.get(row.audit)) for row in body.previous))


def ignored_ends(body: Body) -> tuple[Problem, ...]:
    """The ends that were typed over what the planner wrote and are not taken, as notices at their cells. body: as it
    was read, before `with_typed`. An end that moved along with its start is no wish of its own."""
    known = {} if body.written is None else {row.audit: row for row in body.written.rows}
    pairs = ((row, known[row.audit]) for row in body.previous if row.audit in known)
    return tuple(
        problem_at(
            row.origin,
            "end" if row.end != old.end else "end_part",
            "end-ignored",
            Severity.NOTICE,
            row.end.isoformat(),
            audit=row.audit,
            end=row.end.isoformat(),
        )
        for row, old in pairs
        if (row.end, row.end_part) != (old.end, old.end_part)
        and (row.end - row.start != old.end - old.start or row.end_part != old.end_part)
    )


def _compared(row: PlannedAudit, known: PlannedAudit | None) -> PlannedAudit:
    """A row with what was typed. The end follows from a typed start or team; it is no wish of its own."""
    typed = _typed(row, known)
    ended = known is not None and Lock.DATE not in typed and Lock.TEAM not in typed
    if known is not None and ended:
        row = replace(row, end=known.end, end_part=known.end_part)
    return replace(row, typed=typed or None, ended=ended)


def _typed(row: PlannedAudit, known: PlannedAudit | None) -> Lock:
    """The parts of a row that were typed; all that stands in a row which the planner did not write. A lead that was
    wiped out is to be chosen anew."""
    typed = NOTHING
    if known is None or (row.start, row.start_part) != (known.start, known.start_part):
        typed |= Lock.DATE
    if row.lead and (known is None or row.lead != known.lead):
        typed |= Lock.LEAD
    if row.team if known is None else _members(row) != _members(known):
        typed |= Lock.TEAM
    return typed


def _members(row: PlannedAudit) -> tuple[frozenset[str], ...]:
    """Who is in a team besides the lead, by seat."""
    return frozenset(row.team) - {row.lead}, frozenset(row.experts), frozenset(row.trainees)
