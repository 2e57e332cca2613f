"""The cheapest way to carry out one activity beside what stands: the most promising options first, and under each the
cheapest team, until no other option can be cheaper.

What an option costs at least is known for all of them at once: its own price, for each role the cheapest seats that it
must take, and what the dearest of the needed groups adds to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from auditplan.solver.arrays import Bools, Floats, Ints
from auditplan.solver.facts import Facts, Seat
from auditplan.solver.needs import meets, needs
from auditplan.solver.problem import Activity

Team = tuple[tuple[int, ...], ...]
"""The people of each role, sorted."""
DEAR, TOO_DEAR = 1e13, 1e12
"""Price of a seat that is not possible; prices from here on mean that there is no team."""
TRACE = 1e-2
"""Price of a tick of work of somebody all of whose free time is asked for: of equals, whoever is least sought after is
taken. Insertion leaves out 418 activities of eight bodies of 50 people and 420 activities, 636 without (measured)."""
NODES = 600
"""Steps of the search for one team; the cheapest found until then is taken."""


@dataclass(frozen=True, slots=True)
class Usable:
    """The seats of an activity that may be taken beside what stands, under which options, and what the journeys, nights
    and pay of each person cost more then: [seat, option]."""

    seats: list[Seat]
    possible: Bools
    money: Ints

    def singly(self) -> list[Seat]:
        """One seat after the other."""
        rows = zip(self.seats, self.possible, self.money, strict=True)
        return [Seat(seat.role, seat.candidate, possible, money) for seat, possible, money in rows]


class Cheapest:
    """The options of an activity by what they cost at least; `ways` gives the cheapest first."""

    def __init__(self, facts: Facts, number: int, seats: Sequence[Seat], prices: Floats, fixed: Floats) -> None:
        """prices: [seat, option], DEAR where a seat is not possible. fixed: per option, its price without any seat."""
        self._activity = facts.problem.activities[number]
        self._options, self._seats = facts.options[number], seats
        self._prices, self._fixed = prices, fixed
        self._roles = np.array([seat.role for seat in seats], dtype=np.int64)
        self._spare = {role for mode in self._activity.modes for role in _spare_roles(mode.least, mode.most)}
        self._meets = meets(facts, number, seats)
        self._needed = _asked(self._activity, seats, self._meets, self._spare)
        self.least: Floats = fixed + self._seats_at_least()

    @classmethod
    def beside(cls, facts: Facts, number: int, usable: Usable, levels: Floats) -> Cheapest:
        """By what seats and options cost beside what stands. levels: weight of each level's own prices."""
        activity, options = facts.problem.activities[number], facts.options[number]
        own = [sum(levels[on] * price for on, price in seat.candidate.costs) for seat in usable.seats]
        prices = np.array(own)[:, None] + levels[facts.problem.money] * usable.money
        load = facts.load[[seat.resource for seat in usable.seats]]
        prices += TRACE * load[:, None] * options.worked
        placed = activity.placed or (0,) * len(levels)
        fixed = levels @ np.stack(options.costs).astype(np.float64) + float(levels @ np.array(placed))
        return cls(facts, number, usable.seats, np.where(usable.possible, prices, DEAR), fixed)

    def ways(self, most: int) -> Iterator[tuple[int, Team, float]]:
        """Flat options with their cheapest teams, and the price: the cheapest of the most promising first; `most`:
        options looked at."""
        waiting: list[tuple[float, int, Team]] = []
        for flat in np.argsort(self.least, kind="stable")[:most].tolist():
            if self.least[flat] >= TOO_DEAR:
                break
            while waiting and waiting[0][0] <= self.least[flat]:
                price, other, team = waiting.pop(0)
                yield other, team, price
            found = self._team(flat)
            if found is not None:
                waiting.append((found[0] + float(self._fixed[flat]), flat, found[1]))
                waiting.sort()
        for price, other, team in waiting:
            yield other, team, price

    def price(self, flat: int) -> dict[tuple[int, int], int]:
        """What each (role, person) costs under an option."""
        column = self._prices[:, flat].tolist()
        return {(seat.role, seat.resource): round(price) for seat, price in zip(self._seats, column, strict=True)}

    def _seats_at_least(self) -> Floats:
        """Per option, what the seats of any team cost at least."""
        total, dearest = np.zeros(len(self._options)), np.zeros(len(self._options))
        edges: dict[int, Floats] = {}
        for role in range(len(self._activity.roles)):
            rows = self._prices[self._roles == role]
            most = max(mode.least[role] for mode in self._activity.modes)
            drawn = _cheapest_rows(rows, most)
            sums = np.vstack([np.zeros((1, rows.shape[1])), np.cumsum(drawn, axis=0)])
            least = self._per_option([mode.least[role] for mode in self._activity.modes])
            total += np.take_along_axis(sums, least[None], axis=0)[0]
            last = np.vstack([np.zeros((1, rows.shape[1])), drawn])
            edges[role] = np.take_along_axis(last, least[None], axis=0)[0]
            if role in self._spare and len(rows):
                spare = self._per_option([mode.most[role] - mode.least[role] for mode in self._activity.modes])
                total += np.sort(np.minimum(rows, 0.0), axis=0)[: int(spare.max())].sum(axis=0)
        edge = np.stack([edges[role] for role in self._roles.tolist()]) if len(self._roles) else self._prices
        extra = self._prices - edge
        for bit in range(self._needed.bit_length()):
            if self._needed >> bit & 1:
                meeting = np.where(self._meets >> bit & 1, extra, DEAR)
                np.maximum(dearest, meeting.min(axis=0, initial=DEAR), out=dearest)
        return total + dearest

    def _per_option(self, per_mode: Sequence[int]) -> Ints:
        """Per option what is said per mode."""
        result: Ints = np.array(per_mode, dtype=np.int64)[self._options.mode]
        return result

    def _team(self, flat: int) -> tuple[float, Team] | None:
        """The cheapest team under an option."""
        mode = self._activity.modes[int(self._options.mode[flat])]
        column, met = self._prices[:, flat].tolist(), self._meets[:, flat].tolist()
        pools: list[list[tuple[float, int, int]]] = [[] for _ in mode.least]
        for seat, price, bits in zip(self._seats, column, met, strict=True):
            if price < TOO_DEAR:
                pools[seat.role].append((price, seat.resource, bits & self._needed))
        size = sum(mode.least)
        drawn = [_worth_looking(pool, size) if least else [] for pool, least in zip(pools, mode.least, strict=True)]
        found = _Search(mode.least, drawn, self._needed).run()
        return None if found is None else _with_gains(*found, pools, mode.least, mode.most)


