"""Insertion on a timeline: jobs one by one, each at the first start at which its roles can be filled (the serial
scheme of Kelley 1963), in an order that follows the ways still to go, with chance in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import combinations
from random import Random

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from auditplan.solver.facts import Bools, Ints
from auditplan.solver.timeline.jobs import Job, Seats, Timeline
from auditplan.solver.timeline.schedule import Schedule, price

CHANCE = 0.3
"""How far chance moves a wish, relative to the wish."""
MOST_ROLES = 8
"""Roles up to which all sets of roles are looked at before people are drawn."""


class Inserter:
    """Builds schedules of one timeline."""

    def __init__(self, timeline: Timeline) -> None:
        """Prepares the kinds' numbers and worth."""
        self._timeline = timeline
        self._people = np.array([len(people) for people in timeline.kinds], dtype=np.int64)
        self._first = min((job.first for job in timeline.jobs), default=0)

    @cached_property
    def _worth(self) -> list[float]:
        """Per kind, how busy the roles that it may fill are: the work asked of them, per person who may do it."""
        worth = [0.0] * len(self._timeline.kinds)
        for job in self._timeline.jobs:
            for role, count in enumerate(job.demand):
                able = [kind for kind, roles in job.roles.items() if role in roles]
                share = count * job.duration / max(1, sum(int(self._people[kind]) for kind in able))
                for kind in able:
                    worth[kind] += share
        return worth

    def several(self, count: int, random: Random, stop: Callable[[], bool]) -> Schedule | None:
        """The best of some schedules in orders drawn around the ways still to go; None where none came out."""
        tails = self._timeline.tails
        best: Schedule | None = None
        for index in range(count):
            wishes = [-tail * (1.0 + CHANCE * (2 * random.random() - 1) * (index > 0)) for tail in tails]
            found = self.insert(wishes, random if index else None)
            if found is not None and (best is None or price(self._timeline, found) < price(self._timeline, best)):
                best = found
            if stop():
                break
        return best

    def insert(self, wishes: Sequence[float], random: Random | None) -> Schedule | None:
        """One schedule: of the jobs whose predecessors stand, the one with the least wish next; None where a job
        fits nowhere. random: shuffles which kinds go first."""
        timeline = self._timeline
        used = np.zeros((len(timeline.kinds), timeline.ticks), dtype=np.int64)
        worth = [own * (1.0 + CHANCE * random.random()) if random else own for own in self._worth]
        starts: dict[int, int] = {}
        seats: dict[int, Seats] = {}
        waiting = {number: len(timeline.before[number]) for number in range(len(timeline.jobs))}
        ready = {number for number, count in waiting.items() if not count}
        while ready:
            number = min(ready, key=lambda number: (wishes[number], number))
            ready.remove(number)
            found = self._place(number, starts, used, worth)
            if found is None:
                return None
            starts[number], seats[number] = found
            for order in timeline.after[number]:
                waiting[order.second] -= 1
                if not waiting[order.second]:
                    ready.add(order.second)
        numbers = range(len(timeline.jobs))
        return Schedule(tuple(starts[number] for number in numbers), tuple(seats[number] for number in numbers))

    def _place(self, number: int, starts: dict[int, int], used: Ints, worth: list[float]) -> tuple[int, Seats] | None:
        """The first start of a job at which it can be filled, and by whom; binds them."""
        job, orders = self._timeline.jobs[number], self._timeline.before[number]
        low = max([job.first, *(starts[order.first] + order.least for order in orders)])
        high = min([job.last, *(starts[order.first] + order.most for order in orders if order.most is not None)])
        if low > high:
            return None
        kinds = sorted(job.roles)
        if not kinds:
            return None if any(job.demand) else (low, {})
        window = sliding_window_view(used[kinds, low : high + job.duration], job.duration, axis=1).max(axis=2)
        free = self._people[kinds, np.newaxis] - window
        open_now = np.stack([job.open[kind][low - job.first : high - job.first + 1] for kind in kinds])
        free = np.where(open_now, free, 0)
        for at in np.flatnonzero(_may_be_filled(job, kinds, free)).tolist():
            own = drawn(job, dict(zip(kinds, free[:, at].tolist(), strict=True)), worth)
            if own is not None:
                start = low + at
                for (_, kind), count in own.items():
                    used[kind, start : start + job.duration] += count
                return start, own
        return None


def _may_be_filled(job: Job, kinds: list[int], free: Ints) -> Bools:
    """Per start, whether every set of roles finds as many people as it takes (Hall 1935); of many roles only single
    ones and all."""
    roles = [role for role, count in enumerate(job.demand) if count]
    sizes = range(1, len(roles) + 1) if len(roles) <= MOST_ROLES else (1, len(roles))
    good = np.ones(free.shape[1], dtype=np.bool_)
    for size in sizes:
        for chosen in combinations(roles, size):
            able = [row for row, kind in enumerate(kinds) if set(chosen) & set(job.roles[kind])]
            good &= free[able].sum(axis=0) >= sum(job.demand[role] for role in chosen)
    return good


def drawn(job: Job, free: dict[int, int], worth: list[float]) -> Seats | None:
    """Who fills the roles: kinds of little worth as far as they can (greedily, which is best for matchings); None where
    the roles cannot be filled."""
    held: list[list[int]] = [[] for _ in job.demand]

    def take(kind: int, seen: set[int]) -> bool:
        """Finds a role for one more of a kind, moving others where that helps."""
        for role in job.roles[kind]:
            if role in seen:
                continue
            seen.add(role)
            if len(held[role]) < job.demand[role]:
                held[role].append(kind)
                return True
            for place, other in enumerate(held[role]):
                if other != kind and take(other, seen):
                    held[role][place] = kind
                    return True
        return False

    for kind in sorted(free, key=lambda kind: (worth[kind], kind)):
        for _ in range(free[kind]):
            if not take(kind, set()):
                break
    if any(len(own) < count for own, count in zip(held, job.demand, strict=True)):
        return None
    found: Seats = {}
    for role, own in enumerate(held):
        for kind in own:
            found[role, kind] = found.get((role, kind), 0) + 1
    return found
