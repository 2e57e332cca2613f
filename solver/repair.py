"""Repair: some activities are decided exactly while everything else stands as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from auditplan.solver.check import values, violations
from auditplan.solver.construct import construct, insertion_order
from auditplan.solver.exact import Limit, Result, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.state import State

LARGEST = 60_000
"""Presence literals up to which the exact model is built."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A sound solution with its figures; bounds: per level, what no other way to decide the same activities can go
    below, where it is as good on the levels before. work: deterministic work done."""

    solution: Solution
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    work: float


def repair(
    facts: Facts,
    solution: Solution,
    free: Collection[int],
    *,
    work: float,
    seconds: Callable[[], float] | None = None,
    seed: int = 0,
) -> Repaired:
    """Decides the activities of `free` level by level, all others standing as in a sound solution. work, seconds: at
    most; with neither left, what could be inserted at once is the answer."""
    best = _inserted(facts, solution, free)
    figures = values(facts.problem, best)
    active = tuple(sorted(free))
    state = State(facts, solution)
    for number in active:
        state.remove(number)
    task = Task(
        active=active,
        minimise=tuple(range(facts.problem.levels)),
        ceilings={},
        hint={number: best.choices[number] for number in active},
        seed=seed,
    )
    if not active or _size(facts, state, active) > LARGEST:
        return Repaired(best, figures, _lowest(figures, None, done=not active), 0.0)
    result = solve_exactly(facts, state, task, Limit(work, seconds))
    found = _with(best, result.choices)
    if found is not None and not violations(facts.problem, found):
        own = values(facts.problem, found)
        best, figures = (found, own) if own < figures else (best, figures)
    return Repaired(best, figures, _lowest(figures, result, done=False), result.work)


def _inserted(facts: Facts, solution: Solution, free: Collection[int]) -> Solution:
    """The solution with what is left out of the free activities inserted where it fits."""
    state = State(facts, solution)
    construct(facts, state, [number for number in insertion_order(facts) if number in free])
    return state.solution()


def _size(facts: Facts, state: State, active: Collection[int]) -> int:
    """Presence literals of the exact model, at most."""
    total = 0
    for number in active:
        people = {seat.resource for seat in facts.seats[number]}
        total += sum(int(state.fitting(number, person)[0].sum()) for person in people)
    return total


def _with(solution: Solution, choices: dict[int, Choice | None] | None) -> Solution | None:
    """A solution with some choices in place of its own."""
    if choices is None:
        return None
    return Solution(tuple(choices.get(number, own) for number, own in enumerate(solution.choices)))


def _lowest(figures: tuple[int, ...], result: Result | None, *, done: bool) -> tuple[int, ...]:
    """Bounds of the whole: a level's figure less what the solve leaves open of it; nothing known of a level after one
    that is not proven, but that no figure is below 0."""
    bounds = []
    for level, figure in enumerate(figures):
        if done:
            bounds.append(figure)
        elif result is not None and level in result.bounds:
            bounds.append(figure - (result.values[level] - result.bounds[level]))
            done = False
        else:
            bounds.append(min(figure, 0))
        if not done and (result is None or level not in result.proven):
            result = None
    return tuple(bounds)
