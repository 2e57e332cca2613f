"""Repair: some activities are decided exactly while everything else stands as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from auditplan.solver.check import values, violations
from auditplan.solver.construct import best_choice, construct, insertion_order
from auditplan.solver.exact import Limit, Result, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.state import State

LARGEST = 60_000
"""Presence literals up to which the exact model is built."""


FIRST_ROLE = 3
"""Weight of somebody who can take the first role, against others."""


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
    keep: dict[int, set[int]] | None = None,
    levels: int | None = None,
    begun: Callable[[], None] | None = None,
) -> Repaired:
    """Decides the activities of `free` level by level, all others standing as in a sound solution. work, seconds: at
    most; with neither left, what could be inserted at once is the answer. keep: the options that may be used (None:
    all); levels: how many, from the first on (None: all); begun: called whenever a solver begins."""
    active = tuple(sorted(free))
    state = State(facts, solution).remembering()
    best = _inserted(facts, state.apart(), free)
    figures = values(facts.problem, best)
    for number in active:
        state.remove(number)
    task = Task(
        active=active,
        minimise=tuple(range(facts.problem.levels if levels is None else levels)),
        ceilings={},
        hint={number: best.choices[number] for number in active},
        keep=keep,
        seed=seed,
        probing=False,
    )
    if not active or _size(facts, state, active, keep or {}) > LARGEST:
        return Repaired(best, figures, _lowest(figures, None, done=not active), 0.0)
    result = solve_exactly(facts, state, task, Limit(work, seconds, begun=begun))
    found = _with(best, result.choices)
    if found is not None and not violations(facts.problem, found):
        own = values(facts.problem, found)
        best, figures = (found, own) if own < figures else (best, figures)
    return Repaired(best, figures, _lowest(figures, result if facts.whole else None, done=False), result.work)


def neighbours(facts: Facts, solution: Solution, number: int, most: int) -> list[int]:
    """Activities carried out while another one could be, by people whom it could use: those whose moving is likeliest
    to make room for it first. Who can take its first role counts most."""
    own, options = facts.seats[number], facts.options[number]
    if not len(options):
        return []
    first, last = int(options.start.min()), int(options.end.max())
    first_role = {seat.resource for seat in own if seat.role == 0}
    others = {seat.resource for seat in own} - first_role
    found = []
    for other, choice in enumerate(solution.choices):
        if choice is None or other == number:
            continue
        mode = facts.problem.activities[other].modes[choice.mode]
        team = {person for role in choice.team for person in role}
        hits = FIRST_ROLE * len(team & first_role) + len(team & others)
        if hits and mode.starts[choice.option] < last and mode.ends[choice.option] > first:
            found.append((-hits, -len(facts.options[other]), other))
    return [other for *_, other in sorted(found)[:most]]


def _inserted(facts: Facts, state: State, free: Collection[int]) -> Solution:
    """What stands with what is left out of the free activities inserted where it fits."""
    construct(facts, state, [number for number in insertion_order(facts) if number in free])
    return state.solution()


def _size(facts: Facts, state: State, active: Collection[int], keep: dict[int, set[int]]) -> int:
    """Presence literals of the exact model, at most."""
    total = sum(int(np.count_nonzero(seat.possible)) for number in active for seat in facts.seats[number])
    if total <= LARGEST:
        return total
    total = 0
    for number in active:
        people = {seat.resource for seat in facts.seats[number]}
        flats = sorted(keep[number]) if number in keep else slice(None)
        total += sum(int(np.count_nonzero(state.fitting(number, person)[0][flats])) for person in people)
    return total


def near_by(facts: Facts, solution: Solution, numbers: Collection[int], ticks: int) -> dict[int, set[int]]:
    """For activities that are carried out, the options that begin at most so many ticks from where they begin now."""
    state, found = State(facts), {}
    for number in numbers:
        choice, starts = solution.choices[number], facts.options[number].start
        if choice is not None:
            now = int(starts[state.option(number, choice)])
            found[number] = set(np.flatnonzero(abs(starts - now) <= ticks).tolist())
    return found


def room_made(facts: Facts, solution: Solution, number: int, others: Sequence[int]) -> Solution | None:
    """A sound solution that carries out one more activity, for which one of some others goes elsewhere: the first with
    which that is found by insertion; None where it is with none."""
    state = State(facts, solution).remembering()
    for other in others:
        before = state.choices[other]
        assert before is not None
        state.remove(other)
        own = best_choice(facts, state, number)
        if own is not None:
            state.place(number, own)
            elsewhere = best_choice(facts, state, other)
            if elsewhere is not None:
                state.place(other, elsewhere)
                found = state.solution()
                if not violations(facts.problem, found):
                    return found
                state.remove(other)
            state.remove(number)
        state.place(other, before)
    return None


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
