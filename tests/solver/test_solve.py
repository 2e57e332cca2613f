"""The engine against brute force on tiny problems, and its promises: bounds, determinism, monotony."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

import pytest

from auditplan.solver.check import values, violations
from auditplan.solver.course import Course
from auditplan.solver.exact import Limit
from auditplan.solver.facts import Facts
from auditplan.solver.improve import Improver
from auditplan.solver.problem import Activity, Candidate, Mode, Precedence, Problem, Resource
from auditplan.solver.solution import Budget, Choice, Solution, Status
from auditplan.solver.solve import solve
from auditplan.solver.standing import Standing

Maker = Callable[[int], Problem]


def _teams(activity: Activity, least: tuple[int, ...], most: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to fill the roles."""
    per_role = []
    for role, candidates in enumerate(activity.roles):
        people = sorted({candidate.resource for candidate in candidates})
        sizes = range(least[role], min(most[role], len(people)) + 1)
        per_role.append([team for size in sizes for team in combinations(people, size)])
    yield from product(*per_role)


def _choices(problem: Problem, number: int) -> list[Choice | None]:
    """Every choice that is sound by itself."""
    activity = problem.activities[number]
    found: list[Choice | None] = [None]
    alone: list[Choice | None] = [None] * len(problem.activities)
    for index, mode in enumerate(activity.modes):
        for option in range(len(mode.starts)):
            for team in _teams(activity, mode.least, mode.most):
                choice = Choice(index, option, team)
                alone[number] = choice
                broken = violations(problem, Solution(tuple(alone)))
                if all(violation.code in {"precedence"} for violation in broken):
                    found.append(choice)
    return found


def _best(problem: Problem) -> tuple[int, ...]:
    """The least figures over every solution."""
    options = [_choices(problem, number) for number in range(len(problem.activities))]
    best: tuple[int, ...] | None = None
    for choices in product(*options):
        solution = Solution(tuple(choices))
        figures = values(problem, solution)
        if (best is None or figures < best) and not violations(problem, solution):
            best = figures
    assert best is not None
    return best


def _size(problem: Problem) -> int:
    """How many combinations brute force looks at."""
    total = 1
    for number in range(len(problem.activities)):
        total *= len(_choices(problem, number))
    return total


def _compare(problem: Problem) -> None:
    """The engine's figures, bounds and solution against brute force."""
    outcome = solve(problem, Budget())
    assert outcome.status is Status.OPTIMAL
    assert outcome.solution is not None
    assert violations(problem, outcome.solution) == ()
    assert values(problem, outcome.solution) == outcome.values == outcome.bounds == _best(problem)


@pytest.mark.parametrize("seed", range(60))
def test_equals_brute_force(make_problem: Maker, seed: int) -> None:
    """Every level is as brute force finds it, and proven."""
    problem = make_problem(seed)
    if _size(problem) > 20_000:
        pytest.skip("too many combinations for brute force")
    _compare(problem)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60, 360))
def test_equals_brute_force_widely(make_problem: Maker, seed: int) -> None:
    """The same on many more."""
    problem = make_problem(seed)
    if _size(problem) > 20_000:
        pytest.skip("too many combinations for brute force")
    _compare(problem)


@pytest.mark.parametrize("seed", range(5))
def test_same_with_one_and_two_threads(make_problem: Maker, seed: int) -> None:
    """Threads do not change the solution."""
    problem = make_problem(seed)
    one = solve(problem, Budget(effort=5), threads=1, seed=3)
    two = solve(problem, Budget(effort=5), threads=2, seed=3)
    assert one.solution == two.solution
    assert one.bounds == two.bounds


def test_stop_signal_gives_the_best_so_far(make_problem: Maker) -> None:
    """A stop at once still gives a sound solution."""
    problem = make_problem(1)
    outcome = solve(problem, Budget(), stop=lambda: True)
    assert outcome.solution is not None
    assert violations(problem, outcome.solution) == ()


def test_start_is_never_lost(make_problem: Maker) -> None:
    """A sound start is never made worse."""
    for seed in range(10):
        problem = make_problem(seed)
        best = solve(problem, Budget())
        again = solve(problem, Budget(effort=0.001), start=best.solution)
        assert again.values == best.values


def _compare_columns(problem: Problem, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices, columns and repairs, without the exact model that small problems get first, against brute force."""
    if _size(problem) > 30_000:
        pytest.skip("too many combinations for brute force")
    monkeypatch.setattr("auditplan.solver.solve.SMALL_MODEL", -1)
    best = _best(problem)
    outcome = solve(problem, Budget(effort=40.0), seed=seed)
    assert outcome.solution is not None
    assert violations(problem, outcome.solution) == ()
    assert outcome.values == best
    assert all(bound <= value for bound, value in zip(outcome.bounds, best, strict=True))


@pytest.mark.parametrize("seed", range(30))
def test_columns_equal_brute_force(make_problem: Maker, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What prices and columns find and prove is so."""
    _compare_columns(make_problem(seed), seed, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 400))
def test_columns_equal_brute_force_widely(make_problem: Maker, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on many more."""
    _compare_columns(make_problem(seed), seed, monkeypatch)


def test_repairs_move_what_something_follows() -> None:
    """The first of two is late; only if both move together is there room for the second. No price says so."""
    every = (1 << 24) - 1
    people = tuple(Resource(free=every, grid=every, home=0) for _ in range(2))

    def one(person: int, starts: tuple[int, ...], length: int) -> Activity:
        mode = Mode(least=(1,), most=(1,), starts=starts, ends=tuple(start + length for start in starts))
        roles = ((Candidate(resource=person),),)
        return Activity(slots=every, place=None, modes=(mode,), roles=roles, left_out=(1, 0))

    problem = Problem(
        ticks=24,
        period=2,
        levels=2,
        money=1,
        balance=1,
        resources=people,
        activities=(one(0, tuple(range(20)), 2), one(1, tuple(range(20)), 2), one(1, tuple(range(4, 20)), 2)),
        relations=(Precedence(0, 1, 4),),
        legs={},
        night=0,
    )
    late = Solution((Choice(0, 19, ((0,),)), None, Choice(0, 0, ((1,),))))
    facts = Facts(problem)
    ground = Course(Standing(facts, late), 0).ground()
    better, _ = Improver([0, 1, 2], 0).run(ground, late, values(problem, late), Limit(0.2))
    assert values(problem, better)[0] == 0
