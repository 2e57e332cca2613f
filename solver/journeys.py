"""Journeys out and back: which ticks they take, how many nights they mean, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass

from auditplan.solver.problem import Problem, Resource


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's absence for one activity: first tick of the journey out, one past the last tick of the
    journey back, nights away and price of journeys and nights."""

    start: int
    end: int
    nights: int
    cost: int


def ticks_before(grid: int, tick: int, count: int) -> int | None:
    """The first of the `count` grid ticks nearest before `tick`; None if there are not that many."""
    below = grid & ((1 << tick) - 1)
    position = tick
    for _ in range(count):
        if not below:
            return None
        position = below.bit_length() - 1
        below ^= 1 << position
    return position


def ticks_after(grid: int, tick: int, count: int) -> int | None:
    """One past the last of the `count` grid ticks nearest from `tick` on; None if there are not that many."""
    above = grid >> tick
    position = tick
    for _ in range(count):
        if not above:
            return None
        step = (above & -above).bit_length()
        position += step
        above >>= step
    return position


def span_mask(start: int, end: int) -> int:
    """The ticks from `start` to one before `end`."""
    return (1 << end) - (1 << start)


def stay(
    problem: Problem, resource: Resource, place: int | None, slots: int, start: int, end: int, leaves: int
) -> Stay | None:
    """The absence of `resource` for a stretch [start, end) at `place`, on site until `leaves`.

    A place whose leg takes no ticks is within a day's journey: the person is home every night and pays both
    ways on every period worked on site. Elsewhere both ways are paid once, with the nights between. None:
    the person is bound elsewhere, the journey does not fit the line, a tick of it is not free, or it means
    too many nights in a row.
    """
    found = _stay(problem, resource, place, slots, start, end, leaves)
    return None if found is None or span_mask(found.start, found.end) & resource.busy else found


def _stay(
    problem: Problem, resource: Resource, place: int | None, slots: int, start: int, end: int, leaves: int
) -> Stay | None:
    """The absence as such, whatever else the person is bound by."""
    if place is None or place == resource.home:
        return Stay(start, end, 0, 0)
    out = problem.legs[resource.home, place]
    back = problem.legs[place, resource.home]
    if out.ticks == 0 and back.ticks == 0:
        days = periods_worked(slots & span_mask(start, leaves), problem.period)
        return Stay(start, end, 0, days * (out.cost + back.cost))
    first = ticks_before(resource.grid, start, out.ticks)
    last = ticks_after(resource.grid, end, back.ticks) if leaves == end else end
    if first is None or last is None or not _free(resource, start, end, first, last):
        return None
    home_again = leaves if leaves != end else last
    nights = (home_again - 1) // problem.period - first // problem.period
    if resource.most_nights is not None and nights > resource.most_nights:
        return None
    return Stay(first, last, nights, out.cost + back.cost + nights * problem.night)


def _free(resource: Resource, start: int, end: int, first: int, last: int) -> bool:
    """Whether every grid tick of the journeys is free."""
    journey = (span_mask(first, start) | span_mask(end, last)) & resource.grid
    return journey & ~resource.free == 0


def periods_worked(mask: int, period: int) -> int:
    """Number of periods that hold a tick of `mask`."""
    count = 0
    while mask:
        low = (mask & -mask).bit_length() - 1
        count += 1
        mask >>= (low // period + 1) * period
        mask <<= (low // period + 1) * period
    return count
