"""Stays as arrays: one person in one activity, under every option at once (the rule itself: `solver.journeys`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from auditplan.solver.arrays import Bools, Ints, prefix
from auditplan.solver.journeys import Stay, free_after, free_before, periods_worked, span_mask
from auditplan.solver.problem import Activity, Leg, Problem, Resource
from auditplan.solver.routes import anchored, leg_between
from auditplan.solver.widths import are_narrow, narrowed


@dataclass(frozen=True, slots=True)
class Options:
    """All options of an activity, flat over its modes: parallel arrays, and their price on each level."""

    mode: Ints
    index: Ints
    start: Ints
    end: Ints
    leaves: Ints
    worked: Ints
    costs: tuple[Ints, ...]

    def __len__(self) -> int:
        """Number of options."""
        return len(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One person in one activity: per option, whether it is possible at all, and the stay (see `journeys.Stay`).

    pay: price of the work itself. least_first, least_last, least_money: hull and price that no stay falls short of,
    whatever comes before and after it."""

    possible: Bools
    first: Ints
    last: Ints
    start: Ints
    end: Ints
    back: Ints
    place: int | None
    onward: Bools
    enter: Ints
    inside: Ints
    leave: Ints
    pay: Ints
    least_first: Ints
    least_last: Ints
    least_money: Ints

    @property
    def money(self) -> Ints:
        """Per option, the price on the money level out and back: journeys, nights and pay."""
        result: Ints = self.enter.astype(np.int64) + self.inside + self.leave + self.pay
        return result

    @property
    def linked(self) -> bool:
        """Whether a link could spare any of the stays something."""
        return self.least_first is not self.first or self.least_last is not self.last

    def stay(self, flat: int) -> Stay:
        """The stay under one option."""
        return Stay(
            int(self.first[flat]),
            int(self.last[flat]),
            int(self.start[flat]),
            int(self.end[flat]),
            int(self.back[flat]),
            self.place,
            bool(self.onward[flat]),
            int(self.enter[flat]),
            int(self.inside[flat]),
            int(self.leave[flat]),
        )


@dataclass(frozen=True, slots=True)
class Least:
    """What a link into or out of a place takes at least: ticks and price; None: there is nothing to link with."""

    ticks: int
    cost: int


