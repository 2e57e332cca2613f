"""Timelines: everything must be carried out and only the clock is dear. Against the exact model, and by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from auditplan.solver.check import values, violations
from auditplan.solver.exact import Limit, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.problem import (
    Activity,
    Apart,
    Candidate,
    Ceiling,
    Group,
    Mode,
    Precedence,
    Problem,
    Relation,
    Resource,
)
from auditplan.solver.solution import Budget, Outcome, Solution, Status
from auditplan.solver.solve import solve
from auditplan.solver.state import State
from auditplan.solver.timeline.course import constructed
from auditplan.solver.timeline.crews import Crowds
from auditplan.solver.timeline.improve import whole
from auditplan.solver.timeline.insertion import Inserter
from auditplan.solver.timeline.jobs import Timeline, timeline_of
from auditplan.solver.timeline.schedule import Schedule, counted, dealt_out, price

TICKS = 14
EVERY = (1 << TICKS) - 1


def job(length: int, people: tuple[tuple[int, ...], ...], demand: tuple[int, ...], slope: int = 0) -> Activity:
    """An activity that must be carried out: the people of each role, how many it takes, what a later start costs."""
    starts = tuple(range(TICKS - length + 1))
    prices = tuple(slope * start for start in starts)
    mode = Mode(
        least=demand,
        most=demand,
        starts=starts,
        ends=tuple(start + length for start in starts),
        costs=(prices, (), ()),
    )
    roles = tuple(tuple(Candidate(resource=person) for person in own) for own in people)
    return Activity(slots=EVERY, place=None, modes=(mode,), roles=roles)


def problem_of(
    activities: tuple[Activity, ...], people: int, relations: tuple[Relation, ...] = (), free: tuple[int, ...] = ()
) -> Problem:
    """A problem without journeys."""
    masks = free or (EVERY,) * people
    return Problem(
        ticks=TICKS,
        period=1,
        levels=3,
        money=1,
        balance=2,
        resources=tuple(Resource(free=mask, grid=EVERY, home=0) for mask in masks),
        activities=activities,
        relations=relations,
        legs={},
    )


def drawn(seed: int) -> Problem:
    """A random timeline: a few jobs for people of whom some are alike and some are away."""
    random = Random(f"timeline/{seed}")
    count, people = random.randrange(2, 6), random.randrange(2, 5)
    activities = []
    for _ in range(count):
        size = random.choice((1, 1, 2))
        able = [tuple(random.sample(range(people), random.randrange(1, people + 1))) for _ in range(size)]
        demand = tuple(random.randrange(1, 3) if len(own) > 1 else 1 for own in able)
        activities.append(job(random.randrange(1, 4), tuple(able), demand, random.choice((0, 0, 1, 2))))
    relations = [
        Precedence(first, second, random.randrange(3), random.choice((None, None, 3)))
        for first in range(count)
        for second in range(first + 1, count)
        if random.random() < 0.25
    ]
    away = [EVERY & ~(0b11 << random.randrange(TICKS)) if random.random() < 0.3 else EVERY for _ in range(people)]
    return problem_of(tuple(activities), people, tuple(relations), tuple(away))


def exact(problem: Problem) -> int | None:
    """The least figure of the first level by the exact model of options; None where there is no solution."""
    facts = Facts(problem)
    active = tuple(range(len(problem.activities)))
    result = solve_exactly(facts, State(facts), Task(active=active, minimise=(0,), ceilings={}, hint={}), Limit(1e6))
    assert result.infeasible or 0 in result.proven
    return None if result.choices is None else result.values[0]


def line_of(problem: Problem) -> Timeline:
    """The timeline of a problem that is one."""
    timeline = timeline_of(Facts(problem), 0)
    assert timeline is not None
    return timeline


def _compare(seed: int) -> None:
    """The engine on a timeline, and its parts, against the exact model."""
    problem = drawn(seed)
    best = exact(problem)
    timeline = timeline_of(Facts(problem), 0)
    if best is None or timeline is None:
        pytest.skip("no solution, or somebody is missing")
    outcome = solve(problem, Budget())
    assert outcome.status is Status.OPTIMAL
    assert outcome.values[0] == outcome.bounds[0] == best
    first = constructed(timeline, 0, lambda: False)
    if first is not None:
        _sound(problem, timeline, first_schedule := _counted(timeline, problem, first))
        _crowds(problem, timeline, first_schedule, best)
        for energy in (False, True):
            proof = whole(timeline, first_schedule, 1e6, 0, Limit(1e6), energy=energy)
            assert proof.bound == best
            assert proof.schedule is not None
            _sound(problem, timeline, proof.schedule)


def _crowds(problem: Problem, timeline: Timeline, begin: Schedule, best: int) -> None:
    """Whatever is asked of crowds, their bounds hold and their crews keep every rule."""
    crowds, schedule = Crowds(timeline, 0), begin
    for _ in range(6):
        found = crowds.run(schedule, Limit(1e6))
        assert found.bound is None or found.bound <= best
        assert found.schedule is not None
        _sound(problem, timeline, found.schedule)
        assert price(timeline, found.schedule) <= price(timeline, schedule)
        schedule = found.schedule


def _counted(timeline: Timeline, problem: Problem, solution: Solution) -> Schedule:
    """A complete solution as a schedule."""
    schedule = counted(timeline, Facts(problem), solution)
    assert schedule is not None
    return schedule


def _sound(problem: Problem, timeline: Timeline, schedule: Schedule) -> None:
    """A schedule's people keep every rule, and it costs what it says."""
    solution = dealt_out(timeline, schedule)
    assert violations(problem, solution) == ()
    assert values(problem, solution)[0] == price(timeline, schedule)


