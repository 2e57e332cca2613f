"""The engine: construction, then improvement and exact solves side by side, level by level, with bounds.

Determinism: work is cut into slices of fixed deterministic size, two jobs a round whatever the number of threads,
merged in a fixed order. A clock or a stop signal only decides after which slice the search ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from auditplan.solver import bounds as separable
from auditplan.solver.check import values, violations
from auditplan.solver.coarse import Coarse
from auditplan.solver.construct import construct
from auditplan.solver.exact import Limit, Result, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.guide import coarse_size, solve_guided
from auditplan.solver.improve import Improver
from auditplan.solver.problem import Problem
from auditplan.solver.slices import (
    COARSE_MODEL,
    COARSE_ROUNDS,
    COARSE_SLICE,
    FIRST_EXACT,
    POLL,
    SLICE,
    SMALL_MODEL,
    SMALL_SLICE,
    WHOLE_MODEL,
)
from auditplan.solver.solution import Budget, Outcome, Progress, ProgressListener, Solution, Status, StopSignal
from auditplan.solver.state import State

Keep = dict[int, set[int]]


class InconsistentError(RuntimeError):
    """The engine produced a solution that its own checker refuses: a fault of the engine."""


def solve(
    problem: Problem,
    budget: Budget,
    *,
    seed: int = 0,
    threads: int = 2,
    start: Solution | None = None,
    listener: ProgressListener | None = None,
    stop: StopSignal | None = None,
) -> Outcome:
    """Solves a problem within a budget.

    start: a sound solution to begin with. listener: told of each betterment. stop: asked often; when it says yes
    the best solution so far is returned. Raises InconsistentError if a solution fails the checker."""
    return Engine(problem, budget, seed=seed, threads=threads, listener=listener, stop=stop).run(start)


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
    ) -> None:
        """Prepares the facts; nothing is decided yet."""
        self._begun = time.monotonic()
        self._budget, self._seed, self._threads = budget, seed, max(1, threads)
        self._listener, self._stop = listener, stop
        self._problem = problem
        self._facts = Facts(problem)
        self._work = 0.0
        self._first: float | None = None
        self._keep: Keep = {}
        self._bounds = [0] * problem.levels
        self._proven = [False] * problem.levels
        self._exact_slice = FIRST_EXACT
        self._coarse_slice = COARSE_SLICE
        self._coarse_rounds = 0
        self._coarse_size: int | None = None

    def run(self, start: Solution | None) -> Outcome:
        """Constructs, improves, proves."""
        self._construct(start)
        self._impossible = separable.impossible(self._facts)
        movable = [number for number in range(len(self._problem.activities)) if number not in self._impossible]
        self._movable = movable
        self._improvers = [Improver(self._facts, movable, self._seed * 2 + index) for index in range(2)]
        self._tell()
        self._settle()
        with ThreadPoolExecutor(max_workers=min(self._threads, 2)) as pool:
            while not self._over():
                self._round(pool)
                self._settle()
                self._tell()
        return self._outcome()

    def _construct(self, start: Solution | None) -> None:
        """The first complete solution."""
        sound = start if start is not None and not violations(self._problem, start) else None
        state = State(self._facts, sound)
        construct(self._facts, state, stop=self._expired)
        self._take(state.solution())
        self._first = self._elapsed()
        self._work += 2e-3 * len(self._problem.activities)

    def _take(self, solution: Solution) -> None:
        """Makes a solution the best so far."""
        self._solution = solution
        self._values = values(self._problem, solution)

    def _settle(self) -> None:
        """Closes every level that its separable bound meets, and keeps only the options that it leaves."""
        if not hasattr(self, "_impossible"):
            return
        for level in range(self._problem.levels):
            self._bounds[level] = max(self._bounds[level], self._separable(level))
            if self._bounds[level] >= self._values[level]:
                if not self._proven[level]:
                    self._narrow(level)
                    self._exact_slice = FIRST_EXACT
                    self._coarse_rounds, self._coarse_size = 0, None
                self._proven[level] = True
            else:
                break

    def _forced(self) -> bool:
        """Whether every activity that can be placed must be: the first level is at its least."""
        return self._proven[0] and self._values[0] == self._least_left_out()

    def _least_left_out(self) -> int:
        """What must be left out at least."""
        total = 0
        for number in sorted(self._impossible):
            left_out = self._problem.activities[number].left_out
            total += left_out[0] if left_out else 0
        fixed = sum(separable.alone(self._facts, number, 0, None) for number in self._movable if self._must(number))
        return total + fixed

    def _must(self, number: int) -> bool:
        """Whether an activity may not be left out at all."""
        return self._problem.activities[number].left_out is None

    def _separable(self, level: int) -> int:
        """The sum of what each activity costs at least on a level."""
        if level == 0:
            return self._least_left_out()
        forced = self._forced()
        total = 0
        for number, activity in enumerate(self._problem.activities):
            left_out = activity.left_out[level] if activity.left_out else 0
            if number in self._impossible:
                total += left_out
            else:
                least = separable.alone(self._facts, number, level, self._keep.get(number))
                total += least if forced or activity.left_out is None else min(least, left_out)
        return total

    def _narrow(self, level: int) -> None:
        """Where a level stands at its separable bound, every activity must take an option at its own least."""
        if level == 0 or not self._forced() or self._values[level] != self._separable(level):
            return
        if level == self._problem.balance:
            return
        for number in self._movable:
            prices = separable.prices_alone(self._facts, number, level)
            flats = self._keep.get(number) or set(range(len(prices)))
            least = min(int(prices[flat]) for flat in flats)
            self._keep[number] = {flat for flat in flats if prices[flat] == least}

    def _focus(self) -> int:
        """The first level that is not proven."""
        return next((level for level, proven in enumerate(self._proven) if not proven), self._problem.levels)

    def _whole(self, most: int = WHOLE_MODEL) -> bool:
        """Whether the whole problem is small enough for the exact solver."""
        size = 0
        for number in self._movable:
            flats = self._keep.get(number)
            for presence in self._facts.presences[number].values():
                size += int(presence.possible.sum()) if flats is None else sum(presence.possible[list(flats)])
        return size <= most

    def _round(self, pool: ThreadPoolExecutor) -> None:
        """Two jobs side by side, merged in order."""
        focus = self._focus()
        if self._whole(SMALL_MODEL) and self._exact_slice <= SMALL_SLICE:
            limit = Limit(self._exact_slice, self._left_or_none())
            self._exact_slice *= 4
            future = pool.submit(self._proving(focus, limit))
            self._watch([future], [limit])
            self._merge(future.result(), focus)
            return
        limits = [Limit(SLICE, self._left_or_none()), Limit(SLICE, self._left_or_none())]
        jobs: list[Callable[[], object]] = [self._improving(0, focus, limits[0])]
        if self._coarse_rounds < COARSE_ROUNDS and focus and self._coarsely():
            limits[1].work = self._coarse_slice
            jobs.append(self._guiding(focus, limits[1]))
        elif self._whole():
            limits[0].work = limits[1].work = self._exact_slice
            jobs.append(self._proving(focus, limits[1]))
            self._exact_slice *= 2
        else:
            jobs.append(self._improving(1, focus, limits[1]))
        futures = [pool.submit(job) for job in jobs]
        self._watch(futures, limits)
        for future in futures:
            self._merge(future.result(), focus)

    def _improving(self, index: int, focus: int, limit: Limit) -> Callable[[], object]:
        """A job of large-neighbourhood search."""
        solution, figures, keep = self._solution, self._values, dict(self._keep)
        return lambda: self._improvers[index].run(solution, figures, focus, keep, limit)

    def _coarsely(self) -> bool:
        """Whether the coarse picture is small enough to be solved, and is due; its slice doubles each time."""
        if self._coarse_size is None:
            self._coarse_size = coarse_size(Coarse(self._facts, self._keep))
        if self._coarse_size > COARSE_MODEL:
            return False
        self._coarse_slice = COARSE_SLICE * 3**self._coarse_rounds
        self._coarse_rounds += 1
        return True

    def _guiding(self, focus: int, limit: Limit) -> Callable[[], object]:
        """A job of the coarse picture and what it leads to."""
        task = self._task(focus)
        return lambda: solve_guided(self._facts, task, limit)

    def _proving(self, focus: int, limit: Limit) -> Callable[[], object]:
        """A job of an exact solve of the whole."""
        state, task = State(self._facts), self._task(focus)
        return lambda: solve_exactly(self._facts, state, task, limit)

    def _task(self, focus: int) -> Task:
        """The whole problem, one level to minimise, the levels before it kept."""
        fixed = self._fixed_part()
        return Task(
            active=tuple(self._movable),
            minimise=(focus,),
            ceilings={level: self._values[level] - fixed[level] for level in range(focus)},
            hint={number: self._solution.choices[number] for number in self._movable},
            keep={number: set(flats) for number, flats in self._keep.items()},
            seed=self._seed,
        )

    def _fixed_part(self) -> list[int]:
        """What impossible activities add to each level."""
        figures = [0] * self._problem.levels
        for number in self._impossible:
            for level, price in enumerate(self._problem.activities[number].left_out or ()):
                figures[level] += price
        return figures

    def _merge(self, result: object, focus: int) -> None:
        """Takes what a job found."""
        if isinstance(result, Result):
            self._work += result.work
            if result.choices is not None:
                choices = [result.choices.get(number) for number in range(len(self._problem.activities))]
                self._offer(Solution(tuple(choices)))
            if focus in result.bounds and self._values[:focus] == self._round_values[:focus]:
                bound = result.bounds[focus] + self._fixed_part()[focus]
                self._bounds[focus] = max(self._bounds[focus], min(bound, self._values[focus]))
        elif isinstance(result, tuple):
            solution, _, work = result
            self._work += work
            self._offer(solution)

    def _offer(self, solution: Solution) -> None:
        """Takes a solution if it is sound and better."""
        found = values(self._problem, solution)
        if found < self._values:
            if violations(self._problem, solution):
                raise InconsistentError(str(violations(self._problem, solution)))
            self._solution, self._values = solution, found

    def _watch(self, futures: list[Future[object]], limits: list[Limit]) -> None:
        """Waits for the jobs; stops them when time is up."""
        self._round_values = self._values
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
        if self._focus() >= self._problem.levels or self._expired():
            return True
        if self._budget.effort is None:
            return False
        next_round = 2 * max(self._exact_slice if self._whole() else SLICE, self._coarse_slice)
        return self._work + next_round > self._budget.effort

    def _tell(self) -> None:
        """Tells the listener how things stand."""
        if self._listener is not None:
            known = tuple(bound if level <= self._focus() else None for level, bound in enumerate(self._bounds))
            level = min(self._focus(), self._problem.levels - 1)
            self._listener(Progress(self._elapsed(), level, self._values, known))

    def _outcome(self) -> Outcome:
        """What came out, checked once more."""
        broken = violations(self._problem, self._solution)
        unplaceable = {number for number in range(len(self._problem.activities)) if self._must(number)}
        missing = any(self._solution.choices[number] is None for number in unplaceable)
        if broken and not missing:
            raise InconsistentError(str(broken))
        status = Status.OPTIMAL if self._focus() >= self._problem.levels else Status.FEASIBLE
        if missing:
            status = Status.INFEASIBLE if unplaceable & self._impossible else Status.UNKNOWN
        limits = tuple(min(bound, value) for bound, value in zip(self._bounds, self._values, strict=True))
        return Outcome(
            status=status,
            solution=None if missing else self._solution,
            values=self._values,
            bounds=limits,
            work=self._work,
            seconds=self._elapsed(),
            first_seconds=self._first,
            impossible=tuple(sorted(self._impossible)),
        )
