"""A few people for each activity of a large body: most of a good plan is made of those who are near, and who is looked
at is what time and memory go to."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from auditplan.solver.arrays import Bools, Ints
from auditplan.solver.presence import Options
from auditplan.solver.problem import Activity
from auditplan.solver.ways import Ways

Seats = frozenset[tuple[int, int]]
"""Pairs of a role and a person."""
FAR = 1 << 40
"""Price of a way that there is not."""
SPREAD = 4
"""Of so many people that are looked at, one is from further away than the nearest."""


class Few:
    """Chooses the people of each activity."""

    def __init__(self, ways: Ways, count: int) -> None:
        """count: people of one role, and of one needed group, at most."""
        self._problem, self._ways, self._count = ways.problem, ways, count
        self._homes = np.array([one.home for one in ways.problem.resources], dtype=np.int64)
        self._distances: dict[int | None, Ints] = {}

    def seats(self, number: int, options: Options) -> Seats:
        """The seats of an activity that are looked at: of each role and each needed group the nearest who have the
        time, and some from further away."""
        activity = self._problem.activities[number]
        if not len(options):
            return frozenset()
        roles = [np.array([candidate.resource for candidate in own], dtype=np.int64) for own in activity.roles]
        able = self._with_time(options)
        rank = self._rank(activity.place, number)
        found = {(role, person) for role, people in enumerate(roles) for person in self._some(people, able, rank)}
        for role, person in self._meeting(activity, able, rank):
            found.add((role, person))
        return frozenset(found)

    def _meeting(self, activity: Activity, able: Bools, rank: Ints) -> Iterable[tuple[int, int]]:
        """Seats that meet a needed group."""
        holders = [{candidate.resource for candidate in own} for own in activity.roles]
        for group in activity.groups:
            if not group.required:
                continue
            people = np.array(list(dict.fromkeys(cover.resource for cover in group.covers)), dtype=np.int64)
            some = set(self._some(people, able, rank))
            for cover in group.covers:
                if cover.resource in some:
                    yield from ((role, cover.resource) for role in cover.roles if cover.resource in holders[role])

    def _some(self, people: Ints, able: Bools, rank: Ints) -> list[int]:
        """The nearest of some people, and every so many of the others."""
        people = people[able[people]]
        if len(people) <= self._count:
            every: list[int] = people.tolist()
            return every
        ordered = people[np.argsort(rank[people], kind="stable")]
        near = self._count - self._count // SPREAD
        steps = np.linspace(near, len(ordered) - 1, self._count - near).astype(np.int64)
        some: list[int] = [*ordered[:near].tolist(), *ordered[np.unique(steps)].tolist()]
        return some

    def _with_time(self, options: Options) -> Bools:
        """Per person, whether they have as many free ticks around an activity as it takes at least."""
        begin, end = int(options.start.min()), int(options.end.max())
        free = self._ways.free_before
        result: Bools = free[:, end] - free[:, begin] >= int(options.worked.min())
        return result

    def _rank(self, place: int | None, number: int) -> Ints:
        """Per person, how far down the list they are: by their way there and back; of equals those first whose turn it
        is, so that not the same few are looked at everywhere."""
        if place not in self._distances:
            self._distances[place] = self._way(place)
        people = len(self._homes)
        turn = (np.arange(people) - number * self._count) % people
        rank = np.empty(people, dtype=np.int64)
        rank[np.lexsort((turn, self._distances[place]))] = np.arange(people)
        return rank

    def _way(self, place: int | None) -> Ints:
        """Per person, the price of the way to a place and back."""
        if place is None:
            return np.zeros(len(self._homes), dtype=np.int64)
        legs = self._problem.legs
        per_home = {home: 0 for home in self._homes.tolist() if home == place}
        for home in set(self._homes.tolist()) - set(per_home):
            out, back = legs.get((home, place)), legs.get((place, home))
            per_home[home] = FAR if out is None or back is None else out.cost + back.cost
        return np.array([per_home[home] for home in self._homes.tolist()], dtype=np.int64)