@pytest.mark.parametrize("seed", [*range(40), 185, 205])
def test_equals_the_exact_model(seed: int) -> None:
    """What the engine proves on timelines is what the exact model of options proves."""
    _compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 300))
def test_equals_the_exact_model_widely(seed: int) -> None:
    """The same on many more."""
    _compare(seed)


def test_three_for_two() -> None:
    """Three jobs of two ticks, each for one of two people alike: the last starts at tick 2."""
    both = ((0, 1),)
    last = job(1, ((2,),), (1,), slope=1)
    jobs = tuple(job(2, both, (1,)) for _ in range(3))
    problem = problem_of((*jobs, last), 3, tuple(Precedence(index, 3) for index in range(3)))
    outcome = solve(problem, Budget())
    assert outcome.status is Status.OPTIMAL
    assert outcome.values == (4, 0, 0)


def test_people_do_not_change_seats_in_the_middle() -> None:
    """Person 0 is away from tick 2 on, person 1 before it: neither could begin a job of four ticks before tick 2."""
    away = (EVERY & ~0b1111100, EVERY & ~0b0000011)
    problem = problem_of((job(4, ((0, 1),), (1,), slope=1),), 2, (), away)
    outcome = solve(problem, Budget())
    assert outcome.values[0] == 2


def test_people_are_taken_by_kind() -> None:
    """Those who may do the same at the same times are one kind."""
    problem = problem_of((job(1, ((0, 1, 2),), (2,), 1), job(1, ((2,),), (1,))), 3)
    assert sorted(line_of(problem).kinds) == [(0, 1), (2,)]


def test_insertion_knows_when_there_is_no_room() -> None:
    """Two jobs as long as the whole line for one person."""
    one = job(TICKS, ((0,),), (1,), 1)
    problem = problem_of((one, one), 1)
    timeline = line_of(problem)
    assert Inserter(timeline).several(5, Random(0), lambda: False) is None
    outcome: Outcome = solve(problem, Budget(effort=2))
    assert outcome.solution is None


@pytest.mark.parametrize("trait", ["may be left out", "ceiling", "apart", "group", "two lengths", "no line", "balance"])
def test_what_is_no_timeline(trait: str) -> None:
    """Traits that only the general engine knows."""
    plain = problem_of((job(2, ((0, 1),), (1,), 1), job(2, ((0, 1),), (1,))), 2)
    assert timeline_of(Facts(plain), 0) is not None
    first, second = plain.activities
    mode = first.modes[0]
    changed = {
        "may be left out": replace(plain, activities=(replace(first, left_out=(1, 0, 0)), second)),
        "ceiling": replace(
            plain, resources=(replace(plain.resources[0], ceilings=(Ceiling(3, 1),)), *plain.resources[1:])
        ),
        "apart": replace(plain, relations=(Apart(0, 1),)),
        "group": replace(plain, activities=(replace(first, groups=(Group((), required=False),)), second)),
        "two lengths": replace(
            plain, activities=(replace(first, modes=(replace(mode, ends=(mode.ends[0] - 1, *mode.ends[1:])),)), second)
        ),
        "no line": replace(
            plain, activities=(replace(first, modes=(replace(mode, costs=((9, *mode.costs[0][1:]), (), ())),)), second)
        ),
        "balance": replace(plain, balance=0),
    }
    assert timeline_of(Facts(changed[trait]), 0) is None


@pytest.mark.parametrize("seed", [3, 8])
def test_same_plan_whatever_the_threads(seed: int) -> None:
    """One thread and two find the same."""
    problem = drawn(seed)
    one, two = (solve(problem, Budget(effort=4), threads=threads, seed=5) for threads in (1, 2))
    assert (one.solution, one.bounds) == (two.solution, two.bounds)


def test_a_start_is_kept() -> None:
    """A sound start is never made worse, and its people may be as they are."""
    problem = drawn(3)
    best = solve(problem, Budget())
    again = solve(problem, Budget(effort=0.001), start=best.solution)
    assert again.values == best.values
