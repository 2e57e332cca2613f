"""From the coarse picture to a bound and a good solution: the coarse optimum bounds a level, and its teams, with time
left free again, make a small exact model that finds a solution near it."""

from __future__ import annotations

from dataclasses import replace

from auditplan.solver.coarse import Coarse
from auditplan.solver.exact import Limit, Result, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.solution import Choice
from auditplan.solver.state import State

FINE_WORK = 4.0
"""Deterministic work of the small exact model."""


def coarse_size(coarse: Coarse) -> int:
    """Presence literals of the coarse model."""
    return sum(int(presence.possible.sum()) for own in coarse.presences for presence in own.values())


def solve_guided(facts: Facts, task: Task, limit: Limit) -> Result:
    """Solves the coarse model of a task for its bound, then the fine one with the coarse teams and those of the hint.

    The bound in the result is the coarse one; values and choices are of the fine solution."""
    coarse = Coarse(facts, task.keep or {})
    level = task.minimise[0]
    rough = solve_exactly(coarse, State(coarse), replace(task, hint={}, keep=None), limit)
    if rough.choices is None or limit.stopped:
        return Result(bounds=dict(rough.bounds), work=rough.work)
    seats = {number: _seats(rough.choices.get(number)) | _seats(task.hint.get(number)) for number in task.active}
    keep = {number: _options(facts, task, number, rough.choices.get(number)) for number in task.active}
    narrowed = facts.with_seats(seats)
    inner = Limit(FINE_WORK, limit.seconds, limit.running, limit.stopped)
    fine = solve_exactly(narrowed, State(narrowed), replace(task, keep=keep), inner)
    bound = {level: rough.bounds[level]} if level in rough.bounds else {}
    return Result(choices=fine.choices, values=fine.values, bounds=bound, work=rough.work + fine.work)


def _seats(choice: Choice | None) -> set[tuple[int, int]]:
    """The seats that a choice takes."""
    if choice is None:
        return set()
    return {(role, person) for role, team in enumerate(choice.team) for person in team}


def _options(facts: Facts, task: Task, number: int, choice: Choice | None) -> set[int]:
    """The options of the coarse choice's mode, and that of the hint."""
    options = facts.options[number]
    kept = (task.keep or {}).get(number, set(range(len(options))))
    chosen = {flat for flat in kept if choice is not None and options.mode[flat] == choice.mode}
    hint = task.hint.get(number)
    if hint is not None:
        chosen.add(State(facts).option(number, hint))
    return chosen
