"""What `capacity` does in large bodies, whose steps look around what they are about only: never better than the truth,
never a proof that is none. And a body over a longer period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from auditplan.planner.capacity import needs as looking_closely
from auditplan.planner.capacity.advice import advise
from auditplan.planner.capacity.headroom import headroom
from auditplan.planner.capacity.horizon import until
from auditplan.planner.capacity.needs import least_lost, needs_of
from auditplan.planner.compile import Compiler
from auditplan.planner.domain import Body
from auditplan.planner.facts import Facts
from auditplan.planner.scenarios import around
from auditplan.planner.scenarios.jobs import Job, work
from auditplan.solver.solution import Budget

MakeBody = Callable[..., Body]
EFFORT = Budget(effort=10)


@pytest.mark.parametrize("seed", [0, 3, 7])
def test_a_large_body_is_never_better_than_the_truth(
    random_body: MakeBody, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = random_body(seed)
    plan = work(Job(key="", body=body, budget=EFFORT, target=-1)).plan
    assert plan is not None
    true_room = headroom(body, plan, EFFORT)[0]
    needs = needs_of(Compiler(Facts(body)).compile())
    for module in (around, looking_closely):
        monkeypatch.setattr(module, "LARGE", 0)
    assert least_lost(needs_of(Compiler(Facts(body)).compile())) <= plan.levels[0].value
    room = headroom(body, plan, EFFORT)[0]
    assert room.fits <= true_room.fits
    assert room.lost is None or room.lost > true_room.fits
    for advised in advise(body, plan, needs, EFFORT, most=6):
        for advice in advised.best:
            job = Job(key="", body=advice.candidate.applied(body), budget=EFFORT, target=-1)
            monkeypatch.setattr(around, "LARGE", 1 << 30)
            best = work(job).plan
            assert best is not None
            assert advice.rescued <= plan.levels[0].value - best.levels[0].value <= advice.most


def test_days_of_a_period_grow_with_it(make_body: MakeBody) -> None:
    body = make_body(3)
    people = (replace(body.auditors[0], max_days=Decimal(10), target_days=Decimal("7.5")), *body.auditors[1:])
    body = replace(body, auditors=people)
    first, last = body.settings.plan_from, body.settings.plan_to
    days = (last - first).days + 1
    longer = until(body, first + timedelta(days=4 * days - 1))
    assert (longer.auditors[0].max_days, longer.auditors[0].target_days) == (Decimal(40), Decimal(30))
    assert longer.auditors[1:] == body.auditors[1:]
    assert until(body, last) == body


def test_a_stop_before_the_search_leaves_a_job_away(make_body: MakeBody) -> None:
    body = make_body(3)
    plan = work(Job(key="", body=body, budget=EFFORT)).plan
    assert plan is not None
    assert work(Job(key="", body=body, budget=EFFORT, start=plan.placements), stop=lambda: True).stopped
    first = work(Job(key="", body=body, budget=EFFORT), stop=lambda: True)
    assert first.plan is not None, "there is always something to write"
