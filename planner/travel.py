"""Journeys of one person for one audit: which slots they take, how many nights they mean, what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from auditplan.planner.domain import Audit, AuditMode, Auditor
from auditplan.planner.facts import Facts
from auditplan.planner.geography import TRAVELLING, Site
from auditplan.planner.plan import Journey, Slot
from auditplan.solver.journeys import ticks_after, ticks_before


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's way out and back for one audit; cost in hundredths of the currency, nights included."""

    out: Journey | None
    back: Journey | None
    nights: int
    cost: int


NO_STAY = Stay(None, None, 0, 0)


def stay_of(facts: Facts, auditor: Auditor, audit: Audit, slots: Sequence[Slot]) -> Stay:
    """The stay of an auditor who works on an audit in `slots` (in order).

    Up to 1.5 hours away the person is home every night and pays both ways on each day on site; further away both
    ways once, and the nights between. Remote and desk work needs no journey; a mixed audit is on site for the
    first half of its slots, and the way back takes no slots (planning.md, Travel)."""
    home, site = facts.geography.home(auditor), facts.geography.site(audit)
    if audit.mode not in TRAVELLING or not slots:
        return NO_STAY
    link = facts.geography.link(home, site)
    if home == site or (link.slots == 0 and link.hours == 0):
        return NO_STAY
    onsite = on_site(audit, slots)
    early = len(onsite) < len(slots)
    if link.slots == 0:
        days = len({slot.day for slot in onsite})
        out, back = _way(home, site, link.hours, (), link.cost), _way(site, home, link.hours, (), link.cost)
        return Stay(out, back, 0, 2 * link.cost * days)
    before = _before(facts, auditor, slots[0], link.slots)
    after = () if early else _after(facts, auditor, slots[-1], link.slots)
    last = after[-1] if after else onsite[-1]
    nights = (last.day - (before[0] if before else slots[0]).day).days
    cost = 2 * link.cost + nights * night_price(facts)
    out, back = (_way(home, site, link.hours, before, link.cost), _way(site, home, link.hours, after, link.cost))
    return Stay(out, back, nights, cost)


def on_site(audit: Audit, slots: Sequence[Slot]) -> Sequence[Slot]:
    """The slots of an audit that are worked on site: of a mixed one the first half."""
    return slots[: ceil(len(slots) / 2)] if audit.mode is AuditMode.MIXED else slots


def night_price(facts: Facts) -> int:
    """A night away in hundredths of the currency."""
    return round(facts.body.settings.night_away * 100)


def fee_of(auditor: Auditor, slots: int) -> int:
    """A person's day rate for a number of slots, in hundredths of the currency."""
    return slots * slot_rate(auditor)


def slot_rate(auditor: Auditor) -> int:
    """A person's price of a slot, in hundredths of the currency."""
    return round(auditor.cost_per_day * 100 / 2)


def _way(start: Site, end: Site, hours: float, slots: tuple[Slot, ...], cost: int) -> Journey:
    """A journey between two places."""
    return Journey(origin=start.label, destination=end.label, hours=hours, slots=slots, cost=cost)


def _before(facts: Facts, auditor: Auditor, slot: Slot, count: int) -> tuple[Slot, ...]:
    """The working slots nearest before a slot, in order."""
    tick, grid = facts.timeline.tick(slot), facts.grid(auditor)
    first = ticks_before(grid, tick, count)
    return () if first is None else slots_between(facts, grid, first, tick)


def _after(facts: Facts, auditor: Auditor, slot: Slot, count: int) -> tuple[Slot, ...]:
    """The working slots nearest after a slot, in order."""
    tick, grid = facts.timeline.tick(slot) + 1, facts.grid(auditor)
    last = ticks_after(grid, tick, count)
    return () if last is None else slots_between(facts, grid, tick, last)


def slots_between(facts: Facts, grid: int, low: int, high: int) -> tuple[Slot, ...]:
    """The working slots between two ticks."""
    return tuple(facts.timeline.slot(tick) for tick in range(low, high) if grid >> tick & 1)
