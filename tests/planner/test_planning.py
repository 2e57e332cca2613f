"""Plans of invented bodies are verified, and determined by seed and effort."""

from __future__ import annotations

import pytest

from auditplan.planner.demo import demo_body, traps
from auditplan.planner.planning import make_plan
from auditplan.planner.verify import verify
from auditplan.solver.solution import Budget


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", [1, 2])
def test_invented_body_is_planned_and_verified(language: str, seed: int) -> None:
    """The plan verifies, and the traps are left out as never placeable."""
    body = demo_body("small", language, seed)
    plan = make_plan(body, Budget(effort=0.1)).plan
    assert plan.verified
    assert verify(body, plan).violations == ()
    assert set(traps(body)) <= {left.audit for left in plan.unplaced if left.never}


def test_same_plan_with_one_and_two_threads() -> None:
    """Seed and effort decide the plan, threads do not."""
    body = demo_body("small", "en", 3)
    one = make_plan(body, Budget(effort=12), threads=1).plan
    two = make_plan(body, Budget(effort=12), threads=2).plan
    assert one.placements == two.placements
