"""Everybody's stays by tick, and where one more fits between them: `Itinerary.fitting` of many people at once, in a
tenth of the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from auditplan.solver.arrays import Bools, Ints
from auditplan.solver.itinerary import NOWHERE, Itinerary
from auditplan.solver.presence import Block
from auditplan.solver.ways import NEVER, Ways

END, LAST, LEAVE, FROM, EDGE_BEFORE, START, FIRST, ENTER, TO, EDGE_AFTER, GAP = range(11)
"""What is kept of the gap in which a stay would begin: of the stay before it the end, the last tick away, the price of
going home, the place that one may go on from and the edge of its trip; the same of the stay after it; and the price of
the way over the gap as it stands."""
ANY_NIGHTS = 1 << 40
"""In place of a ceiling of nights where there is none."""


class Timetable:
    """What each person has around each tick; rows are filled when they are asked for."""

    def __init__(self, ways: Ways) -> None:
        """Nothing is filled yet."""
        self._ways = ways
        self._problem = ways.problem
        people = len(self._problem.resources)
        self._table = np.empty((GAP + 1, people, self._problem.ticks + 1), dtype=np.int64)
        self._filled_for: list[Itinerary | None] = [None] * people

    def fitting(self, block: Block, rows: Sequence[int], itinerary: Callable[[int], Itinerary]) -> tuple[Bools, Ints]:
        """Per person (rows of a block) and option: whether they could be there beside what they are bound to, and what
        journeys, nights and pay cost more then. The activity is not among their stays. itinerary: gives a person's
        stays as they stand now."""
        people = [block.people[row] for row in rows]
        for person in people:
            self._fill(person, itinerary(person))
        around = self._table[:, np.array(people, dtype=np.int64)[:, None], block.start]
        own = _Own(block, rows)
        possible = own.possible & (around[END] <= block.start) & (block.end <= around[START])
        home_in = np.where(around[LAST] <= own.first, around[LEAVE] + own.enter, NEVER)
        home_out = np.where(own.last <= around[FIRST], own.leave + around[ENTER], NEVER)
        into, out = home_in, home_out
        if block.place is not None:
            into = np.minimum(home_in, self._straight_in(block, people, around, possible))
            out = np.minimum(home_out, self._straight_out(block, people, around, possible))
            possible &= self._nights_fit(people, own, around, home_in < NEVER, home_out < NEVER)
        possible &= (into < NEVER) & (out < NEVER)
        return possible, into + own.inside + own.pay + out - around[GAP]

    def _fill(self, person: int, itinerary: Itinerary) -> None:
        """Brings a row up to date."""
        if self._filled_for[person] is itinerary:
            return
        self._filled_for[person] = itinerary
        for kind, figures in enumerate(itinerary.by_tick()):
            self._table[kind, person] = figures

    def _straight_in(self, block: Block, people: list[int], around: Ints, possible: Bools) -> Ints:
        """Per person and option, the price of the way straight on from the stay before; NEVER: there is none."""
        result = np.full(possible.shape, NEVER)
        row, column = np.nonzero(possible & (around[FROM] != NOWHERE))
        origins, ends = around[FROM][row, column], around[END][row, column]
        persons = np.array(people, dtype=np.int64)[row]
        result[row, column] = self._links(
            persons, (origins, np.full(len(origins), block.place)), ends, block.start[column]
        )
        return result

    def _straight_out(self, block: Block, people: list[int], around: Ints, possible: Bools) -> Ints:
        """Per person and option, the price of the way straight on to the stay after; NEVER: there is none."""
        result = np.full(possible.shape, NEVER)
        row, column = np.nonzero(possible & block.onward & (around[TO] != NOWHERE))
        goals, starts = around[TO][row, column], around[START][row, column]
        persons = np.array(people, dtype=np.int64)[row]
        here = np.full(len(row), block.place)
        result[row, column] = self._links(persons, (here, goals), block.end[column], starts)
        return result

    def _links(self, persons: Ints, pair: tuple[Ints, Ints], ends: Ints, starts: Ints) -> Ints:
        """The prices of ways straight on from the ends of stays to the starts of others; NEVER where one may not be
        kept away so long, or the way does not fit before the start. pair: the places that they lead from and to."""
        period, ways = self._problem.period, self._ways
        ticks, costs = ways.straight[0][pair], ways.straight[1][pair]
        clear = ways.kept_away
        open_to = (costs < NEVER) & (ends <= starts) & (clear[persons, ends] == clear[persons, starts])
        for count in np.unique(ticks[open_to]).tolist():
            at = np.flatnonzero(open_to & (ticks == count))
            open_to[at] = ways.everybodys(count)[0][persons[at], starts[at]] >= ends[at]
        nights = starts // period - (ends - 1) // period
        result: Ints = np.where(open_to, costs + nights * self._problem.night, NEVER)
        return result

    def _nights_fit(self, people: list[int], own: _Own, around: Ints, home_in: Bools, home_out: Bools) -> Bools:
        """Whether the trips that new stays are on in any case are not too long."""
        limits = [self._problem.resources[person].most_nights for person in people]
        if all(most is None for most in limits):
            return np.ones(home_in.shape, dtype=np.bool_)
        most = np.array([ANY_NIGHTS if one is None else one for one in limits], dtype=np.int64)[:, None]
        period = self._problem.period
        begin = np.where(home_in, own.first, around[EDGE_BEFORE])
        finish = np.where(home_out, own.back, around[EDGE_AFTER])
        nights = (finish - 1) // period - begin // period
        result: Bools = (home_in & home_out) | (nights <= most)
        return result


class _Own:
    """The figures of some rows of a block."""

    def __init__(self, block: Block, rows: Sequence[int]) -> None:
        """Takes them; what is everybody's stays one row."""
        at = np.array(rows, dtype=np.int64)

        def of(figures: Ints) -> Ints:
            """The rows of one figure."""
            result: Ints = figures if figures.ndim == 1 else figures[at]
            return result

        self.possible: Bools = block.possible[at]
        self.first, self.last, self.back = of(block.first), of(block.last), of(block.back)
        self.enter, self.inside, self.leave, self.pay = map(of, (block.enter, block.inside, block.leave, block.pay))
