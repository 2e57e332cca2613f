"""Journeys of a finished plan, priced from scratch: there and back, or straight on from one site to the next.

Whether somebody goes straight on is read from the plan (a seat away from home without a way back); slots, nights,
prices and ceilings follow from places and calendars, and no gap may be crossed at more than the cheaper way.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from auditplan.planner.domain import AuditMode, Auditor
from auditplan.planner.geography import Link, MissingDistanceError
from auditplan.planner.plan import Seat, Slot
from auditplan.planner.verification.people import next_slots, slots_of
from auditplan.planner.verification.record import Record
from auditplan.planner.verification.world import Placed, World


@dataclass(frozen=True, slots=True)
class Visit:
    """One person in one placed audit. away: they sleep away from home; whole: they are on site to the end."""

    entry: Placed
    seat: Seat
    home: Link
    away: bool
    whole: bool

    @property
    def goes_on(self) -> bool:
        """Whether the plan has them go straight on from here."""
        return self.away and self.whole and self.seat.back is None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a seat's journeys should be: their slots, nights, price, and the first and last day away."""

    out: tuple[Slot, ...]
    back: tuple[Slot, ...]
    nights: int
    cost: int
    left: date
    returned: date


def fees(world: World, entry: Placed, record: Record) -> None:
    """The day rates of a placement (rule id `figures` for wrong ones)."""
    fee = sum(
        len(entry.slots) * round(world.auditors[seat.auditor].cost_per_day * 50) for seat in entry.placement.seats
    )
    record.check(fee == entry.placement.fee, "figures", entry.audit.id, detail="fee")


def travel(world: World, record: Record) -> None:
    """The journeys, nights and prices of everybody, and the ceiling of nights in a row."""
    for person, visits in _itineraries(world).items():
        auditor = world.auditors[person]
        left: date | None = None
        for at, visit in enumerate(visits):
            before = visits[at - 1] if at and visits[at - 1].goes_on else None
            onward = visit.goes_on and at + 1 < len(visits)
            expected = _expected(world, auditor, visit, before, onward=onward)
            left = expected.left if before is None or left is None else left
            if visit.entry.audit.id in world.standing:
                continue
            _compare(visit, expected, record)
            if before is not None:
                _straight_on(world, auditor, before, visit, expected, record)
            if world.rules.on("ceilings") and visit.away and not onward:
                nights = (expected.returned - left).days
                record.check(nights <= auditor.max_nights, "ceilings", visit.entry.audit.id, person, "nights")


def _itineraries(world: World) -> dict[str, list[Visit]]:
    """Everybody's visits in order."""
    found: dict[str, list[Visit]] = defaultdict(list)
    for entry in sorted(world.placed, key=lambda one: (one.placement.start, one.placement.end)):
        for seat in entry.placement.seats:
            if entry.slots:
                found[seat.auditor].append(_visit(world, entry, seat))
    return found


def _visit(world: World, entry: Placed, seat: Seat) -> Visit:
    """How far one person is from home in one audit."""
    audit = entry.audit
    home = world.geography.link(world.geography.home(world.auditors[seat.auditor]), world.geography.site(audit))
    travels = audit.mode not in {AuditMode.REMOTE, AuditMode.DESK}
    return Visit(entry, seat, home, travels and home.slots > 0, len(_on_site(entry)) == len(entry.slots))


