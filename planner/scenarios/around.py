"""A job of a large body: only what is new, or what it asks about, and what stands in its way is open; the rest of the
plan that it begins with stands. A whole search of thousands of audits would take minutes and gigabytes for each step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from auditplan.planner.capacity.needs import LARGE, reach
from auditplan.planner.compile import Compiled
from auditplan.planner.eligibility import LEAD, MEMBER
from auditplan.planner.narrow import ancestors, as_pinned, pinned, released
from auditplan.planner.plan import Placement
from auditplan.planner.planning import PlanResult, finished, plan_of
from auditplan.planner.scenarios.start import choices_of
from auditplan.solver.adopt import together
from auditplan.solver.facts import Facts
from auditplan.solver.journeys import span_mask
from auditplan.solver.problem import Activity, Kept, Precedence, Problem
from auditplan.solver.solution import Budget, Choice, Outcome, ProgressListener, Solution, StopSignal
from auditplan.solver.solve import solve

MOST_ASKED, MOST_NEAR = 40, 160
"""Audits that are open because they are asked about, and because they stand in the way of those, at most."""


def is_large(compiled: Compiled) -> bool:
    """Whether jobs of a body look around what they are about only."""
    return len(compiled.audits) >= LARGE and not any(isinstance(one, Kept) for one in compiled.problem.relations)


def plan_around(
    compiled: Compiled,
    start: Sequence[Placement],
    about: Collection[str],
    budget: Budget,
    seed: int,
    listener: ProgressListener | None,
    stop: StopSignal | None,
) -> PlanResult | None:
    """A plan that differs from a start only near some audits, without bounds, and without saying why something is left
    out; None where the start does not hold."""
    problem = compiled.problem
    begun = together(problem, choices_of(compiled, start))
    if begun is None:
        return None
    free = _open(problem, begun, _asked(compiled, begun, about))
    small = pinned(problem, begun, free)
    first = as_pinned(begun, free)
    outcome = solve(small, budget, seed=seed, threads=1, start=first, listener=listener, stop=stop, facts=Facts(small))
    assert outcome.solution is not None  # every audit may be left out
    whole = _whole(outcome, released(outcome.solution, begun, free), free)
    return finished(compiled, plan_of(compiled, whole, seed, why=False), whole, (("solve", outcome.seconds),))


def _whole(outcome: Outcome, solution: Solution, free: Collection[int]) -> Outcome:
    """An outcome as one of the whole problem: no bound of the part is one of it."""
    never = tuple(number for number in outcome.impossible if number in free)
    return replace(
        outcome, solution=solution, bounds=tuple(min(0, value) for value in outcome.values), impossible=never
    )


def _asked(compiled: Compiled, begun: Solution, about: Collection[str]) -> list[int]:
    """What the job is about and is not placed yet, the gravest first; without such, what is left out."""
    left_out = [number for number, choice in enumerate(begun.choices) if choice is None]
    named = [number for number in left_out if compiled.audits[number].id in about]
    prices = [activity.left_out or (0,) for activity in compiled.problem.activities]
    ordered = sorted(named or left_out, key=lambda number: (-prices[number][0], number))[:MOST_ASKED]
    return [*ordered, *sorted(ancestors(compiled.problem, ordered))]


def _open(problem: Problem, begun: Solution, asked: Sequence[int]) -> set[int]:
    """The audits asked about, and those placed that stand in the way of most of them: the same people, in their
    windows. What is tied to them by the order of audits is open too."""
    windows = {number: reach(problem.activities[number]) for number in asked}
    people = {number: _hands(problem.activities[number]) for number in asked}
    score: dict[int, int] = {}
    for number, choice in enumerate(begun.choices):
        if choice is None or number in windows:
            continue
        ticks = _ticks(problem.activities[number], choice)
        team = {person for role in choice.team for person in role}
        met = sum(bool(windows[other] & ticks) and not team.isdisjoint(people[other]) for other in asked)
        if met:
            score[number] = met
    near = sorted(score, key=lambda number: (-score[number], number))[:MOST_NEAR]
    return {*asked, *near, *_tied(problem, {*asked, *near})}


def _tied(problem: Problem, numbers: Collection[int]) -> Iterator[int]:
    """What comes right before or after some activities."""
    for relation in problem.relations:
        if isinstance(relation, Precedence) and (relation.first in numbers or relation.second in numbers):
            yield from (relation.first, relation.second)


def _hands(activity: Activity) -> set[int]:
    """Who may lead or be a member."""
    return {entry.resource for role in (LEAD, MEMBER) for entry in activity.roles[role]}


def _ticks(activity: Activity, choice: Choice) -> int:
    """The ticks that a choice works on."""
    mode = activity.modes[choice.mode]
    return activity.slots & span_mask(mode.starts[choice.option], mode.ends[choice.option])
