"""One person's stays in order, and where another one fits between them, under every option at once.

Between two stays that follow each other one goes home, or straight on where that is possible (`solver.routes`). A run
of gaps that leave no time to go home is one trip in any case; its nights are looked at exactly. The price of a gap is
that of its cheaper way, the ceiling of nights left aside; `cost` is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from auditplan.solver.arrays import Bools, Ints
from auditplan.solver.journeys import Stay
from auditplan.solver.presence import Presence
from auditplan.solver.problem import Resource
from auditplan.solver.routes import Route, home_between, leg_between, link, route
from auditplan.solver.ways import NEVER, Ways

NOWHERE = -1
"""In place of a place: at home, or not to be left for another place."""


@dataclass(frozen=True, slots=True)
class _Gaps:
    """The ways over the gaps before or after new stays: price at home, price straight on (NEVER where there is no
    such way), and the edge of the trip that one is on if one can't go home."""

    home: Ints
    straight: Ints
    edge: Ints

    @property
    def price(self) -> Ints:
        """The cheaper way."""
        return np.minimum(self.home, self.straight)


class Itinerary:
    """The stays of one person; never changed, so that what is derived from them can be remembered."""

    def __init__(self, ways: Ways, person: int, stays: tuple[tuple[Stay, int], ...]) -> None:
        """stays: in order of their starts, each with its activity."""
        self._ways, self._person = ways, person
        self._problem = ways.problem
        self._resource: Resource = self._problem.resources[person]
        self.stays = stays

    def with_stay(self, stay: Stay, number: int) -> Itinerary:
        """With one more."""
        both = sorted((*self.stays, (stay, number)), key=lambda pair: (pair[0].start, pair[0].end))
        return Itinerary(self._ways, self._person, tuple(both))

    def without(self, number: int) -> Itinerary:
        """Without the stay for an activity."""
        return Itinerary(self._ways, self._person, tuple(pair for pair in self.stays if pair[1] != number))

    @cached_property
    def route(self) -> Route | None:
        """The cheapest route; None: there is none."""
        return route(self._problem, self._resource, [stay for stay, _ in self.stays])

    @property
    def cost(self) -> int:
        """Price of the cheapest route; out and back where there is none."""
        found = self.route
        return sum(stay.cost for stay, _ in self.stays) if found is None else found.cost

    @cached_property
    def _table(self) -> tuple[Ints, ...]:
        """Start, end, first, last, place (−1: at home) and onward of every stay, with a guard at either end."""
        top = self._problem.ticks + 1
        rows = [(-1, -1, -1, -1, NOWHERE, 0)]
        rows += [
            (one.start, one.end, one.first, one.last, NOWHERE if one.place is None else one.place, int(one.onward))
            for one, _ in self.stays
        ]
        rows.append((top, top, top, top, NOWHERE, 0))
        return tuple(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))

    @cached_property
    def _edges(self) -> tuple[Ints, Ints]:
        """Per stay (guards included), first tick of the trip that it is on in any case, and one past its last."""
        first = [0, *(stay.first for stay, _ in self.stays), 0]
        last = [0, *(stay.back for stay, _ in self.stays), 0]
        pairs = list(zip(self.stays, self.stays[1:], strict=False))
        for at, ((earlier, _), (later, _)) in enumerate(pairs, start=1):
            if not home_between(earlier, later):
                first[at + 1] = first[at]
        for at in range(len(pairs), 0, -1):
            if not home_between(self.stays[at - 1][0], self.stays[at][0]):
                last[at] = last[at + 1]
        return np.array(first, dtype=np.int64), np.array(last, dtype=np.int64)

    @cached_property
    def _prices(self) -> tuple[Ints, Ints, Ints]:
        """Per stay (guards included) the prices of leaving home for it and of going home from it; per gap, from the
        stay at its left, the price of the way over it as it stands."""
        enter = np.array([0, *(stay.enter for stay, _ in self.stays), 0], dtype=np.int64)
        leave = np.array([0, *(stay.leave for stay, _ in self.stays), 0], dtype=np.int64)
        gaps = leave[:-1] + enter[1:]
        for at, ((earlier, _), (later, _)) in enumerate(zip(self.stays, self.stays[1:], strict=False), start=1):
            straight = link(self._problem, self._resource, earlier, later)
            if straight is not None and (straight.saving > 0 or not home_between(earlier, later)):
                gaps[at] = straight.cost
        return enter, leave, gaps

    def by_tick(self) -> tuple[Ints, ...]:
        """Of the gap in which a stay would begin that starts at each tick, what `solver.timetable` keeps."""
        start, end, first, last, place, onward = self._table
        enter, leave, gaps = self._prices
        counts = np.diff(np.minimum(np.maximum(start, 0), self._problem.ticks + 1))
        before = np.repeat(np.arange(len(counts)), counts)
        after = before + 1
        origin = np.where(onward > 0, place, NOWHERE)
        earlier = (end, last, leave, origin, self._edges[0])
        later = (np.minimum(start, self._problem.ticks), first, enter, place, self._edges[1])
        return (*(one[before] for one in earlier), *(one[after] for one in later), gaps[before])

    def fitting(self, presence: Presence) -> tuple[Bools, Ints]:
        """Per option of an activity that is not among the stays: whether this person could be there beside them, and
        what journeys, nights and pay cost more then."""
        start, end, first, last, _, _ = self._table
        after = np.searchsorted(start, presence.start, side="right")
        before = after - 1
        possible = presence.possible & (end[before] <= presence.start) & (presence.end <= start[after])
        if len(self.stays) == 0:
            return possible, presence.money
        enter, leave, gaps = self._prices
        home_in = np.where(last[before] <= presence.first, leave[before] + presence.enter, NEVER)
        home_out = np.where(presence.last <= first[after], presence.leave + enter[after], NEVER)
        if presence.place is None:
            possible = possible & (home_in < NEVER) & (home_out < NEVER)
            return possible, home_in + presence.inside + presence.pay + home_out - gaps[before]
        into, out = self._into(presence, before, home_in), self._out(presence, after, home_out)
        possible = possible & (into.price < NEVER) & (out.price < NEVER) & self._nights_fit(into, out)
        return possible, into.price + presence.inside + presence.pay + out.price - gaps[before]

    def _into(self, presence: Presence, before: Ints, home: Ints) -> _Gaps:
        """The ways to new stays from those before them."""
        _, end, _, _, place, onward = self._table
        assert presence.place is not None
        ends, places = end[before], np.where(onward[before] > 0, place[before], NOWHERE)
        nights = presence.start // self._problem.period - (ends - 1) // self._problem.period
        straight, clear = np.full(len(before), NEVER), None
        for origin in sorted(set(places.tolist()) - {NOWHERE}):
            leg = leg_between(self._problem, origin, presence.place)
            if leg is None:
                continue
            clear = self._clear(ends, presence.start) if clear is None else clear
            rows = (places == origin) & clear
            rows &= self._ways.journeys(self._person, leg.ticks)[0][presence.start] >= ends
            straight = np.where(rows, leg.cost + nights * self._problem.night, straight)
        edge = np.where(home < NEVER, presence.first, self._edges[0][before])
        return _Gaps(home, straight, edge)

    def _out(self, presence: Presence, after: Ints, home: Ints) -> _Gaps:
        """The ways from new stays to those after them."""
        start, _, _, _, place, _ = self._table
        assert presence.place is not None
        places, starts = place[after], np.minimum(start[after], self._problem.ticks)
        nights = starts // self._problem.period - (presence.end - 1) // self._problem.period
        straight, clear = np.full(len(after), NEVER), None
        for goal in sorted(set(places.tolist()) - {NOWHERE}):
            leg = leg_between(self._problem, presence.place, goal)
            if leg is None:
                continue
            clear = presence.onward & self._clear(presence.end, starts) if clear is None else clear
            rows = (places == goal) & clear
            rows &= self._ways.journeys(self._person, leg.ticks)[0][starts] >= presence.end
            straight = np.where(rows, leg.cost + nights * self._problem.night, straight)
        edge = np.where(home < NEVER, presence.back, self._edges[1][after])
        return _Gaps(home, straight, edge)

    def _clear(self, begin: Ints, end: Ints) -> Bools:
        """Whether one may be kept away from one tick to another."""
        resource = self._resource
        below = self._ways.prefix_of(resource.busy | (resource.grid & ~resource.free))
        top = self._problem.ticks
        low, high = (np.minimum(np.maximum(one, 0), top) for one in (begin, end))  # several times as quick as np.clip
        result: Bools = (begin <= end) & (below[low] == below[high])
        return result

    def _nights_fit(self, into: _Gaps, out: _Gaps) -> Bools | np.bool_:
        """Whether the trips that new stays are on in any case are not too long."""
        if self._resource.most_nights is None:
            return np.True_
        period = self._problem.period
        alone = (into.home < NEVER) & (out.home < NEVER)
        nights = (out.edge - 1) // period - into.edge // period
        result: Bools = alone | (nights <= self._resource.most_nights)
        return result
