"""When an audit or a journey fills which part of which day, in the hours of the Settings sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditplan.planner.domain import Audit, Settings
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Placement, Slot
from auditplan.planner.timeline import bits


@dataclass(frozen=True, slots=True)
class DayPart:
    """What is taken of a day: the morning, the afternoon or both."""

    day: date
    morning: bool
    afternoon: bool


def worked_slots(facts: Facts, audit: Audit, placement: Placement) -> tuple[Slot, ...]:
    """The half days on which an audit is worked: those between its first and its last on which site and client
    are open. The first and the last always count: they were chosen."""
    line = facts.timeline
    if placement.start.day < line.first or placement.end.day > line.last:
        found = set(_weekday_slots(placement.start, placement.end))
    else:
        hull = line.hull(placement.start, placement.end)
        found = {line.slot(tick) for tick in bits(facts.open(audit) & hull)}
    return tuple(sorted(found | {placement.start, placement.end}))


def _weekday_slots(start: Slot, end: Slot) -> list[Slot]:
    """The half days from Monday to Friday between two, inclusive."""
    days = [start.day + timedelta(days=index) for index in range((end.day - start.day).days + 1)]
    slots = [Slot(day, afternoon) for day in days for afternoon in (False, True) if day.isoweekday() <= 5]
    return [slot for slot in slots if start <= slot <= end]


def day_parts(slots: Iterable[Slot]) -> tuple[DayPart, ...]:
    """Half days by day, in order."""
    halves: dict[date, set[bool]] = {}
    for slot in sorted(slots):
        halves.setdefault(slot.day, set()).add(slot.afternoon)
    return tuple(DayPart(day, False in found, True in found) for day, found in halves.items())


def runs(parts: Iterable[DayPart]) -> tuple[tuple[date, date], ...]:
    """First and last day, inclusive, of each run of days without a day between them."""
    found: list[tuple[date, date]] = []
    for part in parts:
        if found and part.day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], part.day)
        else:
            found.append((part.day, part.day))
    return tuple(found)


def hours_of(part: DayPart, settings: Settings) -> tuple[datetime, datetime]:
    """Beginning and end of a part of a day, in the time zone of the Settings sheet."""
    zone = ZoneInfo(settings.time_zone)
    begin, end = begins(settings, afternoon=not part.morning), ends(settings, afternoon=part.afternoon)
    return datetime.combine(part.day, begin, zone), datetime.combine(part.day, end, zone)


def begins(settings: Settings, *, afternoon: bool) -> time:
    """When a half day begins."""
    return settings.lunch_ends if afternoon else settings.day_starts


def ends(settings: Settings, *, afternoon: bool) -> time:
    """When a half day ends."""
    return settings.day_ends if afternoon else settings.lunch_starts
