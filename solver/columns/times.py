"""When the people of an activity's seats are bound under each option and what their stays cost, looked up where the
stays are kept: tables of its own for every activity would be most of what a search holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditplan.solver.arrays import Floats, Ints
from auditplan.solver.presence import Block, Presences


@dataclass(frozen=True, slots=True)
class _Part:
    """The seats whose people are in one block: the people and their rows in it (None: all in order), the seats, and
    which of the people each of those is for."""

    block: Block
    people: Ints
    rows: Ints | None
    seats: Ints
    own: Ints


class Times:
    """The times and prices of some seats, [seat, option]."""

    def __init__(self, presences: Presences, persons: Sequence[int], flats: Ints, *, every: bool) -> None:
        """persons: of each seat, whom it is for. flats: the options looked at; every: whether they are all."""
        self._flats = None if every else flats
        self._shape = len(persons), len(flats)
        seats: dict[int, list[int]] = {}
        blocks: dict[int, Block] = {}
        for seat, person in enumerate(persons):
            block, _ = presences.where[person]
            blocks[id(block)] = block
            seats.setdefault(id(block), []).append(seat)
        self._parts = [self._part(presences, blocks[key], own, persons) for key, own in seats.items()]

    def _part(self, presences: Presences, block: Block, seats: list[int], persons: Sequence[int]) -> _Part:
        """The part of one block."""
        rows, own = np.unique([presences.where[persons[seat]][1] for seat in seats], return_inverse=True)
        people = np.array(block.people, dtype=np.int64)[rows]
        return _Part(block, people, None if len(rows) == len(block.people) else rows, np.array(seats), own)

    def priced(self, ticks: Floats, weight: float, *, least: bool) -> Floats:
        """What being bound costs at prices of ticks (prefix sums, [person, tick]) and `weight` times the money. Under
        options that are not possible it means nothing. least: times and money are those that no link falls short of."""
        result = np.empty(self._shape)
        for part in self._parts:
            block, people = part.block, part.people[:, None]
            first, last = (block.least_first, block.least_last) if least else (block.first, block.last)
            prices = ticks[people, self._rows(part, last)] - ticks[people, self._rows(part, first)]
            if weight:
                prices += weight * self._money(part, least=least)
            result[part.seats] = prices[part.own]
        return result

    def money(self, *, least: bool) -> Ints:
        """What the stays cost."""
        result = np.empty(self._shape, dtype=np.int64)
        for part in self._parts:
            result[part.seats] = self._money(part, least=least)[part.own]
        return result

    def _money(self, part: _Part, *, least: bool) -> Ints:
        """Per person and option, what the stays of a part cost."""
        block = part.block
        if least:
            return self._rows(part, block.least_money)
        ways = self._rows(part, block.enter).astype(np.int64) + self._rows(part, block.leave)
        return ways + self._rows(part, block.inside) + self._rows(part, block.pay)

    def _rows(self, part: _Part, figures: Ints) -> Ints:
        """The figures of a part's people under the options looked at."""
        if figures.ndim == 1:
            return figures if self._flats is None else figures[self._flats]
        own: Ints = figures if part.rows is None else figures[part.rows]
        return own if self._flats is None else own[:, self._flats]
