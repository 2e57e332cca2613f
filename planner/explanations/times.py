"""What keeps a person away from a stretch of an audit: their calendar, journeys, firm audits and ceilings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from auditplan.planner.domain import Audit, Auditor, HolidayKind
from auditplan.planner.explanations.cells import reason
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.ways import Way
from auditplan.planner.plan import Placement, Reason, Slot
from auditplan.planner.problems import Origin
from auditplan.planner.timeline import TICKS_A_DAY, bits
from auditplan.planner.travel import Stay, on_site, stay_of
from auditplan.planner.trips import hull_of
from auditplan.solver.journeys import span_mask, stay
from auditplan.solver.problem import Resource
from auditplan.solver.routes import anchored, route

A_WEEK = 7 * TICKS_A_DAY


class TimeRules:
    """The rules about people's time for one audit."""

    def __init__(self, ground: Ground, audit: Audit) -> None:
        """Keeps what to look at."""
        self._ground, self._audit = ground, audit
        self._facts = ground.facts
        self._number = ground.index[audit.id]
        self._stays: dict[tuple[str, int], Stay] = {}
        self._days: dict[tuple[str, Slot, bool], Reason] = {}

    def against(self, auditor: Auditor, way: Way) -> Iterator[Reason]:
        """Everything that stands against a person on a stretch, whatever else is planned."""
        timeline, free = self._facts.timeline, self._facts.free(auditor)
        stay = self.stay(auditor, way)
        journeys = timeline.mask_of_slots(
            (*(stay.out.slots if stay.out else ()), *(stay.back.slots if stay.back else ()))
        )
        for needed, travelling in ((way.ticks & ~free, False), (journeys & ~free, True)):
            for tick in bits(needed):
                yield self._missing(auditor, timeline.slot(tick), travelling=travelling)
        person = self._facts.lookup.order[auditor.id]
        if not self.fits(self._ground.problem.resources[person], way):
            yield from self._firm(auditor, self.hull(auditor, way))
        if self._facts.rules.on("ceilings"):
            yield from self._ceilings(auditor, way, stay)

    def stay(self, auditor: Auditor, way: Way) -> Stay:
        """A person's journeys for a stretch."""
        key = (auditor.id, way.ticks)
        if key not in self._stays:
            self._stays[key] = stay_of(self._facts, auditor, self._audit, way.slots)
        return self._stays[key]

    def hull(self, auditor: Auditor, way: Way) -> int:
        """The ticks from a person's first slot to the last, journeys included."""
        stay = self.stay(auditor, way)
        first = stay.out.slots[0] if stay.out and stay.out.slots else way.slots[0]
        last = stay.back.slots[-1] if stay.back and stay.back.slots else way.slots[-1]
        return self._facts.timeline.hull(first, last)

    def _missing(self, auditor: Auditor, slot: Slot, *, travelling: bool) -> Reason:
        """availability: why a person cannot work in a slot."""
        key = (auditor.id, slot, travelling)
        if key not in self._days:
            self._days[key] = self._why_missing(auditor, slot, "-way" if travelling else "")
        return self._days[key]

    def _why_missing(self, auditor: Auditor, slot: Slot, way: str) -> Reason:
        """The row that takes a slot from a person."""
        day, name = slot.day, auditor.name
        if auditor.active_from is not None and day < auditor.active_from:
            code, since = f"against-joins{way}", auditor.active_from
            return reason(auditor.origin, "active_from", "availability", code, auditor.id, name=name, day=since)
        if auditor.active_to is not None and day > auditor.active_to:
            code, until = f"against-leaves{way}", auditor.active_to
            return reason(auditor.origin, "active_to", "availability", code, auditor.id, name=name, day=until)
        for row in self._ground.body.unavailable:
            if row.auditor == auditor.id and row.start <= day <= row.until and row.part in {None, slot.part}:
                values = {"name": name, "first": row.start, "last": row.until}
                return reason(row.origin, "start", "availability", f"against-leave{way}", auditor.id, **values)
        return self._day_off(auditor, day, way)

    def _day_off(self, auditor: Auditor, day: date, way: str) -> Reason:
        """A day on which a person never works: by the sheet Holidays, their country or their own weekdays."""
        for row in self._ground.body.holidays:
            if row.day == day and row.kind is HolidayKind.OFF:
                values = {"name": auditor.name, "day": day}
                return reason(row.origin, "day", "availability", f"against-holiday{way}", auditor.id, **values)
        working = self._facts.grid(auditor) & self._facts.timeline.mask(day, day)
        code, field = (f"against-weekday{way}", "working_days") if working else (f"against-holiday{way}", "region")
        return reason(auditor.origin, field, "availability", code, auditor.id, name=auditor.name, day=day)

    def fits(self, resource: Resource, way: Way) -> bool:
        """Whether there is a way through a stretch and all that a person is bound by, home in between or straight on.
        True too where the stretch by itself is impossible, or the person no candidate: that is no matter of what else
        there is."""
        activity = self._ground.problem.activities[self._number]
        if (
            activity.place not in {None, resource.home}
            and (resource.home, activity.place) not in self._ground.problem.legs
        ):
            return True
        tick = self._facts.timeline.tick
        start, end = tick(way.slots[0]), tick(way.slots[-1]) + 1
        leaves = tick(on_site(self._audit, way.slots)[-1]) + 1
        problem, alone = self._ground.problem, replace(resource, busy=0)
        own = stay(problem, alone, activity.place, activity.slots, start, end, leaves)
        if own is None:
            return True
        if span_mask(own.first, own.last) & resource.busy:
            return False
        stays = sorted((*anchored(problem, resource), own), key=lambda entry: (entry.start, entry.end))
        return (
            all(one.end <= other.start for one, other in pairwise(stays))
            and route(problem, resource, stays) is not None
        )

    def _firm(self, auditor: Auditor, hull: int) -> Iterator[Reason]:
        """overlap: bound by audits that stand."""
        for firm in self._ground.compiler.firm.values():
            if auditor.id in firm.people and hull & taken(self._ground, firm.placement, auditor.id):
                yield self.busy(auditor, firm.placement, "against-firm")

    def busy(self, auditor: Auditor, placement: Placement, code: str) -> Reason:
        """overlap: a person is at another audit."""
        values = {"name": auditor.name, "other": placement.audit}
        values |= {"first": placement.start.day.isoformat(), "last": placement.end.day.isoformat()}
        origin, field = place_of(self._ground, placement.audit)
        return reason(origin, field, "overlap", code, auditor.id, about=placement.audit, **values)

    def _ceilings(self, auditor: Auditor, way: Way, stay: Stay) -> Iterator[Reason]:
        """ceilings: nights, days in the week and in the period, beside what is firm."""
        if stay.nights > auditor.max_nights:
            values = {"name": auditor.name, "nights": stay.nights, "most": auditor.max_nights}
            yield reason(auditor.origin, "max_nights", "ceilings", "against-nights", auditor.id, **values)
        resource = self._ground.problem.resources[self._facts.lookup.order[auditor.id]]
        for ceiling in resource.ceilings:
            asked = (way.ticks & ceiling.mask).bit_count()
            if asked > ceiling.most:
                week = ceiling.mask.bit_count() <= A_WEEK
                most = auditor.max_days_per_week if week else auditor.max_days
                code, field = ("against-week", "max_days_per_week") if week else ("against-days", "max_days")
                values = {"name": auditor.name, "days": asked / 2, "left": ceiling.most / 2, "most": most}
                yield reason(auditor.origin, field, "ceilings", code, auditor.id, **values)


def taken(ground: Ground, placement: Placement, auditor: str) -> int:
    """The ticks that a placement binds a person for."""
    timeline, found = ground.facts.timeline, 0
    for seat in placement.seats:
        if seat.auditor == auditor:
            found |= timeline.hull(*hull_of(placement.start, placement.end, seat))
    return found


def place_of(ground: Ground, audit: str) -> tuple[Origin | None, str]:
    """Where it stands when an audit is: its Schedule row, else its own."""
    previous = ground.facts.lookup.previous.get(audit)
    if previous is not None and previous.origin is not None:
        return previous.origin, "start"
    row = ground.facts.lookup.audits[audit]
    return row.origin, "start" if row.start is not None else "id"
