"""Classes and patterns: the ways to draw the others of a team, once for each set of groups that a chief leaves them.

People who meet the same of those groups are one class, of which only the cheapest matter; the ways to draw a team from
the classes (*patterns*) are enumerated once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement, product

import numpy as np
from numpy.typing import NDArray

from auditplan.solver.facts import Bools, Ints

Floats = NDArray[np.float64]
DEAR = 1e13
"""Price of what is not possible."""
TOO_DEAR = 1e12
"""Prices from here on mean that there is no team."""
MOST_PATTERNS = 600
"""Patterns enumerated for one set of groups to be met; beyond them the groups are left aside, which is a relaxation."""

Class = tuple[int, int]
"""A role and the groups (bits) that its people meet."""
Team = tuple[tuple[int, ...], ...]
"""The people of each role, sorted."""
Pattern = tuple[tuple[Class, int], ...]
"""How many are drawn from each class."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A seat as long as it meets the same groups: its row in the price table, person, and options (None: all)."""

    row: int
    person: int
    where: Bools | None

    def under(self, positions: Ints) -> Entry:
        """The same entry under some options only."""
        return self if self.where is None else Entry(self.row, self.person, self.where[positions])


@dataclass(slots=True)
class Plan:
    """All chiefs who leave the same groups to the others: the classes and patterns of those others."""

    chiefs: list[Entry]
    classes: dict[Class, list[Entry]] = field(default_factory=dict)
    patterns: list[Pattern] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Everyone in it."""
        yield from self.chiefs
        for entries in self.classes.values():
            yield from entries

    def under(self, positions: Ints) -> Plan:
        """The same plan under some options only."""
        chiefs = [entry.under(positions) for entry in self.chiefs]
        classes = {key: [entry.under(positions) for entry in entries] for key, entries in self.classes.items()}
        return Plan(chiefs, classes, self.patterns)


@dataclass(slots=True)
class Draw:
    """The cheapest of a class: prices and persons, [rank, option], and the sums of the cheapest, [count, option]."""

    prices: Floats
    persons: Ints
    sums: Floats


def draws(least: Sequence[int], chief: int | None, classes: dict[Class, list[Entry]], need: int) -> Iterator[Pattern]:
    """Every way to fill the roles but the chief's from the classes so that all of `need` is met. least: people per
    role."""
    per_role: list[list[tuple[Class, ...]]] = []
    for role, count in enumerate(least):
        if role != chief and count:
            own = sorted(key for key in classes if key[0] == role)
            per_role.append(list(combinations_with_replacement(own, count)))
    for parts in product(*per_role):
        drawn = [key for part in parts for key in part]
        met = 0
        for _, bits in drawn:
            met |= bits
        counts = Counter(drawn)
        if met & need == need and all(
            count <= len({entry.person for entry in classes[key]}) for key, count in counts.items()
        ):
            yield tuple(sorted(counts.items()))


def row_of(entry: Entry, prices: Floats) -> Floats:
    """An entry's prices."""
    return prices[entry.row] if entry.where is None else np.where(entry.where, prices[entry.row], DEAR)


def price_at(entry: Entry, prices: Floats, position: int) -> float:
    """An entry's price under one option."""
    return DEAR if entry.where is not None and not entry.where[position] else float(prices[entry.row])


Pool = tuple[int, list[tuple[float, int]], int]
"""A role, the (price, person) pairs to draw from, cheapest first, and how many are drawn."""


def combined(pools: list[Pool], index: int, team: list[list[int]], most: float) -> Iterator[Team]:
    """Every way to draw from the pools from `index` on for at most `most`."""
    if index == len(pools):
        yield tuple(tuple(sorted(people)) for people in team)
        return
    role, pool, count = pools[index]
    for chosen in combinations(pool, count):
        price = sum(pair[0] for pair in chosen)
        people = [pair[1] for pair in chosen]
        if price > most or any(person in own for person in people for own in team):
            continue
        team[role].extend(people)
        yield from combined(pools, index + 1, team, most - price)
        del team[role][len(team[role]) - len(people) :]
