"""Verification of a finished plan: what is broken, what was checked, and which overrides stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan
from auditplan.planner.rulebook import HARD_RULES
from auditplan.planner.verification import journeys, people, teams, times
from auditplan.planner.verification.record import Record, Violation
from auditplan.planner.verification.world import World

__all__ = ["Verification", "Violation", "verify"]


@dataclass(frozen=True, slots=True)
class Verification:
    """violations: what is broken; overrides: what the coordinator's own choices break and therefore stands; checks:
    rule id → number of checks made, for every hard rule."""

    violations: tuple[Violation, ...]
    overrides: tuple[Violation, ...]
    checks: tuple[tuple[str, int], ...]


def verify(body: Body, plan: Plan) -> Verification:
    """Checks every hard rule of planning.md on a plan, from the domain objects."""
    world = World(body, plan)
    record = Record()
    times.complete(world, record)
    for entry in world.placed:
        if entry.audit.id in world.standing:
            continue
        times.window(world, entry, record)
        times.fixed(world, entry, record)
        teams.lead(world, entry, record)
        teams.counting(world, entry, record)
        teams.coverage(world, entry, record)
        teams.supervised(world, entry, record)
        teams.full_time(world, entry, record)
        teams.conflict(world, entry, record)
        journeys.fees(world, entry, record)
        people.availability(world, entry, record)
    journeys.travel(world, record)
    people.overlap(world, record)
    people.ceilings(world, record)
    teams.rotation(world, record)
    teams.independence(world, record)
    times.sequence(world, record)
    journeys.cheapest(world, record)
    return _sorted_out(world, record)


def _sorted_out(world: World, record: Record) -> Verification:
    """Violations that a placement names as overrides apart from the rest."""
    excused: list[Violation] = []
    broken: list[Violation] = []
    for violation in record.violations:
        entry = world.by_id.get(violation.audit)
        named = entry is not None and violation.rule in entry.placement.overrides
        (excused if named else broken).append(violation)
    counts: Counter[str] = record.checks
    checks = tuple((rule.id, counts[rule.id]) for rule in HARD_RULES)
    return Verification(tuple(broken), tuple(excused), checks)
