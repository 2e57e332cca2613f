"""A flow network of work and people: what can be served at most, and the sets that keep it from being more.

Work asks for an amount from a set of people within a set of ticks; people give what they have free week by week, under
their ceilings. Whatever a plan does is a flow here, so that what no flow can serve, no plan can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ortools.graph.python.max_flow import SimpleMaxFlow

UNLIMITED = 1 << 40


@dataclass(frozen=True, slots=True)
class Ask:
    """An activity's ask: so many ticks, by any of these people (numbers), within the ticks of the mask."""

    activity: int
    amount: int
    people: frozenset[int]
    ticks: int


@dataclass(frozen=True, slots=True)
class Giver:
    """A person: slices of time (mask, most ticks of work in it), and at most `most` in all."""

    slices: tuple[tuple[int, int], ...]
    most: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What is served at most, and the near side of the least cut: the asks that together ask for more than there is
    (none where all is served), and the people who have nothing left to give for them."""

    served: int
    asks: frozenset[int]
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Step:
    """One step down in weight per tick: by how much, the asks so far, and what cuts them off. The worth is the price
    of a tick of everybody on the near side, and of everything that an ask on the near side asks for."""

    worth: float
    asks: frozenset[int]
    cut: Cut


class Network:
    """Asks and givers, and the flows between them."""

    def __init__(self, asks: Sequence[Ask], givers: Mapping[int, Giver]) -> None:
        """Numbers the arcs once; givers that nobody asks for are left away."""
        self.asks = tuple(asks)
        self._made: tuple[int, SimpleMaxFlow, NDArray[np.int32]] | None = None
        self._slices: dict[tuple[int, int], int] = {}
        self._rooms: dict[tuple[int, int], int] = {}
        """Of each slice, the ticks in it that anybody asks for, at most what the slice gives."""
        self._givers = givers
        self._persons: dict[int, int] = {}
        arcs: list[tuple[int, int, int]] = []
        for number, ask in enumerate(self.asks):
            for person in sorted(ask.people):
                arcs += self._arcs_to(number, ask, person)
        self._arcs = np.array(arcs, dtype=np.int64).reshape(-1, 3)
        """From ask, to slice, capacity."""
        asked = self._asked(range(len(self.asks)))
        for person, index in self._slices:
            mask, most = givers[person].slices[index]
            self._rooms[person, index] = min(most, (mask & asked[person]).bit_count())

    def _arcs_to(self, number: int, ask: Ask, person: int) -> Iterator[tuple[int, int, int]]:
        """The arcs from an ask to a person's slices."""
        giver = self._givers.get(person)
        if giver is None or giver.most <= 0:
            return
        for index, (mask, most) in enumerate(giver.slices):
            common = mask & ask.ticks
            if common and (room := min(most, common.bit_count())) > 0:
                self._persons.setdefault(person, len(self._persons))
                yield number, self._slices.setdefault((person, index), len(self._slices)), room

    def _asked(self, numbers: Iterable[int]) -> dict[int, int]:
        """Person → the ticks in which some asks may be served by them."""
        asked: dict[int, int] = defaultdict(int)
        for number in numbers:
            for person in self.asks[number].people:
                asked[person] |= self.asks[number].ticks
        return asked

    def available(self, numbers: Iterable[int]) -> int:
        """The ticks that the people of some asks have for them in all: within the windows, under their ceilings. No
        plan gives more."""
        total = 0
        for person, ticks in self._asked(numbers).items():
            giver = self._givers[person]
            given = sum(min(most, (mask & ticks).bit_count()) for mask, most in giver.slices)
            total += min(giver.most, given)
        return total

    def flow(self, amounts: Mapping[int, int], scale: int = 1) -> Cut:
        """The most that can be served of some asks (number → amount) with every capacity times `scale`, and the least
        cut that keeps it from being more.

        Nodes: 0 source, 1 sink, then asks, slices and persons."""
        if not len(self._arcs) or not amounts:
            return Cut(0, frozenset(amounts), frozenset())
        net, sources = self._net(scale)
        asked = np.zeros(len(self.asks), dtype=np.int64)
        asked[list(amounts)] = list(amounts.values())
        net.set_arcs_capacity(sources, asked)
        net.solve(0, 1)
        served = net.optimal_flow()
        if served >= sum(amounts.values()):
            return Cut(served, frozenset(), frozenset())
        first_slice, first_person = 2 + len(self.asks), 2 + len(self.asks) + len(self._slices)
        side = set(net.get_source_side_min_cut())
        near = frozenset(node - 2 for node in side if 2 <= node < first_slice)
        people = frozenset(person for person, number in self._persons.items() if first_person + number in side)
        return Cut(served, near & amounts.keys(), people)

    def _net(self, scale: int) -> tuple[SimpleMaxFlow, NDArray[np.int32]]:
        """The net with every capacity times a scale, and its arcs from the source to the asks; made anew only for
        another scale than the last."""
        if self._made is None or self._made[0] != scale:
            self._made = (scale, *self._new_net(scale))
        return self._made[1], self._made[2]

    def _new_net(self, scale: int) -> tuple[SimpleMaxFlow, NDArray[np.int32]]:
        """A net; nothing is asked for yet."""
        from ortools.graph.python import max_flow

        net = max_flow.SimpleMaxFlow()
        asks, first_slice, first_person = len(self.asks), 2 + len(self.asks), 2 + len(self.asks) + len(self._slices)
        number = np.arange(asks)
        sources = _add(net, np.zeros(asks), 2 + number, np.zeros(asks))
        _add(net, 2 + self._arcs[:, 0], first_slice + self._arcs[:, 1], self._arcs[:, 2] * scale)
        owners = [self._persons[person] for person, _ in self._slices]
        rooms = [self._rooms[slot] for slot in self._slices]
        _add(net, first_slice + np.arange(len(owners)), first_person + np.array(owners), np.array(rooms) * scale)
        most = [self._givers[person].most for person in self._persons]
        _add(net, first_person + np.arange(len(most)), np.ones(len(most)), np.array(most) * scale)
        return net, sources

    def tightest(self, among: Sequence[int]) -> tuple[frozenset[int], int, int]:
        """The set of asks whose amount is greatest against what can be given for it: the set, amount and what there
        is, in ticks. Found by Dinkelbach's method: scale the asks by the least ratio so far until all is served."""
        best = frozenset(among)
        while True:
            asked = sum(self.asks[number].amount for number in best)
            given = self.flow(dict.fromkeys(best, UNLIMITED)).served
            if given == 0:
                return best, asked, 0
            scaled = {number: self.asks[number].amount * given for number in among}
            near = self.flow(scaled, asked).asks
            if not near or near == best:
                return best, asked, given
            more = self.flow(dict.fromkeys(near, UNLIMITED)).served
            if more * asked >= given * sum(self.asks[number].amount for number in near):
                return best, asked, given
            best = near

    def steps(self, weights: Mapping[int, int]) -> list[Step]:
        """The greatest weight that can be served where a part of an ask counts for that part of its weight: the sum of
        each step's worth times what it serves. An upper bound of the weight of what any plan serves.

        Greedy by weight per tick, which is exact for flows: each step adds the asks of the next lower worth."""
        worth = {number: weight / self.asks[number].amount for number, weight in weights.items() if weight > 0}
        levels = sorted(set(worth.values()), reverse=True)
        found, taken = [], dict[int, int]()
        for level, lower in zip(levels, [*levels[1:], 0.0], strict=False):
            taken |= {number: self.asks[number].amount for number in sorted(worth) if worth[number] == level}
            found.append(Step(level - lower, frozenset(taken), self.flow(taken)))
        return found

    def best_served(self, weights: Mapping[int, int]) -> float:
        """The sum of `steps`."""
        return sum(step.worth * step.cut.served for step in self.steps(weights))


def _add(net: SimpleMaxFlow, tails: NDArray[Any], heads: NDArray[Any], capacities: NDArray[Any]) -> NDArray[np.int32]:
    """Adds arcs to a net; gives their numbers."""
    arcs = net.add_arcs_with_capacity(tails.astype(np.int32), heads.astype(np.int32), capacities.astype(np.int64))
    return np.asarray(arcs, dtype=np.int32)
