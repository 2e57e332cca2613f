"""Trips in CP-SAT models: nobody is bound twice, going home between two stays or straight on.

Each stay takes its ticks from the way out to the way back. A link from one to another gives back the ticks of the way
home and of the way from home, and takes those between the two instead; so in every tick the stays taken, corrected by
the links taken, are one at most. Two trips overlap just when one holds the first tick of the other, so the first ticks
are enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from auditplan.solver.arrays import Ints
from auditplan.solver.links import Item, PersonLinks
from auditplan.solver.problem import Problem
from auditplan.solver.routes import route

Literals = Sequence[cp_model.IntVar]


class Trips:
    """The links of one person in a model, and the constraints of their time."""

    def __init__(
        self, model: cp_model.CpModel, problem: Problem, person: int, own: PersonLinks, taken: Sequence[Literals]
    ) -> None:
        """taken: per item, the literals of which one is true when it is taken; nothing for what stands."""
        self._model, self._problem, self._person = model, problem, person
        self._own, self._taken = own, taken
        self.literals = [model.new_bool_var("") for _ in own.links]
        self._out: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        self._in: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for (start, goal, _), literal in zip(own.links, self.literals, strict=True):
            self._out[start].append(literal)
            self._in[goal].append(literal)
        self._degrees()
        self._ticks()
        self._nights()

    @property
    def items(self) -> tuple[Item, ...]:
        """The stays."""
        return self._own.items

    @property
    def prices(self) -> list[tuple[cp_model.IntVar, int]]:
        """What each link adds to the price of going home in between."""
        return [(literal, -saving) for literal, (_, _, saving) in zip(self.literals, self._own.links, strict=True)]

    def hint(self, taken: Sequence[bool]) -> None:
        """Tells the solver where to start: the cheapest route through the items taken."""
        at = [index for index, chosen in enumerate(taken) if chosen]
        resource = self._problem.resources[self._person]
        found = route(self._problem, resource, [self._own.items[index].stay for index in at])
        linked = found.linked if found is not None else ()
        pairs = {(at[place], at[place + 1]) for place, yes in enumerate(linked) if yes}
        for (start, goal, _), literal in zip(self._own.links, self.literals, strict=True):
            self._model.add_hint(literal, (start, goal) in pairs)

    def _degrees(self) -> None:
        """At most one link leads from a stay and one to it, and only if it is taken."""
        for links in (self._out, self._in):
            for index, literals in sorted(links.items()):
                if self._own.items[index].fixed:
                    self._model.add_at_most_one(literals)
                else:
                    self._model.add(sum(literals) <= sum(self._taken[index]))

    def _ticks(self) -> None:
        """In each tick at which a stay's way out begins, the person is bound once at most."""
        stays = [item.stay for item in self._own.items]
        ticks = np.unique(np.array([stay.first for stay in stays], dtype=np.int64))
        first = np.array([stay.first for stay in stays], dtype=np.int64)[:, np.newaxis]
        last = np.array([stay.last for stay in stays], dtype=np.int64)[:, np.newaxis]
        bound = (first <= ticks) & (ticks < last)
        given = self._given_back(ticks)
        keys = [-2 - at if item.fixed else item.number for at, item in enumerate(self._own.items)]
        seen: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        for column in range(len(ticks)):
            here = tuple(np.flatnonzero(bound[:, column]).tolist())
            turned = tuple(np.flatnonzero(given[:, column]).tolist())
            if len({keys[index] for index in here}) < 2 or (here, turned) in seen:
                continue
            seen.add((here, turned))
            self._once(here, [(self.literals[at], -int(given[at, column])) for at in turned])

    def _given_back(self, ticks: Ints) -> Ints:
        """[link, tick]: how much less a link binds than the two stays that it joins."""
        stays = [item.stay for item in self._own.items]
        edges = [
            (stays[start].end, stays[start].last, stays[goal].first, stays[goal].start)
            for start, goal, _ in self._own.links
        ]
        end, last, first, start = (np.array(edges, dtype=np.int64).reshape(-1, 4)[:, [at]] for at in range(4))
        back = ((end <= ticks) & (ticks < last)).astype(np.int64)
        out = ((first <= ticks) & (ticks < start)).astype(np.int64)
        result: Ints = back + out - ((end <= ticks) & (ticks < start))
        return result

    def _once(self, here: Sequence[int], links: list[tuple[cp_model.IntVar, int]]) -> None:
        """One of some items at most, corrected by links."""
        literals = [literal for index in here for literal in self._taken[index]]
        fixed = sum(self._own.items[index].fixed for index in here)
        if not links and not fixed:
            self._model.add_at_most_one(literals)
            return
        terms = [(literal, 1) for literal in literals] + links
        total = cp_model.LinearExpr.weighted_sum([literal for literal, _ in terms], [value for _, value in terms])
        self._model.add(total <= 1 - fixed)

    def _nights(self) -> None:
        """No trip has more nights than the ceiling: the period in which each trip begins is carried along its links."""
        most = self._problem.resources[self._person].most_nights
        if most is None or not self._may_be_long(most):
            return
        period = self._problem.period
        begins = []
        for index, item in enumerate(self._own.items):
            alone, latest = item.stay.first // period, item.stay.start // period
            begin = self._model.new_int_var(0, max(alone, latest), "")
            self._model.add(begin <= alone + (latest - alone) * sum(self._in[index])) if latest > alone else None
            begins.append(begin)
        longest = self._problem.ticks // period + 1
        for (start, goal, _), literal in zip(self._own.links, self.literals, strict=True):
            self._model.add(begins[goal] <= begins[start]).only_enforce_if(literal)
        for index, item in enumerate(self._own.items):
            ends = (item.stay.back - 1) // period
            idle = 0 if item.fixed else 1 - sum(self._taken[index])
            self._model.add(ends - begins[index] <= most + longest * (idle + sum(self._out[index])))

    def _may_be_long(self, most: int) -> bool:
        """Whether a run of links could make a trip of more nights than the ceiling."""
        period = self._problem.period
        stays = [item.stay for item in self._own.items]
        earliest = [stay.first for stay in stays]
        for start, goal, _ in sorted(self._own.links, key=lambda link: stays[link[1]].start):
            earliest[goal] = min(earliest[goal], earliest[start])
        return any(
            (stay.back - 1) // period - first // period > most for stay, first in zip(stays, earliest, strict=True)
        )
