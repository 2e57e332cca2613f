"""What the ways of each person take: journeys from every tick, and the least that any way to or from a place takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from auditplan.solver.arrays import Bools, Ints, prefix
from auditplan.solver.problem import Problem, Resource
from auditplan.solver.routes import anchored, leg_between

NEVER = np.int64(1 << 40)
"""Price of a way that there is not."""


@dataclass(frozen=True, slots=True)
class Least:
    """What a link into or out of a place takes at least: ticks and price; None: there is nothing to link with."""

    ticks: int
    cost: int


class Ways:
    """The ways of everybody in one problem."""

    def __init__(self, problem: Problem) -> None:
        """Nothing is worked out yet."""
        self.problem = problem
        self._journeys: dict[tuple[int, int], tuple[Ints, Ints]] = {}
        self._prefixes: dict[int, Ints] = {}
        self._everybodys: dict[int, tuple[Ints, Ints]] = {}
        self._least: dict[tuple[int, int, bool], Least | None] = {}

    def prefix_of(self, mask: int) -> Ints:
        """Prefix counts of a mask, remembered."""
        if mask not in self._prefixes:
            self._prefixes[mask] = prefix(mask, self.problem.ticks)
        return self._prefixes[mask]

    def overnight(self, resource: Resource, place: int | None) -> bool:
        """Whether the nights between are spent at a place."""
        if place is None or place == resource.home:
            return False
        legs = self.problem.legs
        return legs[resource.home, place].ticks > 0 or legs[place, resource.home].ticks > 0

    def anchors_money(self, *, least: bool) -> int:
        """Price of everybody's anchors out and back. least: only what no link could spare them."""
        total = 0
        for person, resource in enumerate(self.problem.resources):
            for own in anchored(self.problem, resource):
                place = own.place if least else None
                into = None if place is None else self.links_in(person, place)
                out = None if place is None or not own.onward else self.links_out(person, place)
                enter = own.enter if into is None else min(own.enter, into.cost // 2)
                total += enter + own.inside + (own.leave if out is None else min(own.leave, out.cost // 2))
        return total

    def links_in(self, person: int, place: int) -> Least | None:
        """What a link into a place takes at least."""
        return self._least_link(person, place, into=True)

    def links_out(self, person: int, place: int) -> Least | None:
        """What a link out of a place takes at least."""
        return self._least_link(person, place, into=False)

    def _least_link(self, person: int, place: int, *, into: bool) -> Least | None:
        """What a link into or out of a place takes at least, remembered."""
        key = person, place, into
        if key not in self._least:
            pairs = [(other, place) if into else (place, other) for other in self._others(person, place)]
            legs = [leg for pair in pairs if (leg := leg_between(self.problem, *pair))]
            shortest = min((leg.ticks for leg in legs), default=0)
            self._least[key] = Least(shortest, min(leg.cost for leg in legs)) if legs else None
        return self._least[key]

    def _others(self, person: int, place: int) -> list[int]:
        """Where a person's stay at a place may link with another of theirs."""
        return [other for other, count in self._places[person].items() if other != place or count > 1]

    @cached_property
    def any_link(self) -> bool:
        """Whether anybody could go straight on from one place to another at all."""
        return any(
            self.links_in(person, place) is not None or self.links_out(person, place) is not None
            for person, places in enumerate(self._places)
            for place in places
        )

    @cached_property
    def _places(self) -> list[Counter[int]]:
        """Per person, the places away where they may be and how often."""
        places: dict[int, Ints] = {}
        for activity in self.problem.activities:
            if activity.place is not None:
                people = {candidate.resource for candidates in activity.roles for candidate in candidates}
                counts = places.setdefault(activity.place, np.zeros(len(self.problem.resources), dtype=np.int64))
                counts[list(people)] += 1
        found: list[Counter[int]] = [Counter() for _ in self.problem.resources]
        for place, counts in places.items():
            for person in np.flatnonzero(counts).tolist():
                if self.overnight(self.problem.resources[person], place):
                    found[person][place] = int(counts[person])
        for person, resource in enumerate(self.problem.resources):
            for bound in anchored(self.problem, resource):
                if bound.place is not None:
                    found[person][bound.place] += 1
        return found

    @cached_property
    def free_before(self) -> Ints:
        """Per person, prefix counts of their free ticks."""
        return np.stack([self.prefix_of(own.free & ~own.busy) for own in self.problem.resources])

    @cached_property
    def straight(self) -> tuple[Ints, Ints]:
        """Per pair of places, the ticks and the price of the way straight on; NEVER in place of a price where there is
        none."""
        size = 1 + max((place for pair in self.problem.legs for place in pair), default=0)
        ticks, costs = np.zeros((size, size), dtype=np.int64), np.full((size, size), NEVER)
        for origin, goal in [*self.problem.legs, *((place, place) for place in range(size))]:
            leg = leg_between(self.problem, origin, goal)
            if leg is not None:
                ticks[origin, goal], costs[origin, goal] = leg.ticks, leg.cost
        return ticks, costs

    @cached_property
    def kept_away(self) -> Ints:
        """Per person, prefix counts of the ticks at which they may not be kept away from home."""
        masks = [own.busy | (own.grid & ~own.free) for own in self.problem.resources]
        return np.stack([self.prefix_of(mask) for mask in masks])

    @cached_property
    def unfree(self) -> Bools:
        """Per person and tick, whether they cannot work then."""
        every = (1 << self.problem.ticks) - 1
        return np.stack([np.diff(self.prefix_of(~own.free & every)) for own in self.problem.resources]).astype(np.bool_)

    def everybodys(self, count: int) -> tuple[Ints, Ints]:
        """Per person and tick, what `journeys` gives."""
        if count not in self._everybodys:
            both = [self.journeys(person, count) for person in range(len(self.problem.resources))]
            before, after = zip(*both, strict=True)
            self._everybodys[count] = np.stack(before), np.stack(after)
        return self._everybodys[count]

    def before(self, person: int, count: int) -> Ints:
        """Per tick, the first tick of a free journey before it; −1 where there is none."""
        return self.journeys(person, count)[0]

    def after(self, person: int, count: int) -> Ints:
        """Per tick, one past the last tick of a free journey from it on; −1 where there is none."""
        return self.journeys(person, count)[1]

    def journeys(self, person: int, count: int) -> tuple[Ints, Ints]:
        """Per tick, the first tick of a journey before it and one past the last of a journey from it on; −1 where
        the journey does not fit or is not free."""
        if (person, count) not in self._journeys:
            self._journeys[person, count] = self._free_journeys(self.problem.resources[person], count)
        return self._journeys[person, count]

    def _free_journeys(self, resource: Resource, count: int) -> tuple[Ints, Ints]:
        """The same of a count, worked out for every tick at once; the rule itself: `journeys.stay`."""
        top = self.problem.ticks
        ticks = np.arange(top + 1, dtype=np.int64)
        if count == 0:
            return ticks, ticks
        on_grid = self.prefix_of(resource.grid)
        places = np.flatnonzero(np.diff(on_grid))
        unfree = self.prefix_of(resource.grid & ~resource.free)
        before, after = np.full(top + 1, -1, dtype=np.int64), np.full(top + 1, -1, dtype=np.int64)
        early, late = on_grid >= count, on_grid + count <= len(places)
        first, last = places[on_grid[early] - count], places[on_grid[late] + count - 1] + 1
        before[early] = np.where(unfree[first] == unfree[early], first, -1)
        after[late] = np.where(unfree[last] == unfree[late], last, -1)
        return before, after
