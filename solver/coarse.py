"""A coarse picture of a problem: options of one mode that lie in one stretch of time taken together.

Every price and every use of time of a group is the least among its members, so that the coarse model is a
relaxation: its optimum is a bound of the problem's, and its teams are a guide to good solutions.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from auditplan.solver.facts import Bools, Facts, Ints, Options, Presence, Seat

BUCKET_PERIODS = 7
"""Periods of a bucket."""


class Coarse(Facts):
    """Facts over groups of options instead of options. keep: activity → the fine options that may be used.

    bound: per activity and person, for each group the (bucket, ticks) that the person is bound for at least;
    free: per person, the free ticks of each bucket; members: per activity, the fine options of each group."""

    def __init__(self, fine: Facts, keep: dict[int, set[int]]) -> None:
        """Groups the options of every activity."""
        self.problem = fine.problem
        self._fine = fine
        self._length = BUCKET_PERIODS * fine.problem.period
        self._offset = self._best_offset()
        self._prefixes: dict[int, Ints] = fine._prefixes
        self.members: list[list[Ints]] = []
        self.options: list[Options] = []
        self.presences: list[dict[int, Presence]] = []
        self.seats: list[list[Seat]] = []
        self.bound: list[dict[int, list[list[tuple[int, int]]]]] = []
        edges = self._edges()
        self.free = [self._per_bucket(resource.free, edges) for resource in fine.problem.resources]
        for number in range(len(fine.options)):
            self._group(number, keep.get(number), edges)

    def counts(self, number: int, mask: int) -> Ints:
        """The least among each group's members."""
        return self._least(number, self._fine.counts(number, mask))

    def inside_of(self, number: int, mask: int) -> Bools:
        """Whether some member of each group is inside."""
        fine = self._fine.inside_of(number, mask)
        return np.array([bool(fine[member].any()) for member in self.members[number]], dtype=np.bool_)

    def _best_offset(self) -> int:
        """The offset of the buckets that the fewest options straddle."""
        step = self.problem.period
        crossings = [0] * BUCKET_PERIODS
        for options in self._fine.options:
            for shift in range(BUCKET_PERIODS):
                first = (options.start + shift * step) // self._length
                last = (options.end - 1 + shift * step) // self._length
                crossings[shift] += int((first != last).sum())
        return crossings.index(min(crossings)) * step

    def _edges(self) -> list[int]:
        """First tick of each bucket, and the end of the line."""
        inner = range(self._length - self._offset, self.problem.ticks, self._length)
        return [0, *(tick for tick in inner if tick > 0), self.problem.ticks]

    def _per_bucket(self, mask: int, edges: list[int]) -> list[int]:
        """Set ticks of a mask in each bucket."""
        below = self._fine.prefix_of(mask)
        return [int(count) for count in np.diff(below[edges])]

    def _group(self, number: int, kept: set[int] | None, edges: list[int]) -> None:
        """The groups of one activity's options, and everything known of them."""
        fine = self._fine.options[number]
        flats = np.arange(len(fine)) if kept is None else np.array(sorted(kept), dtype=np.int64)
        bucket = (fine.start + self._offset) // self._length
        keys: dict[tuple[int, int], list[int]] = {}
        for flat in flats.tolist():
            keys.setdefault((int(fine.mode[flat]), int(bucket[flat])), []).append(flat)
        self.members.append([np.array(member, dtype=np.int64) for member in keys.values()])
        modes = np.array([mode for mode, _ in keys], dtype=np.int64)
        self.options.append(
            Options(
                mode=modes,
                index=np.array([int(fine.index[member[0]]) for member in self.members[number]], dtype=np.int64),
                start=self._reduce(number, fine.start, np.max),
                end=self._reduce(number, fine.end, np.min),
                leaves=self._reduce(number, fine.leaves, np.min),
                worked=self._least(number, fine.worked),
                costs=tuple(self._least(number, costs) for costs in fine.costs),
            )
        )
        self.presences.append({})
        self.bound.append({})
        for person, presence in self._fine.presences[number].items():
            self._presence_of(number, person, presence, edges)
        self.seats.append([self._seat(number, seat) for seat in self._fine.seats[number]])

    def _seat(self, number: int, seat: Seat) -> Seat:
        """A seat over groups: possible where some member is."""
        possible = [bool(seat.possible[member].any()) for member in self.members[number]]
        return Seat(seat.role, seat.candidate, np.array(possible, dtype=np.bool_))

    def _presence_of(self, number: int, person: int, presence: Presence, edges: list[int]) -> None:
        """A person's presence over groups, and the ticks that each group binds at least."""
        free = self._fine.prefix_of(self.problem.resources[person].free)
        top = self.problem.ticks
        first, last = np.clip(presence.first, 0, top), np.clip(presence.last, 0, top)
        possible, money, bound = [], [], []
        for member in self.members[number]:
            able = member[presence.possible[member]]
            possible.append(len(able) > 0)
            money.append(int(presence.money[able].min()) if len(able) else 0)
            use: list[tuple[int, int]] = []
            if len(able):
                low, high = int(first[able].min()), int(last[able].max())
                for bucket, (start, end) in enumerate(pairwise(edges)):
                    if low < end and high > start:
                        inside = free[np.clip(last[able], start, end)] - free[np.clip(first[able], start, end)]
                        if int(inside.min()) > 0:
                            use.append((bucket, int(inside.min())))
            bound.append(use)
        zero = np.zeros(len(possible), dtype=np.int64)
        able_now = np.array(possible, dtype=np.bool_)
        self.presences[number][person] = Presence(able_now, zero, zero, np.array(money, dtype=np.int64))
        self.bound[number][person] = bound

    def _least(self, number: int, values: Ints) -> Ints:
        """The least of each group's members."""
        return self._reduce(number, values, np.min)

    def _reduce(self, number: int, values: Ints, how: object) -> Ints:
        """One value for each group."""
        assert callable(how)
        return np.array([int(how(values[member])) for member in self.members[number]], dtype=np.int64)
