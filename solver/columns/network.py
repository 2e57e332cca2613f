"""Everybody's way through time and places as a flow: what trips add to a linear program over columns.

Each person is one unit of flow from the first tick at home on. Nodes are home at a tick, the end of a stay at a place,
waiting there afterwards, and the start of a stay at a place; arcs lead home, on to the next place, and over the nights
between; the columns of a program are arcs from the start to the end of a stay. The flow of one person is integral by
itself, so that the relaxation is tight; the ceiling of nights in a row is left aside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from auditplan.solver.arrays import Ints
from auditplan.solver.columns.plans import Floats
from auditplan.solver.facts import Facts
from auditplan.solver.itinerary import Itinerary
from auditplan.solver.journeys import Stay
from auditplan.solver.presence import Presence
from auditplan.solver.routes import anchored, leg_between

END, HOME, WAIT, START = range(4)
"""Kinds of nodes, in the order in which they follow each other within a tick."""

Node = tuple[int, int, int]
"""A tick, a kind, and a place (−1 for home)."""


@dataclass(slots=True)
class Arc:
    """A way from one node to another (numbers in the whole network) and its price."""

    tail: int
    head: int
    cost: int


@dataclass(frozen=True, slots=True)
class Stays:
    """The columns' part of one person in one activity, per flat option: the nodes that the stay leads from and to (−1
    where it is not looked at), and its own price: nights within and pay."""

    start: Ints
    end: Ints
    money: Ints


@dataclass(slots=True)
class _Person:
    """The nodes of one person, and what leads to and from stays at each place."""

    numbers: dict[Node, int] = field(default_factory=dict)
    first: dict[tuple[int, int], Stay] = field(default_factory=dict)
    last: dict[tuple[int, int], Stay] = field(default_factory=dict)


class Network:
    """The network of all people who may be in the teams of some activities."""

    def __init__(self, facts: Facts, looked_at: dict[int, list[int]]) -> None:
        """looked_at: activity → its flat options that may be used."""
        self._facts, self._problem = facts, facts.problem
        self._people: dict[int, _Person] = defaultdict(_Person)
        self._used: dict[int, set[Node]] = defaultdict(set)
        for number, flats in looked_at.items():
            for person in sorted({seat.resource for seat in facts.seats[number]}):
                self._collect(person, facts.presences[number][person], flats)
        self._anchors = {
            person: anchored(self._problem, self._problem.resources[person]) for person in sorted(self._people)
        }
        for person, stays in self._anchors.items():
            for stay in stays:
                self._note(person, stay)
        self.count = 0
        self.arcs: list[Arc] = []
        self.sources: list[int] = []
        for person in sorted(self._people):
            self._number(person)
            self._connect(person)
        self.arcs.sort(key=lambda arc: arc.head)
        self._sort_arcs()
        self._stays: dict[tuple[int, int], Stays] = {}
        for number, flats in looked_at.items():
            for person in sorted({seat.resource for seat in facts.seats[number]}):
                self._stays[number, person] = self._arcs_of(person, facts.presences[number][person], flats)

    @property
    def apart(self) -> int:
        """Price of the journeys of whoever is not in the network."""
        total = 0
        for person, resource in enumerate(self._problem.resources):
            if person not in self._people and resource.anchors:
                own = tuple((stay, -1) for stay in anchored(self._problem, resource))
                total += Itinerary(self._facts.stays, person, own).cost
        return total

    @property
    def fixed(self) -> list[Arc]:
        """Stays that stand: each is taken, whatever it costs."""
        found = []
        for person, stays in self._anchors.items():
            numbers = self._people[person].numbers
            for stay in stays:
                start, end, cost = _ends(stay)
                found.append(Arc(numbers[start], numbers[end], cost))
        return found

    def stays(self, number: int, person: int) -> Stays:
        """One person's stays in one activity."""
        return self._stays[number, person]

    def project(self, price: Floats, weight: float) -> Floats:
        """Prices of nodes at which no arc is worth taking for itself, so that a bound at these prices holds without
        any arc: those given at home and waiting, lowered where need be; and where stays start and end whatever makes
        the stays dearest, since what a program says there means nothing but for the columns that it has. weight: of
        the arcs' own prices."""
        found: list[float] = price.tolist()
        for arc in self._waiting:
            most = found[arc.tail] + weight * arc.cost
            if found[arc.head] > most:
                found[arc.head] = most
        prices = np.array(found)
        tails, heads, costs = self._leading
        starts, ends = self._of_stays
        prices[starts], prices[ends] = np.inf, -np.inf
        leaving = self._from_ends
        np.maximum.at(prices, tails[leaving], prices[heads[leaving]] - weight * costs[leaving])
        np.minimum.at(prices, heads[~leaving], prices[tails[~leaving]] + weight * costs[~leaving])
        return prices

    def _collect(self, person: int, presence: Presence, flats: list[int]) -> None:
        """The nodes that one person's stays need."""
        for flat in flats:
            if presence.possible[flat]:
                self._note(person, presence.stay(flat))

    def _note(self, person: int, stay: Stay) -> None:
        """The nodes that one stay needs."""
        own = self._people[person]
        start, end, _ = _ends(stay)
        self._used[person] |= {start, end}
        if stay.place is None:
            return
        own.first.setdefault((stay.place, stay.start), stay)
        self._used[person].add((stay.first, HOME, -1))
        if stay.onward:
            own.last.setdefault((stay.place, stay.end), stay)
            self._used[person] |= {(stay.last, HOME, -1), (stay.end, WAIT, stay.place)}

    def _number(self, person: int) -> None:
        """Numbers of a person's nodes in the order of time; the first is home, where the flow begins."""
        nodes = [(-1, HOME, -1), *sorted(self._used[person])]
        self._people[person].numbers = {node: self.count + at for at, node in enumerate(nodes)}
        self.sources.append(self.count)
        self.count += len(nodes)

    def _connect(self, person: int) -> None:
        """A person's arcs."""
        own, night, period = self._people[person], self._problem.night, self._problem.period
        homes = sorted(node for node in own.numbers if node[1] == HOME)
        self._chain(person, homes, 0)
        waits: dict[int, list[Node]] = defaultdict(list)
        for node in sorted(own.numbers):
            if node[1] == WAIT:
                waits[node[2]].append(node)
        for (place, tick), stay in own.last.items():
            end = own.numbers[tick, END, place]
            self.arcs.append(Arc(end, own.numbers[stay.last, HOME, -1], stay.leave))
            over = (tick // period - (tick - 1) // period) * night
            self.arcs.append(Arc(end, own.numbers[tick, WAIT, place], over))
        for nodes in waits.values():
            self._chain(person, nodes, night)
        for (place, tick), stay in own.first.items():
            head = own.numbers[tick, START, place]
            self.arcs.append(Arc(own.numbers[stay.first, HOME, -1], head, stay.enter))
            for origin, nodes in waits.items():
                self._straight(person, origin, nodes, (tick, place), head)

    def _sort_arcs(self) -> None:
        """The arcs between nodes at home or waiting; and all others, with whether they come from the end of a stay."""
        kinds = np.zeros(self.count, dtype=np.int64)
        for own in self._people.values():
            for node, number in own.numbers.items():
                kinds[number] = node[1]
        self._of_stays = np.flatnonzero(kinds == START), np.flatnonzero(kinds == END)
        moving = [kinds[arc.tail] == END or kinds[arc.head] == START for arc in self.arcs]
        self._waiting = [arc for arc, moves in zip(self.arcs, moving, strict=True) if not moves]
        others = [arc for arc, moves in zip(self.arcs, moving, strict=True) if moves]
        self._leading = tuple(
            np.array([getattr(arc, field) for arc in others], dtype=np.int64) for field in ("tail", "head", "cost")
        )
        self._from_ends = kinds[self._leading[0]] == END

    def _chain(self, person: int, nodes: list[Node], night: int) -> None:
        """Waiting from each node to the next, at home or where one may be kept away so long; `night` is the price of a
        night there."""
        numbers, period = self._people[person].numbers, self._problem.period
        for one, other in pairwise(nodes):
            if one[1] == HOME or self._clear(person, one[0], other[0]):
                cost = (other[0] // period - one[0] // period) * night
                self.arcs.append(Arc(numbers[one], numbers[other], cost))

    def _straight(self, person: int, origin: int, nodes: list[Node], goal: tuple[int, int], head: int) -> None:
        """The way straight on from a place to the start of a stay, from the last moment at which one may leave."""
        leg = leg_between(self._problem, origin, goal[1])
        if leg is None:
            return
        leaves = int(self._facts.stays.journeys(person, leg.ticks)[0][goal[0]])
        at = bisect_right([node[0] for node in nodes], leaves) - 1
        if at < 0 or not self._clear(person, nodes[at][0], goal[0]):
            return
        nights = goal[0] // self._problem.period - nodes[at][0] // self._problem.period
        tail = self._people[person].numbers[nodes[at]]
        self.arcs.append(Arc(tail, head, leg.cost + nights * self._problem.night))

    def _clear(self, person: int, start: int, end: int) -> bool:
        """Whether a person may be kept away from one tick to another."""
        resource = self._problem.resources[person]
        below = self._facts.stays.prefix_of(resource.busy | (resource.grid & ~resource.free))
        return bool(below[start] == below[end])

    def _arcs_of(self, person: int, presence: Presence, flats: list[int]) -> Stays:
        """The columns' part of one person in one activity."""
        numbers = self._people[person].numbers if person in self._people else {}
        size = len(presence.possible)
        start, end = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int64)
        money = presence.inside + presence.pay + np.where(presence.onward, 0, presence.leave)
        for flat in flats:
            if presence.possible[flat]:
                one, other, _ = _ends(presence.stay(flat))
                start[flat], end[flat] = numbers[one], numbers[other]
        return Stays(start, end, money)


def _ends(stay: Stay) -> tuple[Node, Node, int]:
    """The nodes that a stay leads from and to, and its price between them."""
    if stay.place is None:
        return (stay.first, HOME, -1), (stay.last, HOME, -1), stay.inside
    start = (stay.start, START, stay.place)
    if not stay.onward:
        return start, (stay.last, HOME, -1), stay.inside + stay.leave
    return start, (stay.end, END, stay.place), stay.inside


@dataclass(frozen=True, slots=True)
class Flow:
    """A network with prices of its nodes."""

    network: Network
    prices: Floats

    def prices_of(self, number: int, person: int, flats: Ints) -> Floats:
        """What being there costs a person under some options of an activity."""
        own = self.network.stays(number, person)
        result: Floats = self.prices[own.start[flats]] - self.prices[own.end[flats]]
        return result

    def standing(self, weight: float) -> float:
        """What stands costs at these prices, and the journeys of whoever is not in the network. weight: of their own
        prices."""
        total = weight * self.network.apart
        for arc in self.network.fixed:
            total += weight * arc.cost + float(self.prices[arc.tail] - self.prices[arc.head])
        return total
