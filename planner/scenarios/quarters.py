"""A large body over several quarters planned one quarter after the other, each with what was planned before standing,
and with as much of the work. All of a year at once would take gigabytes, and most of the time to get started.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from auditplan.planner.compile import Compiled
from auditplan.planner.narrow import as_chosen
from auditplan.planner.planning import PlanResult, finished, plan_of
from auditplan.planner.scenarios.around import is_large
from auditplan.planner.timeline import TICKS_A_DAY
from auditplan.solver.check import values
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Activity, Mode, Precedence, Problem
from auditplan.solver.solution import (
    Budget,
    Choice,
    Outcome,
    ProgressListener,
    Solution,
    Status,
    StoppedError,
    StopSignal,
)
from auditplan.solver.solve import solve

MONTHS = 3
"""Of a quarter."""


def is_long(compiled: Compiled) -> bool:
    """Whether a body is planned quarter by quarter."""
    return is_large(compiled) and len(parts_of(compiled)) > 1


def parts_of(compiled: Compiled) -> list[tuple[int, int]]:
    """The quarters of the period as ticks: first, and one past the last. The first and the last reach to the ends of
    the line."""
    settings, timeline = compiled.facts.body.settings, compiled.facts.timeline
    edges, day = [0], _later(settings.plan_from)
    while day <= settings.plan_to:
        edges.append((day - timeline.first).days * TICKS_A_DAY)
        day = _later(day)
    return list(zip(edges, [*edges[1:], timeline.ticks], strict=True))


def _later(day: date) -> date:
    """The first day of the month a quarter later."""
    return (day.replace(day=1) + timedelta(days=31 * MONTHS)).replace(day=1)


def plan_by_quarters(
    compiled: Compiled,
    budget: Budget,
    *,
    seed: int,
    threads: int,
    listener: ProgressListener | None,
    stop: StopSignal | None,
) -> PlanResult:
    """A plan without bounds, and without saying why something is left out. A stop leaves out what has not come to its
    turn. Raises VerificationFailedError."""
    problem, parts = compiled.problem, parts_of(compiled)
    choices: list[Choice | None] = [None] * len(problem.activities)
    never = set(range(len(choices)))
    begun, seconds, work = time.monotonic(), 0.0, 0.0
    for turn, (low, high) in enumerate(parts):
        share = 1 / (len(parts) - turn)  # what a quarter did not need is for those that follow
        each = Budget(
            seconds=budget.seconds and max(0.0, budget.seconds - seconds) * share,
            effort=budget.effort and max(0.0, budget.effort - work) * share,
        )
        part = _Part(problem, choices, low, high)
        try:
            outcome = part.solved(each, seed, threads, listener, stop)
        except StoppedError:
            never.clear()  # what has not come to its turn is not known to be hopeless
            break
        assert outcome.solution is not None  # every audit may be left out
        choices = part.whole(outcome.solution)
        never &= set(outcome.impossible)
        seconds, work = time.monotonic() - begun, work + outcome.work
    solution = Solution(tuple(choices))
    figures = values(problem, solution)
    outcome = Outcome(
        status=Status.FEASIBLE,
        solution=solution,
        values=figures,
        bounds=tuple(min(0, value) for value in figures),
        work=work,
        seconds=seconds,
        impossible=tuple(sorted(_surely(never, problem, choices))),
    )
    return finished(compiled, plan_of(compiled, outcome, seed, why=False), outcome, (("solve", seconds),))


def _surely(never: Collection[int], problem: Problem, choices: list[Choice | None]) -> Collection[int]:
    """Of what was impossible in every quarter, what is so by itself, or by what it must follow: not what only lacks
    that something else was placed in another quarter."""
    gone = set(never)
    pairs = [(one.first, one.second) for one in problem.relations if isinstance(one, Precedence)]
    while lacking := {second for first, second in pairs if second in gone and first not in gone and not choices[first]}:
        gone -= lacking
    return gone


@dataclass(frozen=True, slots=True)
class _Part:
    """A quarter's problem: what begins in it is open, what was placed before stands, the rest cannot be placed."""

    whole_problem: Problem
    choices: list[Choice | None]
    low: int
    high: int

    @property
    def problem(self) -> Problem:
        """The quarter's problem."""
        pairs = zip(self.whole_problem.activities, self.choices, strict=True)
        activities = tuple(
            self._begun_here(activity) if choice is None else as_chosen(activity, choice) for activity, choice in pairs
        )
        return replace(self.whole_problem, activities=activities)

    @property
    def start(self) -> Solution:
        """What stands."""
        return Solution(tuple(choice and Choice(0, 0, choice.team) for choice in self.choices))

    def solved(
        self,
        budget: Budget,
        seed: int,
        threads: int,
        listener: ProgressListener | None,
        stop: StopSignal | None,
    ) -> Outcome:
        """The quarter's plan. Its facts, most of what the memory holds, go with it. Raises StoppedError."""
        problem = self.problem
        facts = Facts(problem, stop=stop)
        return solve(
            problem,
            budget,
            seed=seed,
            threads=threads,
            start=self.start,
            listener=listener,
            stop=stop,
            facts=facts,
        )

    def whole(self, found: Solution) -> list[Choice | None]:
        """The choices of a solution of the quarter, in the whole problem."""
        return [
            old if choice is not None and old is not None else choice and self._released(number, choice)
            for number, (choice, old) in enumerate(zip(found.choices, self.choices, strict=True))
        ]

    def _released(self, number: int, choice: Choice) -> Choice:
        """A choice of the quarter as one of the whole problem."""
        first = self._inside(self.whole_problem.activities[number].modes[choice.mode]).start
        return replace(choice, option=choice.option + first)

    def _inside(self, mode: Mode) -> slice:
        """A mode's options that begin in the quarter."""
        return slice(bisect_left(mode.starts, self.low), bisect_left(mode.starts, self.high))

    def _begun_here(self, activity: Activity) -> Activity:
        """An activity with the options that begin in the quarter; without any, it costs nothing to leave it out."""
        inside = [self._inside(mode) for mode in activity.modes]
        if not any(one.stop > one.start for one in inside):
            return replace(activity, modes=(), roles=tuple(() for _ in activity.roles), left_out=self._no_price)
        modes = tuple(_cut(mode, one) for mode, one in zip(activity.modes, inside, strict=True))
        return replace(activity, modes=modes)

    @property
    def _no_price(self) -> tuple[int, ...]:
        """Nothing on any level."""
        return (0,) * self.whole_problem.levels


def _cut(mode: Mode, inside: slice) -> Mode:
    """A mode with some of its options."""
    return replace(
        mode,
        starts=mode.starts[inside],
        ends=mode.ends[inside],
        leaves=mode.leaves[inside],
        costs=tuple(prices[inside] for prices in mode.costs),
    )
