"""What stands between a person and an audit, rule by rule and cell by cell, whatever else is planned.

Every way to take part is a seat on a stretch. Each rule blocks some of these ways; what is told is every rule that must
give way before one way is open: first those that block all ways by themselves, then those that do so together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditplan.planner.domain import Audit, Auditor, Role
from auditplan.planner.eligibility import EXPERT, LEAD, MEMBER, TRAINEE
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.seats import SeatRules
from auditplan.planner.explanations.times import TimeRules
from auditplan.planner.explanations.ways import Way
from auditplan.planner.plan import Reason

MOST_OF_A_RULE = 4
"""How many causes of one rule are told at most."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A way to take part (a role on a stretch) with everything that stands in it."""

    role: int
    way: Way
    causes: tuple[Reason, ...]


class Obstacles:
    """Finds what stands between people and one audit."""

    def __init__(self, ground: Ground, audit: Audit, ways: Iterable[Way]) -> None:
        """ways: the stretches that are asked about, with what stands against each whoever comes."""
        self._ground, self._audit, self._ways = ground, audit, tuple(ways)
        self._seats = SeatRules(ground, audit)
        self._times = TimeRules(ground, audit)

    def of(self, auditor: Auditor, roles: Iterable[int] | None = None) -> tuple[Reason, ...]:
        """Every rule that stands against a person in one of some roles (None: any); empty where a way is open."""
        return told([blocked.causes for blocked in self.blocked(auditor, roles)])

    def blocked(self, auditor: Auditor, roles: Iterable[int] | None = None) -> list[Blocked]:
        """Every way of a person to take part."""
        asked = tuple(self._asked(auditor) if roles is None else roles)
        anyhow = {role: tuple(self._seats.anyhow(auditor, role)) for role in asked}
        found = []
        for way in self._ways:
            times = tuple(self._times.against(auditor, way))
            for role in asked:
                own = (*anyhow[role], *self._seats.on(auditor, role, way), *times, *way.against)
                found.append(Blocked(role, way, tuple(dict.fromkeys(own))))
        return found

    def _asked(self, auditor: Auditor) -> Iterator[int]:
        """The roles worth speaking of: lead and member, and those asked for or only held."""
        held = {
            row.role
            for standard in self._audit.standards
            for row in self._ground.facts.qualifications.rows(auditor.id, standard, tuple(Role))
        }
        yield LEAD
        yield MEMBER
        if self._audit.experts or held == {Role.EXPERT}:
            yield EXPERT
        if self._audit.trainees or held == {Role.TRAINEE}:
            yield TRAINEE


def told(ways: list[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """The causes worth telling: rules are lifted until a way is open."""
    if not ways or any(not causes for causes in ways):
        return ()
    lifted: list[str] = []
    while True:
        left = [[cause for cause in causes if cause.rule not in lifted] for causes in ways]
        if any(not causes for causes in left):
            break
        lifted += _blocking_all(left) or _covering(left)
    return tuple(_causes(ways, lifted))


def _blocking_all(ways: list[list[Reason]]) -> list[str]:
    """The rules that block every way by themselves."""
    rules = {cause.rule for cause in ways[0]}
    return [
        rule
        for rule in dict.fromkeys(cause.rule for cause in ways[0])
        if rule in rules and all(any(cause.rule == rule for cause in causes) for causes in ways)
    ]


def _covering(ways: list[list[Reason]]) -> list[str]:
    """Rules that together block every way, found greedily: the one that blocks most first."""
    left, chosen = list(ways), []
    while left:
        count: dict[str, int] = defaultdict(int)
        for causes in left:
            for rule in dict.fromkeys(cause.rule for cause in causes):
                count[rule] += 1
        best = max(count, key=lambda rule: count[rule])
        chosen.append(best)
        left = [causes for causes in left if all(cause.rule != best for cause in causes)]
    return chosen


def _causes(ways: list[tuple[Reason, ...]], rules: list[str]) -> Iterator[Reason]:
    """The causes of some rules; of each those that block most ways first."""
    for rule in rules:
        count: dict[Reason, int] = defaultdict(int)
        for causes in ways:
            for cause in causes:
                if cause.rule == rule:
                    count[cause] += 1
        yield from sorted(count, key=lambda cause: -count[cause])[:MOST_OF_A_RULE]