def _on_site(entry: Placed) -> tuple[Slot, ...]:
    """The slots on site: of a mixed audit the first half."""
    return entry.slots[: (len(entry.slots) + 1) // 2] if entry.audit.mode is AuditMode.MIXED else entry.slots


def _expected(world: World, auditor: Auditor, visit: Visit, before: Visit | None, *, onward: bool) -> Expected:
    """One seat's journeys, computed anew."""
    entry = visit.entry
    first, last = entry.placement.start, _on_site(entry)[-1].day
    if not visit.away:
        days = len({slot.day for slot in _on_site(entry)})
        daily = 0 if entry.audit.mode in {AuditMode.REMOTE, AuditMode.DESK} else 2 * visit.home.cost * days
        return Expected((), (), 0, daily, first.day, last)
    way = visit.home if before is None else _between(world, before, visit) or visit.home
    out = next_slots(world, auditor, first, way.slots, forward=False)
    begin = before.entry.placement.end.day if before is not None else (out[0] if out else first).day
    back: tuple[Slot, ...] = ()
    cost = way.cost
    if not onward:
        cost += visit.home.cost
        if visit.whole:
            back = next_slots(world, auditor, entry.placement.end, visit.home.slots, forward=True)
            last = back[-1].day if back else last
    nights = (last - begin).days
    return Expected(out, back, nights, cost + nights * _night(world), begin, last)


def _between(world: World, before: Visit, after: Visit) -> Link | None:
    """The way from one site to the next; None where nothing says how far they are apart."""
    try:
        return world.geography.link(world.geography.site(before.entry.audit), world.geography.site(after.entry.audit))
    except MissingDistanceError:
        return None


def _night(world: World) -> int:
    """A night away in hundredths of the currency."""
    return round(world.settings.night_away * 100)


def _compare(visit: Visit, expected: Expected, record: Record) -> None:
    """A seat as the plan has it against what it should be."""
    audit, seat = visit.entry.audit.id, visit.seat
    same = slots_of(seat.out) == expected.out and slots_of(seat.back) == expected.back
    record.check(same, "availability", audit, seat.auditor, "journey")
    priced = (seat.nights, seat.travel_cost) == (expected.nights, expected.cost)
    record.check(priced, "figures", audit, seat.auditor)


def _straight_on(
    world: World, auditor: Auditor, before: Visit, visit: Visit, expected: Expected, record: Record
) -> None:
    """Straight on: from one stay away to another, after the one before has ended, and not over days that are not the
    person's to work on."""
    audit, end = visit.entry.audit.id, before.entry.placement.end
    there = visit.away and _between(world, before, visit) is not None
    record.check(there, "availability", audit, auditor.id, "straight on")
    record.check(not expected.out or end < expected.out[0], "overlap", audit, auditor.id, before.entry.audit.id)
    kept = _may_stay(world, auditor, end, visit.entry.placement.start)
    record.check(kept, "availability", audit, auditor.id, "kept away")


def _may_stay(world: World, auditor: Auditor, end: Slot, start: Slot) -> bool:
    """Whether every working slot of the person's country between two slots is theirs to work in."""
    day = end.day
    while day <= start.day:
        for afternoon in (False, True):
            slot = Slot(day, afternoon)
            if end < slot < start and world.home_day(auditor, day) and not world.works(auditor, slot):
                return False
        day += timedelta(days=1)
    return True


def cheapest(world: World, record: Record) -> None:
    """Nobody goes home where straight on is cheaper, nor straight on where home is (rule id `figures`). People whose
    audits are at odds with each other are left aside: they are overrides already."""
    at_odds = {(one.audit, one.auditor) for one in record.violations}
    for person, visits in _itineraries(world).items():
        if any((visit.entry.audit.id, person) in at_odds for visit in visits):
            continue
        for at, (before, visit) in enumerate(pairwise(visits)):
            if before.away and before.whole and visit.away:
                _gap(world, visits, at, record)


def _gap(world: World, visits: list[Visit], at: int, record: Record) -> None:
    """One gap between two stays away from home."""
    before, visit = visits[at], visits[at + 1]
    if not world.rules.on("trips"):
        record.check(not before.goes_on, "figures", visit.entry.audit.id, visit.seat.auditor, "home in between")
        return
    auditor = world.auditors[visit.seat.auditor]
    way = _between(world, before, visit)
    end, start = before.entry.placement.end, visit.entry.placement.start
    back = next_slots(world, auditor, end, before.home.slots, forward=True)
    out = next_slots(world, auditor, start, visit.home.slots, forward=False)
    homely = (back[-1].day - end.day).days + (start.day - out[0].day).days
    home = before.home.cost + visit.home.cost + homely * _night(world)
    straight = None if way is None else way.cost + (start.day - end.day).days * _night(world)
    if before.goes_on:
        may = back[-1] < out[0] and all(world.works(auditor, slot) for slot in (*back, *out))
        best = not may or straight is None or straight <= home
    else:
        ahead = () if way is None else next_slots(world, auditor, start, way.slots, forward=False)
        may = way is not None and (not ahead or end < ahead[0]) and _may_stay(world, auditor, end, start)
        best = not may or straight is None or home <= straight or _too_long(world, auditor, visits, at)
    record.check(best, "figures", visit.entry.audit.id, auditor.id, "the cheaper way")


def _too_long(world: World, auditor: Auditor, visits: list[Visit], at: int) -> bool:
    """Whether joining the trips on both sides of a gap would pass the ceiling of nights."""
    if not world.rules.on("ceilings"):
        return False
    first, last = at, at + 1
    while first and visits[first - 1].goes_on:
        first -= 1
    while visits[last].goes_on and last + 1 < len(visits):
        last += 1
    begin = _expected(world, auditor, visits[first], None, onward=False).left
    end = _expected(world, auditor, visits[last], None, onward=False).returned
    return (end - begin).days > auditor.max_nights
