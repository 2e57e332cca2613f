"""Rules of people's time: availability, nobody twice, ceilings of days."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from auditplan.planner.domain import Auditor
from auditplan.planner.plan import Journey, Seat, Slot
from auditplan.planner.verification.record import Record
from auditplan.planner.verification.world import Placed, World

DAY = timedelta(days=1)
FARTHEST = 60
"""Days that a journey is looked for at most."""


def next_slots(world: World, auditor: Auditor, slot: Slot, count: int, *, forward: bool) -> tuple[Slot, ...]:
    """The `count` working half days of a person's country nearest to a slot, in order of time."""
    found: list[Slot] = []
    day, afternoon = slot.day, slot.afternoon
    while len(found) < count and abs((day - slot.day).days) <= FARTHEST:
        if afternoon == forward:
            day, afternoon = (day + DAY if forward else day - DAY), not forward
        else:
            afternoon = forward
        if world.home_day(auditor, day):
            found.append(Slot(day, afternoon))
    return tuple(found if forward else reversed(found))


def slots_of(journey: Journey | None) -> tuple[Slot, ...]:
    """The slots of a journey."""
    return () if journey is None else journey.slots


def availability(world: World, entry: Placed, record: Record) -> None:
    """availability: everyone can work in every slot of the span and of journeys that take slots."""
    for seat in entry.placement.seats:
        auditor = world.auditors.get(seat.auditor)
        needed = (*slots_of(seat.out), *entry.slots, *slots_of(seat.back))
        there = auditor is not None and all(world.works(auditor, slot) for slot in needed)
        record.check(there, "availability", entry.audit.id, seat.auditor)


def overlap(world: World, record: Record) -> None:
    """overlap: nobody is bound twice, from the first slot of a journey out to the last of the way back."""
    bound: dict[str, list[tuple[Slot, Slot, str]]] = defaultdict(list)
    for entry in world.placed:
        for seat in entry.placement.seats:
            bound[seat.auditor].append((*_hull(entry, seat), entry.audit.id))
    for person, stretches in bound.items():
        stretches.sort()
        latest = stretches[0]
        for stretch in stretches[1:]:
            clear = latest[1] < stretch[0]
            record.check(clear, "overlap", stretch[2], person, latest[2])
            if not clear:
                record.check(False, "overlap", latest[2], person, stretch[2])
            if stretch[1] > latest[1]:
                latest = stretch
    record.checks["overlap"] += len(bound)


def _hull(entry: Placed, seat: Seat) -> tuple[Slot, Slot]:
    """First and last slot that a person is bound for."""
    out, back = slots_of(seat.out), slots_of(seat.back)
    return (out[0] if out else entry.placement.start), (back[-1] if back else entry.placement.end)


def ceilings(world: World, record: Record) -> None:
    """ceilings: days in the period and in each ISO week."""
    if not world.rules.on("ceilings"):
        return
    worked: dict[str, dict[Slot, str]] = defaultdict(dict)
    for entry in world.placed:
        for seat in entry.placement.seats:
            worked[seat.auditor].update(dict.fromkeys(entry.slots, entry.audit.id))
    for person, slots in worked.items():
        auditor = world.auditors[person]
        weeks: dict[tuple[int, int], list[Slot]] = defaultdict(list)
        inside: list[Slot] = []
        for slot in sorted(slots):
            weeks[_week(slot.day)].append(slot)
            if world.settings.plan_from <= slot.day <= world.settings.plan_to:
                inside.append(slot)
        for own in weeks.values():
            fits = len(own) <= auditor.max_days_per_week * 2
            for audit in sorted({slots[slot] for slot in own}) if not fits else [slots[own[0]]]:
                record.check(fits, "ceilings", audit, person, "week")
        if auditor.max_days is not None and inside:
            fits = len(inside) <= auditor.max_days * 2
            for audit in sorted({slots[slot] for slot in inside}) if not fits else [slots[inside[0]]]:
                record.check(fits, "ceilings", audit, person, "period")


def _week(day: date) -> tuple[int, int]:
    """A day's ISO year and week."""
    year, week, _ = day.isocalendar()
    return year, week
