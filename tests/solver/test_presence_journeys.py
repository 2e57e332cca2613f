"""Journeys for every tick at once against the rule tick by tick."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from auditplan.solver.journeys import span_mask, ticks_after, ticks_before
from auditplan.solver.problem import Problem, Resource
from auditplan.solver.ways import Ways

TICKS = 12
MASKS = st.integers(0, (1 << TICKS) - 1)


@settings(max_examples=200, deadline=None)
@given(grid=MASKS, free=MASKS, count=st.integers(0, 4))
def test_journeys_are_those_of_the_rule_at_every_tick(grid: int, free: int, count: int) -> None:
    """The nearest grid ticks before and after, and −1 where they are too few or one of them is not free."""
    resource = Resource(free=free, grid=grid, home=0)
    problem = Problem(
        ticks=TICKS, period=2, levels=1, money=0, balance=0, resources=(resource,), activities=(), legs={}
    )
    before, after = Ways(problem).journeys(0, count)
    unfree = grid & ~free
    for tick in range(TICKS + 1):
        first, last = ticks_before(grid, tick, count), ticks_after(grid, tick, count)
        assert before[tick] == (-1 if first is None or span_mask(first, tick) & unfree else first)
        assert after[tick] == (-1 if last is None or span_mask(tick, last) & unfree else last)
