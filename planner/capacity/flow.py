"""A flow network of work and people: what can be served at most, and the sets that keep it from being more.

Work asks for an amount from a set of people within a set of ticks; people give what they have free week by week, under
their ceilings. Whatever a plan does is a flow here, so that what no flow can serve, no plan can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


class Network:
    """Asks and givers, and the flows between them."""

    def __init__(self, asks: Sequence[Ask], givers: Mapping[int, Giver]) -> None:
        """Numbers the arcs once; givers that nobody asks for are left away."""
        self.asks = tuple(asks)
        self._arcs: list[tuple[int, int, int]] = []
        """From ask, to slice, capacity."""
        self._slices: dict[tuple[int, int], int] = {}
        self._givers = givers
        self._persons: dict[int, int] = {}
        for number, ask in enumerate(self.asks):
            for person in sorted(ask.people):
                self._connect(number, ask, person)

    def _connect(self, number: int, ask: Ask, person: int) -> None:
        """The arcs from an ask to a person's slices."""
        giver = self._givers.get(person)
        if giver is None or giver.most <= 0:
            return
        for index, (mask, most) in enumerate(giver.slices):
            room = min(most, (mask & ask.ticks).bit_count())
            if room > 0:
                self._persons.setdefault(person, len(self._persons))
                to = self._slices.setdefault((person, index), len(self._slices))
                self._arcs.append((number, to, room))

    def flow(self, amounts: Mapping[int, int], scale: int = 1) -> tuple[int, frozenset[int]]:
        """The most that can be served of some asks (number → amount) with every capacity times `scale`; and the asks
        on the near side of the least cut: those that together ask for more than there is (none where all is served).

        Nodes: 0 source, 1 sink, then asks, slices and persons."""
        from ortools.graph.python import max_flow

        net = max_flow.SimpleMaxFlow()
        first_slice, first_person = 2 + len(self.asks), 2 + len(self.asks) + len(self._slices)
        for number, amount in amounts.items():
            net.add_arc_with_capacity(0, 2 + number, amount)
        for number, to, room in self._arcs:
            if number in amounts:
                net.add_arc_with_capacity(2 + number, first_slice + to, room * scale)
        for (person, index), to in self._slices.items():
            room = self._givers[person].slices[index][1]
            net.add_arc_with_capacity(first_slice + to, first_person + self._persons[person], room * scale)
        for person, number in self._persons.items():
            net.add_arc_with_capacity(first_person + number, 1, self._givers[person].most * scale)
        if not self._arcs or not amounts:
            return 0, frozenset(amounts)
        net.solve(0, 1)
        served = net.optimal_flow()
        if served >= sum(amounts.values()):
            return served, frozenset()
        near = {node - 2 for node in net.get_source_side_min_cut() if 2 <= node < first_slice}
        return served, frozenset(near)

    def tightest(self, among: Sequence[int]) -> tuple[frozenset[int], int, int]:
        """The set of asks whose amount is greatest against what can be given for it: the set, amount and what there
        is, in ticks. Found by Dinkelbach's method: scale the asks by the least ratio so far until all is served."""
        best = frozenset(among)
        while True:
            asked = sum(self.asks[number].amount for number in best)
            given, _ = self.flow(dict.fromkeys(best, UNLIMITED))
            if given == 0:
                return best, asked, 0
            scaled = {number: self.asks[number].amount * given for number in among}
            _, near = self.flow(scaled, asked)
            if not near or near == best:
                return best, asked, given
            more = self.flow(dict.fromkeys(near, UNLIMITED))[0]
            if more * asked >= given * sum(self.asks[number].amount for number in near):
                return best, asked, given
            best = near

    def best_served(self, weights: Mapping[int, int]) -> float:
        """The greatest weight that can be served where a part of an ask counts for that part of its weight: an upper
        bound of the weight of what any plan serves. Greedy by weight per tick, which is exact for flows."""
        order = sorted(weights, key=lambda number: (-weights[number] / self.asks[number].amount, number))
        taken: dict[int, int] = {}
        total, before = 0.0, 0
        for place, number in enumerate(order):
            taken[number] = self.asks[number].amount
            ratio = weights[number] / self.asks[number].amount
            following = order[place + 1] if place + 1 < len(order) else None
            if following is not None and weights[following] / self.asks[following].amount == ratio:
                continue
            served = self.flow(taken)[0]
            total += ratio * (served - before)
            before = served
        return total
