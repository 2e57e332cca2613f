"""The course of a timeline's first level: repairs all the while; beside them crowds and the whole model."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from auditplan.solver.exact import Limit
from auditplan.solver.solution import Solution, StopSignal
from auditplan.solver.standing import Standing
from auditplan.solver.timeline.crews import Crowds
from auditplan.solver.timeline.improve import TRY_WORK, Found, Repairer, whole
from auditplan.solver.timeline.insertion import Inserter
from auditplan.solver.timeline.jobs import Timeline
from auditplan.solver.timeline.schedule import Schedule, counted, dealt_out

FIRST_PROOF, LONGEST_PROOF = 2.0, 60.0
"""Core-seconds of the first look at the whole and of later ones at most; each is twice the last."""
INSERTIONS = 30
"""Schedules built at first."""
CROWDS, WHOLE = range(2)
ORDER = (CROWDS, WHOLE, CROWDS, CROWDS)
"""What is done beside repairs, again and again."""


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
        self._repairer = Repairer(timeline, Random(f"timeline/{seed}"))
        self._crowds = Crowds(timeline, seed)
        self._proof_work = FIRST_PROOF
        self._turn = self._wholes = 0

    @property
    def _kind(self) -> int:
        """What the next round is."""
        return ORDER[self._turn % len(ORDER)]

    @property
    def size(self) -> float:
        """Work of each job of the next round."""
        return self._proof_work if self._kind == WHOLE else self._crowds.size

    def pair(self, limits: list[Limit]) -> list[Callable[[], object]]:
        """The two jobs of the next round: repairs, and what is done beside them."""
        best, (first, second) = self._schedule, limits
        first.work = self.size
        looking = self._whole(best, second) if self._kind == WHOLE else lambda: self._crowds.run(best, second)
        self._turn += 1
        return [lambda: self._repairer.run(best, first), looking]

    def _whole(self, best: Schedule, limit: Limit) -> Callable[[], object]:
        """A job of the whole model, for its bound and for its schedules by turns."""
        work, seed, energy = self._proof_work, self._seed + self._turn, self._wholes % 2 == 0
        self._wholes += 1
        self._proof_work = min(2 * work, LONGEST_PROOF)
        return lambda: whole(self._timeline, best, work, seed, limit, energy=energy)

    def take(self, found: Found) -> float:
        """Takes what a job found; gives its work."""
        if found.bound is not None:
            self._standing.prove(self.level, found.bound)
        if found.schedule is not None:
            solution = dealt_out(self._timeline, found.schedule)
            if self._standing.offer(solution):
                self._schedule = found.schedule
        return found.work


def begun(standing: Standing, timeline: Timeline, seed: int) -> TimelineCourse | None:
    """The course from the best solution so far; None where that is no schedule."""
    schedule = counted(timeline, standing.facts, standing.solution)
    return None if schedule is None else TimelineCourse(standing, timeline, schedule, seed)
