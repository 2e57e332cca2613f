"""Facts derived from a problem once: the options of each activity and who can take which of them.

Everything is numpy over the options of one activity, so that a thousand people and thousands of activities
stay affordable. No decision is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TypeVar, overload

import numpy as np

from auditplan.solver.arrays import Bools, Floats, Ints, prefix
from auditplan.solver.few import Few, Seats
from auditplan.solver.presence import Options, Presence, Presences
from auditplan.solver.problem import Activity, Candidate, Precedence, Problem
from auditplan.solver.solution import StopSignal, unless
from auditplan.solver.stays import StayMaker

__all__ = ["Bools", "Facts", "Ints", "Seat", "prefix"]

LARGE = 6_000_000
"""Pairs of a person and an option from which on a few people of each activity are looked at first."""
MOST_CELLS = 120_000_000
"""The same, from which on there is no room for everybody in 8 GiB (some 60 bytes each, with prices)."""
FEW_FIRST, FEW_KEPT = 32, 40
"""People of a role, and of a needed group, that are looked at first; and where there is no room for more."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A candidate in a role: the person, and per option whether they may take this seat then. money: per option, what
    journeys, nights and pay cost beside what stands; None: nothing is known to stand."""

    role: int
    candidate: Candidate
    possible: Bools
    money: Ints | None = None

    @property
    def resource(self) -> int:
        """The person."""
        return self.candidate.resource


Crew = tuple[Presences, list[Seat]]
"""Who can be in the team of an activity, and under which options."""
Item = TypeVar("Item")


class _OnDemand(Sequence[Item]):
    """What is worked out for an activity when it is asked for."""

    def __init__(self, made: Callable[[int], Item], count: int) -> None:
        """made: gives that of one activity."""
        self._made, self._count = made, count

    @overload
    def __getitem__(self, number: int) -> Item: ...
    @overload
    def __getitem__(self, number: slice) -> list[Item]: ...
    def __getitem__(self, number: int | slice) -> Item | list[Item]:
        """That of one activity, or of several."""
        if isinstance(number, slice):
            return [self._made(one) for one in range(*number.indices(self._count))]
        if not -self._count <= number < self._count:
            raise IndexError(number)
        return self._made(number % self._count)

    def __len__(self) -> int:
        """Number of activities."""
        return self._count


class Facts:
    """The derived facts of one problem: options at once, presences and seats of an activity when they are asked for.

    pricers: those made so far of these facts (see `columns.prices`). order: that of insertion, once it was asked for.
    large: whether it takes long to look at everybody in every activity. whole: whether everybody is looked at. Of the
    largest problems, whose facts would not fit in memory (`MOST_CELLS`), only a few people of each activity are: then
    what is worked out from seats is no proof."""

    def __init__(self, problem: Problem, known: Facts | None = None, stop: StopSignal | None = None) -> None:
        """Derives the options. known: facts of a problem with the same people and ways, from which those of the
        activities that are the same are taken. Raises StoppedError once stop says yes."""
        self.problem = problem
        if known is not None and not _same_world(known.problem, problem):
            known = None
        self.stays: StayMaker = StayMaker(problem) if known is None else known.stays
        self._counts: dict[tuple[int, int], Ints] = {}
        self.pricers: dict[int, object] = {}
        self.order: tuple[int, ...] | None = None
        self.options: list[Options] = []
        kept = set()
        for number, activity in enumerate(unless(stop, problem.activities)):
            if known is not None and known.problem.activities[number] is activity:
                kept.add(number)
                self.options.append(known.options[number])
            else:
                self.options.append(self._options(activity))
        self._size = sum(
            len(options) * max(map(len, activity.roles), default=0)
            for options, activity in zip(self.options, problem.activities, strict=True)
        )
        self.large = self._size > LARGE
        self.whole = self._size <= MOST_CELLS
        self._crews: dict[int, Crew] = {}
        if known is not None and known.whole == self.whole:
            self._crews |= {number: crew for number, crew in known._crews.items() if number in kept}
        self._chosen = None if self.whole else Few(self.stays, FEW_KEPT)
        self._on_demand()

    def _on_demand(self) -> None:
        """Presences and seats, none of which is worked out yet."""
        count = len(self.options)
        self.presences: Sequence[Presences] = _OnDemand(lambda number: self._crew(number)[0], count)
        self.seats: Sequence[list[Seat]] = _OnDemand(lambda number: self._crew(number)[1], count)

    def _crew(self, number: int) -> Crew:
        """Who can be in the team of an activity under which options, remembered."""
        found = self._crews.get(number)
        if found is None:
            only = None if self._chosen is None else self._chosen.seats(number, self.options[number])
            found = self._crews[number] = self._people(number, only)
        return found

    def known(self, number: int) -> bool:
        """Whether it is no long work to look at everybody in an activity."""
        return self.whole and (not self.large or number in self._crews)

    @cached_property
    def few(self) -> Facts:
        """The same with a few people of each activity, for a first look at a large problem; itself where it is not
        large, or has only a few anyway."""
        if not self.whole or not self.large:
            return self
        narrowed = copy(self)
        narrowed.pricers, narrowed.order, narrowed._crews = {}, None, {}
        narrowed._chosen, narrowed.whole = Few(self.stays, FEW_FIRST), False
        narrowed._on_demand()
        return narrowed

    def presence(self, number: int, person: int) -> Presence:
        """One person in one activity: without those of everybody, where they are not worked out yet."""
        few = self.__dict__.get("few", self)
        for crews in (self._crews, few._crews):
            if number in crews and person in crews[number][0]:
                return crews[number][0][person]
        blocks = self.stays.of(self.problem.activities[number], self.options[number], [person])
        return Presences(blocks, [person])[person]

    @contextmanager
    def everybody(self, number: int) -> Iterator[None]:
        """While this lasts, everybody is looked at for an activity."""
        if self.whole:
            yield
            return
        before, pricer = self._crew(number), self.pricers.pop(number, None)
        self._crews[number] = self._people(number, None)
        try:
            yield
        finally:
            self._crews[number] = before
            self.pricers.pop(number, None)
            if pricer is not None:
                self.pricers[number] = pricer

    def admit(self, number: int, team: tuple[tuple[int, ...], ...]) -> None:
        """Looks at some more people of an activity from now on."""
        if self.whole:
            return
        more = {(role, person) for role, people in enumerate(team) for person in people}
        known = {(seat.role, seat.resource) for seat in self.seats[number]}
        if not more <= known:
            self._crews[number] = self._people(number, frozenset(known | more))
            self.pricers.pop(number, None)

    def with_seats(self, seats: dict[int, set[tuple[int, int]]]) -> Facts:
        """The same facts with only these (role, person) seats of each activity."""
        narrowed = copy(self)
        narrowed.pricers, narrowed.order = {}, None
        narrowed.__dict__["few"] = narrowed
        narrowed.seats = [
            [seat for seat in own if number not in seats or (seat.role, seat.resource) in seats[number]]
            for number, own in enumerate(self.seats)
        ]
        return narrowed

    @cached_property
    def first_of(self) -> list[list[int]]:
        """Per activity and mode, the flat index of the mode's first option."""
        return [
            list(accumulate((len(mode.starts) for mode in activity.modes), initial=0))
            for activity in self.problem.activities
        ]

    @cached_property
    def linked(self) -> bool:
        """Whether anybody could go straight on from one stay to another at all."""
        return self.stays.any_link

    @cached_property
    def load(self) -> Floats:
        """Per person, the share of their free ticks that work would take which is theirs alone to do, if everything
        were shared evenly among those who can: what few can do weighs on those few."""
        total = np.zeros(len(self.problem.resources))
        for activity, options, seats in zip(self.problem.activities, self.options, self.few.seats, strict=True):
            if not len(options):
                continue
            able = {seat.resource for seat in seats}
            shared = [
                (least, [seat.resource for seat in seats if seat.role == role])
                for role, least in enumerate(activity.modes[0].least)
            ]
            shared += [
                (1, list({cover.resource for cover in group.covers} & able))
                for group in activity.groups
                if group.required
            ]
            for count, people in shared:
                if count and people:
                    total[people] += count * float(options.worked.min()) / len(people)
        share: Floats = total / np.array([max(one.free.bit_count(), 1) for one in self.problem.resources])
        return share

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

    def _people(self, number: int, only: Seats | None) -> Crew:
        """Who can be in the team of an activity under which options. only: the seats looked at (None: all)."""
        activity, options, seats = self.problem.activities[number], self.options[number], list[Seat]()
        if not len(options):
            return Presences((), ()), seats
        roles = [
            [one for one in own if only is None or (role, one.resource) in only]
            for role, own in enumerate(activity.roles)
        ]
        people = dict.fromkeys(candidate.resource for candidates in roles for candidate in candidates)
        blocks = self.stays.of(activity, options, people)
        free = {person: row for block in blocks for person, row in zip(block.people, block.possible, strict=True)}
        known: dict[tuple[int, int, int], tuple[Bools, bool]] = {}
        masks: dict[tuple[int, int], Bools] = {}
        for role, candidates in enumerate(roles):
            for candidate in candidates:
                key = (candidate.resource, candidate.during, candidate.starting)
                if candidate.resource not in free:
                    continue
                if key not in known:
                    possible = free[candidate.resource]
                    if key[1:] != (-1, -1):
                        if key[1:] not in masks:
                            masks[key[1:]] = self._open_to(candidate, options)
                        possible = possible & masks[key[1:]]
                    known[key] = possible, bool(possible.any())
                possible, some = known[key]
                if some:
                    seats.append(Seat(role, candidate, possible))
        used = {seat.resource for seat in seats}
        return Presences(blocks, [person for person in people if person in used]), seats

    def _open_to(self, candidate: Candidate, options: Options) -> Bools:
        """Per option, whether a candidate's masks allow it."""
        inside = self.inside(candidate.during, options)
        return inside if candidate.starting == -1 else inside & self._set_at(candidate.starting, options.start)

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
        return self.stays.prefix_of(mask)


def _same_world(one: Problem, other: Problem) -> bool:
    """Whether people, ways and prices are the same, and everybody may be at the same places."""
    return (
        one.resources is other.resources
        and one.legs is other.legs
        and (one.ticks, one.period, one.night) == (other.ticks, other.period, other.night)
        and len(one.activities) == len(other.activities)
        and all(
            own.roles is new.roles and own.place == new.place
            for own, new in zip(one.activities, other.activities, strict=True)
        )
    )


def _join(parts: list[tuple[int, ...]]) -> Ints:
    """Tuples in one array."""
    return np.array([value for part in parts for value in part], dtype=np.int64)


def _level_costs(costs: tuple[tuple[int, ...], ...], level: int, count: int) -> tuple[int, ...]:
    """A mode's prices on a level; zeros where it has none."""
    return costs[level] if costs and costs[level] else (0,) * count
