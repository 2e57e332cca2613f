"""What the engine promises of its plans: more effort is never worse, and goes the same way further."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from auditplan.solver.check import values
from auditplan.solver.problem import Activity, Candidate, Cover, Group, Leg, Mode, Problem, Resource
from auditplan.solver.solution import Budget, Outcome, Solution
from auditplan.solver.solve import solve

TICKS = 40
EFFORTS = (1.0, 2.5, 5.0, 9.0)


def crowded(seed: int) -> Problem:
    """More than some people can do, at three places; too large for one exact solve at the start."""
    random = Random(seed)
    people = 8
    every = (1 << TICKS) - 1
    resources = tuple(Resource(free=every, grid=every, home=person % 3, rate=person % 2) for person in range(people))
    activities = []
    for _ in range(44):
        able = sorted(random.sample(range(people), 5))
        first, length = random.randrange(TICKS - 16), random.randrange(2, 7)
        starts = tuple(range(first, first + 16 - length))
        mode = Mode(least=(1, 1), most=(1, 1), starts=starts, ends=tuple(start + length for start in starts))
        need = Group(tuple(Cover(resource=person, roles=(0, 1)) for person in able[:3]))
        activities.append(
            Activity(
                slots=every,
                place=random.randrange(3),
                modes=(mode,),
                roles=(tuple(map(_candidate, able[:4])), tuple(map(_candidate, able))),
                groups=(need,),
                left_out=(random.randrange(1, 9), 0),
            )
        )
    legs = {(one, other): Leg(1, 7 + one + other) for one in range(3) for other in range(3) if one != other}
    return Problem(
        ticks=TICKS,
        period=2,
        levels=2,
        money=1,
        balance=1,
        resources=resources,
        activities=tuple(activities),
        legs=legs,
        night=3,
    )


def _candidate(person: int) -> Candidate:
    """Somebody with nothing special."""
    return Candidate(resource=person)


def _never_worse(problem: Problem) -> list[Outcome]:
    """The outcomes of more and more effort, each no worse than the one before."""
    outcomes = [solve(problem, Budget(effort=effort), seed=2) for effort in EFFORTS]
    for less, more in pairwise(outcomes):
        assert more.values <= less.values
        equal = [one == other for one, other in zip(less.values, more.values, strict=True)]
        first = equal.index(False) if False in equal else len(equal)
        for level in range(min(first + 1, len(equal))):
            assert more.bounds[level] >= less.bounds[level]
    return outcomes


@pytest.mark.parametrize("seed", range(2))
def test_more_effort_is_never_worse(seed: int) -> None:
    """Neither figures nor bounds, through construction, prices, dives and exact solves."""
    outcomes = _never_worse(crowded(seed))
    assert outcomes[-1].values < outcomes[0].values or outcomes[0].values == outcomes[0].bounds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_more_effort_is_never_worse_widely(seed: int) -> None:
    """The same on more, out and back as well."""
    _never_worse(replace(crowded(seed), straight=seed % 2 == 0))


def test_what_was_made_for_another_problem_is_fitted_to_this_one() -> None:
    """One person does nothing any more: what they did is left out at first. Never worse than that, nor than with less
    effort; the same whatever the number of threads."""
    problem = crowded(1)
    made = solve(problem, Budget(effort=2.5), seed=2).solution
    assert made is not None
    gone = replace(problem.resources[0], free=0)
    other = replace(problem, resources=(gone, *problem.resources[1:]))
    kept = [None if choice is None or any(0 in people for people in choice.team) else choice for choice in made.choices]
    start = Solution(tuple(kept))
    outcomes = [
        solve(other, Budget(effort=effort), seed=2, start=start, adapt=True, threads=threads)
        for effort, threads in ((1.0, 1), (2.5, 2), (6.0, 1), (6.0, 2))
    ]
    figures = [values(other, start), *(outcome.values for outcome in outcomes)]
    assert all(more <= less for less, more in pairwise(figures))
    assert outcomes[-1] == replace(outcomes[-2], seconds=outcomes[-1].seconds, first_seconds=outcomes[-1].first_seconds)
    assert figures[-1] < figures[0]
