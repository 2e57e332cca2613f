"""Cores: all columns that a solution near the price bound may hold, and what a solve over them proves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from auditplan.solver.columns.collect import complete
from auditplan.solver.columns.generation import Generation
from auditplan.solver.course import Course
from auditplan.solver.exact import Limit
from auditplan.solver.facts import Facts
from auditplan.solver.guide import Core, core, solve_core
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Budget
from auditplan.solver.solve import solve
from auditplan.solver.standing import Standing
from auditplan.solver.state import State

Maker = Callable[[int], Problem]


def never() -> bool:
    """Nobody says stop."""
    return False


def _check(problem: Problem, straight: bool) -> int:
    """Cores of growing reach on the first level: none bounds above the optimum, and the one that reaches it finds it.
    Gives how many were solved."""
    problem = replace(problem, straight=straight)
    facts = Facts(problem)
    standing = Standing(facts, State(facts).solution())
    course = Course(standing, 0)
    generation = Generation(facts, course._aim(), standing.solution.choices)
    generation.run(1e9, never)
    if not complete(facts, generation.aim) or standing.incomplete or generation.relaxed.price is None:
        return 0
    best, worst = solve(problem, Budget()).values[0], standing.own_value(0)
    own = best - (standing.values[0] - worst)
    bound, solved = generation.relaxed.bound, 0
    for share in (0.0, 0.1, 0.5, 1.0):
        reach = bound + share * (own - bound)
        found = core(facts, generation, reach, 10_000, never)
        assert found is not None
        near = Core(found.reach, found.columns, whole=False)
        result = solve_core(facts, generation, near, course.task(), Limit(10.0)).result
        assert result.whole
        assert result.bounds[0] <= own
        assert result.bounds[0] >= min(own, reach - 1e-6)
        if share == 1.0:
            assert result.values[0] == own
        solved += 1
    return solved


@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_a_core_proves_no_more_than_is_so_and_no_less_than_it_reaches(
    make_problem: Maker, seed: int, straight: bool
) -> None:
    """Nothing above the best solution, which the core that reaches it holds."""
    _check(make_problem(seed), straight)


@pytest.mark.slow
@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("seed", range(30, 400))
def test_cores_widely(make_problem: Maker, seed: int, straight: bool) -> None:
    """The same on many more."""
    _check(make_problem(seed), straight)


def test_some_cores_are_solved(make_problem: Maker) -> None:
    """The random problems are not all of a kind that gives no core."""
    assert sum(_check(make_problem(seed), straight=True) > 0 for seed in range(30)) > 10
