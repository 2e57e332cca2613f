"""Rules of time: every audit accounted for, window and span, what is fixed, and the order of audits."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from auditplan.planner.domain import Audit, AuditStatus, Lock, Role
from auditplan.planner.plan import Slot
from auditplan.planner.verification.record import Record
from auditplan.planner.verification.world import Placed, World


def complete(world: World, record: Record) -> None:
    """Every audit to be planned is exactly once placed, left out, or not due yet."""
    seen = Counter(entry.audit.id for entry in world.placed)
    seen.update(left.audit for left in world.plan.unplaced)
    seen.update(world.plan.outside)
    for audit in world.body.audits:
        if audit.status not in {AuditStatus.DONE, AuditStatus.CANCELLED}:
            record.check(seen[audit.id] == 1, "counting", audit.id, detail=f"{seen[audit.id]} times in the plan")


def window(world: World, entry: Placed, record: Record) -> None:
    """window: the span is as long as its size asks, on consecutive open slots, inside Earliest … Due and the period,
    and inside one week unless it may cross."""
    audit, placement, settings = entry.audit, entry.placement, world.settings
    first, last = placement.start.day, placement.end.day
    inside = settings.plan_from <= first and last <= settings.plan_to
    if settings.plan_from < settings.today <= settings.plan_to and first < settings.today:
        before = world.previous.get(audit.id)
        inside = inside and first in {audit.start, before.start if before else None}
    inside = inside and (audit.earliest is None or audit.earliest <= first)
    record.check(inside and (last <= audit.due or world.rules.soft("window")), "window", audit.id)
    size = len(entry.seats(Role.LEAD, Role.AUDITOR))
    span = -(-int(2 * audit.days) // size) if size else 0
    ends = bool(entry.slots) and entry.slots[0] == placement.start and entry.slots[-1] == placement.end
    record.check(ends and len(entry.slots) == span, "window", audit.id, detail=f"{len(entry.slots)} of {span} slots")
    record.check(span <= settings.longest_span * 2, "window", audit.id, detail="longest span")
    if span <= 10 and not settings.across_weekends:
        record.check(first.isocalendar()[:2] == last.isocalendar()[:2], "window", audit.id, detail="across a weekend")


def fixed(world: World, entry: Placed, record: Record) -> None:
    """fixed: what the coordinator chose is kept: Start, Lead and Team, locks, and what is confirmed or frozen."""
    audit, placement = entry.audit, entry.placement
    previous = world.previous.get(audit.id)
    kept = world.kept(previous)
    if previous is not None:
        if Lock.DATE in kept:
            start = Slot(previous.start, previous.start_part.value == "PM")
            record.check(placement.start == start, "fixed", audit.id, detail="start")
        if Lock.LEAD in kept and previous.lead:
            record.check(placement.lead == previous.lead, "fixed", audit.id, previous.lead, "lead")
        if Lock.TEAM in kept:
            team = {seat.auditor for seat in placement.seats}
            record.check(set(previous.team) <= team, "fixed", audit.id, detail="team")
    if kept == Lock.ALL:
        return
    if audit.start is not None and Lock.DATE not in kept:
        record.check(placement.start.day == audit.start, "fixed", audit.id, detail="start")
    if audit.lead and Lock.LEAD not in kept:
        record.check(placement.lead == audit.lead, "fixed", audit.id, audit.lead, "lead")
    everyone = {seat.auditor for seat in placement.seats}
    for person in audit.team if Lock.TEAM not in kept else ():
        record.check(person in everyone, "fixed", audit.id, person, "team")


def sequence(world: World, record: Record) -> None:
    """sequence: after what it follows, within the gap, never without it; the same lead where the sheet says so."""
    if not world.rules.on("sequence"):
        return
    for entry in world.placed:
        audit = entry.audit
        if audit.id in world.standing:
            continue
        earlier = world.audits.get(audit.after) if audit.after else None
        if earlier is not None and earlier.status is not AuditStatus.CANCELLED:
            _follows(world, entry, record)
        other = world.by_id.get(audit.same_team_as)
        if other is not None:
            record.check(entry.placement.lead == other.placement.lead, "sequence", audit.id, detail="same team")


def _follows(world: World, entry: Placed, record: Record) -> None:
    """One audit against the one that it follows."""
    audit = entry.audit
    before = world.by_id.get(audit.after)
    if before is None:
        done = audit.after in world.standing
        record.check(done, "sequence", audit.id, detail="what it follows is not placed")
        ended = _ended(world.audits[audit.after]) if done else None
        if ended is not None:
            _within_gap(entry, ended, record)
        return
    record.check(entry.placement.start > before.placement.end, "sequence", audit.id, detail="order")
    _within_gap(entry, before.placement.end.day, record)


def _within_gap(entry: Placed, ended: date, record: Record) -> None:
    """The days between what came before and the start."""
    audit, gap = entry.audit, (entry.placement.start.day - ended).days
    within = gap >= audit.gap_from and (audit.gap_to is None or gap <= audit.gap_to)
    record.check(within, "sequence", audit.id, detail=f"gap {gap}")


def _ended(audit: Audit) -> date | None:
    """The last day of an audit that is done, by its row alone: its half days in a row from its start."""
    if audit.start is None:
        return None
    halves = -(-int(2 * audit.days) // (1 + len(audit.team)))
    return audit.start + timedelta(days=(halves - 1) // 2)
