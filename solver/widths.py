"""How wide figures must be: a year of a large body has hundreds of millions of them, and half the memory is half of all
that a search takes."""

from __future__ import annotations

from auditplan.solver.problem import Problem

NARROW = 1 << 28
"""Prices of a stay below which 32 bits are enough for any sum of four of them."""
FAR = 100
"""Ticks from a stay to the far ends of its ways, over holidays too."""


def are_narrow(problem: Problem) -> bool:
    """Whether 32 bits hold the ticks and prices of every stay: the dearest ways out and back every period, all nights,
    and pay."""
    ends = [(mode.starts, mode.ends) for activity in problem.activities for mode in activity.modes]
    longest = max((end - start for own in ends for start, end in zip(*own, strict=True)), default=0)
    way = max((abs(leg.cost) for leg in problem.legs.values()), default=0)
    rate = max((abs(one.rate) for one in problem.resources), default=0)
    return max(problem.ticks, (longest + FAR) * (2 * way + abs(problem.night) + rate)) < NARROW
