"""Bounds that fall apart into activities: what cannot be placed at all, and the cheapest each could be alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import repeat

import numpy as np

from auditplan.solver.columns.plans import TOO_DEAR
from auditplan.solver.columns.prices import Tariff, pricer_of
from auditplan.solver.construct import best_choice
from auditplan.solver.exact import Limit, Task, solve_exactly
from auditplan.solver.facts import Facts, Ints, Seat
from auditplan.solver.state import State
from auditplan.solver.teams import fits

PROOF_WORK = 2.0
"""Deterministic work spent at most on proving that one activity cannot be placed."""
DEAR = 1 << 40
"""The price of a seat that is not possible."""


def impossible(facts: Facts, placed: Collection[int] = ()) -> frozenset[int]:
    """The activities that could not be placed if they were alone in the world; proven, never guessed. Whatever
    must follow such an activity is one too. placed: activities that some sound solution carries out."""
    empty, count = _alone(facts.few), len(facts.options)
    found = {number for number in range(count) if number not in placed and not _possible(facts, empty, number)}
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


def _possible(facts: Facts, empty: State, number: int) -> bool:
    """Whether an activity can be placed when nothing else is; by everybody, where a few cannot.
    empty: a state of the few with nothing in it."""
    if best_choice(empty.facts, empty, number) is not None or _possible_at_all(facts, number):
        return True
    if facts.whole:
        return False
    with facts.everybody(number):
        return _possible_at_all(facts, number)


def _possible_at_all(facts: Facts, number: int) -> bool:
    """The same of those that the facts look at: by the cheapest team, which is a relaxation, else by an exact solve."""
    pricer = pricer_of(facts, number)
    offers = pricer.cheapest(_nothing(facts))
    possible = np.flatnonzero(offers.price < TOO_DEAR).tolist()
    for flat in possible[:: max(1, len(possible) // 8)]:
        team = pricer.team(offers, flat)
        if team is not None and fits(facts, number, flat, team):
            return True
    if not possible:
        return False
    task = Task(active=(number,), minimise=(0,), ceilings={}, hint={})
    result = solve_exactly(facts, _alone(facts), task, Limit(PROOF_WORK))
    return not (result.infeasible or (result.choices == {number: None} and 0 in result.proven))


def _nothing(facts: Facts) -> Tariff:
    """A tariff at which everything is free."""
    problem = facts.problem
    people = len(problem.resources)
    zero = np.zeros(people)
    return Tariff(levels=np.zeros(problem.levels), ticks=np.zeros((people, problem.ticks + 1)), worked=zero)


def _alone(facts: Facts) -> State:
    """A world in which nothing is placed and no relation binds."""
    state = State(facts)
    state.relations.clear()
    return state


def alone(facts: Facts, number: int, level: int, keep: set[int] | None) -> int:
    """The least that an activity could cost on a level if it is carried out, whatever else is planned."""
    return _least(prices_alone(facts, number, level), keep)


def alone_by_anybody(facts: Facts, number: int, keep: set[int] | None) -> list[int]:
    """The same of each level, without a look at who could be there when."""
    return [_least(prices, keep) for prices in _by_anybody(facts, number)]


def _least(per_option: Ints, keep: set[int] | None) -> int:
    """The least price among the options that may still be needed."""
    if keep is not None:
        flats = sorted(keep)
        return int(per_option[flats].min()) if flats else 0
    return int(per_option.min()) if len(per_option) else 0


def prices_alone(facts: Facts, number: int, level: int) -> Ints:
    """Per option, a lower bound of an activity's price on a level: the option's own, and for each role the cheapest
    seats that it must take."""
    options, activity = facts.options[number], facts.problem.activities[number]
    if not facts.whole:
        return prices_by_anybody(facts, number, level)
    total: Ints = options.costs[level] + (activity.placed[level] if activity.placed else 0)
    for role in range(len(activity.roles)):
        seats = [seat for seat in facts.seats[number] if seat.role == role]
        if seats and _free(facts, seats, level):
            total = total + _missing(facts, number, seats, role) * DEAR
        elif seats:
            table = np.sort(_prices(facts, number, seats, level), axis=0)
            for mode_number, mode in enumerate(activity.modes):
                least, most = mode.least[role], mode.most[role]
                must = table[:least].sum(axis=0)
                gain = np.minimum(table[least:most], 0).sum(axis=0)
                total = np.where(options.mode == mode_number, total + must + gain, total)
    return total


def prices_by_anybody(facts: Facts, number: int, level: int) -> Ints:
    """The same, without a look at who could be there when."""
    return _by_anybody(facts, number)[level]


def _by_anybody(facts: Facts, number: int) -> list[Ints]:
    """The same for each level, without a look at who could be there when, nor at journeys, nights and pay, which are
    never below 0."""
    options, activity = facts.options[number], facts.problem.activities[number]
    totals = [own + placed for own, placed in zip(options.costs, activity.placed or repeat(0), strict=False)]
    for role, candidates in enumerate(activity.roles):
        kinds = Counter(candidate.costs for candidate in candidates)
        most = max((mode.most[role] for mode in activity.modes), default=0)
        for level in sorted({on for costs in kinds for on, _ in costs}):
            prices = sorted(
                price
                for costs, count in kinds.items()
                for price in [sum(price for on, price in costs if on == level)] * min(count, most)
            )
            per_mode = [
                sum(prices[: mode.least[role]]) + sum(min(0, one) for one in prices[mode.least[role] : mode.most[role]])
                for mode in activity.modes
            ]
            totals[level] = totals[level] + np.array(per_mode, dtype=np.int64)[options.mode]
    return totals


def _free(facts: Facts, seats: list[Seat], level: int) -> bool:
    """Whether no seat costs anything on a level."""
    return level != facts.problem.money and not any(on == level for seat in seats for on, _ in seat.candidate.costs)


def _missing(facts: Facts, number: int, seats: list[Seat], role: int) -> Ints:
    """Per option, how many of some seats that a role must take cannot be taken; of a role with fewer seats than that,
    how many of those that there are."""
    least = np.array([mode.least[role] for mode in facts.problem.activities[number].modes], dtype=np.int64)
    open_to = np.count_nonzero(np.stack([seat.possible for seat in seats]), axis=0)
    result: Ints = np.maximum(np.minimum(least, len(seats))[facts.options[number].mode] - open_to, 0)
    return result


def _prices(facts: Facts, number: int, seats: list[Seat], level: int) -> Ints:
    """Per seat and option, the price on a level; very dear where the seat is not possible."""
    costs = [sum(price for on, price in seat.candidate.costs if on == level) for seat in seats]
    prices = np.array(costs, dtype=np.int64)[:, None]
    if level == facts.problem.money:
        prices = prices + np.stack([facts.presences[number][seat.resource].least_money for seat in seats])
    result: Ints = np.where(np.stack([seat.possible for seat in seats]), prices, DEAR)
    return result
