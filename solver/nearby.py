"""How long a level of a large body is searched among a few people of each activity, before everybody is looked at and
prices are looked for."""

from __future__ import annotations

from auditplan.solver.facts import Facts
from auditplan.solver.standing import Standing

PATIENCE, SLOW = 24.0, 0.95
"""Work in which the gap of the level must fall below so large a share of itself, or else everybody is looked at."""


class NearBy:
    """One level of a large body. Everybody and their prices take a minute and gigabytes before they say anything; most
    of what can be mended is mended by those near by in that time."""

    def __init__(self, standing: Standing, level: int) -> None:
        """level: the one under way."""
        self._standing, self._level = standing, level
        self._gap: int | None = None
        self._fruitless = 0.0

    def facts(self) -> Facts:
        """Whom ejection and repairs look at: the few, with all who are in a team, while that helps."""
        if not self._helps():
            return self._standing.facts
        few = self._standing.facts.few
        for number, choice in enumerate(self._standing.solution.choices):
            if choice is not None:
                few.admit(number, choice.team)
        return few

    def enough(self, work: float) -> bool:
        """Whether the few are enough for one round more. work: what that round may do."""
        if not self._helps():
            return False
        gap = self._standing.values[self._level] - self._standing.bounds[self._level]
        if self._gap is None or gap <= SLOW * self._gap:
            self._gap, self._fruitless = gap, 0.0
        else:
            self._fruitless += work
        return self._helps()

    def _helps(self) -> bool:
        """Whether there are fewer to look at than all, and something came of it lately."""
        return self._standing.facts.few is not self._standing.facts and self._fruitless < PATIENCE
