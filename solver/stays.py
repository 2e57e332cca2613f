"""Makes stays as arrays (see `solver.presence`), of all people of an activity at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from auditplan.solver.arrays import Bools, Ints
from auditplan.solver.journeys import periods_worked, span_mask
from auditplan.solver.presence import Block, Options
from auditplan.solver.problem import Activity, Problem
from auditplan.solver.ways import Least, Ways
from auditplan.solver.widths import are_narrow


@dataclass(frozen=True, slots=True)
class _Hulls:
    """Of some people in one activity away, per person and option: whether it is possible, the first tick of the way
    there, one past the last of the way back, and one past the last away."""

    possible: Bools
    first: Ints
    last: Ints
    back: Ints


class StayMaker(Ways):
    """Makes the presences of one problem."""

    def __init__(self, problem: Problem) -> None:
        """Nothing is made yet."""
        super().__init__(problem)
        self._worked_days: dict[int, dict[tuple[int, int], int]] = {}
        self._last_days: tuple[Options, tuple[Bools, Ints, Ints, Ints]] | None = None
        self._narrow = are_narrow(problem)

    def of(self, activity: Activity, options: Options, people: Collection[int]) -> list[Block]:
        """The stays of all of some people who can be there under some option at all; see `journeys.stay` for the rule
        in full. All people at once, since one after the other takes ten times as long (measured)."""
        found: list[Block] = []
        there: list[int] = []
        away: list[int] = []
        for person in people:
            overnight = self.overnight(self.problem.resources[person], activity.place)
            (away if overnight else there).append(person)
        if there:
            found.append(self._at_home(activity, options, there))
        if away:
            found.append(self._away(activity, options, away))
        return found

    def _free(self, activity: Activity, options: Options, people: Sequence[int]) -> Bools:
        """Per person and option, whether the work's own ticks are free, and no anchor is among them."""
        slots = np.diff(self.prefix_of(activity.slots)).astype(np.bool_)
        unfree = np.zeros((len(people), self.problem.ticks + 1), dtype=np.int32)
        np.cumsum(self.unfree[np.array(people, dtype=np.int64)] & slots, axis=1, out=unfree[:, 1:])
        free: Bools = unfree[:, options.end] == unfree[:, options.start]
        for row, person in zip(free, people, strict=True):
            if self._anchored[person]:
                bound = self.prefix_of(self._anchored[person])
                row &= bound[options.end] == bound[options.start]
        return free

    def _keep_clear(self, possible: Bools, people: Sequence[int], first: Ints, last: Ints) -> None:
        """No stay touches the ticks at which a person is busy. first, last: per person and option, or per option."""
        top = self.problem.ticks
        for at, person in enumerate(people):
            if busy := self.problem.resources[person].busy:
                below = self.prefix_of(busy)
                begin, end = (first, last) if first.ndim == 1 else (first[at], last[at])
                possible[at] &= below[_within(end, top)] == below[_within(begin, top)]

    def _width(self, figures: Ints) -> Ints:
        """The same in half the memory, where that holds them."""
        result: Ints = figures.astype(np.int32) if self._narrow else figures
        return result

    def _pay(self, options: Options, people: Sequence[int]) -> Ints:
        """Per person and option, the price of the work itself."""
        rates = np.array([self.problem.resources[person].rate for person in people], dtype=np.int64)
        result: Ints = rates[:, None] * options.worked
        return result

    @cached_property
    def _anchored(self) -> list[int]:
        """Per person, the ticks of their anchors."""
        return [sum(span_mask(one.start, one.end) for one in own.anchors) for own in self.problem.resources]

    def _at_home(self, activity: Activity, options: Options, people: list[int]) -> Block:
        """Stays without nights: at home, or within a day's journey."""
        start, end = options.start, options.end
        possible = self._free(activity, options, people)
        self._keep_clear(possible, people, start, end)
        alive = np.flatnonzero(possible.any(axis=1)).tolist()
        people, possible = [people[at] for at in alive], possible[alive]
        nothing = self._width(np.zeros(len(options), dtype=np.int64))
        never = np.zeros(len(options), dtype=np.bool_)
        prices = self._day_trips(activity, options, people)
        inside = nothing if prices is None else self._width(prices)
        pay = self._pay(options, people)
        least_money = self._width(pay if prices is None else prices + pay)
        pay = self._width(pay)
        nobody = np.zeros(len(people), dtype=np.bool_)
        return Block(
            people=people,
            possible=possible,
            first=start,
            last=end,
            start=start,
            end=end,
            back=end,
            place=None,
            onward=never,
            enter=nothing,
            inside=inside,
            leave=nothing,
            pay=pay,
            least_first=start,
            least_money=least_money,
            linked_in=nobody,
            linked_out=nobody,
        )

    def _day_trips(self, activity: Activity, options: Options, people: Sequence[int]) -> Ints | None:
        """Per person and option, the price of going there and back every day; None: nobody has to go."""
        place, legs = activity.place, self.problem.legs
        if place is None:
            return None
        homes = [self.problem.resources[person].home for person in people]
        both = [0 if home == place else legs[home, place].cost + legs[place, home].cost for home in homes]
        if not any(both):
            return None
        return np.array(both, dtype=np.int64)[:, None] * self._daily(activity, options)

    def _away(self, activity: Activity, options: Options, people: list[int]) -> Block:
        """Stays with nights away."""
        assert activity.place is not None
        place, period = activity.place, self.problem.period
        onward, *_ = self._days(options)
        possible = self._free(activity, options, people)
        first, last = self._ways(place, options, people)
        if not onward.all():
            last = np.where(onward, last, options.end)
        possible &= first >= 0
        possible &= last >= 0
        home_again = last if onward.all() else np.where(onward, last, options.leaves)
        nights = (home_again - 1) // period - first // period
        for at, person in enumerate(people):
            most = self.problem.resources[person].most_nights
            if most is not None:
                possible[at] &= nights[at] <= most
        self._keep_clear(possible, people, first, last)
        alive = np.flatnonzero(possible.any(axis=1)).tolist()
        there, back = last[alive], None if home_again is last else home_again[alive]
        hulls = _Hulls(possible[alive], first[alive], there, there if back is None else back)
        return self._with_ways(place, options, [people[at] for at in alive], hulls)

    def _ways(self, place: int, options: Options, people: Sequence[int]) -> tuple[Ints, Ints]:
        """Per person and option, the first tick of the way from home and one past the last of the way back; −1 where it
        does not fit."""
        legs = self.problem.legs
        homes = [self.problem.resources[person].home for person in people]
        out = np.array([legs[home, place].ticks for home in homes], dtype=np.int64)
        back = np.array([legs[place, home].ticks for home in homes], dtype=np.int64)
        whom = np.array(people, dtype=np.int64)
        return self._journeys_of(whom, out, options.start, 0), self._journeys_of(whom, back, options.end, 1)

    def _journeys_of(self, people: Ints, counts: Ints, ticks: Ints, way: int) -> Ints:
        """Per person and option, where journeys of so many ticks (per person) begin or end; see `Ways.journeys`. way:
        0 for those before some ticks (per option), 1 for those from them on."""
        found = np.empty((len(people), len(ticks)), dtype=np.int64)
        for count in np.unique(counts).tolist():
            rows = np.flatnonzero(counts == count)
            found[rows] = self.everybodys(count)[way][people[rows][:, None], ticks]
        return found

    def _with_ways(self, place: int, options: Options, people: list[int], ways: _Hulls) -> Block:
        """Stays with nights away whose ways are known: with their prices."""
        legs, period, night = self.problem.legs, self.problem.period, self.problem.night
        onward, start_day, leave_day, inside = self._days(options)
        homes = [self.problem.resources[person].home for person in people]
        out = np.array([legs[home, place].cost for home in homes], dtype=np.int64)[:, None]
        back = np.array([legs[place, home].cost for home in homes], dtype=np.int64)[:, None]
        enter = out + (start_day - ways.first // period) * night
        leave = back + ((ways.back - 1) // period - leave_day) * night
        least_first, linked_in, least_enter = self._least_in(place, options, people, ways.first, enter)
        linked_out, least_leave = self._least_out(place, people, leave, onward)
        pay = self._pay(options, people)
        least_money = self._width(least_enter + inside + least_leave + pay)
        first, last = self._width(ways.first), self._width(ways.last)
        return Block(
            people=people,
            possible=ways.possible,
            first=first,
            last=last,
            start=options.start,
            end=options.end,
            back=last if ways.back is ways.last else self._width(ways.back),
            place=place,
            onward=onward,
            enter=self._width(enter),
            inside=inside,
            leave=self._width(leave),
            pay=self._width(pay),
            least_first=first if least_first is ways.first else self._width(least_first),
            least_money=least_money,
            linked_in=linked_in,
            linked_out=linked_out,
        )

    def _days(self, options: Options) -> tuple[Bools, Ints, Ints, Ints]:
        """Of an activity's options, whoever comes: whether nothing follows the work on site, the periods in which work
        begins and in which the site is left, and the price of the nights between. Those asked for last are kept."""
        known = self._last_days
        if known is None or known[0] is not options:
            period = self.problem.period
            start, leave = options.start // period, (options.leaves - 1) // period
            nights = (leave - start) * self.problem.night
            known = self._last_days = (options, (options.leaves == options.end, start, leave, nights))
        return known[1]

    def _least_in(
        self, place: int, options: Options, people: Sequence[int], first: Ints, enter: Ints
    ) -> tuple[Ints, Bools, Ints]:
        """Per person and option, the first tick of the way to a place at least, from wherever one comes; per person,
        whether a link may lead there; per person and option the price of the way. A link's price is shared by halves
        between the stay it leaves and the one it leads to."""
        ticks, costs = self._links([self.links_in(person, place) for person in people])
        rows = np.flatnonzero(ticks >= 0)
        if not len(rows):
            return first, ticks >= 0, enter
        firsts, prices = first.copy(), enter.copy()
        straight = self._journeys_of(np.array(people, dtype=np.int64)[rows], ticks[rows], options.start, 0)
        firsts[rows] = np.where(straight >= 0, np.maximum(first[rows], straight), first[rows])
        prices[rows] = np.minimum(prices[rows], costs[rows, None])
        return firsts, ticks >= 0, prices

    def _links(self, least: list[Least | None]) -> tuple[Ints, Ints]:
        """Per person, the ticks of a link (−1: there is none) and half of its price."""
        ticks = np.array([-1 if one is None else one.ticks for one in least], dtype=np.int64)
        return ticks, np.array([0 if one is None else one.cost // 2 for one in least], dtype=np.int64)

    def _least_out(self, place: int, people: Sequence[int], leave: Ints, onward: Bools) -> tuple[Bools, Ints]:
        """Per person, whether a link may lead on from a place; then the way takes no ticks where one may go on, since
        those of a link are counted before the stay that it leads to. Per person and option its price, at least."""
        ticks, costs = self._links([self.links_out(person, place) for person in people])
        shared = (ticks >= 0)[:, None] & onward
        return ticks >= 0, np.where(shared, np.minimum(leave, costs[:, None]), leave)

    def _daily(self, activity: Activity, options: Options) -> Ints:
        """Per option, the number of periods with work on site."""
        memory = self._worked_days.setdefault(activity.slots, {})
        days = []
        for start, leaves in zip(options.start.tolist(), options.leaves.tolist(), strict=True):
            if (start, leaves) not in memory:
                ticks = activity.slots & span_mask(start, leaves)
                memory[start, leaves] = periods_worked(ticks, self.problem.period)
            days.append(memory[start, leaves])
        return np.array(days, dtype=np.int64)


def _within(ticks: Ints, top: int) -> Ints:
    """Ticks cut to the line."""
    result: Ints = np.minimum(np.maximum(ticks, 0), top)
    return result
