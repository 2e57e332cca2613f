"""The cheapest way to insert one activity, against every team there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

import numpy as np
import pytest

from auditplan.solver.cheapest import Cheapest, Usable
from auditplan.solver.check import violations
from auditplan.solver.construct import usable_seats
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Activity, Candidate, Cover, Group, Mode, Problem, Resource
from auditplan.solver.solution import Budget
from auditplan.solver.solve import solve
from auditplan.solver.state import State
from auditplan.solver.teams import fits

LEVELS = np.array([1000.0, 100.0, 1.0])
Team = tuple[tuple[int, ...], ...]


@pytest.mark.parametrize("chunk", range(4))
def test_the_first_way_is_the_cheapest(chunk: int, make_problem: Callable[[int], Problem]) -> None:
    """No team under any option costs less than the first way, which is sound or a relaxation."""
    sound = 0
    for seed in range(chunk * 100, chunk * 100 + 100):
        problem = make_problem(seed)
        facts = Facts(problem)
        usable = usable_seats(facts, State(facts), len(problem.activities) - 1)
        if usable.seats:
            sound += _compare(facts, len(problem.activities) - 1, usable)
    assert sound > 20


def _compare(facts: Facts, number: int, usable: Usable) -> bool:
    """Compares the ways of one activity with all there are; whether the first is sound as it is."""
    cheapest = Cheapest.beside(facts, number, usable, LEVELS)
    ways = list(cheapest.ways(1000))
    every = {
        (flat, team): _price(facts, number, usable, flat, team)
        for flat in range(len(facts.options[number]))
        for team in _teams(facts, number, usable, flat)
        if fits(facts, number, flat, team)
    }
    assert [price for *_, price in ways] == sorted(price for *_, price in ways)
    for flat, team, price in ways:
        assert price >= cheapest.least[flat] - 1e-6
        assert round(price) == _price(facts, number, usable, flat, team)
    if not every:
        return False
    flat, team, price = ways[0]
    assert round(price) <= min(every.values())
    return (flat, team) in every


def _teams(facts: Facts, number: int, usable: Usable, flat: int) -> Iterator[Team]:
    """Every team of usable seats under an option."""
    mode = facts.problem.activities[number].modes[int(facts.options[number].mode[flat])]
    pools = [
        [
            seat.resource
            for seat, possible in zip(usable.seats, usable.possible[:, flat], strict=True)
            if seat.role == role and possible
        ]
        for role in range(len(mode.least))
    ]
    sizes = [range(least, most + 1) for least, most in zip(mode.least, mode.most, strict=True)]
    drawn = [
        [team for size in own for team in combinations(pool, size)] for own, pool in zip(sizes, pools, strict=True)
    ]
    for team in product(*drawn):
        people = [person for role in team for person in role]
        if len(set(people)) == len(people):
            yield tuple(tuple(sorted(role)) for role in team)


def _price(facts: Facts, number: int, usable: Usable, flat: int, team: Team) -> int:
    """What an option and a team cost by the levels' weights."""
    activity, options = facts.problem.activities[number], facts.options[number]
    total: float = sum(
        weight * (costs[flat] + placed)
        for weight, costs, placed in zip(LEVELS.tolist(), options.costs, activity.placed, strict=True)
    )
    for row, seat in enumerate(usable.seats):
        if seat.resource in team[seat.role]:
            own = sum(float(LEVELS[on]) * price for on, price in seat.candidate.costs)
            total += float(usable.money[row, flat]) + own
    return round(total)


def test_more_groups_than_bits() -> None:
    """An activity may need any number of groups: each is met, though only so many are told apart as bits."""
    every = (1 << 8) - 1
    people = 80
    groups = tuple(
        Group((Cover(resource=number % 2, roles=(0, 1)), Cover(resource=2 + number, roles=(1,))))
        for number in range(70)
    )
    single = Mode(least=(1, 0), most=(1, 0), starts=(0, 2), ends=(2, 4))
    pair = Mode(least=(1, 1), most=(1, 1), starts=(0, 2), ends=(2, 4))
    seats = tuple(Candidate(resource=person) for person in range(people))
    activity = Activity(
        slots=every, place=None, modes=(single, pair), roles=(seats, seats), groups=groups, left_out=(5, 0, 0)
    )
    problem = Problem(
        ticks=8,
        period=2,
        levels=3,
        money=1,
        balance=2,
        resources=tuple(Resource(free=every, grid=every, home=0) for _ in range(people)),
        activities=(activity, activity, activity),
        legs={},
    )
    outcome = solve(problem, Budget(effort=20.0))
    assert outcome.solution is not None
    assert violations(problem, outcome.solution) == ()
    assert (outcome.values[0], outcome.bounds[0]) == (5, 5)
