"""Improvement on a timeline: neighbourhoods of jobs whose people are chosen anew, exactly, while all others keep
theirs; and the whole model, which proves."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

from ortools.sat.python import cp_model

from auditplan.solver.exact import FOUND, Limit
from auditplan.solver.timeline.jobs import Timeline
from auditplan.solver.timeline.model import Model
from auditplan.solver.timeline.schedule import Schedule, price

SLOWNESS = 4.0
"""Core-seconds of a unit of CP-SAT's deterministic time on these models (measured)."""
STEP_WORK = 1.5
"""Work of one repair at most, in core-seconds."""
OVERHEAD = 0.03
"""Work of building one repair, in core-seconds (measured)."""
FIRST_SIZE, SMALLEST = 8.0, 5.0
"""Jobs freed at first and at least."""
TRY_WORK = 0.01
"""Work of one insertion, in core-seconds (measured)."""


@dataclass(slots=True)
class Found:
    """What a job on the timeline found. bound: of the first level; None: nothing is known."""

    schedule: Schedule | None = None
    bound: float | None = None
    work: float = 0.0


@dataclass(slots=True)
class Repairer:
    """Large-neighbourhood search from a schedule, which it keeps from round to round as long as no better one comes
    from elsewhere: a repair that costs the same is taken too."""

    timeline: Timeline
    random: Random
    size: float = FIRST_SIZE
    schedule: Schedule | None = field(default=None)

    def run(self, best: Schedule, limit: Limit) -> Found:
        """Repairs neighbourhoods until the limit's work is done."""
        if self.schedule is None or price(self.timeline, best) < price(self.timeline, self.schedule):
            self.schedule = best
        found = Found(self.schedule)
        while found.work < limit.work and not limit.stopped:
            self._step(found, limit)
        found.schedule = self.schedule
        return found

    def _step(self, found: Found, limit: Limit) -> None:
        """One repair."""
        assert self.schedule is not None
        jobs = len(self.timeline.jobs)
        size = min(jobs, round(self.random.triangular(min(SMALLEST, self.size), self.size)))
        free = neighbourhood(self.timeline, self.schedule, self.random, size)
        model = Model(self.timeline, self.schedule, free)
        model.minimise(early=True)
        solver = solver_of(self.random.randrange(1 << 30), STEP_WORK)
        status = run_solver(solver, model, limit)
        found.work += OVERHEAD + SLOWNESS * solver.response_proto.deterministic_time
        ended = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
        self.size = min(self.size * 1.05 + 0.1, float(jobs)) if ended else max(self.size * 0.95, SMALLEST)
        if status in FOUND:
            self.schedule = model.schedule(solver)


def neighbourhood(timeline: Timeline, schedule: Schedule, random: Random, size: int) -> frozenset[int]:
    """Jobs to free together: near a moment, near it and of one kind, or any."""
    jobs = range(len(timeline.jobs))
    if size >= len(timeline.jobs):
        return frozenset(jobs)
    draw = random.random()
    if draw < 0.2:
        return frozenset(random.sample(jobs, size))
    middle = [schedule.starts[number] + timeline.jobs[number].duration / 2 for number in jobs]
    moment = random.choice(middle)
    far = [abs(middle[number] - moment) + random.random() * timeline.jobs[number].duration for number in jobs]
    if draw < 0.4:
        kind = random.randrange(len(timeline.kinds))
        span = max(far) + 1
        far = [own + (0 if kind in timeline.jobs[number].roles else span) for number, own in enumerate(far)]
    return frozenset(sorted(jobs, key=lambda number: (far[number], number))[:size])


def solver_of(seed: int, work: float) -> cp_model.CpSolver:
    """A solver for one repair. work: core-seconds."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.catch_sigint_signal = False  # the interrupt is the caller's: it comes as the stop signal
    solver.parameters.linearization_level = 0  # repairs gain nothing from linear programs (measured)
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_deterministic_time = work / SLOWNESS
    return solver


def run_solver(solver: cp_model.CpSolver, model: Model, limit: Limit) -> object:
    """Solves within the limit's clock."""
    if limit.seconds is not None:
        solver.parameters.max_time_in_seconds = max(limit.seconds(), 0.01)
    limit.running.append(solver)
    status = solver.solve(model.model)
    limit.running.remove(solver)
    return status


def whole(timeline: Timeline, best: Schedule, work: float, seed: int, limit: Limit, *, energy: bool = False) -> Found:
    """The model of everything: its bound holds, and where it ends, its schedule is the best there is. energy: whether
    linear programs look at the work that people have time for, which gives better bounds and fewer schedules."""
    model = Model(timeline, best, frozenset(range(len(timeline.jobs))))
    model.minimise(early=False)
    solver = solver_of(seed, work)
    if energy:
        solver.parameters.linearization_level = 2
    status = run_solver(solver, model, limit)
    found = Found(best, work=OVERHEAD + SLOWNESS * solver.response_proto.deterministic_time)
    if status in FOUND:
        found.schedule = model.schedule(solver)
        found.bound = math.ceil(solver.best_objective_bound - 1e-6) + model.base
    return found
