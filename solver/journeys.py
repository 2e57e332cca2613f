"""One person's stay for one activity: which ticks the way out and back take, how many nights it means, what it costs.

Everybody starts from home and returns there; `solver.routes` says when one goes straight on instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditplan.solver.problem import Problem, Resource


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's time for one activity.

    first, last: first tick of the way from home, one past the last of the way back; those of the work itself where the
    ways take no ticks. start, end: first tick of the work and one past its last. back: one past the last tick away.
    place: where the nights between are spent; None: at home. onward: whether one may go straight on from there.
    enter, inside, leave: price of the way from home with its nights, of what lies between, and of the way back."""

    first: int
    last: int
    start: int
    end: int
    back: int
    place: int | None = None
    onward: bool = False
    enter: int = 0
    inside: int = 0
    leave: int = 0

    @property
    def cost(self) -> int:
        """Price out and back."""
        return self.enter + self.inside + self.leave


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
    """The stay of `resource` for a stretch [start, end) at `place`, on site until `leaves`.

    A place whose leg takes no ticks is within a day's journey: the person is home every night and pays both
    ways on every period worked on site. Elsewhere both ways are paid once, with the nights between. None:
    the person is bound elsewhere, the way from home or back does not fit the line, a tick of it is not free, or
    it means too many nights in a row. (Who goes straight on could do without them; but nobody is sent where they
    could not have gone from home.)
    """
    found = _stay(problem, resource, place, slots, start, end, leaves)
    return None if found is None or span_mask(found.first, found.last) & resource.busy else found


def _stay(
    problem: Problem, resource: Resource, place: int | None, slots: int, start: int, end: int, leaves: int
) -> Stay | None:
    """The stay as such, whatever else the person is bound by."""
    if place is None or place == resource.home:
        return Stay(start, end, start, end, end)
    out = problem.legs[resource.home, place]
    back = problem.legs[place, resource.home]
    if out.ticks == 0 and back.ticks == 0:
        days = periods_worked(slots & span_mask(start, leaves), problem.period)
        return Stay(start, end, start, end, end, inside=days * (out.cost + back.cost))
    first = ticks_before(resource.grid, start, out.ticks)
    last = ticks_after(resource.grid, end, back.ticks) if leaves == end else end
    if first is None or last is None or not _free(resource, start, end, first, last):
        return None
    home_again = leaves if leaves != end else last
    period, night = problem.period, problem.night
    if resource.most_nights is not None and nights_between(first, home_again, period) > resource.most_nights:
        return None
    return Stay(
        first,
        last,
        start,
        end,
        home_again,
        place,
        leaves == end,
        out.cost + (start // period - first // period) * night,
        nights_between(start, leaves, period) * night,
        back.cost + ((home_again - 1) // period - (leaves - 1) // period) * night,
    )


def nights_between(start: int, end: int, period: int) -> int:
    """The nights from a tick to the one before `end`."""
    return (end - 1) // period - start // period


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
