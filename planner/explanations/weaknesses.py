"""Where a body is weak: what few people hold and many audits need, in all and region by region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from auditplan.planner.domain import Audit, AuditType, Role
from auditplan.planner.eligibility import LEAD
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.results import Scarce
from auditplan.planner.firm import working_roles
from auditplan.planner.geography import TRAVELLING
from auditplan.planner.scenarios.selection import region_of

FEW = 2
"""Holders up to which something is scarce."""
MANY_IN_A_REGION = 5
"""Audits of one standard in a region from which on it is worth telling that hardly anybody who leads lives there."""

Key = tuple[str, str, bool, str]
"""Standard, code, whether it is about leading, region."""


def scarce(ground: Ground) -> tuple[Scarce, ...]:
    """What at most two people hold for audits of the period, single points of failure first, then by person-days."""
    holders: dict[Key, set[int]] = {}
    audits: dict[Key, list[Audit]] = defaultdict(list)
    regions = region_of(ground.body)
    for number, audit in enumerate(ground.compiled.audits):
        for key, people in _needs(ground, number, audit):
            holders[key] = holders.get(key, set()) | people
            audits[key].append(audit)
        for key, people in _nearby(ground, number, audit, regions[audit.id]):
            holders[key] = holders.get(key, set()) | people
            audits[key].append(audit)
    found = [_told(ground, key, holders[key], audits[key]) for key in audits if len(holders[key]) <= _limit(key)]
    kept = [entry for entry in found if not entry.region or len(entry.audits) >= MANY_IN_A_REGION]
    return tuple(sorted(kept, key=lambda entry: (bool(entry.region), len(entry.holders), -entry.days, entry.standard)))


def _limit(key: Key) -> int:
    """Up to how many holders something is told: in a region only where nobody or one person lives."""
    return 1 if key[3] else FEW


def _needs(ground: Ground, number: int, audit: Audit) -> Iterator[tuple[Key, set[int]]]:
    """What an audit needs, with who holds it at some time in its window."""
    activity = ground.problem.activities[number]
    window = 0
    for mode in activity.modes:
        for start, end in zip(mode.starts, mode.ends, strict=True):
            window |= (1 << end) - (1 << start)
    yield (audit.standards[0], "", True, ""), {entry.resource for entry in activity.roles[LEAD]}
    labels = [(standard, code) for standard in audit.standards for code in ("", *audit.codes)]
    required = [group for group in activity.groups if group.required]
    for group, (standard, code) in zip(required, labels, strict=False):
        if code:
            yield (standard, code, False, ""), {cover.resource for cover in group.covers if cover.during & window}


def _nearby(ground: Ground, number: int, audit: Audit, region: str) -> Iterator[tuple[Key, set[int]]]:
    """Who could lead an audit on site and lives in its region."""
    if audit.mode not in TRAVELLING or audit.type is AuditType.DECISION:
        return
    leads = {entry.resource for entry in ground.problem.activities[number].roles[LEAD]}
    people = ground.body.auditors
    yield (audit.standards[0], "", True, region), {person for person in leads if people[person].region == region}


def _told(ground: Ground, key: Key, people: set[int], audits: list[Audit]) -> Scarce:
    """A scarcity with its people and audits."""
    standard, code, leading, region = key
    holders = tuple(ground.body.auditors[person].id for person in sorted(people))
    roles = (Role.LEAD, Role.DECISION) if leading else (*working_roles(audits[0]), Role.EXPERT)
    rows = [
        row
        for holder in holders[:1]
        for row in ground.facts.qualifications.rows(holder, standard, roles, code or None)
        if row.origin is not None
    ]
    first = audits[0].origin
    origin, field = (rows[0].origin, "codes") if rows else (first, "codes" if code else "standards")
    return Scarce(
        standard=standard,
        code=code,
        leading=leading,
        holders=holders,
        audits=tuple(audit.id for audit in audits),
        days=float(sum(audit.days for audit in audits)),
        region=region,
        sheet=origin.sheet if origin else "",
        cell=origin.cell(field) if origin else "",
    )
