"""One measurement: one method on one problem, in a process of its own, watched from its first plan to its last."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from invented import demonstration, far, grown, tight
from published import Instance, instances, makespan, problem_of, pyjobshop
from straightforward import Straightforward

from auditplan.solver.check import values as figures_of
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Budget, Outcome, Progress
from auditplan.solver.solve import solve

METHODS = ("greedy", "engine", "straightforward")
"""Construction alone, the engine, and the model that anybody would write first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A problem by its recipe, so that the measuring process makes it itself. held: what the straightforward model may
    have on the first level at most, where only the later ones are compared."""

    kind: str
    name: str
    size: str = ""
    auditors: int = 0
    audits: int = 0
    times: int = 0
    seed: int = 1
    folder: str = ""
    held: int | None = None

    def instance(self) -> Instance:
        """The published instance of a case. Raises StopIteration where there is none of its name."""
        return next(one for one in instances(Path(self.folder)) if one.name == self.name)

    def problem(self) -> Problem:
        """The problem."""
        makers: dict[str, Callable[[], Problem]] = {
            "tight": lambda: tight(self.auditors, self.audits, self.seed),
            "demo": lambda: demonstration(self.size, self.seed),
            "grown": lambda: grown(self.times, self.seed),
            "far": lambda: far(self.seed),
            "far, home each time": lambda: replace(far(self.seed), straight=False),
            "published": lambda: problem_of(self.instance()),
        }
        return makers[self.kind]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Best figures and bounds at a moment; None: nothing yet."""

    seconds: float
    values: tuple[int, ...] | None
    bounds: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a method did. total: what leaving everything out would weigh. first: seconds to the first plan. memory:
    peak in MiB, the making of the problem included. failed: what went wrong, "" if nothing did."""

    case: Case
    method: str
    marks: tuple[Mark, ...]
    total: int = 0
    first: float | None = None
    seconds: float = 0.0
    made: float = 0.0
    memory: int = 0
    failed: str = ""

    @property
    def last(self) -> Mark:
        """The last mark."""
        return self.marks[-1]

    def gap(self, mark: Mark, level: int) -> float | None:
        """The gap of a level at a mark: level 1 relative to all consequence, others to the figure."""
        bound = mark.bounds[level] if mark.bounds else None
        if mark.values is None or bound is None:
            return None
        base = self.total if level == 0 and self.total else mark.values[level]
        return max(0, mark.values[level] - bound) / base if base else 0.0


class _Record:
    """The betterments as they come."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.steps: list[Mark] = []

    def note(self, seconds: float, values: tuple[int, ...] | None, bounds: tuple[int | None, ...]) -> None:
        """Takes one down."""
        self.steps.append(Mark(seconds=seconds, values=values, bounds=bounds))

    def at(self, moments: tuple[float, ...]) -> tuple[Mark, ...]:
        """How it stood at each moment."""
        marks = []
        for moment in moments:
            before = [step for step in self.steps if step.seconds <= moment + 0.5]
            found = before[-1] if before else Mark(seconds=moment, values=None, bounds=())
            marks.append(Mark(seconds=moment, values=found.values, bounds=found.bounds))
        return tuple(marks)


def measure(case: Case, method: str, moments: tuple[float, ...], threads: int, limit: float) -> Measured:
    """Measures in a fresh process. limit: GiB of memory that it may take; 0: any."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_confine, initargs=(limit,)) as pool:
        try:
            return pool.submit(_measured, case, method, moments, threads).result()
        except (BrokenProcessPool, MemoryError) as error:
            marks = _Record().at(moments)
            return Measured(case=case, method=method, marks=marks, failed=f"{type(error).__name__}")


def _confine(limit: float) -> None:
    """Keeps the process within its memory."""
    if limit:
        size = int(limit * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _measured(case: Case, method: str, moments: tuple[float, ...], threads: int) -> Measured:
    """Measures in this process."""
    begun, record = time.monotonic(), _Record()
    if method == "pyjobshop":
        return _pyjobshop(case, moments, threads, record)
    problem = case.problem()
    made = time.monotonic() - begun
    begun, failed, first = time.monotonic(), "", None
    try:
        first = _run(problem, method, max(moments), threads, record, case)
    except (AssertionError, RuntimeError, MemoryError) as error:
        failed = f"{type(error).__name__}: {error}"[:120]
    return Measured(
        case=case,
        method=method,
        marks=record.at(moments),
        total=sum(activity.left_out[0] for activity in problem.activities if activity.left_out),
        first=first,
        seconds=time.monotonic() - begun,
        made=made,
        memory=_peak(),
        failed=failed,
    )


def _run(problem: Problem, method: str, seconds: float, threads: int, record: _Record, case: Case) -> float | None:
    """Runs a method on a problem; answers the seconds to its first plan."""
    if method == "straightforward":
        begun = time.monotonic()
        model = Straightforward(problem)
        built = time.monotonic() - begun
        found = model.solve(
            max(0.1, seconds - built),
            threads=threads,
            seed=case.seed,
            held=case.held,
            told=lambda at, values, bounds: record.note(built + at, values, bounds),
        )
        record.note(built + found.seconds, found.values, found.bounds)
        return None if found.first_seconds is None else built + found.first_seconds
    budget = Budget(effort=1e-6, seconds=seconds) if method == "greedy" else Budget(seconds=seconds)

    def listener(progress: Progress) -> None:
        """Takes a betterment down."""
        record.note(progress.seconds, progress.values, progress.bounds)

    outcome: Outcome = solve(problem, budget, seed=case.seed, threads=threads, listener=listener)
    if outcome.solution is None:
        return None
    assert figures_of(problem, outcome.solution) == outcome.values
    record.note(outcome.seconds, outcome.values, outcome.bounds)
    if not problem.activities[-1].left_out:
        makespan(problem, outcome.solution)
    return outcome.first_seconds


def _pyjobshop(case: Case, moments: tuple[float, ...], threads: int, record: _Record) -> Measured:
    """PyJobShop on a published instance."""
    value, bound, seconds = pyjobshop(case.instance(), max(moments), threads)
    record.note(min(seconds, max(moments)), None if value is None else (value,), (bound,))
    return Measured(case=case, method="pyjobshop", marks=record.at(moments), seconds=seconds, memory=_peak())


def _peak() -> int:
    """The process's peak memory in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 2**20 if sys.platform == "darwin" else peak // 2**10
