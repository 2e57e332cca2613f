"""A hard budget of changes: how many audits of the plan before may differ at most.

What the coordinator typed over does not count, nor what was cancelled. What cannot stay as it was counts: if that alone
is more than the budget, there is no plan, and the least budget that has one is told.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from threading import Thread

from auditplan.planner.compile import Compiled
from auditplan.planner.narrow import placing
from auditplan.solver.adopt import adopt
from auditplan.solver.facts import Facts
from auditplan.solver.problem import Activity, Kept, Problem
from auditplan.solver.repair import repair
from auditplan.solver.solution import Budget, Choice, Solution
from auditplan.solver.solve import solve
from auditplan.solver.state import State
from auditplan.solver.teams import possible_alone

EFFORT = 30.0
"""Work spent at most on finding out how much can stay as it was."""
FEWEST_EFFORT = 1.0
"""Work spent at most on proving how many have to change."""
Ways = dict[int, Choice]


class TooFewChangesError(ValueError):
    """More audits cannot stay as they were than may change. least: the fewest found that differ; audits: which; proven:
    how many must in every plan."""

    def __init__(self, least: int, audits: tuple[str, ...], proven: int) -> None:
        """Keeps what to say."""
        super().__init__(f"{least} changes found, at least {proven}")
        self.least, self.audits, self.proven = least, audits, proven


def limited(
    compiled: Compiled, facts: Facts, start: Solution, ways: Ways, counted: Collection[int], most: int
) -> tuple[Problem, Solution]:
    """The problem of `facts` with the budget, and a start that keeps it. ways: how audits were carried out in the plan
    before, as far as they could be still; counted: the numbers of all audits that count. Raises TooFewChangesError."""
    possible = _possible(facts, ways, counted)
    least = len(counted) - most
    relation = Kept(tuple(possible), tuple((one.mode, one.option, one.team) for one in possible.values()), least)
    if least <= 0:
        return facts.problem, start
    proven = len(counted) - len(possible)
    if _standing(start, possible) < least:
        start, beside = _most_kept(facts, start, possible)
        proven += beside
    if _standing(start, possible) < least:
        lost = [number for number in sorted(counted) if start.choices[number] != possible.get(number, 0)]
        raise TooFewChangesError(len(lost), tuple(compiled.audits[number].id for number in lost), proven)
    return replace(facts.problem, relations=(*facts.problem.relations, relation)), start


class Fewest:
    """How many audits of the plan before must differ in every plan, as far as that is proven: those that nobody could
    carry out as they were, and besides as many as stand in each other's way."""

    def __init__(self, facts: Facts, ways: Ways, counted: Collection[int], start: Solution) -> None:
        """Looks at each audit by itself. start: some sound solution; what it keeps as it was need not differ."""
        self._problem, self._possible = facts.problem, _possible(facts, ways, counted)
        self._alone = len(counted) - len(self._possible)
        self._beside = 0 if _standing(start, self._possible) == len(self._possible) else None
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Goes on beside whatever else is done, which is worth while where a solver is at work on another core. The
        figure is the same without."""
        if self._thread is None and self._beside is None:
            self._thread = Thread(target=self._look, daemon=True, name="fewest")
            self._thread.start()

    def beyond(self, changed: int) -> int:
        """The figure, where a plan was found in which so many differ; if those are only the first, the second are not
        looked for."""
        if changed <= self._alone:
            return self._alone
        if self._thread is not None:
            self._thread.join()
        beside = _in_each_others_way(self._problem, self._possible) if self._beside is None else self._beside
        return min(changed, self._alone + beside)

    def _look(self) -> None:
        """Finds the second; what goes wrong here goes wrong again, and is told, where the figure is asked for."""
        with suppress(Exception):
            self._beside = _in_each_others_way(self._problem, self._possible)


def _in_each_others_way(problem: Problem, possible: Ways) -> int:
    """How many audits, each of which could be carried out as it was, must give way to each other (proven)."""
    narrow, begin, lost = _at_once(problem, possible)
    if not lost:
        return 0
    one = _one_gives_way(narrow, begin, possible, lost)
    if one == len(lost):
        return one
    outcome = solve(narrow.problem, Budget(effort=FEWEST_EFFORT), threads=1, start=begin, facts=narrow)
    return max(one, outcome.bounds[0])


def _at_once(problem: Problem, possible: Ways) -> tuple[Facts, Solution, list[int]]:
    """The facts of carrying out audits as they were or not at all, as many as can be one after the other, and those
    that then cannot."""
    narrow = Facts(_as_they_were(problem, possible))
    wishes = [(number, replace(choice, mode=0, option=0)) for number, choice in possible.items()]
    begin = adopt(narrow, wishes)
    return narrow, begin, [number for number, _ in wishes if begin.choices[number] is None]


def _one_gives_way(narrow: Facts, begin: Solution, possible: Ways, lost: list[int]) -> int:
    """1 where that one audit must give way is proven by looking only at those left out and at what they need, all
    others standing (either one of those does not stand, or one of these is left out); else 0. Few audits are quickly
    decided, where the whole problem is not."""
    needed = [number for number, options in enumerate(narrow.options) if number not in possible and len(options)]
    near = repair(narrow, begin, [*lost, *needed], work=FEWEST_EFFORT, levels=1)
    return min(1, near.bounds[0])


def _possible(facts: Facts, ways: Ways, counted: Collection[int]) -> Ways:
    """The ways that are open still, each by itself."""
    state = State(facts)
    return {
        number: choice
        for number, choice in ways.items()
        if number in counted and possible_alone(facts, number, state.option(number, choice), choice.team)
    }


def _as_they_were(problem: Problem, ways: Ways) -> Problem:
    """The problem of carrying out audits as they were or not at all; others are placed only where these need it."""
    small = placing(problem, dict.fromkeys(ways, 1))
    activities = tuple(
        _only(activity, ways[number]) if number in ways else activity
        for number, activity in enumerate(small.activities)
    )
    return replace(small, activities=activities)


def _standing(solution: Solution, ways: Ways) -> int:
    """How many audits stand as they were."""
    return sum(solution.choices[number] == choice for number, choice in ways.items())


def _most_kept(facts: Facts, start: Solution, ways: Ways) -> tuple[Solution, int]:
    """As many audits as they were as can be at once; others are placed only where these need it. And how many of them
    must give way to each other in every plan (proven)."""
    narrow, begin, lost = _at_once(facts.problem, ways)
    outcome = solve(narrow.problem, Budget(effort=EFFORT), threads=1, start=begin, facts=narrow)
    found = outcome.solution or begin
    pairs = [(number, choice) for number, choice in ways.items() if found.choices[number] is not None]
    others = [
        (number, choice) for number, choice in enumerate(found.choices) if choice is not None and number not in ways
    ]
    rest = [
        (number, choice)
        for number, choice in enumerate(start.choices)
        if choice is not None and number not in ways and found.choices[number] is None
    ]
    proven = outcome.bounds[0] if outcome.bounds[0] > 0 else _one_gives_way(narrow, begin, ways, lost)
    return adopt(facts, [*pairs, *others, *rest]), proven


def _only(activity: Activity, choice: Choice) -> Activity:
    """An activity that is carried out in one way or not at all."""
    mode = activity.modes[choice.mode]
    one = slice(choice.option, choice.option + 1)
    sizes = tuple(len(team) for team in choice.team)
    leaves = mode.leaves[one]
    only = replace(mode, least=sizes, most=sizes, starts=mode.starts[one], ends=mode.ends[one], leaves=leaves)
    roles = tuple(
        tuple(candidate for candidate in candidates if candidate.resource in team)
        for candidates, team in zip(activity.roles, choice.team, strict=True)
    )
    return replace(activity, modes=(only,), roles=roles)
