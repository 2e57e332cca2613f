"""The course of a timeline's first level: repairs all the while; beside them crowds, the whole model, more repairs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from auditplan.solver.exact import Limit
from auditplan.solver.solution import Solution, StopSignal
from auditplan.solver.standing import Standing
from auditplan.solver.timeline.improve import TRY_WORK, Found, Repairer, from_crowds, whole
from auditplan.solver.timeline.insertion import Inserter
from auditplan.solver.timeline.jobs import Timeline
from auditplan.solver.timeline.schedule import Schedule, counted, dealt_out

FIRST_PROOF, LONGEST_PROOF = 2.0, 60.0
"""Core-seconds of the first look at crowds and at the whole, and of later ones at most; each is twice the last."""
INSERTIONS = 30
"""Schedules built at first."""
CROWDS, WHOLE, REPAIR = range(3)


def constructed(timeline: Timeline, seed: int, stop: StopSignal) -> Solution | None:
    """A first solution; None where insertion finds no room for something."""
    schedule = Inserter(timeline).several(INSERTIONS, Random(seed), stop)
    return None if schedule is None else dealt_out(timeline, schedule)


CONSTRUCTION_WORK = INSERTIONS * TRY_WORK


class TimelineCourse:
    """One level under way on a timeline."""

    def __init__(self, standing: Standing, timeline: Timeline, schedule: Schedule, seed: int) -> None:
        """schedule: that of the best solution so far."""
        self._standing, self._timeline, self._schedule = standing, timeline, schedule
        self.level = standing.focus
        self._seed = seed
        self._repairers = [Repairer(timeline, Random(f"timeline/{seed}/{index}")) for index in range(2)]
        self._work = {CROWDS: FIRST_PROOF, WHOLE: FIRST_PROOF}
        self._crowds_closed = False
        self._turn = 0

    @property
    def _kind(self) -> int:
        """What the next round is."""
        kind = self._turn % 3
        return WHOLE if kind == CROWDS and self._crowds_closed else kind

    @property
    def size(self) -> float:
        """Work of each job of the next round, as far as it is not the engine's to say."""
        return self._work.get(self._kind, 0.0)

    def pair(self, limits: list[Limit]) -> list[Callable[[], object]]:
        """The two jobs of the next round."""
        kind = self._kind
        self._turn += 1
        best, timeline, seed = self._schedule, self._timeline, self._seed + self._turn
        first, second = limits
        if kind == REPAIR:
            return [lambda: self._repairers[0].run(best, first), lambda: self._repairers[1].run(best, second)]
        work = first.work = self._work[kind]
        self._work[kind] = min(2 * work, LONGEST_PROOF)
        look = from_crowds if kind == CROWDS else whole
        return [lambda: self._repairers[0].run(best, first), lambda: look(timeline, best, work, seed, second)]

    def take(self, found: Found) -> float:
        """Takes what a job found; gives its work."""
        if found.bound is not None:
            self._standing.prove(self.level, found.bound)
        if found.crowds_closed:
            self._crowds_closed = True
        if found.schedule is not None:
            solution = dealt_out(self._timeline, found.schedule)
            if self._standing.offer(solution):
                self._schedule = found.schedule
        return found.work


def begun(standing: Standing, timeline: Timeline, seed: int) -> TimelineCourse | None:
    """The course from the best solution so far; None where that is no schedule."""
    schedule = counted(timeline, standing.facts, standing.solution)
    return None if schedule is None else TimelineCourse(standing, timeline, schedule, seed)
