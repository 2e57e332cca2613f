"""Staying as it was: a relation that counts whole choices, adoption of choices made elsewhere, and repairs beside what
stands, against brute force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest

from auditplan.solver.adopt import adopt
from auditplan.solver.check import kept, values, violations
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Activity, Kept, Problem
from auditplan.solver.repair import repair
from auditplan.solver.solution import Budget, Choice, Solution, Status
from auditplan.solver.solve import solve

Maker = Callable[[int], Problem]


def _teams(activity: Activity, mode: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to fill the roles."""
    per_role = []
    shape = activity.modes[mode]
    for role, candidates in enumerate(activity.roles):
        people = sorted({candidate.resource for candidate in candidates})
        sizes = range(shape.least[role], min(shape.most[role], len(people)) + 1)
        per_role.append([team for size in sizes for team in combinations(people, size)])
    yield from product(*per_role)


def _solutions(problem: Problem, fixed: dict[int, Choice | None] | None = None) -> list[Solution]:
    """Every sound solution; the activities of `fixed` as they are there."""
    options: list[list[Choice | None]] = []
    for number, activity in enumerate(problem.activities):
        if fixed is not None and number in fixed:
            options.append([fixed[number]])
            continue
        every = [
            Choice(mode, option, team)
            for mode in range(len(activity.modes))
            for option in range(len(activity.modes[mode].starts))
            for team in _teams(activity, mode)
        ]
        alone: list[Choice | None] = [None] * len(problem.activities)
        sound: list[Choice | None] = [None]
        for choice in every:
            alone[number] = choice
            if all(one.code in {"precedence", "kept"} for one in violations(problem, Solution(tuple(alone)))):
                sound.append(choice)
        options.append(sound)
    total = 1
    for own in options:
        total *= len(own)
    if total > 20_000:
        pytest.skip("too many combinations for brute force")
    every_one = (Solution(choices) for choices in product(*options))
    return [solution for solution in every_one if not violations(problem, solution)]


def _wishing(problem: Problem, seed: int) -> tuple[Problem, Solution] | None:
    """The problem with a random sound solution of it that must be kept in part; None where nothing is placed in it."""
    random = Random(seed)
    plain = _solutions(problem)
    before = random.choice(plain)
    ways = {number: choice for number, choice in enumerate(before.choices) if choice is not None}
    if not ways:
        return None
    least = random.randrange(len(ways) + 1)
    relation = Kept(tuple(ways), tuple((one.mode, one.option, one.team) for one in ways.values()), least)
    return replace(problem, relations=(*problem.relations, relation)), before


def _compare(problem: Problem, before: Solution, seed: int) -> None:
    """The best plan that keeps so much, by the engine and by brute force."""
    best = min(values(problem, solution) for solution in _solutions(problem))
    outcome = solve(problem, Budget(effort=40.0), seed=seed, start=before)
    assert outcome.solution is not None
    assert violations(problem, outcome.solution) == ()
    assert outcome.values == best
    assert all(bound <= value for bound, value in zip(outcome.bounds, best, strict=True))


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("seed", range(25))
def test_so_much_is_kept_at_least(
    make_problem: Maker, seed: int, columns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With exact solves of the whole, and with prices and columns alone."""
    wishing = _wishing(make_problem(seed), seed)
    if wishing is None:
        pytest.skip("nothing is placed")
    if columns:
        monkeypatch.setattr("auditplan.solver.solve.SMALL_MODEL", -1)
    _compare(*wishing, seed)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("seed", range(25, 150))
def test_so_much_is_kept_at_least_widely(
    make_problem: Maker, seed: int, columns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same on many more."""
    wishing = _wishing(make_problem(seed), seed)
    if wishing is None:
        pytest.skip("nothing is placed")
    if columns:
        monkeypatch.setattr("auditplan.solver.solve.SMALL_MODEL", -1)
    _compare(*wishing, seed)


def test_what_is_asked_to_be_kept_is_checked(make_problem: Maker) -> None:
    """A solution that keeps less is no sound one."""
    for seed in range(10):
        wishing = _wishing(make_problem(seed), seed)
        if wishing is None:
            continue
        problem, before = wishing
        [relation] = [one for one in problem.relations if isinstance(one, Kept)]
        assert kept(relation, before.choices) == len(relation.activities)
        nothing = Solution((None,) * len(problem.activities))
        codes = {violation.code for violation in violations(problem, nothing)}
        assert ("kept" in codes) == (relation.least > 0)


@pytest.mark.parametrize("seed", range(25))
def test_repairs_are_the_best_beside_what_stands(make_problem: Maker, seed: int) -> None:
    """Some activities decided exactly while all others stand, level by level, with bounds that hold."""
    problem, random = make_problem(seed), Random(seed)
    before = random.choice(_solutions(problem))
    numbers = range(len(problem.activities))
    free = frozenset(number for number in numbers if random.random() < 0.5)
    standing = {number: before.choices[number] for number in numbers if number not in free}
    best = min(values(problem, solution) for solution in _solutions(problem, standing))
    found = repair(Facts(problem), before, free, work=10.0)
    assert violations(problem, found.solution) == ()
    assert found.values == values(problem, found.solution) == best
    assert found.bounds == best


@pytest.mark.parametrize("seed", range(25))
def test_a_sound_solution_is_adopted_as_it_is(make_problem: Maker, seed: int) -> None:
    """Whatever the order of its choices; and where a person has become unavailable, what is left is sound."""
    problem, random = make_problem(seed), Random(seed)
    before = random.choice(_solutions(problem))
    pairs = [(number, choice) for number, choice in enumerate(before.choices) if choice is not None]
    random.shuffle(pairs)
    assert adopt(Facts(problem), pairs) == before
    gone = tuple(replace(person, free=person.free & ~0b1111_0000) for person in problem.resources)
    less = replace(problem, resources=gone)
    left = adopt(Facts(less), pairs)
    assert violations(less, left) == ()
    assert all(own in {None, was} for own, was in zip(left.choices, before.choices, strict=True))


def test_a_start_that_keeps_everything_is_proven_at_once_where_nothing_else_is_cheaper(make_problem: Maker) -> None:
    """To keep all is to have one solution."""
    problem = make_problem(3)
    outcome = solve(problem, Budget())
    assert outcome.solution is not None
    ways = {number: one for number, one in enumerate(outcome.solution.choices) if one is not None}
    relation = Kept(tuple(ways), tuple((one.mode, one.option, one.team) for one in ways.values()), len(ways))
    again = solve(replace(problem, relations=(*problem.relations, relation)), Budget(), start=outcome.solution)
    assert again.status is Status.OPTIMAL
    assert again.values == outcome.values
