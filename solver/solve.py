"""The engine: construction, then improvement beside prices and exact solves, level by level, with bounds.

Determinism: work is cut into slices of fixed deterministic size, two jobs a round whatever the number of threads,
merged in a fixed order. A clock or a stop signal only decides after which slice the search ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from auditplan.solver.check import violations
from auditplan.solver.construct import construct
from auditplan.solver.course import Course
from auditplan.solver.ejection import Ejection
from auditplan.solver.exact import Limit, Result, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.guide import Proven
from auditplan.solver.improve import Improver
from auditplan.solver.problem import Problem
from auditplan.solver.slices import (
    ADAPTING,
    EFFORT_OF_INSERTION,
    EJECTION_EACH,
    EJECTION_SHARE,
    FIRST_EXACT,
    FIRST_SLICE,
    GROWTH,
    LAST_SLICE,
    MOST_FRUITLESS,
    POLL,
    ROUND_WORK,
    SMALL_MODEL,
    SMALL_SLICE,
)
from auditplan.solver.solution import Budget, Outcome, Progress, ProgressListener, Solution, Status, StopSignal
from auditplan.solver.standing import InconsistentError, Standing
from auditplan.solver.state import State
from auditplan.solver.timeline.course import CONSTRUCTION_WORK, begun, constructed
from auditplan.solver.timeline.improve import Found
from auditplan.solver.timeline.jobs import timeline_of

Job = Callable[[], object]

__all__ = ["Engine", "InconsistentError", "solve"]


def solve(
    problem: Problem,
    budget: Budget,
    *,
    seed: int = 0,
    threads: int = 2,
    start: Solution | None = None,
    listener: ProgressListener | None = None,
    stop: StopSignal | None = None,
    facts: Facts | None = None,
    adapt: bool = False,
) -> Outcome:
    """Solves a problem within a budget.

    start: a sound solution to begin with. adapt: whether it was made for another problem, so that it is fitted to this
    one by ejection and repairs before prices are looked for.
    listener: told of each betterment. stop: asked often; when it says yes the best solution so far is returned. facts:
    those of the problem, where the caller derived them already. Raises InconsistentError if a solution fails the
    checker."""
    engine = Engine(problem, budget, seed=seed, threads=threads, listener=listener, stop=stop, facts=facts)
    return engine.run(start, adapt=adapt)


class Engine:
    """One run."""

    def __init__(
        self,
        problem: Problem,
        budget: Budget,
        *,
        seed: int,
        threads: int,
        listener: ProgressListener | None,
        stop: StopSignal | None,
        facts: Facts | None = None,
    ) -> None:
        """Prepares the facts; nothing is decided yet."""
        self._begun = time.monotonic()
        self._budget, self._seed, self._threads = budget, seed, max(1, threads)
        self._listener, self._stop = listener, stop
        self._problem = problem
        self._facts = facts or Facts(problem)
        self._timeline = timeline_of(self._facts, 0)
        self._work = 0.0
        self._first: float | None = None
        self._none = False
        self._origin: Solution | None = None
        self._adopted = False
        self._ejection: Ejection | None = None
        self._rounds = self._fruitless = self._least = 0
        self._slice = FIRST_SLICE
        self._small_slice = FIRST_EXACT

    def run(self, start: Solution | None, *, adapt: bool = False) -> Outcome:
        """Constructs, improves, proves. adapt: fits a start made for another problem to this one first."""
        self.standing = Standing(self._facts, self._construct(start))
        movable = self.standing.movable
        self._improvers = [Improver(movable, self._seed * 2 + index) for index in range(2)]
        self._settle()
        self._tell()
        self._adapting = ADAPTING if adapt and self._adopted and self._has_weight() else 0
        self._eject(self.standing.solution)
        with ThreadPoolExecutor(max_workers=min(self._threads, 2)) as pool:
            while not self._over():
                self._round(pool)
                self._settle()
                self._tell()
        return self._outcome()

    def _construct(self, start: Solution | None) -> Solution:
        """The first complete solution."""
        sound = start if start is not None and not violations(self._problem, start) else None
        self._adopted = sound is not None
        if sound is None and self._timeline is not None:
            sound = constructed(self._timeline, self._seed, self._expired)
            self._work += CONSTRUCTION_WORK
        state = State(self._facts, sound)
        pairs = zip(self._facts.options, state.choices, strict=True)
        self._work += EFFORT_OF_INSERTION * sum(choice is None and len(options) > 0 for options, choice in pairs)
        construct(self._facts, state, stop=self._expired)
        self._first = self._elapsed()
        return state.solution()

    def _eject(self, origin: Solution) -> None:
        """Weight first: what is dear to leave out takes the place of what is cheaper, by more than one chance from the
        same start, and then from the best. Small problems need no such thing, nor do those in one line."""
        standing = self.standing
        if not self._has_weight():
            return
        self._origin = origin if self._origin is None else self._origin
        ejection = self._ejection = self._ejection_from(origin, 0)
        better = ejection.run(self._ejection_work(), self._expired)
        self._work += ejection.work
        if standing.offer(better):
            self._origin = origin
            self._settle()
            self._tell()

    def _ejection_from(self, solution: Solution, chance: int) -> Ejection:
        """An ejection that begins with a solution. chance: counted from the run's own."""
        return Ejection(self._course.nearby.facts(), solution, self.standing.movable, self._seed + chance)

    def _has_weight(self) -> bool:
        """Whether ejection is of use."""
        return not self.standing.focus and self._timeline is None and self.standing.size() > SMALL_MODEL

    def _settle(self) -> None:
        """Closes levels; the next one begins a new course."""
        if self.standing.settle() or not hasattr(self, "_course"):
            timeline = self._timeline if self.standing.focus == 0 else None
            self._line = None if timeline is None else begun(self.standing, timeline, self._seed)
            self._course = Course(self.standing, self._seed)
            self._small_slice = FIRST_EXACT

    def _round(self, pool: ThreadPoolExecutor) -> None:
        """Two jobs side by side, merged in order; for small problems an exact solve alone at first."""
        limits = [Limit(self._slice, self._left_or_none()) for _ in range(2)]
        self._slice = min(self._slice * GROWTH, LAST_SLICE)
        jobs = self._line.pair(limits) if self._line else self._small_jobs(limits) or self._jobs(limits)
        futures = [pool.submit(job) for job in jobs]
        self._watch(futures, limits)
        self._work += ROUND_WORK
        before = self.standing.values[: self._course.level]
        for future in futures:
            results = future.result()
            for result in results if isinstance(results, list) else [results]:
                self._merge(result, before)

    def _small_jobs(self, limits: list[Limit]) -> list[Job]:
        """The exact solve of a small problem; nothing where it is not small, or has not been proven quickly."""
        if self._small_slice > SMALL_SLICE or self.standing.size() > SMALL_MODEL:
            return []
        limits[0].work = self._small_slice
        self._small_slice *= 4
        facts, task, limit = self.standing.facts, self._course.task(), limits[0]
        return [lambda: Proven(solve_exactly(facts, State(facts), task, limit))]

    def _jobs(self, limits: list[Limit]) -> list[Job]:
        """The jobs of a round."""
        if self._adapting and self._course.level == 0:
            return [self._adapted(limits[0])]
        course = self._course.jobs(limits)
        if len(course) == len(limits):
            return course
        limits[0].work = limits[1].work
        first = self._ejecting(limits[0]) if self._ejection_is_due() else self._improving(0, limits[0])
        return [first, *(course or [self._improving(1, limits[1])])]

    def _adapted(self, limit: Limit) -> Job:
        """A job alone that fits what was made for another problem to this one: ejection from a solution made for this
        one alone, which wins where what stands leads the wrong way (measured), then by another chance from where the
        first began, then repairs. Prices take longer to say anything than this takes."""
        self._adapting -= 1
        if self._adapting == ADAPTING - 1:
            return self._anew(limit)
        if self._adapting == ADAPTING - 2 and self._origin is not None:
            self._rounds += 1
            return self._ejecting(limit)
        return self._improving(0, limit)

    def _anew(self, limit: Limit) -> Job:
        """A job of construction and ejection, whatever stands."""
        most = self._ejection_work()

        def run() -> tuple[Solution, float]:
            state = State(self._facts)
            construct(self._facts, state, stop=lambda: limit.stopped)
            ejection = self._ejection_from(state.solution(), 0)
            ejection.work = EFFORT_OF_INSERTION * len(self.standing.movable)
            return ejection.run(most, lambda: limit.stopped), ejection.work

        return run

    def _ejection_is_due(self) -> bool:
        """Whether weight is sought by ejection again: three rounds of four while that helps, else every fourth."""
        self._rounds += 1
        helps = self._fruitless < MOST_FRUITLESS
        due = self._rounds == 1 or (self._rounds % 4 != 2 if helps else self._rounds % 4 == 0)
        return due and self._origin is not None and self._course.level == 0

    def _ejecting(self, limit: Limit) -> Job:
        """A job of ejection: in the first round by another chance from where the first began; from then on from the
        best, and on from where the last job left it as long as nothing else finds a better solution."""
        if self._rounds == 1 and self._origin is not None:
            other = self._ejection_from(self._origin, 1)
            most = self._ejection_work()
            return lambda: (other.run(most, lambda: limit.stopped), other.work)
        best, last = self.standing.solution, self._ejection
        self._fruitless = self._fruitless + 1 if last is not None and last.least == self._least else 0
        if last is None or last.lost_in(best.choices) < last.least:
            last = self._ejection = self._ejection_from(best, self._rounds)
        ejection, self._least, before = last, last.least, last.work
        return lambda: (ejection.run(limit.work, lambda: limit.stopped, patient=True), ejection.work - before)

    def _improving(self, index: int, limit: Limit) -> Job:
        """A job of large-neighbourhood search."""
        improver, ground = self._improvers[index], self._course.ground()
        solution, figures = self.standing.solution, self.standing.values
        return lambda: improver.run(ground, solution, figures, limit)

    def _merge(self, result: object, before: tuple[int, ...]) -> None:
        """Takes what a job found. before: the figures of the levels before the course's, when the job began."""
        level = self._course.level
        if isinstance(result, Found) and self._line is not None:
            self._work += self._line.take(result)
            return
        if isinstance(result, Proven):
            own = result.result
            if own.whole and level in own.bounds and self.standing.values[:level] == before:
                self.standing.prove(level, own.bounds[level])
            self._none = self._none or (own.infeasible and own.whole and self._facts.whole and self.standing.incomplete)
            result = own
        if isinstance(result, Result):
            self._work += result.work
            if result.choices is not None:
                choices = [result.choices.get(number) for number in range(len(self._problem.activities))]
                self.standing.offer(Solution(tuple(choices)))
        elif isinstance(result, tuple):
            solution, work = result
            self._work += work
            self.standing.offer(solution)
        else:
            self._work += self._course.take(result)

    def _watch(self, futures: list[Future[object]], limits: list[Limit]) -> None:
        """Waits for the jobs; stops them when time is up."""
        pending = set(futures)
        while pending:
            _, pending = wait(pending, timeout=POLL, return_when=FIRST_COMPLETED)
            if pending and self._expired():
                for limit in limits:
                    limit.stopped = True
                    for solver in list(limit.running):
                        solver.stop_search()

    def _elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._begun

    def _left_or_none(self) -> Callable[[], float] | None:
        """A function for the seconds left; None without a clock."""
        seconds = self._budget.seconds
        if seconds is None:
            return None
        return lambda: seconds - self._elapsed()

    def _expired(self) -> bool:
        """Whether the clock or the stop signal says to end."""
        if self._stop is not None and self._stop():
            return True
        return self._budget.seconds is not None and self._elapsed() >= self._budget.seconds

    def _over(self) -> bool:
        """Whether nothing is left to do, or no whole round fits the effort any more."""
        if self.standing.focus >= self._problem.levels or self._expired() or self._none:
            return True
        size = self._slice if self._line is None else max(self._slice, self._line.size)
        jobs = 1 if self._adapting else 2
        return self._budget.effort is not None and self._work + jobs * size > self._budget.effort

    def _ejection_work(self) -> float:
        """The work that ejection may do: a run with less effort stops in the midst of it, and there."""
        most = EJECTION_EACH * len(self.standing.movable)
        if self._budget.effort is not None:
            most = min(most, self._budget.effort - self._work)
        seconds = self._left_or_none()
        return most if seconds is None else min(most, EJECTION_SHARE * seconds())

    def _tell(self) -> None:
        """Tells the listener how things stand."""
        if self._listener is not None:
            focus, bounds = self.standing.focus, self.standing.bounds
            known = tuple(bound if level <= focus else None for level, bound in enumerate(bounds))
            level = min(focus, self._problem.levels - 1)
            self._listener(Progress(self._elapsed(), level, self.standing.values, known))

    def _outcome(self) -> Outcome:
        """What came out, checked once more."""
        standing = self.standing
        broken = violations(self._problem, standing.solution)
        missing = {
            number
            for number, choice in enumerate(standing.solution.choices)
            if choice is None and standing.must(number)
        }
        if broken and not missing:
            raise InconsistentError(str(broken))
        status = Status.OPTIMAL if standing.focus >= self._problem.levels else Status.FEASIBLE
        if missing:
            status = Status.INFEASIBLE if self._none or missing & standing.impossible else Status.UNKNOWN
        limits = standing.lowest()
        return Outcome(
            status=status,
            solution=None if missing else standing.solution,
            values=standing.values,
            bounds=limits,
            work=self._work,
            seconds=self._elapsed(),
            first_seconds=self._first,
            impossible=tuple(sorted(standing.impossible)),
        )