class Presences:
    """Makes the presences of one problem."""

    def __init__(self, problem: Problem) -> None:
        """Nothing is made yet."""
        self.problem = problem
        self._journeys: dict[tuple[int, int], tuple[Ints, Ints]] = {}
        self._prefixes: dict[int, Ints] = {}
        self._worked_days: dict[int, dict[tuple[int, int], int]] = {}
        self._last_days: tuple[Options, tuple[Bools, Ints, Ints, Ints]] | None = None
        self._narrow = are_narrow(problem)
        self._least_into: dict[tuple[int, int], Least | None] = {}
        self._least_from: dict[tuple[int, int], Least | None] = {}

    def prefix_of(self, mask: int) -> Ints:
        """Prefix counts of a mask, remembered."""
        if mask not in self._prefixes:
            self._prefixes[mask] = prefix(mask, self.problem.ticks)
        return self._prefixes[mask]

    def of(self, activity: Activity, options: Options, person: int) -> Presence:
        """One person's stays for every option; see `journeys.stay` for the rule in full."""
        resource = self.problem.resources[person]
        unfree = self.prefix_of(activity.slots & ~resource.free & ((1 << self.problem.ticks) - 1))
        possible = unfree[options.end] == unfree[options.start]
        pay = options.worked * resource.rate
        if self._overnight(resource, activity.place):
            assert activity.place is not None
            found = self._away(activity.place, options, person, possible, pay)
        else:
            found = self._at_home(activity, options, resource, possible, pay)
        busy = self._unclear(resource, person)
        top = self.problem.ticks
        clear = busy[0][_within(found.last, top)] == busy[0][_within(found.first, top)]
        clear &= busy[1][options.end] == busy[1][options.start]
        np.logical_and(found.possible, clear, out=found.possible)
        return self._packed(found, options)

    def _packed(self, found: Presence, options: Options) -> Presence:
        """The same in half the memory, where that holds its figures."""
        if not self._narrow:
            return found
        arrays = {name: getattr(found, name) for name in _FIGURES}
        shared = () if self._last_days is None else self._last_days[1]
        packed: dict[str, Any] = {**narrowed(arrays, (options.start, options.end, *shared))}
        return replace(found, **packed)

    def _unclear(self, resource: Resource, person: int) -> tuple[Ints, Ints]:
        """Prefix counts of the ticks that no stay may touch, and of those that no work may touch."""
        return self.prefix_of(resource.busy), self.prefix_of(self._anchored[person])

    @cached_property
    def _anchored(self) -> list[int]:
        """Per person, the ticks of their anchors."""
        return [sum(span_mask(one.start, one.end) for one in own.anchors) for own in self.problem.resources]

    def _overnight(self, resource: Resource, place: int | None) -> bool:
        """Whether the nights between are spent at a place."""
        if place is None or place == resource.home:
            return False
        legs = self.problem.legs
        return legs[resource.home, place].ticks > 0 or legs[place, resource.home].ticks > 0

    def _at_home(
        self, activity: Activity, options: Options, resource: Resource, possible: Bools, pay: Ints
    ) -> Presence:
        """Stays without nights: at home, or within a day's journey."""
        nothing = np.zeros(len(options), dtype=np.int64)
        inside = nothing
        if activity.place is not None and activity.place != resource.home:
            legs = self.problem.legs
            both = legs[resource.home, activity.place].cost + legs[activity.place, resource.home].cost
            inside = self._daily(activity, options) * both
        start, end = options.start, options.end
        return Presence(
            possible=possible,
            first=start,
            last=end,
            start=start,
            end=end,
            back=end,
            place=None,
            onward=np.zeros(len(options), dtype=np.bool_),
            enter=nothing,
            inside=inside,
            leave=nothing,
            pay=pay,
            least_first=start,
            least_last=end,
            least_money=inside + pay,
        )

    def _away(self, place: int, options: Options, person: int, possible: Bools, pay: Ints) -> Presence:
        """Stays with nights away."""
        problem, resource = self.problem, self.problem.resources[person]
        out, back = problem.legs[resource.home, place], problem.legs[place, resource.home]
        period, night = problem.period, problem.night
        onward, start_day, leave_day, inside = self._days(options)
        first = self._before(person, out.ticks)[options.start]
        last = np.where(onward, self._after(person, back.ticks)[options.end], options.end)
        possible = possible & (first >= 0) & (last >= 0)
        home_again = last if onward.all() else np.where(onward, last, options.leaves)
        first_day, back_day = first // period, (home_again - 1) // period
        if resource.most_nights is not None:
            possible = possible & (back_day - first_day <= resource.most_nights)
        enter = out.cost + (start_day - first_day) * night
        leave = back.cost + (back_day - leave_day) * night
        least_first, least_enter = self._least_in(place, options, person, first, enter)
        least_last, least_leave = self._least_out(place, options, person, last, leave, onward)
        return Presence(
            possible=possible,
            first=first,
            last=last,
            start=options.start,
            end=options.end,
            back=home_again,
            place=place,
            onward=onward,
            enter=enter,
            inside=inside,
            leave=leave,
            pay=pay,
            least_first=least_first,
            least_last=least_last,
            least_money=least_enter + inside + least_leave + pay,
        )

    def _days(self, options: Options) -> tuple[Bools, Ints, Ints, Ints]:
        """Of an activity's options, whoever comes: whether nothing follows the work on site, the periods in which work
        begins and in which the site is left, and the price of the nights between. Those asked for last are kept."""
        if self._last_days is None or self._last_days[0] is not options:
            period = self.problem.period
            start, leave = options.start // period, (options.leaves - 1) // period
            self._last_days = (
                options,
                (options.leaves == options.end, start, leave, (leave - start) * self.problem.night),
            )
        return self._last_days[1]

    def anchors_money(self, *, least: bool) -> int:
        """Price of everybody's anchors out and back. least: only what no link could spare them."""
        total = 0
        for person, resource in enumerate(self.problem.resources):
            for own in anchored(self.problem, resource):
                place = own.place if least else None
                into = None if place is None else self._links_in(person, place)
                out = None if place is None or not own.onward else self._links_out(person, place)
                enter = own.enter if into is None else min(own.enter, into.cost // 2)
                total += enter + own.inside + (own.leave if out is None else min(own.leave, out.cost // 2))
        return total

    def _least_in(self, place: int, options: Options, person: int, first: Ints, enter: Ints) -> tuple[Ints, Ints]:
        """First tick and price of the way to a place at least, from wherever one comes. A link's price is shared by
        halves between the stay it leaves and the one it leads to."""
        least = self._links_in(person, place)
        if least is None:
            return first, enter
        straight = self._before(person, least.ticks)[options.start]
        return np.where(straight >= 0, np.maximum(first, straight), first), np.minimum(enter, least.cost // 2)

    def _least_out(
        self, place: int, options: Options, person: int, last: Ints, leave: Ints, onward: Bools
    ) -> tuple[Ints, Ints]:
        """One past the last tick and price of the way from a place at least, wherever one goes. The ticks of a link
        are counted before the stay that it leads to."""
        least = self._links_out(person, place)
        if least is None:
            return last, leave
        return np.where(onward, options.end, last), np.where(onward, np.minimum(leave, least.cost // 2), leave)

    def _links_in(self, person: int, place: int) -> Least | None:
        """What a link into a place takes at least."""
        if (person, place) not in self._least_into:
            others = self._others(person, place)
            legs = [leg for other in others if (leg := leg_between(self.problem, other, place))]
            self._least_into[person, place] = _least(legs)
        return self._least_into[person, place]

    def _links_out(self, person: int, place: int) -> Least | None:
        """What a link out of a place takes at least."""
        if (person, place) not in self._least_from:
            others = self._others(person, place)
            legs = [leg for other in others if (leg := leg_between(self.problem, place, other))]
            self._least_from[person, place] = _least(legs)
        return self._least_from[person, place]

    def _others(self, person: int, place: int) -> list[int]:
        """Where a person's stay at a place may link with another of theirs."""
        return [other for other, count in self._places[person].items() if other != place or count > 1]

    @cached_property
    def _places(self) -> list[Counter[int]]:
        """Per person, the places away where they may be and how often."""
        found: list[Counter[int]] = [Counter() for _ in self.problem.resources]
        for activity in self.problem.activities:
            people = {candidate.resource for candidates in activity.roles for candidate in candidates}
            for person in sorted(people):
                if self._overnight(self.problem.resources[person], activity.place) and activity.place is not None:
                    found[person][activity.place] += 1
        for person, resource in enumerate(self.problem.resources):
            for bound in anchored(self.problem, resource):
                if bound.place is not None:
                    found[person][bound.place] += 1
        return found

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

    def _before(self, person: int, count: int) -> Ints:
        """Per tick, the first tick of a free journey before it; −1 where there is none."""
        return self.journeys(person, count)[0]

    def _after(self, person: int, count: int) -> Ints:
        """Per tick, one past the last tick of a free journey from it on; −1 where there is none."""
        return self.journeys(person, count)[1]

    def journeys(self, person: int, count: int) -> tuple[Ints, Ints]:
        """Per tick, the first tick of a journey before it and one past the last of a journey from it on; −1 where
        the journey does not fit or is not free."""
        if (person, count) not in self._journeys:
            resource = self.problem.resources[person]
            ticks = range(self.problem.ticks + 1)
            before = np.array([free_before(resource, tick, count) for tick in ticks], dtype=np.int64)
            after = np.array([free_after(resource, tick, count) for tick in ticks], dtype=np.int64)
            self._journeys[person, count] = before, after
        return self._journeys[person, count]


def _least(legs: list[Leg]) -> Least | None:
    """What the shortest and the cheapest of some ways take; None where there is none."""
    return Least(min(leg.ticks for leg in legs), min(leg.cost for leg in legs)) if legs else None


def _within(ticks: Ints, top: int) -> Ints:
    """Ticks cut to the line."""
    result: Ints = np.minimum(np.maximum(ticks, 0), top)
    return result


_FIGURES = (
    *("first", "last", "start", "end", "back", "enter", "inside", "leave", "pay"),
    *("least_first", "least_last", "least_money"),
)
"""The arrays of a presence that hold ticks and prices."""
