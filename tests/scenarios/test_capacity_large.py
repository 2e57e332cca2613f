"""What `capacity` does in large bodies, whose steps look around what they are about only: never better than the truth,
never a proof that is none. And a body over a longer period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from auditplan.planner.capacity import headroom as growing
from auditplan.planner.capacity import needs as looking_closely
from auditplan.planner.capacity.advice import advise
from auditplan.planner.capacity.headroom import headroom
from auditplan.planner.capacity.horizon import until
from auditplan.planner.capacity.needs import least_lost, needs_of
from auditplan.planner.compile import Compiler
from auditplan.planner.domain import Body
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Slot
from auditplan.planner.planning import prepared
from auditplan.planner.problems import Problem, Severity
from auditplan.planner.scenarios import around, jobs, quarters
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


@pytest.mark.parametrize("seed", range(6))
def test_quarter_by_quarter_is_sound_and_never_better_than_the_truth(
    random_body: MakeBody, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weeks stand for quarters here. What nobody could ever serve is the same."""
    body = random_body(seed)
    best = work(Job(key="", body=body, budget=EFFORT, target=-1)).plan
    compiled = Compiler(Facts(body)).compile()
    line = compiled.facts.timeline
    weeks = range(line.tick(Slot(body.settings.plan_from, afternoon=False)), line.ticks, 14)
    parts = list(pairwise((0, *weeks[1:], line.ticks)))
    monkeypatch.setattr(quarters, "parts_of", lambda _: parts)
    monkeypatch.setattr(around, "LARGE", 0)
    job = Job(key="", body=body, budget=EFFORT, by_quarters=True)
    plan = work(job).plan
    assert plan is not None
    assert best is not None
    assert plan.verified
    assert not any(level.bound for level in plan.levels[:1]) or plan.levels[0].bound <= best.levels[0].value
    assert plan.levels[0].value >= best.levels[0].value
    never = [{entry.audit for entry in one.unplaced if entry.never} for one in (plan, best)]
    assert never[0] == never[1]
    again = work(job).plan
    assert again is not None
    assert replace(again, seconds=plan.seconds) == plan
    stopped = work(job, stop=lambda: True).plan
    assert stopped is not None, "there is always something to write"
    assert {entry.audit for entry in stopped.unplaced if entry.never} <= never[1], "what had no turn is not hopeless"


def test_what_is_odd_about_places_is_told_of_large_bodies_too(
    make_body: MakeBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter after the other, or only around what a step is about: the warnings are those of a whole search."""
    body = make_body(3)
    odd = Problem(code="any", severity=Severity.NOTICE)
    monkeypatch.setattr(jobs, "prepared", lambda one, stop=None: ((odd,), prepared(one, stop)[1]))
    whole = work(Job(key="", body=body, budget=EFFORT))
    assert whole.plan is not None
    monkeypatch.setattr(around, "LARGE", 0)
    monkeypatch.setattr(quarters, "is_long", lambda _: True)
    assert odd in whole.problems
    assert odd in work(Job(key="", body=body, budget=EFFORT, by_quarters=True)).problems
    step = Job(key="", body=body, budget=EFFORT, target=-1, start=whole.plan.placements)
    assert odd in work(step).problems


def test_quarters_of_a_period(make_body: MakeBody) -> None:
    """A year from March on has four; two weeks are one."""
    body = make_body(2)
    assert len(quarters.parts_of(Compiler(Facts(body)).compile())) == 1
    compiled = Compiler(Facts(until(body, date(2028, 2, 29)))).compile()
    timeline = compiled.facts.timeline
    days = [timeline.day(first) for first, _ in quarters.parts_of(compiled)]
    assert days[1:] == [date(2027, 6, 1), date(2027, 9, 1), date(2027, 12, 1)]
    assert quarters.parts_of(compiled)[-1][1] == timeline.ticks


def test_in_a_large_body_there_is_no_headroom_where_work_is_left_out(
    make_body: MakeBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six audits, of which four fit: ISO 9001 and ISO 14001 are among those left out. Proven by the bound of all."""
    body = make_body(6)
    plan = work(Job(key="", body=body, budget=EFFORT)).plan
    assert plan is not None
    monkeypatch.setattr(growing, "LARGE", 0)
    lost = [audit for audit in body.audits if audit.id in {entry.audit for entry in plan.unplaced}]
    left_out = {audit.standards[0] for audit in lost}
    found = growing.headroom(body, plan, EFFORT, standards=sorted(left_out))
    assert [(room.fits, room.reached) for room in found] == [(0, False)] * (1 + len(left_out))
    assert [room.proven for room in found] == [True, *[False] * len(left_out)]
    assert [room.left_out for room in found] == [2, *[sum(a.standards[0] == s for a in lost) for s in sorted(left_out)]]