def _spare_roles(least: Sequence[int], most: Sequence[int]) -> list[int]:
    """The roles with seats that need not be filled."""
    return [role for role, (few, many) in enumerate(zip(least, most, strict=True)) if many > few]


def _cheapest_rows(rows: Floats, count: int) -> Floats:
    """Per column the cheapest `count`, in order; DEAR where there are fewer."""
    if len(rows) < count:
        rows = np.vstack([rows, np.full((count - len(rows), rows.shape[1]), DEAR)])
    if not count:
        return rows[:0]
    return np.sort(np.partition(rows, count - 1, axis=0)[:count], axis=0)


def _asked(activity: Activity, seats: Sequence[Seat], met: Ints, spare: set[int]) -> int:
    """The needed groups, as bits, that only seats meet which must be filled: nobody is asked to meet the others."""
    chance = [row for row, seat in enumerate(seats) if seat.role in spare]
    by_chance = int(np.bitwise_or.reduce(met[chance], axis=None)) if chance else 0
    return ((1 << len(needs(activity))) - 1) & ~by_chance


def _worth_looking(pool: list[tuple[float, int, int]], size: int) -> list[tuple[float, int, int]]:
    """Those of a role that a cheapest team of `size` may hold, the cheapest first: so many of each kind."""
    taken: Counter[int] = Counter()
    found = []
    for one in sorted(pool):
        if taken[one[2]] < size:
            taken[one[2]] += 1
            found.append(one)
    return found


class _Search:
    """The cheapest team that meets every needed group, seats that need not be filled left empty."""

    def __init__(self, least: Sequence[int], pools: list[list[tuple[float, int, int]]], needed: int) -> None:
        """pools: per role (price, person, groups met as bits), the cheapest first."""
        self._slots = [role for role, count in enumerate(least) for _ in range(count)]
        self._pools, self._needed = pools, needed
        self._nodes = NODES
        self._best: tuple[float, list[int]] | None = None
        self._rest = [0.0] * (len(self._slots) + 1)
        for at in range(len(self._slots) - 1, -1, -1):
            pool = pools[self._slots[at]]
            self._rest[at] = self._rest[at + 1] + (pool[0][0] if pool else DEAR)
        self._least = least

    def run(self) -> tuple[float, list[list[int]]] | None:
        """Price and people per role."""
        self._fill(0, 0, 0.0, 0, [])
        if self._best is None:
            return None
        team: list[list[int]] = [[] for _ in self._least]
        for role, person in zip(self._slots, self._best[1], strict=True):
            team[role].append(person)
        return self._best[0], team

    def _fill(self, at: int, begin: int, price: float, met: int, taken: list[int]) -> None:
        """Fills the seats from one on; of its role's pool those from `begin` on."""
        self._nodes -= 1
        if at == len(self._slots):
            if not self._needed & ~met:
                self._best = price, [*taken]
            return
        pool, last = self._pools[self._slots[at]], at + 1 == len(self._slots)
        same = not last and self._slots[at + 1] == self._slots[at]
        for index in range(begin, len(pool)):
            more, person, bits = pool[index]
            if self._nodes < 0 or (self._best and price + more + self._rest[at + 1] >= self._best[0]):
                return
            if person in taken or (last and self._needed & ~(met | bits)):
                continue
            taken.append(person)
            self._fill(at + 1, index + 1 if same else 0, price + more, met | bits, taken)
            taken.pop()


def _with_gains(
    price: float,
    team: list[list[int]],
    pools: list[list[tuple[float, int, int]]],
    least: Sequence[int],
    most: Sequence[int],
) -> tuple[float, Team]:
    """A team with the seats that need not be filled taken by whoever saves."""
    for role in _spare_roles(least, most):
        for gain, person, _ in sorted(pools[role]):
            if gain >= 0 or len(team[role]) >= most[role]:
                break
            if all(person not in people for people in team):
                team[role].append(person)
                price += gain
    return price, tuple(tuple(sorted(people)) for people in team)
