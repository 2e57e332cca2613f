"""What prices lead to: options and seats that no better solution needs, and a small exact model around the linear
program's columns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from auditplan.solver.columns.aims import Aim, Column, Linking
from auditplan.solver.columns.collect import all_columns, cheap_columns
from auditplan.solver.columns.generation import Generation
from auditplan.solver.columns.plans import TOO_DEAR
from auditplan.solver.columns.restricted import solve_columns
from auditplan.solver.columns.rows import Rows
from auditplan.solver.columns.wishes import wished
from auditplan.solver.exact import Limit, Result, Task
from auditplan.solver.facts import Facts
from auditplan.solver.links import MOST_LINKS
from auditplan.solver.state import State
from auditplan.solver.teams import fits

NEAR, NEAR_IN_ALL = 60, 6000
"""Columns per activity taken beside those of the linear program at first, and in all."""
ALL_COLUMNS, HALVINGS = 60_000, 10
"""Columns of a core at most, and how often the gap that it covers is halved to make it small enough."""
LINKS, CORE_LINKS = 300, 60_000
"""Links of one person at most where nothing is to be proved; links of everybody about as many as a proof may take, for
which all of them must be there."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A solve of all that may still be needed: its bound holds for the level."""

    result: Result


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


def solve_near(
    facts: Facts,
    generation: Generation,
    task: Task,
    limit: Limit,
    near: int,
    *,
    among: bool = False,
) -> Result:
    """A whole-number solve over the linear program's columns, the `near` cheapest of each activity beside them, and
    those of the hint; links between any two of them only with `among`."""
    state = State(facts)
    found = dict.fromkeys(_hinted(state, task))
    held = frozenset(found)
    sound = [one for one in generation.columns() if fits(facts, one.number, one.flat, one.team)]
    found |= dict.fromkeys(sound)
    most_each = min(near, max(NEAR_IN_ALL * near // NEAR // max(len(task.active), 1), 4))
    random, tariff, together = Random(task.seed + near), generation.tariff(), frozenset(task.active)
    for number in task.active:
        keep = None if task.keep is None else task.keep.get(number)
        found |= dict.fromkeys(cheap_columns(facts, state, number, keep, tariff, most_each, random, together))
    return _solve(facts, generation.aim, list(found), task, limit, Linking(held, among, LINKS))


@dataclass(frozen=True, slots=True)
class Core:
    """All columns that a solution with a figure of at most `reach` may hold (reduced-cost fixing). whole: no better
    solution than the best holds any other."""

    reach: float
    columns: list[Column]
    whole: bool


def core(facts: Facts, bounding: Generation, most: float, few: int, stopped: Callable[[], bool]) -> Core | None:
    """The core for the best figure `most`, or for one as near to the price bound as makes it `few` columns; None
    where they are more anyway, or somebody said stop. Seats that need not be filled stay empty: see `complete`."""
    bound = bounding.relaxed.bound
    for halving in range(HALVINGS):
        reach = bound + (most - bound) / 2**halving
        columns = all_columns(facts, bounding, reach, min(few, ALL_COLUMNS), stopped)
        if columns is not None:
            return Core(reach, columns, not halving)
    return None


def solve_core(facts: Facts, bounding: Generation, core: Core, task: Task, limit: Limit) -> Proven:
    """A whole-number solve over a core and the hint, with all links, which is a proof: either it finds a solution below
    the core's reach, or that is a bound. The columns must be `complete`."""
    hinted = _hinted(State(facts), task)
    columns = list(dict.fromkeys([*hinted, *core.columns]))
    people = {person for column in columns for team in column.team for person in team}
    linking = Linking(frozenset(hinted), most=max(MOST_LINKS, CORE_LINKS // max(len(people), 1)))
    result = _solve(facts, bounding.aim, columns, task, limit, linking)
    return Proven(result if core.whole else _within(result, bounding.aim.level, math.ceil(core.reach - 1e-6)))


def _within(result: Result, level: int, reach: int) -> Result:
    """What a solve over the columns of all solutions below `reach` proves: nothing above that."""
    if result.infeasible or level in result.bounds:
        result.bounds[level] = min(result.bounds.get(level, reach), reach)
        result.infeasible = False
        result.proven.discard(level)
    return result


def _solve(facts: Facts, aim: Aim, columns: list[Column], task: Task, limit: Limit, linking: Linking) -> Result:
    """The whole-number solve over some columns, and those that a relation wishes for."""
    aim = replace(aim, keep=task.keep or {})
    columns = list(dict.fromkeys([*columns, *(Column(*way) for way in wished(facts, aim.active, aim.keep))]))
    return solve_columns(Rows(facts, aim, columns=columns, linking=linking), columns, task.hint, task.seed, limit)


def _hinted(state: State, task: Task) -> list[Column]:
    """The columns of the hint."""
    return [
        Column(number, state.option(number, choice), choice.team)
        for number, choice in task.hint.items()
        if choice is not None
    ]
