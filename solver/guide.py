"""What prices lead to: options and seats that no better solution needs, and a small exact model around the linear
program's columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from auditplan.solver.columns.generation import Generation
from auditplan.solver.columns.rows import Column
from auditplan.solver.columns.teams import TOO_DEAR
from auditplan.solver.exact import Limit, Result, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.solution import Choice
from auditplan.solver.state import State

NEAR = 5
"""Options per activity taken beside those of the linear program, the cheapest at its prices."""


@dataclass(frozen=True, slots=True)
class Enough:
    """What is enough for every solution at most as dear as the one it was found for: options and seats of each
    activity, and the activities that must be carried out."""

    keep: dict[int, set[int]]
    seats: dict[int, set[tuple[int, int]]]
    forced: set[int]


def enough_for(generation: Generation, most: float, stopped: Callable[[], bool]) -> Enough | None:
    """What solutions may need whose own part of the level is at most `most` (reduced-cost fixing); None: nothing is
    known, or somebody said stop."""
    relaxed = generation.relaxed
    if relaxed.price is None or most < relaxed.bound:
        return None
    spare = most - relaxed.bound + 1e-6 * max(1.0, abs(most))
    tariff = generation.tariff()
    found = Enough({}, {}, set())
    for number, pricer in generation.pricers.items():
        if stopped():
            return None
        prices = pricer.cheapest(tariff).price
        out = generation.left_out_price(number, tariff)
        base = min(float(prices.min(initial=np.inf)), out)
        found.keep[number] = set(pricer.flats[prices <= min(base + spare, TOO_DEAR)].tolist())
        if out > base + spare:
            found.forced.add(number)
        each = pricer.with_each_seat(tariff)
        found.seats[number] = {
            (seat.role, seat.resource)
            for seat, price in zip(pricer.seats, each.tolist(), strict=True)
            if price <= min(base + spare, TOO_DEAR)
        }
    return found


def solve_near(facts: Facts, generation: Generation, task: Task, limit: Limit, near: int = NEAR) -> Result:
    """An exact solve with the options and people of the linear program's columns, those almost as cheap, and those of
    the hint. What it finds is a solution, what it proves is nothing of the whole."""
    state, tariff = State(facts), generation.tariff()
    seats: dict[int, set[tuple[int, int]]] = {number: _seats(task.hint.get(number)) for number in task.active}
    keep: dict[int, set[int]] = {number: set() for number in task.active}
    for number, choice in task.hint.items():
        if choice is not None:
            keep[number].add(state.option(number, choice))
    for column in generation.relaxed.used:
        _take(column, keep, seats)
    for number, pricer in generation.pricers.items():
        offers = pricer.cheapest(tariff)
        for position in np.argsort(offers.price, kind="stable")[:near].tolist():
            team = pricer.team(offers, position)
            if team is not None:
                _take(Column(number, int(pricer.flats[position]), team), keep, seats)
    narrowed = facts.with_seats(seats)
    found = solve_exactly(narrowed, State(narrowed), replace(task, keep=keep), limit)
    return Result(choices=found.choices, values=found.values, work=found.work)


def _take(column: Column, keep: dict[int, set[int]], seats: dict[int, set[tuple[int, int]]]) -> None:
    """Adds a column's option and seats."""
    keep[column.number].add(column.flat)
    seats[column.number] |= {(role, person) for role, team in enumerate(column.team) for person in team}


def _seats(choice: Choice | None) -> set[tuple[int, int]]:
    """The seats that a choice takes."""
    if choice is None:
        return set()
    return {(role, person) for role, team in enumerate(choice.team) for person in team}
