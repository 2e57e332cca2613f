"""Stays as arrays: people in one activity, under every option at once (the rule itself: `solver.journeys`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from auditplan.solver.arrays import Bools, Ints
from auditplan.solver.journeys import Stay


@dataclass(frozen=True, slots=True)
class Options:
    """All options of an activity, flat over its modes: parallel arrays, and their price on each level."""

    mode: Ints
    index: Ints
    start: Ints
    end: Ints
    leaves: Ints
    worked: Ints
    costs: tuple[Ints, ...]

    def __len__(self) -> int:
        """Number of options."""
        return len(self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stays:
    """Stays of one person, or of several, in one activity: per option, and per person where they are several and it is
    not the same for all, whether it is possible at all, and the stay (see `journeys.Stay`).

    pay: price of the work itself. least_first, least_money: begin of the hull and price that no stay falls short of,
    whatever comes before and after it."""

    possible: Bools
    first: Ints
    last: Ints
    start: Ints
    end: Ints
    back: Ints
    place: int | None
    onward: Bools
    enter: Ints
    inside: Ints
    leave: Ints
    pay: Ints
    least_first: Ints
    least_money: Ints

    @property
    def money(self) -> Ints:
        """The price on the money level out and back: journeys, nights and pay."""
        result: Ints = self.enter.astype(np.int64) + self.inside + self.leave + self.pay
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence(_Stays):
    """One person in one activity. least_last: end of the hull that no stay falls short of."""

    least_last: Ints

    def stay(self, flat: int) -> Stay:
        """The stay under one option."""
        return Stay(
            self.first.item(flat),
            self.last.item(flat),
            self.start.item(flat),
            self.end.item(flat),
            self.back.item(flat),
            self.place,
            self.onward.item(flat),
            self.enter.item(flat),
            self.inside.item(flat),
            self.leave.item(flat),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(_Stays):
    """Some people in one activity, all at home or all away. linked_in, linked_out: per person, whether a link could
    spare them something on the way there, and on the way back."""

    people: list[int]
    linked_in: Bools
    linked_out: Bools

    @property
    def least_last(self) -> Ints:
        """Per person and option, the end of the hull that no stay falls short of."""
        if not self.linked_out.any():
            return self.last
        result: Ints = np.where(self.linked_out[:, None], self.end, self.last)
        return result

    def presence(self, at: int) -> Presence:
        """One of them."""
        first, last = _row(self.first, at), _row(self.last, at)
        return Presence(
            possible=self.possible[at],
            first=first,
            last=last,
            start=self.start,
            end=self.end,
            back=last if self.back is self.last else _row(self.back, at),
            place=self.place,
            onward=self.onward,
            enter=_row(self.enter, at),
            inside=_row(self.inside, at),
            leave=_row(self.leave, at),
            pay=self.pay[at],
            least_first=_row(self.least_first, at) if self.linked_in[at] else first,
            least_last=self.end if self.linked_out[at] else last,
            least_money=self.least_money[at],
        )


def _row(figures: Ints, at: int) -> Ints:
    """The figures of one person."""
    result: Ints = figures if figures.ndim == 1 else figures[at]
    return result


class Presences(Mapping[int, Presence]):
    """The presences of one activity by person; each is made when it is asked for, since most never are."""

    def __init__(self, blocks: Sequence[Block], people: Collection[int]) -> None:
        """people: of those in the blocks, whom it is about; in order."""
        self.blocks = blocks
        found = {person: (block, at) for block in blocks for at, person in enumerate(block.people)}
        self.where = {person: found[person] for person in people}
        self._made: dict[int, Presence] = {}

    def __getitem__(self, person: int) -> Presence:
        """One person's."""
        made = self._made.get(person)
        if made is None:
            block, at = self.where[person]
            made = self._made[person] = block.presence(at)
        return made

    def __contains__(self, person: object) -> bool:
        """Whether somebody can be there at all."""
        return person in self.where

    def __iter__(self) -> Iterator[int]:
        """The people."""
        return iter(self.where)

    def __len__(self) -> int:
        """How many they are."""
        return len(self.where)
