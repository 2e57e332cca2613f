"""Routes: how one person travels through all their stays at the least price, home in between or straight on.

A *link* leads straight from one stay to the next: the ticks of the way are the grid ticks nearest before the second
begins, the nights in between are spent away. Nobody is kept away over ticks of the grid that are not theirs to work
in (leave, a weekday off), nor beside anything they are bound by. A *trip* is a run of linked stays; its nights count
from the first tick of the way from home to the last of the way back, and `most_nights` is their ceiling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditplan.solver.journeys import Stay, nights_between, span_mask, stay, ticks_before
from auditplan.solver.problem import Leg, Problem, Resource

HERE = Leg(0, 0)
"""From a place to itself."""


@dataclass(frozen=True, slots=True)
class Link:
    """The way straight on: its first tick, the price with the nights between, and what going home instead costs more
    (negative: less)."""

    first: int
    cost: int
    saving: int


@dataclass(frozen=True, slots=True)
class Route:
    """The cheapest way through stays: per gap between two of them, whether one goes straight on; price of all journeys
    and nights."""

    linked: tuple[bool, ...]
    cost: int


def leg_between(problem: Problem, start: int, end: int) -> Leg | None:
    """The leg from one place to another; None where the problem gives none."""
    if not problem.straight:
        return None
    return HERE if start == end else problem.legs.get((start, end))


def link(problem: Problem, resource: Resource, earlier: Stay, later: Stay) -> Link | None:
    """The way straight on from one stay to another; None where there is none."""
    if not earlier.onward or earlier.place is None or later.place is None or later.start < earlier.end:
        return None
    leg = leg_between(problem, earlier.place, later.place)
    gap = span_mask(earlier.end, later.start)
    if leg is None or gap & (resource.busy | (resource.grid & ~resource.free)):
        return None
    first = ticks_before(resource.grid, later.start, leg.ticks)
    if first is None or first < earlier.end:
        return None
    nights = later.start // problem.period - (earlier.end - 1) // problem.period
    cost = leg.cost + nights * problem.night
    return Link(first, cost, earlier.leave + later.enter - cost)


def anchored(problem: Problem, resource: Resource) -> list[Stay]:
    """The stays that a person is bound to already."""
    found = []
    for one in resource.anchors:
        bound = stay(problem, resource, one.place, one.slots, one.start, one.end, one.leaves)
        if bound is None:
            raise ValueError(f"an anchor at tick {one.start} that cannot be reached from home")
        found.append(bound)
    return found


def home_between(earlier: Stay, later: Stay) -> bool:
    """Whether there is time to go home between two stays."""
    return earlier.last <= later.first


def route(problem: Problem, resource: Resource, stays: Sequence[Stay]) -> Route | None:
    """The cheapest route through stays in order of their starts; of equals the one that is home sooner. None: there is
    none."""
    links = [link(problem, resource, earlier, later) for earlier, later in pairwise(stays)]
    home = [home_between(earlier, later) for earlier, later in pairwise(stays)]
    best: list[tuple[int, int] | None] = [(0, 0)]
    for end in range(1, len(stays) + 1):
        best.append(_last_trip(problem, resource, stays, links, home, best, end))
    if best[-1] is None:
        return None
    linked = [True] * (len(stays) - 1) if stays else []
    at = len(stays)
    while at:
        entry = best[at]
        assert entry is not None
        at = entry[1]
        if at:
            linked[at - 1] = False
    return Route(tuple(linked), best[-1][0])


def _last_trip(
    problem: Problem,
    resource: Resource,
    stays: Sequence[Stay],
    links: Sequence[Link | None],
    home: Sequence[bool],
    best: Sequence[tuple[int, int] | None],
    end: int,
) -> tuple[int, int] | None:
    """Price of the first `end` stays and where the last trip of them begins, shortest trips first."""
    found: tuple[int, int] | None = None
    way = stays[end - 1].leave
    for begin in range(end - 1, -1, -1):
        way += stays[begin].inside
        earlier = best[begin]
        nights = nights_between(stays[begin].first, stays[end - 1].back, problem.period)
        if resource.most_nights is not None and begin < end - 1 and nights > resource.most_nights:
            break
        if earlier is not None and (begin == 0 or home[begin - 1]):
            total = earlier[0] + stays[begin].enter + way
            if found is None or total < found[0]:
                found = (total, begin)
        before = links[begin - 1] if begin else None
        if before is None:
            break
        way += before.cost
    return found
