"""Crowds first, crews then: starts that no crowd is too small for, and people for jobs near those starts.

Whether a crowd has enough people at every tick is a much smaller question than who they are, and its answers are nearly
always those of the whole: what is left is a search for crews in a narrow stretch around each start, which is soon found
or refuted (a decomposition by relaxation, as in logic-based Benders: Hooker and Ottosson 2003)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ortools.sat.python import cp_model

from auditplan.solver.exact import FOUND, Limit
from auditplan.solver.timeline.improve import OVERHEAD, SLOWNESS, Found, run_solver, solver_of
from auditplan.solver.timeline.jobs import Timeline
from auditplan.solver.timeline.model import Model
from auditplan.solver.timeline.schedule import Schedule, price

NARROWEST = 2
"""Ticks that a job may start before or after where its crowds would have it, at first; twice as many each time."""
CREWS_WORK = 4.0
"""Work of one search for crews at most, in core-seconds."""
LEAST, ANY, IN_ORDER = range(3)
"""What is asked of crowds: the least price, with its bound; any below the best, by chance; any below the best, in the
order of time."""
FIRST_WORK, MOST_WORK = 6.0, 24.0
"""Work of asking at first, in core-seconds; that of asking for the least price doubles each time up to the second."""


@dataclass(slots=True)
class Crowds:
    """Asks crowds again and again, each time in another way."""

    timeline: Timeline
    seed: int
    _turn: int = 0
    _least_work: float = FIRST_WORK

    @property
    def size(self) -> float:
        """Work of asking the next time, in core-seconds."""
        return self._least_work if self._turn % 3 == LEAST else FIRST_WORK

    def run(self, best: Schedule, limit: Limit) -> Found:
        """One answer of the crowds, and the best schedule that crews near it give."""
        found, kind, work = Found(best), self._turn % 3, self.size
        self._turn += 1
        if kind == LEAST:
            self._least_work = min(2 * work, MOST_WORK)
        starts = self._ask(kind, best, work, found, limit)
        if starts is not None:
            self._crews(starts, found, limit)
        return found

    def _ask(self, kind: int, best: Schedule, work: float, found: Found, limit: Limit) -> tuple[int, ...] | None:
        """Starts with a price below the best's that crowds allow; None where none were found. Where there are none, the
        best is proven."""
        model = Model(self.timeline, best, frozenset(), crews=False)
        model.below(price(self.timeline, best))
        solver = solver_of(self.seed + self._turn, work)
        if kind == LEAST:
            model.minimise(early=False)
        elif kind == ANY:
            solver.parameters.randomize_search = True
        else:
            solver.parameters.search_branching = cp_model.FIXED_SEARCH
        status = run_solver(solver, model, limit)
        found.work += OVERHEAD + SLOWNESS * solver.response_proto.deterministic_time
        if status == cp_model.INFEASIBLE:
            found.bound = price(self.timeline, best)
        elif kind == LEAST and status in FOUND:
            found.bound = math.ceil(solver.best_objective_bound - 1e-6) + model.base
        return tuple(solver.value(start) for start in model.starts) if status in FOUND else None

    def _crews(self, starts: tuple[int, ...], found: Found, limit: Limit) -> None:
        """Crews for jobs near some starts: nearer than is allowed last, as long as that is soon answered."""
        width = NARROWEST
        jobs = frozenset(range(len(self.timeline.jobs)))
        while not limit.stopped and found.schedule is not None:
            model = Model(self.timeline, found.schedule, jobs)
            model.below(price(self.timeline, found.schedule))
            model.near(starts, width)
            model.minimise(early=False)
            solver = solver_of(self.seed + self._turn, CREWS_WORK)
            status = run_solver(solver, model, limit)
            found.work += OVERHEAD + SLOWNESS * solver.response_proto.deterministic_time
            if status in FOUND:
                found.schedule = model.schedule(solver)
            if status != cp_model.INFEASIBLE:
                break
            if width > self.timeline.ticks:
                found.bound = price(self.timeline, found.schedule)
                break
            width *= 2
