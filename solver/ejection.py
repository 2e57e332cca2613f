"""Ejection: what is dear to leave out takes the place of what is cheaper, which then looks for another.

An activity that is left out is put where it would push out the least; what it pushed out is inserted elsewhere where
that is possible, and otherwise waits for its own turn. What could not be brought back weighs more from then on, so that
the search does not turn in circles (after Nagata and Bräysy 2009, who empty routes this way). It is quick, and good
where the solution that one begins with was made for another problem: it moves weight, not money.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from auditplan.solver.adopt import placed_as
from auditplan.solver.arrays import Bools, Floats, Ints
from auditplan.solver.cheapest import DEAR, TOO_DEAR, Cheapest
from auditplan.solver.columns.aims import Column
from auditplan.solver.columns.rounding import choice_of
from auditplan.solver.construct import best_choice
from auditplan.solver.facts import Facts, Seat
from auditplan.solver.journeys import span_mask
from auditplan.solver.problem import Ceiling, Kept, Precedence
from auditplan.solver.solution import Choice, Solution
from auditplan.solver.state import State
from auditplan.solver.teams import fits

LOOKED, TRIED = 6, 3
"""Ways in whose blockers are looked up exactly for one activity, and ways that are tried."""
BOLD = 1.5
"""How much dearer than an activity itself what it pushes out may be: some of that comes back elsewhere."""
GRUDGE, PATIENCE = 1.15, 1.3
"""How much heavier what did not come back weighs, and what nothing could make room for."""
SPREAD = 0.3, 1.3
"""Chance in the order in which activities get their turn: a factor of their weight."""
TRACE = 0.01
"""Price of a tick that somebody is bound at, whatever for."""
SCARCE = 6
"""Ticks left under a ceiling below which it counts as all but met."""
MUST = 1 << 30
"""Weight of what may not be left out."""
FAILURES = 300
"""Turns without a better solution after which the search ends, besides one for each activity left out."""
TURN_WORK, CELL_WORK = 1e-3, 1.1e-7
"""Work of one turn, and of each insertion in it, and of each seat under each option, in core-seconds
(measured on bodies of four kinds; right within a third)."""


@dataclass(frozen=True, slots=True)
class _Stay:
    """What a placed activity takes of one person: first tick bound, one past the last, ticks worked, and the share of
    the team that the person is."""

    first: int
    last: int
    worked: int
    share: float


@dataclass(frozen=True, slots=True)
class _Hulls:
    """When each seat of an activity binds its person. seats: those that it was worked out from; people: each once;
    rows: [seat], the row of its person; first, last: [person, option], first tick bound and one past the last; barred:
    [seat, option], whether the seat is not possible."""

    seats: list[Seat]
    people: list[int]
    rows: Ints
    first: Ints
    last: Ints
    barred: Bools


class Ejection:
    """One search; `run` gives the best solution, and may be called again to go on. work: done so far. least: the weight
    that the best leaves out."""

    def __init__(self, facts: Facts, solution: Solution, movable: list[int], seed: int) -> None:
        """movable: the activities that can be carried out at all."""
        self._facts, self._movable = facts, movable
        self._random = Random(seed)
        self._state = State(facts)
        self._weight = [one.left_out[0] if one.left_out else MUST for one in facts.problem.activities]
        self._pain = [1.0] * len(self._weight)
        self._stays: list[dict[int, _Stay]] = [{} for _ in facts.problem.resources]
        # A person's time is priced again once their work changes: what is placed does not get heavier.
        self._priced: dict[int, tuple[Floats, float]] = {}
        self._hulls: dict[int, _Hulls] = {}
        self._after: dict[int, list[int]] = {}
        for relation in facts.problem.relations:
            if isinstance(relation, Precedence):
                self._after.setdefault(relation.first, []).append(relation.second)
        for number, choice in enumerate(solution.choices):
            if choice is not None:
                self._place(number, choice)
        self.work = 0.0
        self._best, self.least = self._state.solution(), self.lost_in(self._state.choices)
        self._failures = 0

    def run(self, most: float, stopped: Callable[[], bool], *, patient: bool = False) -> Solution:
        """Turn after turn, until `most` more work is done, somebody says stop, or nothing has been better for long.
        Gives the solution that leaves out least by weight; it keeps every rule but those of kind `Kept`, which it
        refuses. patient: it goes on however long nothing has been better."""
        limit = self.work + most
        if any(isinstance(relation, Kept) for relation in self._facts.problem.relations):
            return self._best
        while self.work < limit and not stopped() and (waiting := self._waiting()):
            if not patient and self._failures >= FAILURES + len(waiting):
                break
            self._failures += 1
            if self._turn(max(waiting, key=self._urgency)) and (lost := self.lost_in(self._state.choices)) < self.least:
                self._best, self.least, self._failures = self._state.solution(), lost, 0
        return self._best

    def lost_in(self, choices: Sequence[Choice | None]) -> int:
        """The weight of what is left out, as that of this search is counted."""
        return sum(self._weight[number] for number in self._movable if choices[number] is None)

    def _waiting(self) -> list[int]:
        """What is left out, though what it follows is not."""
        choices, before = self._state.choices, self._facts.predecessors
        return [
            number
            for number in self._movable
            if choices[number] is None and all(choices[one] is not None for one in before.get(number, ()))
        ]

    def _urgency(self, number: int) -> float:
        """How soon an activity gets its turn."""
        low, high = SPREAD
        return self._worth(number) * self._random.uniform(low, high) / self._pain[number]

    def _worth(self, number: int) -> int:
        """The weight of an activity left out, with what waits for it."""
        return self._weight[number] + sum(self._weight[one] for one in self._after.get(number, ()))

    def _heavy(self, number: int) -> float:
        """The weight of an activity, the heavier the oftener it was pushed out."""
        return self._weight[number] * self._pain[number]

    def _turn(self, number: int) -> bool:
        """Makes room for one activity; whether that was possible."""
        self.work += self._turn_work(number)
        own = self._worth(number) * self._pain[number]
        ways = [(self._blockers(way), way) for way in self._ways(number)]
        priced = [(sum(map(self._heavy, blockers)), at) for at, (blockers, _) in enumerate(ways)]
        for price, at in sorted(priced)[:TRIED]:
            blockers, way = ways[at]
            if price <= BOLD * own and self._swapped(way, blockers):
                return True
        self._pain[number] *= PATIENCE
        return False

    def _turn_work(self, number: int) -> float:
        """The work of looking for room for an activity once."""
        return TURN_WORK + CELL_WORK * len(self._facts.seats[number]) * len(self._facts.options[number])

    def _swapped(self, way: Column, blockers: set[int]) -> bool:
        """Puts an activity in the place of others, and those elsewhere where there is room; whether it fits."""
        before = {number: choice for number in blockers if (choice := self._state.choices[number]) is not None}
        for number in before:
            self._remove(number)
        choice = choice_of(self._facts, way)
        if not placed_as(self._facts, self._state, way.number, choice):
            for number, old in before.items():
                self._place(number, old)
            return False
        self._note(way.number, choice)
        for number in sorted(before, key=lambda one: (-self._weight[one], one)):
            again = best_choice(self._facts, self._state, number)
            self.work += self._turn_work(number)
            if again is None:
                self._pain[number] *= GRUDGE
            else:
                self._place(number, again)
        return True

    def _ways(self, number: int) -> list[Column]:
        """The ways in that take least from others, roughly: option and team."""
        facts, options = self._facts, self._facts.options[number]
        banned, banned_seats = self._state.banned(number), self._state.banned_seats(number)
        seats = facts.seats[number]
        if not seats:
            return []
        prices = self._seat_prices(number)
        for row, seat in enumerate(seats):
            if seat.resource in banned or (seat.role, seat.resource) in banned_seats:
                prices[row] = DEAR
        chance = np.array([self._random.random() * TRACE for _ in range(len(options))])
        cheapest = Cheapest(facts, number, seats, prices, np.where(self._state.allowed(number), chance, TOO_DEAR))
        ways = (Column(number, flat, team) for flat, team, price in cheapest.ways(LOOKED) if price < TOO_DEAR)
        return [way for way in ways if fits(facts, number, way.flat, way.team)]

    def _seat_prices(self, number: int) -> Floats:
        """[seat, option]: what a seat takes from others, DEAR where it is not possible."""
        hulls = self._hulls_of(number)
        for person in hulls.people:
            if person not in self._priced:
                self._priced[person] = self._prices(person)
        ticks = np.stack([self._priced[person][0] for person in hulls.people])
        worked = np.array([self._priced[person][1] for person in hulls.people])
        at = np.arange(len(hulls.people))[:, np.newaxis]
        bound = ticks[at, hulls.last] - ticks[at, hulls.first]
        prices = bound + worked[:, np.newaxis] * self._facts.options[number].worked
        return np.where(hulls.barred, DEAR, prices[hulls.rows])

    def _hulls_of(self, number: int) -> _Hulls:
        """When the seats of an activity bind people: worked out again once more people are looked at."""
        seats, top = self._facts.seats[number], self._facts.problem.ticks
        if number in self._hulls and self._hulls[number].seats is seats:
            return self._hulls[number]
        people, rows = np.unique([seat.resource for seat in seats], return_inverse=True)
        own = [self._facts.presences[number][person] for person in people.tolist()]
        first: Ints = np.clip(np.stack([one.first for one in own]), 0, top)
        last: Ints = np.clip(np.stack([one.last for one in own]), 0, top)
        barred = np.stack([~seat.possible for seat in seats])
        self._hulls[number] = _Hulls(seats, people.tolist(), rows.astype(np.int64), first, last, barred)
        return self._hulls[number]

    def _prices(self, person: int) -> tuple[Floats, float]:
        """What a person's time costs: prefix sums of the weight that is bound at each tick, and the price of a tick of
        work where a ceiling is all but met: that of the lightest work they have."""
        bound = np.zeros(self._facts.problem.ticks + 2)
        lightest = []
        for number, stay in self._stays[person].items():
            price = self._heavy(number) * stay.share
            each = price / max(stay.last - stay.first, 1) + TRACE
            bound[max(stay.first, 0) + 1] += each
            bound[min(stay.last, len(bound) - 2) + 1] -= each
            lightest.append(price / max(stay.worked.bit_count(), 1))
        spare = [one.most - (self._state.worked[person] & one.mask).bit_count() for one in self._ceilings(person)]
        dear = float(np.mean(sorted(lightest)[:2])) if lightest and min(spare, default=MUST) < SCARCE else 0.0
        return np.cumsum(np.cumsum(bound))[:-1], dear

    def _blockers(self, way: Column) -> set[int]:
        """What must go for a way in: whoever is bound then, and the lightest work where a ceiling would be passed;
        with all that follows."""
        facts, options = self._facts, self._facts.options[way.number]
        ticks = facts.problem.activities[way.number].slots
        ticks &= span_mask(int(options.start[way.flat]), int(options.end[way.flat]))
        found: set[int] = set()
        people = [person for team in way.team for person in team]
        for person in people:
            own = facts.presence(way.number, person)
            first, last = int(own.first[way.flat]), int(own.last[way.flat])
            found |= {one for one, stay in self._stays[person].items() if first < stay.last and stay.first < last}
        for person in people:
            found |= self._over(person, ticks, found)
        return self._with_followers(found)

    def _over(self, person: int, ticks: int, gone: set[int]) -> set[int]:
        """The lightest work of a person that must go besides, so that their ceilings leave room for some ticks."""
        found: set[int] = set()
        for ceiling in self._ceilings(person):
            inside = {
                number: count
                for number, stay in self._stays[person].items()
                if number not in gone and number not in found and (count := (stay.worked & ceiling.mask).bit_count())
            }
            lack = (ticks & ceiling.mask).bit_count() + sum(inside.values()) - ceiling.most
            if not ticks & ceiling.mask:
                continue
            for number in sorted(inside, key=lambda one: (self._heavy(one) / max(min(lack, inside[one]), 1), one)):
                if lack <= 0:
                    break
                found.add(number)
                lack -= inside[number]
        return found

    def _with_followers(self, numbers: set[int]) -> set[int]:
        """Activities with those placed that follow them."""
        found, left = set(numbers), list(numbers)
        while left:
            for one in self._after.get(left.pop(), ()):
                if one not in found and self._state.choices[one] is not None:
                    found.add(one)
                    left.append(one)
        return found

    def _ceilings(self, person: int) -> tuple[Ceiling, ...]:
        """The ceilings of a person."""
        return self._facts.problem.resources[person].ceilings

    def _place(self, number: int, choice: Choice) -> None:
        """Places an activity."""
        self._state.place(number, choice)
        self._note(number, choice)

    def _note(self, number: int, choice: Choice) -> None:
        """Remembers whom a placed activity binds."""
        flat, options = self._state.option(number, choice), self._facts.options[number]
        worked = self._facts.problem.activities[number].slots
        worked &= span_mask(int(options.start[flat]), int(options.end[flat]))
        people = [person for team in choice.team for person in team]
        for person in people:
            own = self._facts.presence(number, person)
            stay = _Stay(int(own.first[flat]), int(own.last[flat]), worked, 1 / len(people))
            self._stays[person][number] = stay
            self._priced.pop(person, None)

    def _remove(self, number: int) -> None:
        """Leaves a placed activity out."""
        choice = self._state.choices[number]
        for person in (person for team in (choice.team if choice else ()) for person in team):
            del self._stays[person][number]
            self._priced.pop(person, None)
        self._state.remove(number)
