"""Facts derived from a problem once: the options of each activity and who can take which of them.

Everything is numpy over the options of one activity, so that a thousand people and thousands of activities
stay affordable. No decision is made here.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from auditplan.solver.journeys import periods_worked, span_mask, ticks_after, ticks_before
from auditplan.solver.problem import Activity, Candidate, Precedence, Problem, Resource

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


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


@dataclass(frozen=True, slots=True)
class Presence:
    """One person in one activity: per option, whether it is possible at all, the stay's first tick and one past
    its last, and its price on the money level (journeys, nights and rate)."""

    possible: Bools
    first: Ints
    last: Ints
    money: Ints


@dataclass(frozen=True, slots=True)
class Seat:
    """A candidate in a role: the person, and per option whether they may take this seat then."""

    role: int
    candidate: Candidate
    possible: Bools

    @property
    def resource(self) -> int:
        """The person."""
        return self.candidate.resource


def prefix(mask: int, ticks: int) -> Ints:
    """Number of set bits below each tick, 0 … ticks."""
    raw = np.frombuffer((mask & ((1 << ticks) - 1)).to_bytes(ticks // 8 + 1, "little"), dtype=np.uint8)
    bits = np.unpackbits(raw, bitorder="little")[:ticks]
    return np.concatenate(([0], np.cumsum(bits, dtype=np.int64)))


class Facts:
    """The derived facts of one problem. pricers: those made so far of these facts (see `columns.prices`)."""

    def __init__(self, problem: Problem) -> None:
        """Derives options, presences and seats of every activity."""
        self.problem = problem
        self._journeys: dict[tuple[int, int], tuple[Ints, Ints]] = {}
        self._prefixes: dict[int, Ints] = {}
        self._counts: dict[tuple[int, int], Ints] = {}
        self.pricers: dict[int, object] = {}
        self._worked_days: dict[int, dict[tuple[int, int], int]] = {}
        self.options = [self._options(activity) for activity in problem.activities]
        self.presences: list[dict[int, Presence]] = []
        self.seats: list[list[Seat]] = []
        for number, activity in enumerate(problem.activities):
            presences, seats = self._people(activity, self.options[number])
            self.presences.append(presences)
            self.seats.append(seats)

    def with_seats(self, seats: dict[int, set[tuple[int, int]]]) -> Facts:
        """The same facts with only these (role, person) seats of each activity."""
        narrowed = copy(self)
        narrowed.pricers = {}
        narrowed.seats = [
            [seat for seat in own if number not in seats or (seat.role, seat.resource) in seats[number]]
            for number, own in enumerate(self.seats)
        ]
        return narrowed

    @cached_property
    def predecessors(self) -> dict[int, list[int]]:
        """Activity → those that must not be left out for it."""
        found: dict[int, list[int]] = {}
        for relation in self.problem.relations:
            if isinstance(relation, Precedence):
                found.setdefault(relation.second, []).append(relation.first)
        return found

    def _options(self, activity: Activity) -> Options:
        """The options of all modes in one row of arrays."""
        counts = [len(mode.starts) for mode in activity.modes]
        worked = prefix(activity.slots, self.problem.ticks)
        start = _join([mode.starts for mode in activity.modes])
        end = _join([mode.ends for mode in activity.modes])
        costs = tuple(
            _join([_level_costs(mode.costs, level, len(mode.starts)) for mode in activity.modes])
            for level in range(self.problem.levels)
        )
        return Options(
            mode=np.repeat(np.arange(len(counts), dtype=np.int64), counts),
            index=_join([tuple(range(count)) for count in counts]),
            start=start,
            end=end,
            leaves=_join([mode.leaves or mode.ends for mode in activity.modes]),
            worked=worked[end] - worked[start],
            costs=costs,
        )

    def _people(self, activity: Activity, options: Options) -> tuple[dict[int, Presence], list[Seat]]:
        """Who can be in the team of an activity under which options."""
        presences: dict[int, Presence] = {}
        seats: list[Seat] = []
        for role, candidates in enumerate(activity.roles):
            for candidate in candidates:
                person = candidate.resource
                if person not in presences:
                    presences[person] = self._presence(activity, options, person)
                possible = presences[person].possible & self.inside(candidate.during, options)
                if candidate.starting != -1:
                    possible = possible & self._set_at(candidate.starting, options.start)
                if possible.any():
                    seats.append(Seat(role, candidate, possible))
        used = {seat.resource for seat in seats}
        return {person: presence for person, presence in presences.items() if person in used}, seats

    def inside(self, mask: int, options: Options) -> Bools:
        """Per option, whether a mask holds every tick from its start to its end."""
        if mask == -1:
            return np.ones(len(options), dtype=np.bool_)
        below = self.prefix_of(mask)
        result: Bools = below[options.end] - below[options.start] == options.end - options.start
        return result

    def counts(self, number: int, mask: int) -> Ints:
        """Per option of an activity, the ticks of a mask that it works on."""
        if (number, mask) not in self._counts:
            options = self.options[number]
            below = self.prefix_of(self.problem.activities[number].slots & mask)
            self._counts[number, mask] = below[options.end] - below[options.start]
        return self._counts[number, mask]

    def inside_of(self, number: int, mask: int) -> Bools:
        """Per option of an activity, whether a mask holds every tick from its start to its end."""
        return self.inside(mask, self.options[number])

    def _set_at(self, mask: int, ticks: Ints) -> Bools:
        """Per tick given, whether a mask holds it."""
        below = self.prefix_of(mask)
        result: Bools = below[ticks + 1] - below[ticks] == 1
        return result

    def prefix_of(self, mask: int) -> Ints:
        """Prefix counts of a mask, remembered."""
        if mask not in self._prefixes:
            self._prefixes[mask] = prefix(mask, self.problem.ticks)
        return self._prefixes[mask]

    def _presence(self, activity: Activity, options: Options, person: int) -> Presence:
        """One person's stays for every option; see `journeys.stay` for the rule in full."""
        resource = self.problem.resources[person]
        unfree = self.prefix_of(activity.slots & ~resource.free & ((1 << self.problem.ticks) - 1))
        possible = unfree[options.end] == unfree[options.start]
        pay = options.worked * resource.rate
        place = activity.place
        if place is None or place == resource.home:
            first, last, money = options.start, options.end, pay
        else:
            first, last, cost, possible = self._travel(activity, options, person, possible)
            money = pay + cost
        if resource.busy:
            busy = self.prefix_of(resource.busy)
            clear = busy[np.clip(last, 0, self.problem.ticks)] == busy[np.clip(first, 0, self.problem.ticks)]
            possible = possible & clear
        return Presence(possible, first, last, money)

    def _travel(
        self, activity: Activity, options: Options, person: int, possible: Bools
    ) -> tuple[Ints, Ints, Ints, Bools]:
        """First and last tick and price of the stays away from home, and which are possible."""
        resource = self.problem.resources[person]
        assert activity.place is not None
        out = self.problem.legs[resource.home, activity.place]
        back = self.problem.legs[activity.place, resource.home]
        period = self.problem.period
        if out.ticks == 0 and back.ticks == 0:
            cost = self._daily(activity, options) * (out.cost + back.cost)
            return options.start, options.end, cost, possible
        before, _ = self._journey(person, out.ticks)
        _, after = self._journey(person, back.ticks)
        early = options.leaves != options.end
        first, last = before[options.start], np.where(early, options.end, after[options.end])
        possible = possible & (first >= 0) & (last >= 0)
        home_again = np.where(early, options.leaves, last)
        nights = (home_again - 1) // period - first // period
        if resource.most_nights is not None:
            possible = possible & (nights <= resource.most_nights)
        return first, last, out.cost + back.cost + nights * self.problem.night, possible

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

    def _journey(self, person: int, count: int) -> tuple[Ints, Ints]:
        """Per tick, the first tick of a journey before it and one past the last of a journey from it on; −1 where
        the journey does not fit or is not free."""
        if (person, count) not in self._journeys:
            resource = self.problem.resources[person]
            ticks = range(self.problem.ticks + 1)
            before = np.array([_free_before(resource, tick, count) for tick in ticks], dtype=np.int64)
            after = np.array([_free_after(resource, tick, count) for tick in ticks], dtype=np.int64)
            self._journeys[person, count] = before, after
        return self._journeys[person, count]


def _free_before(resource: Resource, tick: int, count: int) -> int:
    """First tick of a free journey of `count` grid ticks before `tick`; −1 if there is none."""
    first = ticks_before(resource.grid, tick, count)
    if first is None or ((1 << tick) - (1 << first)) & resource.grid & ~resource.free:
        return -1
    return first


def _free_after(resource: Resource, tick: int, count: int) -> int:
    """One past the last tick of a free journey of `count` grid ticks from `tick` on; −1 if there is none."""
    last = ticks_after(resource.grid, tick, count)
    if last is None or ((1 << last) - (1 << tick)) & resource.grid & ~resource.free:
        return -1
    return last


def _join(parts: list[tuple[int, ...]]) -> Ints:
    """Tuples in one array."""
    return np.array([value for part in parts for value in part], dtype=np.int64)


def _level_costs(costs: tuple[tuple[int, ...], ...], level: int, count: int) -> tuple[int, ...]:
    """A mode's prices on a level; zeros where it has none."""
    return costs[level] if costs and costs[level] else (0,) * count
