"""The figures of a state that changes a little at a time."""

from __future__ import annotations

from auditplan.solver.check import deviation, own_prices
from auditplan.solver.state import State


class Figures:
    """What `check.values` gives of a state, without a look at what has not changed since it was asked for last: from
    scratch that is a sixth of the work of a repair where there are thousands of activities (measured)."""

    def __init__(self, state: State) -> None:
        """Looks at everything once."""
        problem = state.facts.problem
        self._state, self._problem = state, problem
        self._known = list(state.choices)
        self._own = [0] * problem.levels
        for number, choice in enumerate(self._known):
            self._add(own_prices(problem, problem.activities[number], choice), 1)

    def now(self) -> tuple[int, ...]:
        """The figure of each level."""
        problem, state = self._problem, self._state
        for number, (before, choice) in enumerate(zip(self._known, state.choices, strict=True)):
            if before is not choice:
                self._add(own_prices(problem, problem.activities[number], before), -1)
                self._add(own_prices(problem, problem.activities[number], choice), 1)
                self._known[number] = choice
        figures = self._own.copy()
        figures[problem.money] += sum(state.itinerary(person).cost for person in range(len(problem.resources)))
        figures[problem.balance] += deviation(problem, state.worked)
        return tuple(figures)

    def _add(self, prices: tuple[int, ...], times: int) -> None:
        """Adds the prices of one choice, or takes them away."""
        for level, price in enumerate(prices):
            self._own[level] += times * price
