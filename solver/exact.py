"""Exact solves: a model minimised level by level, each with its bound, inside a limit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from auditplan.solver.constraints import add_all
from auditplan.solver.facts import Facts
from auditplan.solver.objective import Objective
from auditplan.solver.solution import Choice
from auditplan.solver.state import State
from auditplan.solver.variables import Variables, create

FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass(slots=True)
class Limit:
    """How long solves may take: deterministic work, and wall seconds left (a function; None: no limit).

    running: the solvers at work, so that whoever watches the clock can stop them. begun: called when one begins."""

    work: float
    seconds: Callable[[], float] | None = None
    running: list[cp_model.CpSolver] = field(default_factory=list)
    stopped: bool = False
    begun: Callable[[], None] | None = None


@dataclass(slots=True)
class Result:
    """choices: activity → its choice, None where left out; None: nothing was found. values and bounds are those of
    the model's own part of each level, for the levels looked at. infeasible: proven that there is nothing. whole: the
    model left nothing away, so that its bounds hold."""

    choices: dict[int, Choice | None] | None = None
    values: dict[int, int] = field(default_factory=dict)
    bounds: dict[int, int] = field(default_factory=dict)
    proven: set[int] = field(default_factory=set)
    work: float = 0.0
    infeasible: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to solve: the activities that may move; the levels that must stay at most at their `ceiling`; the levels
    to minimise, in order; the choices to start from; the options that may be used (None: all). probing: whether
    presolve tries every literal out, which pays where a search is long, not where little is free (measured)."""

    active: tuple[int, ...]
    minimise: tuple[int, ...]
    ceilings: dict[int, int]
    hint: dict[int, Choice | None]
    keep: dict[int, set[int]] | None = None
    seed: int = 0
    probing: bool = True


def solve_exactly(facts: Facts, state: State, task: Task, limit: Limit) -> Result:
    """Minimises the levels of a task one after the other; `state` must not hold the active activities."""
    money = facts.problem.money
    saving = any(level >= money for level in task.minimise) or any(level >= money for level in task.ceilings)
    variables = create(facts, state, task.active, task.keep, saving=saving)
    add_all(variables)
    objective = Objective(variables)
    result = Result(work=variables.size * BUILD_WORK, whole=variables.whole)
    for level, most in task.ceilings.items():
        if not objective.flat(level):
            variables.model.add(objective.expression(level) <= most)
    hint = dict(task.hint)
    for level in task.minimise:
        if limit.stopped or result.work >= limit.work:
            break
        if objective.flat(level):
            value = objective.constant(level)
            result.values[level] = result.bounds[level] = value
            result.proven.add(level)
            continue
        if not _minimise(variables, objective, level, hint, task, limit, result):
            break
        hint = dict(result.choices or {})
        variables.model.add(objective.expression(level) <= result.values[level])
    return result


BUILD_WORK = 3e-5
"""Work of building one presence literal with its constraints, in core-seconds (measured)."""


def _minimise(
    variables: Variables,
    objective: Objective,
    level: int,
    hint: dict[int, Choice | None],
    task: Task,
    limit: Limit,
    result: Result,
) -> bool:
    """Minimises one level; False when nothing was found."""
    model = variables.model
    model.minimize(objective.expression(level))
    _hint(variables, hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = task.seed
    solver.parameters.catch_sigint_signal = False  # the interrupt is the caller's: it comes as the stop signal
    solver.parameters.linearization_level = 2
    if not task.probing:
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.max_presolve_iterations = 1
    solver.parameters.max_deterministic_time = max(limit.work - result.work, 0.01)
    if limit.seconds is not None:
        solver.parameters.max_time_in_seconds = max(limit.seconds(), 0.01)
    limit.running.append(solver)
    if limit.begun is not None:
        limit.begun()
    status = solver.solve(model)
    limit.running.remove(solver)
    result.work += solver.response_proto.deterministic_time
    if status not in FOUND:
        result.infeasible = status == cp_model.INFEASIBLE and result.choices is None
        return False
    result.choices = _choices(variables, solver)
    result.values[level] = round(solver.objective_value)
    result.bounds[level] = min(math.ceil(solver.best_objective_bound - 1e-6), result.values[level])
    if status == cp_model.OPTIMAL:
        result.bounds[level] = result.values[level]
        result.proven.add(level)
    return True


def _hint(variables: Variables, hint: dict[int, Choice | None]) -> None:
    """Tells the solver where to start."""
    model = variables.model
    model.clear_hints()  # type: ignore[no-untyped-call]
    taken: set[tuple[int, int, int]] = set()
    for number, own in variables.of.items():
        if number not in hint:
            continue
        choice = hint[number]
        if own.out is not None:
            model.add_hint(own.out, choice is None)
        chosen = None if choice is None else variables.state.option(number, choice)
        seats = (
            set() if choice is None else {(role, person) for role, team in enumerate(choice.team) for person in team}
        )
        people = {person for _, person in seats}
        for flat, literal in own.option.items():
            model.add_hint(literal, flat == chosen)
        for seat, literal in own.seat.items():
            model.add_hint(literal, seat in seats)
        for (person, flat), literal in own.present.items():
            model.add_hint(literal, flat == chosen and person in people)
            if flat == chosen and person in people:
                taken.add((person, number, flat))
    for person, trips in variables.trips.items():
        trips.hint([item.fixed or (person, item.number, item.flat) in taken for item in trips.items])


def _choices(variables: Variables, solver: cp_model.CpSolver) -> dict[int, Choice | None]:
    """What a solve chose for each activity."""
    found: dict[int, Choice | None] = {}
    for number, own in variables.of.items():
        options = variables.facts.options[number]
        chosen = next((flat for flat, literal in own.option.items() if solver.boolean_value(literal)), None)
        if chosen is None:
            found[number] = None
            continue
        roles = range(len(variables.facts.problem.activities[number].roles))
        team = tuple(
            tuple(
                sorted(
                    person
                    for (taken, person), literal in own.seat.items()
                    if taken == role and solver.boolean_value(literal)
                )
            )
            for role in roles
        )
        found[number] = Choice(int(options.mode[chosen]), int(options.index[chosen]), team)
    return found
