"""What is made of linear programs: rounded and dived solutions are sound, and interior points find the same optimum."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from auditplan.solver.check import violations
from auditplan.solver.columns import generation as generations
from auditplan.solver.columns.dive import Dive
from auditplan.solver.columns.generation import Generation, Relaxed
from auditplan.solver.columns.master import Master
from auditplan.solver.columns.rounding import rounded
from auditplan.solver.course import Course
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Budget
from auditplan.solver.solve import solve
from auditplan.solver.standing import Standing
from auditplan.solver.state import State

Maker = Callable[[int], Problem]


def never() -> bool:
    """Nobody says stop."""
    return False


def ended(problem: Problem) -> tuple[Facts, Generation, Relaxed]:
    """Column generation of the first level, at its end."""
    facts = Facts(problem)
    standing = Standing(facts, State(facts).solution())
    aim = Course(standing, 0)._aim()
    generation = Generation(facts, aim, standing.solution.choices)
    return facts, generation, generation.run(1e9, never)


@pytest.mark.parametrize("seed", range(25))
def test_what_a_program_leads_to_is_sound(make_problem: Maker, seed: int) -> None:
    """A rounded and a dived solution break no rule."""
    facts, generation, relaxed = ended(make_problem(seed))
    guide = generation.guide()
    if guide is None:
        pytest.skip("nothing can be placed")
    found = [
        rounded(facts, generation.aim, relaxed.used, guide, seed, never),
        Dive(facts, generation, guide, seed).run(1e9, never),
    ]
    for solution in found:
        assert solution is None or violations(facts.problem, solution) == ()
    assert found[0] is not None or found[1] is not None or facts.problem.relations


@pytest.mark.parametrize("seed", range(25))
def test_interior_points_end_where_the_simplex_method_does(
    make_problem: Maker, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both give the same bound, which no solution beats."""
    problem = make_problem(seed)
    _, _, corner = ended(problem)
    monkeypatch.setattr(Master, "_simplex", lambda _self, _iterations: False)
    monkeypatch.setattr(generations, "COLUMNS_EACH", 1)
    _, _, middle = ended(problem)
    best = solve(problem, Budget()).values[0]
    assert middle.bound == pytest.approx(corner.bound, abs=1e-2)
    assert middle.bound <= best + 1e-6


@pytest.mark.parametrize("seed", range(25))
def test_a_dive_beside_what_stands_moves_nothing_of_it(make_problem: Maker, seed: int) -> None:
    """Only what is free is decided anew, and the whole is sound."""
    facts, generation, _ = ended(make_problem(seed))
    guide, before = generation.guide(), solve(facts.problem, Budget(effort=1.0)).solution
    if guide is None or before is None:
        pytest.skip("nothing can be placed")
    free = frozenset(number for number in generation.aim.active if number % 2 == seed % 2)
    found = Dive(facts, generation, guide, seed, beside=(before, free)).run(1e9, never)
    if found is not None:
        assert violations(facts.problem, found) == ()
        pairs = enumerate(zip(before.choices, found.choices, strict=True))
        assert all(one == other for number, (one, other) in pairs if number not in free)


def test_a_dive_ends_when_its_work_is_done(make_problem: Maker) -> None:
    """No work left means that everything is filled at once, not that there is no solution."""
    facts, generation, _ = ended(make_problem(3))
    guide = generation.guide()
    assert guide is not None
    dive = Dive(facts, generation, guide, 0, most=0.0)
    assert dive.run(1e9, never) is not None
    assert dive.work == 0.0


def test_a_stopped_dive_has_no_solution(make_problem: Maker) -> None:
    """Whoever says stop wants no half-made plan."""
    facts, generation, _ = ended(make_problem(3))
    guide = generation.guide()
    assert guide is not None
    assert Dive(facts, generation, guide, 0).run(1e9, lambda: True) is None


@pytest.mark.parametrize("seed", range(12))
def test_a_dive_in_parts_is_the_same_dive(make_problem: Maker, seed: int) -> None:
    """Where it stops for a while changes nothing."""
    facts, generation, _ = ended(make_problem(seed))
    guide = generation.guide()
    if guide is None:
        pytest.skip("nothing can be placed")
    parts, found = Dive(facts, generation, guide, seed), None
    while not parts.ended:
        found = parts.run(1e-6, never)
    whole = Dive(facts, generation, guide, seed)
    assert whole.run(1e9, never) == found
    assert whole.work == parts.work
