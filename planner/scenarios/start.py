"""A plan of one body as the start of the search for another's: what of it still holds there."""

from __future__ import annotations

from collections.abc import Iterable

from auditplan.planner.compile import Compiled
from auditplan.planner.eligibility import SEATS
from auditplan.planner.plan import Placement
from auditplan.solver.adopt import adopt, together
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Activity
from auditplan.solver.solution import Choice, Solution


def start_of(compiled: Compiled, placements: Iterable[Placement], facts: Facts | None = None) -> Solution:
    """The placements that hold in a compiled problem, as a sound solution of it; the rest is left out. facts: those of
    the problem, where the caller derived them already.

    Where some placements stand against each other now, the earlier ones stay: the search puts back what fits."""
    choices = choices_of(compiled, placements)
    whole = together(compiled.problem, choices)
    return adopt(facts or Facts(compiled.problem), choices) if whole is None else whole


def choices_of(compiled: Compiled, placements: Iterable[Placement]) -> list[tuple[int, Choice]]:
    """Placements as pairs of an activity and a choice, as far as people, size and dates are open in a problem."""
    index = {audit.id: number for number, audit in enumerate(compiled.audits)}
    found = []
    for placement in placements:
        number = index.get(placement.audit)
        choice = None if number is None else _choice(compiled, compiled.problem.activities[number], placement)
        if number is not None and choice is not None:
            found.append((number, choice))
    return found


def _choice(compiled: Compiled, activity: Activity, placement: Placement) -> Choice | None:
    """A placement as a choice; None where people, size or dates are not open in this problem."""
    order, timeline = compiled.facts.lookup.order, compiled.facts.timeline
    if any(seat.auditor not in order for seat in placement.seats):
        return None
    team = tuple(tuple(sorted(order[person] for person in placement.people(role))) for role in SEATS)
    start, end = timeline.tick(placement.start), timeline.tick(placement.end) + 1
    for number, mode in enumerate(activity.modes):
        limits = zip(mode.least, team, mode.most, strict=True)
        if not all(least <= len(people) <= most for least, people, most in limits):
            continue
        for option, (first, last) in enumerate(zip(mode.starts, mode.ends, strict=True)):
            if (first, last) == (start, end):
                return Choice(number, option, team)
    return None
