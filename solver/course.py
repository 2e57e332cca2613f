"""The course of one level: which job comes next, beside large-neighbourhood search, to better and to bound it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from auditplan.solver.columns.generation import Generation, Relaxed
from auditplan.solver.columns.rows import Aim
from auditplan.solver.exact import Limit, Result, Task, solve_exactly
from auditplan.solver.guide import NEAR, Enough, enough_for, solve_near
from auditplan.solver.slices import FIRST_EXACT, WHOLE_MODEL
from auditplan.solver.standing import Standing
from auditplan.solver.state import State

Job = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Proven:
    """An exact solve of all that may still be needed."""

    result: Result


class Course:
    """One level under way: prices first, then what they leave, then exact solves around them and of the whole."""

    def __init__(self, standing: Standing, seed: int) -> None:
        """Begins with the first level that is not proven."""
        self._standing, self._seed = standing, seed
        self.level = standing.focus
        self._generation: Generation | None = None
        self._ended = False
        self._narrowed_at: float | None = None
        self._turn = 0
        self._exact_slice = FIRST_EXACT
        self._near = NEAR

    def job(self, limit: Limit) -> Job | None:
        """The next job; None: large-neighbourhood search is the better use of the time."""
        if not self._ended:
            return self._pricing(limit)
        if self._gap_fell():
            self._narrowed_at = self._gap()
            return self._narrowing(limit)
        self._turn += 1
        whole = self._standing.size() <= WHOLE_MODEL
        if whole and self._turn % 3 != 1:
            limit.work = self._exact_slice
            self._exact_slice *= 1.6
            return self._proving(limit)
        if self._turn % 3 == 1:
            limit.work = self._exact_slice
            return self._nearing(limit)
        return None

    def take(self, result: object) -> float:
        """Takes what a job of this course found; gives the work done."""
        if isinstance(result, Relaxed):
            self._ended = result.ended
            self._standing.prove(self.level, _ceil(result.bound))
            work, self._spent = result.work - getattr(self, "_spent", 0.0), result.work
            return work
        if isinstance(result, Enough):
            self._standing.restrict(result.keep, result.seats, result.forced)
        return 0.0

    def _gap(self) -> float:
        """How far the best figure is from the price bound."""
        assert self._generation is not None
        return self._standing.own_value(self.level) - self._generation.relaxed.bound

    def _gap_fell(self) -> bool:
        """Whether narrowing is worth its work (again)."""
        return self._narrowed_at is None or self._gap() < 0.7 * self._narrowed_at

    def task(self) -> Task:
        """All that may still be needed, this level to minimise, the levels before it kept."""
        standing = self._standing
        return Task(
            active=tuple(standing.movable),
            minimise=(self.level,),
            ceilings={level: standing.own_value(level) for level in range(self.level)},
            hint={number: standing.solution.choices[number] for number in standing.movable},
            keep={number: set(flats) for number, flats in standing.keep.items()},
            seed=self._seed,
        )

    def _aim(self) -> Aim:
        """What the linear program is about."""
        standing = self._standing
        open_levels = [level for level in range(self.level) if level not in standing.closed_by_options]
        return Aim(
            active=tuple(standing.movable),
            forced=frozenset(standing.forced),
            keep={number: set(flats) for number, flats in standing.keep.items()},
            level=self.level,
            ceilings={level: standing.own_value(level) for level in open_levels},
        )

    def _pricing(self, limit: Limit) -> Job:
        """A job of column generation."""
        facts, aim, choices = self._standing.facts, self._aim(), self._standing.solution.choices

        def run() -> object:
            if self._generation is None:
                self._generation = Generation(facts, aim, choices)
            return self._generation.run(limit.work, _stopping(limit))

        return run

    def _narrowing(self, limit: Limit) -> Job:
        """A job of reduced-cost fixing."""
        generation, most = self._generation, float(self._standing.own_value(self.level))
        assert generation is not None
        return lambda: enough_for(generation, most, _stopping(limit))

    def _nearing(self, limit: Limit) -> Job:
        """A job of an exact solve around the linear program's columns; a wider one each time."""
        generation, facts, task, near = self._generation, self._standing.facts, self.task(), self._near
        assert generation is not None
        self._near = round(self._near * 1.5)
        return lambda: solve_near(facts, generation, task, limit, near)

    def _proving(self, limit: Limit) -> Job:
        """A job of an exact solve of all that may still be needed."""
        facts, task = self._standing.facts, self.task()
        return lambda: Proven(solve_exactly(facts, State(facts), task, limit))


def _stopping(limit: Limit) -> Callable[[], bool]:
    """Whether the watch has called the job off."""
    return lambda: limit.stopped


def _ceil(bound: float) -> float:
    """The least whole figure at or above a bound, with room for rounding errors."""
    slack = 1e-6 * max(1.0, abs(bound))
    return -((-(bound - slack)) // 1) if bound > -1e18 else bound
