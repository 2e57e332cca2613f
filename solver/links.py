"""Which links between stays that a model may choose are worth a variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditplan.solver.arrays import Bools, Ints
from auditplan.solver.journeys import Stay
from auditplan.solver.routes import leg_between
from auditplan.solver.ways import Ways

MOST_LINKS = 1_500
"""Links of one person at most; of more, those that are held, that are needed, and that save most are taken, and the
model is not the whole."""


@dataclass(frozen=True, slots=True)
class Item:
    """A stay that may be taken, for an activity under a flat option. fixed: it stands. held: it was taken so far."""

    stay: Stay
    number: int
    flat: int = -1
    fixed: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class PersonLinks:
    """The stays of one person, and the links between them: from, to (indices of items), what they save. whole: no link
    is left away that could matter."""

    items: tuple[Item, ...]
    links: tuple[tuple[int, int, int], ...]
    whole: bool


class _Table:
    """The stays of some items as arrays."""

    def __init__(self, items: Sequence[Item]) -> None:
        """Parallel arrays over the items."""
        stays = [item.stay for item in items]
        self.start = np.array([one.start for one in stays], dtype=np.int64)
        self.end = np.array([one.end for one in stays], dtype=np.int64)
        self.first = np.array([one.first for one in stays], dtype=np.int64)
        self.last = np.array([one.last for one in stays], dtype=np.int64)
        self.place = np.array([-1 if one.place is None else one.place for one in stays], dtype=np.int64)
        self.onward = np.array([one.onward for one in stays], dtype=np.bool_)
        self.enter = np.array([one.enter for one in stays], dtype=np.int64)
        self.leave = np.array([one.leave for one in stays], dtype=np.int64)
        self.number = np.array([item.number for item in items], dtype=np.int64)
        self.fixed = np.array([item.fixed for item in items], dtype=np.bool_)
        self.held = np.array([item.held or item.fixed for item in items], dtype=np.bool_)


def links_of(
    ways: Ways,
    person: int,
    items: Sequence[Item],
    *,
    saving: bool,
    among: bool = True,
    most_links: int = MOST_LINKS,
) -> PersonLinks:
    """The links that may be of use between some stays of a person: where there is no time to go home, and with
    `saving` also where money is saved. Without `among` only those with what stands, and those between stays that are
    held: then every solution that was sound so far still is, and the model is small."""
    ordered = tuple(sorted(items, key=lambda item: (item.stay.start, item.stay.end, item.number)))
    table = _Table(ordered)
    here = np.flatnonzero(table.place >= 0)
    found: list[tuple[int, int, int]] = []
    whole = True
    if len(here) > 1:
        pairs, saved = _pairs(ways, person, table, here)
        hurried = table.last[pairs[0]] > table.first[pairs[1]]
        wanted = hurried | (saved > 0) if saving else hurried
        wanted &= _nothing_between(table, pairs)
        if not among:
            with_fixed = table.fixed[pairs[0]] | table.fixed[pairs[1]]
            wanted &= with_fixed | (table.held[pairs[0]] & table.held[pairs[1]])
            whole = False
        chosen = np.flatnonzero(wanted)
        if len(chosen) > most_links:
            dear = table.held[pairs[0]] & table.held[pairs[1]]
            rank = np.argsort(-(saved[chosen] + (2 * dear + hurried)[chosen] * (1 << 40)), kind="stable")
            whole, chosen = False, np.sort(chosen[rank[:most_links]])
        found = [(int(pairs[0][at]), int(pairs[1][at]), int(saved[at])) for at in chosen.tolist()]
    return PersonLinks(ordered, tuple(found), whole)


def _pairs(ways: Ways, person: int, table: _Table, here: Ints) -> tuple[tuple[Ints, Ints], Ints]:
    """Every pair of stays that a link may join, and what the link saves."""
    problem = ways.problem
    resource = problem.resources[person]
    unfree = ways.prefix_of(resource.busy | (resource.grid & ~resource.free))
    starts: list[Ints] = []
    goals: list[Ints] = []
    savings: list[Ints] = []
    places = np.unique(table.place[here]).tolist()
    for origin in places:
        out = here[(table.place[here] == origin) & table.onward[here]]
        for goal in places:
            leg = leg_between(problem, origin, goal)
            into = here[table.place[here] == goal]
            if leg is None or not len(out) or not len(into):
                continue
            arrive = ways.journeys(person, leg.ticks)[0][table.start[into]]
            good: Bools = table.end[out][:, np.newaxis] <= arrive[np.newaxis, :]
            good &= unfree[table.end[out]][:, np.newaxis] == unfree[table.start[into]][np.newaxis, :]
            good &= table.number[out][:, np.newaxis] != table.number[into][np.newaxis, :]
            row, column = np.nonzero(good)
            one, other = out[row], into[column]
            nights = table.start[other] // problem.period - (table.end[one] - 1) // problem.period
            starts.append(one)
            goals.append(other)
            savings.append(table.leave[one] + table.enter[other] - leg.cost - nights * problem.night)
    nothing = np.zeros(0, dtype=np.int64)
    pairs = np.concatenate([nothing, *starts]), np.concatenate([nothing, *goals])
    return pairs, np.concatenate([nothing, *savings])


def _nothing_between(table: _Table, pairs: tuple[Ints, Ints]) -> Bools:
    """Whether nothing that stands lies between the two of each pair."""
    before = np.cumsum(table.fixed)
    result: Bools = before[pairs[1]] - table.fixed[pairs[1]] - before[pairs[0]] == 0
    return result
