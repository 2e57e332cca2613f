"""Bounds that fall apart into activities: what cannot be placed at all, and the cheapest each could be alone."""

from __future__ import annotations

import numpy as np

from auditplan.solver.construct import usable_seats
from auditplan.solver.exact import Limit, Task, solve_exactly
from auditplan.solver.facts import Facts, Ints, Seat
from auditplan.solver.state import State
from auditplan.solver.teams import find_team

PROOF_WORK = 2.0
"""Deterministic work spent at most on proving that one activity cannot be placed."""


def impossible(facts: Facts) -> frozenset[int]:
    """The activities that could not be placed if they were alone in the world; proven, never guessed. Whatever
    must follow such an activity is one too."""
    found = {number for number in range(len(facts.options)) if not _possible(facts, number)}
    grown = True
    while grown:
        more = {
            number
            for number, firsts in facts.predecessors.items()
            if number not in found and any(first in found for first in firsts)
        }
        found |= more
        grown = bool(more)
    return frozenset(found)


def _possible(facts: Facts, number: int) -> bool:
    """Whether an activity can be placed when nothing else is: by a quick search for a team, else by an exact
    solve."""
    lonely = _alone(facts)
    seats = usable_seats(facts, lonely, number)
    price = {(seat.role, seat.resource): 0 for seat in seats}
    options = facts.options[number]
    for flat in _spread(len(options)):
        free = [seat for seat in seats if seat.possible[flat]]
        if free and find_team(facts, number, flat, free, price) is not None:
            return True
    if not seats or not len(options):
        return False
    task = Task(active=(number,), minimise=(0,), ceilings={}, hint={})
    result = solve_exactly(facts, lonely, task, Limit(PROOF_WORK))
    return not (result.infeasible or (result.choices == {number: None} and 0 in result.proven))


def _alone(facts: Facts) -> State:
    """A world in which nothing is placed and no relation binds."""
    state = State(facts)
    state.relations.clear()
    return state


def _spread(count: int) -> list[int]:
    """All indices, the ends and the middle first, so that a possible option is found early."""
    return sorted(range(count), key=lambda index: (index % 7, index))


def alone(facts: Facts, number: int, level: int, keep: set[int] | None) -> int:
    """The least that an activity could cost on a level if it is carried out, whatever else is planned."""
    per_option = prices_alone(facts, number, level)
    if keep is not None:
        flats = sorted(keep)
        return int(per_option[flats].min()) if flats else 0
    return int(per_option.min()) if len(per_option) else 0


def prices_alone(facts: Facts, number: int, level: int) -> Ints:
    """Per option, a lower bound of an activity's price on a level: the option's own, and for each role the cheapest
    seats that it must take."""
    options, activity = facts.options[number], facts.problem.activities[number]
    total = options.costs[level] + (activity.placed[level] if activity.placed else 0)
    for role in range(len(activity.roles)):
        seats = [seat for seat in facts.seats[number] if seat.role == role]
        if not seats:
            continue
        table = np.sort(np.stack([_price(facts, number, seat, level) for seat in seats]), axis=0)
        for mode_number, mode in enumerate(activity.modes):
            least, most = mode.least[role], mode.most[role]
            must = table[:least].sum(axis=0)
            gain = np.minimum(table[least:most], 0).sum(axis=0)
            total = np.where(options.mode == mode_number, total + must + gain, total)
    result: Ints = total
    return result


def _price(facts: Facts, number: int, seat: Seat, level: int) -> Ints:
    """Per option, the price of a seat on a level; very dear where it is not possible."""
    cost = sum(price for on, price in seat.candidate.costs if on == level)
    prices = np.full(len(facts.options[number]), cost, dtype=np.int64)
    if level == facts.problem.money:
        prices = prices + facts.presences[number][seat.resource].money
    result: Ints = np.where(seat.possible, prices, 1 << 40)
    return result
