"""Columns, what a linear program over them is about, and how they may be linked."""

from __future__ import annotations

from dataclasses import dataclass

from auditplan.solver.links import MOST_LINKS


@dataclass(frozen=True, slots=True)
class Column:
    """An activity carried out under a flat option by a team (people of each role)."""

    number: int
    flat: int
    team: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a linear program is about: the activities that may be carried out (all others are left out), those of
    them that must be, the options they may use (None: all), the level minimised, and what earlier levels may cost
    at most, without the part of the activities that are left out for good."""

    active: tuple[int, ...]
    forced: frozenset[int]
    keep: dict[int, set[int]]
    level: int
    ceilings: dict[int, int]

    def looked_at(self, number: int, count: int) -> list[int]:
        """The options of an activity that may be used, of `count` in all."""
        kept = self.keep.get(number)
        return list(range(count)) if kept is None else sorted(kept)


@dataclass(frozen=True, slots=True)
class Linking:
    """Which links a program over given columns has (see `links.links_of`): those of held columns and of what stands,
    with `among` also those between any two columns, at most `most` a person."""

    held: frozenset[Column] = frozenset()
    among: bool = True
    most: int = MOST_LINKS
