"""How a re-plan searches: what is asked with everything else standing, then with audits around it that make room, then
with anything that may move, as far as the work goes; and last, what was left out before where it fits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from auditplan.planner.preferences import MONEY
from auditplan.solver.bounds import impossible
from auditplan.solver.facts import Facts as SolverFacts
from auditplan.solver.repair import Repaired, near_by, neighbours, repair, room_made
from auditplan.solver.solution import Budget, Outcome, ProgressListener, Solution, Status, StopSignal
from auditplan.solver.solve import solve
from auditplan.solver.standing import Standing

REPAIR = 10.0
"""Work spent at most on deciding a few audits while all others stand."""
AROUND, ONE_AROUND, MOVING_ONE = 1.5, 0.6, 0.02
"""Work spent at most on making room for what lost its place: in all, on one exact try, and (measured) on trying out
whether one other may move."""
MANY_AROUND, FEW_AROUND, DAYS_AROUND = 12, 6, 10
"""Audits that may each move for one that lost its place; how many of them at once, and how far."""
LEAST_RUN = 2.5
"""Work that has to be left for a search that may move anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How to search. meanwhile: called whenever a solver goes to work by itself, on one core."""

    budget: Budget
    seed: int
    threads: int
    listener: ProgressListener | None
    stop: StopSignal | None
    meanwhile: Callable[[], None] | None = None

    def share(self, part: float) -> Search:
        """The same with a part of the budget."""
        seconds, effort = self.budget.seconds, self.budget.effort
        budget = Budget(
            seconds=None if seconds is None else seconds * part, effort=None if effort is None else effort * part
        )
        return replace(self, budget=budget)

    def left(self, seconds: float, effort: float) -> Search:
        """The same with what is left of the budget."""
        mine = self.budget
        budget = Budget(
            seconds=None if mine.seconds is None else max(mine.seconds - seconds, 0.1),
            effort=None if mine.effort is None else max(mine.effort - effort, 0.1),
        )
        return replace(self, budget=budget)

    @property
    def worth_a_run(self) -> bool:
        """Whether enough is left for a search that may move anything."""
        return self.budget.effort is None or self.budget.effort >= LEAST_RUN

    def run(self, facts: SolverFacts, start: Solution) -> Outcome:
        """Solves a problem."""
        return solve(
            facts.problem,
            self.budget,
            seed=self.seed,
            threads=self.threads,
            start=start,
            listener=self.listener,
            stop=self.stop,
            facts=facts,
        )

    def repair(self, facts: SolverFacts, start: Solution, free: frozenset[int]) -> Repaired:
        """Decides a few audits, all others standing."""
        end = None if self.budget.seconds is None else time.monotonic() + self.budget.seconds
        seconds = None if end is None else lambda: end - time.monotonic()
        work = min(self.budget.effort or REPAIR, REPAIR)
        return repair(facts, start, free, work=work, seconds=seconds, seed=self.seed, begun=self.meanwhile)


def changed_little(facts: SolverFacts, start: Solution, asked: frozenset[int], search: Search) -> Outcome:
    """First with everything standing that nothing is asked of: where no plan can be better, that is all. Else the
    search goes on from there, free to move anything."""
    begun = time.monotonic()
    near = search.repair(facts, start, asked)
    best = Standing(facts, near.solution)
    best.settle()
    if best.focus == 0:
        near = _around(facts, near, search.left(time.monotonic() - begun, near.work))
        best.offer(near.solution)
        best.settle()
    if best.focus < MONEY:
        rest = search.left(time.monotonic() - begun, near.work)
        if rest.worth_a_run:
            outcome = rest.run(facts, near.solution)
            return replace(outcome, work=outcome.work + near.work)
        return _as_found(best, near, begun)
    # All else can only move at a price, so what was left to decide was decided there.
    bounds = (*best.values[:MONEY], *near.bounds[MONEY:])
    return Outcome(
        status=Status.OPTIMAL if bounds == near.values else Status.FEASIBLE,
        solution=near.solution,
        values=near.values,
        bounds=bounds,
        work=near.work,
        seconds=time.monotonic() - begun,
        impossible=tuple(sorted(best.impossible)),
    )


def _around(facts: SolverFacts, near: Repaired, search: Search) -> Repaired:
    """What is still left out, the gravest first, with audits around it that move for it: one by insertion; else a few
    exactly, not far from where they are. Whatever moved is then decided anew on every level, with what follows it."""
    left = min(search.budget.effort or AROUND, AROUND)
    weights = [(activity.left_out or (0,))[0] for activity in facts.problem.activities]
    lost = [number for number, choice in enumerate(near.solution.choices) if choice is None and weights[number]]
    found, work = near.solution, near.work
    for number in sorted((one for one in lost if len(facts.options[one])), key=lambda one: (-weights[one], one)):
        others = neighbours(facts, found, number, MANY_AROUND)
        cost = MOVING_ONE * len(others)
        if found.choices[number] is None and cost <= left:
            found = room_made(facts, found, number, others) or found
            left, work = left - cost, work + cost
        free = [number, *others[:FEW_AROUND]]
        if found.choices[number] is None and left > 0:
            close = near_by(facts, found, free, DAYS_AROUND * facts.problem.period)
            one = repair(facts, found, free, work=min(left, ONE_AROUND), seed=search.seed, keep=close, levels=MONEY)
            left, work, found = left - one.work, work + one.work, one.solution
    moved = [at for at, pair in enumerate(zip(near.solution.choices, found.choices, strict=True)) if pair[0] != pair[1]]
    if not moved:
        return replace(near, work=work)
    after = [one for one in lost if found.choices[one] is None and set(facts.predecessors.get(one, ())) & set(moved)]
    last = repair(facts, found, [*moved, *after], work=ONE_AROUND, seed=search.seed)
    return replace(last, work=work + last.work)


def _as_found(best: Standing, near: Repaired, begun: float) -> Outcome:
    """What a short search found, with the bounds that are known without a longer one."""
    return Outcome(
        status=Status.FEASIBLE,
        solution=near.solution,
        values=near.values,
        bounds=best.lowest(),
        work=near.work,
        seconds=time.monotonic() - begun,
        impossible=tuple(sorted(best.impossible)),
    )


def taken_in(facts: SolverFacts, first: Outcome, waits: frozenset[int], search: Search) -> Outcome:
    """What was left out before is taken in where nothing else has to change: all else stands. facts: of the problem in
    which it may be."""
    assert first.solution is not None  # whatever must be placed is so in the start
    second = search.repair(facts, first.solution, waits)
    never = impossible(facts, {number for number, choice in enumerate(second.solution.choices) if choice is not None})
    # What the first run left open of its bound is open still; what it could not look at is bounded by the second.
    gone = sum((facts.problem.activities[number].left_out or (0,))[0] for number in never)
    bounds = tuple(
        max(figure - (one.value - one.bound) - (figure - bound), one.bound if level else gone)
        for level, (figure, one, bound) in enumerate(zip(second.values, _pairs(first), second.bounds, strict=True))
    )
    return replace(
        first,
        status=Status.OPTIMAL if bounds == second.values else Status.FEASIBLE,
        solution=second.solution,
        values=second.values,
        bounds=bounds,
        work=first.work + second.work,
        impossible=tuple(sorted(never)),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A level's figure with its bound."""

    value: int
    bound: int


def _pairs(outcome: Outcome) -> list[_Pair]:
    """The levels of an outcome."""
    return [_Pair(value, min(bound, value)) for value, bound in zip(outcome.values, outcome.bounds, strict=True)]
