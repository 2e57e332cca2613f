"""The straightforward model of a whole problem: what anybody would write first on CP-SAT.

An interval for each activity, an optional interval for each activity and person, no overlap per person, out and
back from home as prices, and the levels of the objective one after the other. Written from the descriptions in
`auditplan.solver.problem` alone; it shares nothing with the engine but the data classes and the arithmetic of a
single journey. What it finds is checked by `auditplan.solver.check` like the engine's own solutions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model
from plain_model import PlainModel

from auditplan.solver.check import values, violations
from auditplan.solver.solution import Choice, Solution

Told = Callable[[float, tuple[int, ...], tuple[int | None, ...]], None]
"""Told of each better solution: seconds, figures, bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the model gave: None where nothing was found in time."""

    solution: Solution | None
    values: tuple[int, ...] | None
    bounds: tuple[int | None, ...]
    optimal: bool
    first_seconds: float | None
    seconds: float


class Straightforward(PlainModel):
    """The model of one problem, and its solving."""

    def solve(
        self, seconds: float, *, threads: int = 2, seed: int = 0, told: Told | None = None, held: int | None = None
    ) -> Found:
        """Level after level, each until it is proven; the time that is left goes to the next. held: what the first
        level may be at most, with which it is done; so that the later ones can be compared."""
        begun = time.monotonic()
        bounds: list[int | None] = [None] * self.problem.levels
        best: Solution | None = None
        first: float | None = None
        optimal = True
        self._start_from_nothing()
        if held is not None:
            self.model.add(sum(self.prices(0)) <= held)
        for level in range(0 if held is None else 1, self.problem.levels):
            left = seconds - (time.monotonic() - begun)
            if left <= 0.05:
                optimal = False
                break
            objective = sum(self.prices(level))
            self.model.minimize(objective)
            solver = _solver(left, threads, seed)
            watch = _Watch(self, begun, bounds, level, told)
            status = solver.solve(self.model, watch)
            first = first or watch.first
            if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
                best = self.decoded(solver.value)
                self._hint(solver)
                self.model.add(objective <= round(solver.objective_value))
            bounds[level] = round(solver.best_objective_bound) if status != cp_model.UNKNOWN else None
            if status != cp_model.OPTIMAL:
                optimal = False
                break
        return self._found(best, tuple(bounds), optimal=optimal, first=first, begun=begun)

    def _found(
        self, best: Solution | None, bounds: tuple[int | None, ...], *, optimal: bool, first: float | None, begun: float
    ) -> Found:
        """The answer, checked."""
        if best is not None and violations(self.problem, best):
            raise AssertionError(f"the straightforward model is wrong: {violations(self.problem, best)[:3]}")
        return Found(
            solution=best,
            values=None if best is None else values(self.problem, best),
            bounds=bounds,
            optimal=optimal,
            first_seconds=first,
            seconds=time.monotonic() - begun,
        )

    def _start_from_nothing(self) -> None:
        """A plan that leaves everything out, where that is allowed: so there is one to better."""
        if any(activity.left_out is None for activity in self.problem.activities):
            return
        for index, variable in enumerate(self.model.proto.variables):
            rest = self.at_rest.get(index, variable.domain[0])
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), rest)

    def _hint(self, solver: cp_model.CpSolver) -> None:
        """The last solution as a hint for the next level."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for index in range(len(self.model.proto.variables)):
            self.model.add_hint(
                self.model.get_int_var_from_proto_index(index),
                solver.value(self.model.get_int_var_from_proto_index(index)),
            )

    def decoded(self, value: Callable[[cp_model.IntVar], int]) -> Solution:
        """The values of the variables as a solution."""
        choices: list[Choice | None] = []
        for activity, work in zip(self.problem.activities, self.works, strict=True):
            if not value(work.placed):
                choices.append(None)
                continue
            option = next(
                work.options[index]
                for chosen, inside in work.kinds.values()
                for index in inside
                if value(chosen) and work.options[index].start == value(work.start)
            )
            team = tuple(
                tuple(sorted(person for (own, person), seat in work.seats.items() if own == role and value(seat)))
                for role in range(len(activity.roles))
            )
            choices.append(Choice(option.mode, option.index, team))
        return Solution(tuple(choices))


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells of each better solution."""

    def __init__(
        self, owner: Straightforward, begun: float, bounds: list[int | None], level: int, told: Told | None
    ) -> None:
        """Keeps whom to tell."""
        super().__init__()
        self._owner, self._begun, self._bounds = owner, begun, bounds
        self._level, self._told = level, told
        self.first: float | None = None

    def on_solution_callback(self) -> None:
        """A better solution."""
        seconds = time.monotonic() - self._begun
        self.first = self.first or seconds
        if self._told is not None:
            bounds = list(self._bounds)
            bounds[self._level] = round(self.best_objective_bound)
            self._told(seconds, values(self._owner.problem, self._owner.decoded(self.value)), tuple(bounds))


def _solver(seconds: float, threads: int, seed: int) -> cp_model.CpSolver:
    """The solver with its limits."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = seed
    solver.parameters.cp_model_probing_level = 0  # it took half a minute on tight bodies and gave nothing
    return solver
