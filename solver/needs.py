"""The needed groups of an activity that its seats meet, told apart as bits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditplan.solver.arrays import Ints
from auditplan.solver.facts import Facts, Seat
from auditplan.solver.problem import Activity, Group

BITS = 62
"""Groups that are told apart: so many bits fit a 64-bit figure."""


def needs(activity: Activity) -> list[Group]:
    """The needed groups that are told apart. Of more than fit, equal ones count once, and those that most seats meet
    are left out: what is asked of a team then is a relaxation, and whether it fits must be looked at."""
    needed = [group for group in activity.groups if group.required]
    if len(needed) <= BITS:
        return needed
    return sorted(dict.fromkeys(needed), key=lambda group: len(group.covers))[:BITS]


def all_told(activity: Activity) -> bool:
    """Whether no needed group is left out of `needs`."""
    needed = [group for group in activity.groups if group.required]
    return len(needed) <= BITS or len(set(needed)) <= BITS


def meets(facts: Facts, number: int, seats: Sequence[Seat], flats: Ints | None = None) -> Ints:
    """[seat, option]: the groups of `needs` that a seat meets, as bits. flats: the options looked at; None: all."""
    rows = {(seat.role, seat.resource): row for row, seat in enumerate(seats)}
    count = len(facts.options[number]) if flats is None else len(flats)
    bits = np.zeros((len(seats), count), dtype=np.int64)
    inside: dict[int, tuple[Ints, bool]] = {}
    always = [0] * len(seats)
    for place, group in enumerate(needs(facts.problem.activities[number])):
        for cover in group.covers:
            if cover.during not in inside:
                during = facts.inside_of(number, cover.during)
                during = during if flats is None else during[flats]
                inside[cover.during] = during.astype(np.int64), bool(during.all())
            open_to, every = inside[cover.during]
            for role in cover.roles:
                row = rows.get((role, cover.resource))
                if row is not None and every:
                    always[row] |= 1 << place
                elif row is not None:
                    bits[row] |= open_to << place
    return bits | np.array(always, dtype=np.int64)[:, None]
