"""Columns that the relation `Kept` asks for: how activities should be carried out if they can stay as they were.

The relation counts whole columns, so that no prices of seats and options can say what it means: in the linear program,
for which columns are still sought, it is left away, which gives a relaxation; in every whole-number solve it is a row.
"""

from __future__ import annotations

from collections.abc import Collection

from auditplan.solver.check import kept
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Kept
from auditplan.solver.solution import Choice
from auditplan.solver.state import State
from auditplan.solver.teams import possible_alone

Way = tuple[int, int, tuple[tuple[int, ...], ...]]
"""An activity, one of its flat options and a team: what makes a column."""


def wishes(state: State, active: Collection[int]) -> list[tuple[frozenset[Way], int]]:
    """What is asked of some activities, all others standing as in a state: ways, and how many of them at least."""
    inside = frozenset(active)
    found = []
    for relation in state.facts.problem.relations:
        if isinstance(relation, Kept):
            pairs = zip(relation.activities, (Choice(*way) for way in relation.ways), strict=True)
            ways = ((number, state.option(number, one), one.team) for number, one in pairs if number in inside)
            found.append((frozenset(ways), relation.least - kept(relation, state.choices, inside)))
    return found


def wished(facts: Facts, active: Collection[int], keep: dict[int, set[int]]) -> list[Way]:
    """The columns asked for that are possible in themselves under the options that may be used (no entry: all)."""
    if not any(isinstance(relation, Kept) for relation in facts.problem.relations):
        return []
    return [
        way
        for ways, _ in wishes(State(facts), active)
        for way in sorted(ways)
        if way[1] in keep.get(way[0], (way[1],)) and possible_alone(facts, *way)
    ]
