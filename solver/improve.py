"""Improvement: large-neighbourhood search whose repairs are exact. Every step keeps or betters the solution,
level by level."""

from __future__ import annotations

from random import Random

from auditplan.solver.check import values
from auditplan.solver.exact import Limit, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.search import neighbourhood
from auditplan.solver.solution import Solution
from auditplan.solver.state import State

LARGEST_MODEL = 9000
"""Presence literals that a neighbourhood may have, so that its model is built and solved in a moment."""
STEP_WORK = 1.0
"""Deterministic work of one repair at most."""
OVERHEAD = 0.02
"""Work counted for a repair besides its solve."""


class Improver:
    """A search that goes on from a solution; its neighbourhoods grow when they are solved to the end and shrink
    when they are not."""

    def __init__(self, movable: list[int], seed: int, facts: Facts) -> None:
        """movable: the activities that may be freed."""
        self._movable = movable
        self._random = Random(seed)
        self._size = 10.0
        self._weight = [
            sum(int(presence.possible.sum()) for presence in presences.values()) for presences in facts.presences
        ]

    def run(
        self,
        facts: Facts,
        solution: Solution,
        figures: tuple[int, ...],
        focus: int,
        keep: dict[int, set[int]],
        limit: Limit,
    ) -> tuple[Solution, float]:
        """Repairs neighbourhoods until the limit's work is done; gives the best solution and the work done. facts:
        with the seats that may be used. focus: the level to better; those before it never get worse."""
        self._facts = facts
        state = State(facts, solution)
        work = 0.0
        while work < limit.work and not limit.stopped and self._movable:
            active = self._pick(state, keep)
            better, spent = self._repair(state, active, figures, focus, keep, limit)
            work += spent + OVERHEAD
            if better is not None:
                figures = better
        return state.solution(), work

    def _pick(self, state: State, keep: dict[int, set[int]]) -> tuple[int, ...]:
        """The next neighbourhood, cut to what a model can hold."""
        active = neighbourhood(self._facts, state, self._random, round(self._size), self._movable)
        total = 0
        kept: list[int] = []
        for number in self._random.sample(active, len(active)):
            options = max(len(self._facts.options[number]), 1)
            share = len(keep[number]) / options if number in keep else 1.0
            total += round(self._weight[number] * share)
            if kept and total > LARGEST_MODEL:
                break
            kept.append(number)
        return tuple(sorted(kept))

    def _repair(
        self,
        state: State,
        active: tuple[int, ...],
        figures: tuple[int, ...],
        focus: int,
        keep: dict[int, set[int]],
        limit: Limit,
    ) -> tuple[tuple[int, ...] | None, float]:
        """Solves one neighbourhood; keeps the repair if it is better. Gives its figures, and the work done."""
        problem = self._facts.problem
        before = {number: state.choices[number] for number in active}
        own = _own_figures(self._facts, state, active)
        for number in active:
            state.remove(number)
        task = Task(
            active=active,
            minimise=tuple(range(focus, problem.levels)),
            ceilings={level: own[level] for level in range(focus)},
            hint=before,
            keep=keep,
            seed=self._random.randrange(1 << 30),
        )
        inner = Limit(STEP_WORK, limit.seconds, limit.running, limit.stopped)
        result = solve_exactly(self._facts, state, task, inner)
        ended = len(result.proven) == problem.levels - focus
        self._size = min(self._size * 1.05 + 0.1, 120.0) if ended else max(self._size * 0.93, 4.0)
        after = result.choices or before
        for number in active:
            choice = after.get(number)
            if choice is not None:
                state.place(number, choice)
        found = values(problem, state.solution())
        if found < figures:
            return found, result.work
        for number in active:
            state.remove(number)
        for number, choice in before.items():
            if choice is not None:
                state.place(number, choice)
        return None, result.work


def _own_figures(facts: Facts, state: State, active: tuple[int, ...]) -> list[int]:
    """The active activities' own part of each level, deviations aside."""
    figures = [0] * facts.problem.levels
    for number in active:
        activity, choice = facts.problem.activities[number], state.choices[number]
        if choice is None:
            for level, price in enumerate(activity.left_out or ()):
                figures[level] += price
            continue
        flat = state.option(number, choice)
        for level, costs in enumerate(facts.options[number].costs):
            figures[level] += int(costs[flat]) + (activity.placed[level] if activity.placed else 0)
        for role, team in enumerate(choice.team):
            for person in team:
                figures[facts.problem.money] += int(facts.presences[number][person].money[flat])
                for candidate in activity.roles[role]:
                    if candidate.resource == person:
                        for level, price in candidate.costs:
                            figures[level] += price
    return figures
