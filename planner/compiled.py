"""A body as a scheduling problem, with what the problem's numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditplan.planner.domain import Audit
from auditplan.planner.facts import Facts
from auditplan.planner.firm import Firm
from auditplan.planner.geography import Site
from auditplan.solver import problem as scheduling


@dataclass(frozen=True, slots=True)
class Compiled:
    """A scheduling problem and what its numbers stand for. audits: those decided, by activity. firm: those that
    stand, by id. outside: those whose window lies after the period. together: people whose firm audits are part of
    their routes, so that the problem's money holds the journeys of those too."""

    problem: scheduling.Problem
    audits: tuple[Audit, ...]
    firm: dict[str, Firm]
    outside: tuple[str, ...]
    facts: Facts
    together: frozenset[str] = frozenset()
    sites: dict[Site, int] = field(default_factory=dict)
    """How places are numbered."""
