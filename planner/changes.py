"""What differs between two plans, and who must be told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from auditplan.planner.domain import Audit, AuditStatus, Body, Part, PlannedAudit, Role, Settings
from auditplan.planner.plan import Placement, Plan, Slot


class What(Enum):
    """What of an audit is another than before."""

    DATE = "date"
    LEAD = "lead"
    TEAM = "team"
    EXPERTS = "experts"
    TRAINEES = "trainees"
    PLACED = "placed"
    LEFT_OUT = "left out"
    CANCELLED = "cancelled"
    REMOVED = "removed"


TEAMS = (What.LEAD, What.TEAM, What.EXPERTS, What.TRAINEES)
"""Kinds of difference that are about who comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs: from when to when, or who, before and now; a time is a pair of half days."""

    what: What
    old_time: tuple[Slot, Slot] | None = None
    new_time: tuple[Slot, Slot] | None = None
    old_people: tuple[str, ...] = ()
    new_people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One audit that differs from the plan before. people: the auditors who must be told; client: whether the client
    must be (never of an unannounced audit)."""

    audit: str
    client_id: str
    differences: tuple[Difference, ...]
    people: tuple[str, ...]
    client: bool


def plan_before(body: Body) -> tuple[PlannedAudit, ...]:
    """The plan before: what the planner wrote, else what stands in the Schedule."""
    return body.previous if body.written is None else body.written.rows


def row_of(placement: Placement) -> PlannedAudit:
    """A placement as a row of the Schedule."""
    return PlannedAudit(
        audit=placement.audit,
        start=placement.start.day,
        start_part=placement.start.part,
        end=placement.end.day,
        end_part=placement.end.part,
        lead=placement.lead,
        team=placement.people(Role.AUDITOR),
        experts=placement.people(Role.EXPERT),
        trainees=placement.people(Role.TRAINEE),
        status=placement.status,
    )


def changes_of(body: Body, plan: Plan) -> tuple[Change, ...]:
    """What differs between the plan before and a plan of a body. What lies outside the period is no business of this
    plan, and no change."""
    rows = {placement.audit: row_of(placement) for placement in plan.placements}
    before = [row for row in plan_before(body) if row.audit in rows or touches(row, body.settings)]
    return differing(body, before, rows.values())


def differing(
    body: Body, before: Iterable[PlannedAudit], now: Iterable[PlannedAudit], known: Body | None = None
) -> tuple[Change, ...]:
    """What differs between the rows of two plans, in the order of time. body: what is known of the audits now; known:
    what was known before, for those that are gone."""
    old, new = ({row.audit: row for row in rows} for rows in (before, now))
    audits = {audit.id: audit for audit in (known.audits if known else ())}
    audits |= {audit.id: audit for audit in body.audits}
    found = []
    for identity in sorted({*old, *new}, key=lambda name: (_start(old.get(name), new.get(name)), name)):
        change = _change(identity, audits.get(identity), old.get(identity), new.get(identity))
        if change is not None:
            found.append(change)
    return tuple(found)


def _start(old: PlannedAudit | None, new: PlannedAudit | None) -> Slot:
    """When an audit begins now, else when it was to begin."""
    row = new or old
    assert row is not None
    return Slot(row.start, row.start_part is Part.PM)


def touches(row: PlannedAudit, settings: Settings) -> bool:
    """Whether a row lies in the planning period, in part at least."""
    return row.end >= settings.plan_from and row.start <= settings.plan_to


def _change(identity: str, audit: Audit | None, old: PlannedAudit | None, new: PlannedAudit | None) -> Change | None:
    """How one audit differs; None where it does not."""
    differences = _differences(audit, old, new)
    if not differences:
        return None
    return Change(
        audit=identity,
        client_id=audit.client if audit else "",
        differences=differences,
        people=_told(differences, old, new),
        client=audit is not None and not audit.unannounced,
    )


def _differences(audit: Audit | None, old: PlannedAudit | None, new: PlannedAudit | None) -> tuple[Difference, ...]:
    """What differs between two rows of one audit, one of which may be missing."""
    if old is None and new is not None:
        return (Difference(what=What.PLACED, new_time=_time(new), new_people=_everyone(new)),)
    if old is not None and new is None:
        what = What.REMOVED if audit is None else What.LEFT_OUT
        if audit is not None and audit.status is AuditStatus.CANCELLED:
            what = What.CANCELLED
        return (Difference(what=what, old_time=_time(old), old_people=_everyone(old)),)
    assert old is not None
    assert new is not None
    found = []
    if _time(old) != _time(new):
        found.append(Difference(what=What.DATE, old_time=_time(old), new_time=_time(new)))
    for what, before, now in zip(TEAMS, _teams(old), _teams(new), strict=True):
        if set(before) != set(now):
            found.append(Difference(what=what, old_people=before, new_people=now))
    return tuple(found)


def _time(row: PlannedAudit) -> tuple[Slot, Slot]:
    """From when to when a row is."""
    return Slot(row.start, row.start_part is Part.PM), Slot(row.end, row.end_part is Part.PM)


def _teams(row: PlannedAudit) -> tuple[tuple[str, ...], ...]:
    """Lead, members, experts and trainees of a row."""
    lead = (row.lead,) if row.lead else ()
    return lead, tuple(person for person in row.team if person != row.lead), row.experts, row.trainees


def _everyone(row: PlannedAudit) -> tuple[str, ...]:
    """The whole team of a row, the lead first."""
    return tuple(dict.fromkeys(person for team in _teams(row) for person in team))


def _told(differences: tuple[Difference, ...], old: PlannedAudit | None, new: PlannedAudit | None) -> tuple[str, ...]:
    """Who must be told: everyone of either team where time changes or the audit comes or goes; else those who come, go
    or change seats, and the lead, who must know with whom to work."""
    rows = [row for row in (old, new) if row is not None]
    if any(difference.what not in TEAMS for difference in differences):
        return tuple(dict.fromkeys(person for row in reversed(rows) for person in _everyone(row)))
    concerned = {
        person for difference in differences for person in set(difference.old_people) ^ set(difference.new_people)
    }
    lead = {row.lead for row in rows if row.lead}
    return tuple(
        dict.fromkeys(
            person for row in reversed(rows) for person in _everyone(row) if person in concerned or person in lead
        )
    )
