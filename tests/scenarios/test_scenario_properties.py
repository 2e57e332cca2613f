"""Sanity, on random small bodies: more never loses, less never gains, nothing is nothing, and order does not matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditplan.planner.domain import AuditType, Body, Role, RuleKind
from auditplan.planner.scenarios import changes
from auditplan.planner.scenarios.apply import apply_change, apply_scenario
from auditplan.planner.scenarios.changes import Change, Scenario
from auditplan.planner.scenarios.jobs import Job, work
from auditplan.planner.scenarios.selection import Filter
from auditplan.planner.scenarios.study import Effort, run_study
from auditplan.solver.solution import Budget

MakeBody = Callable[..., Body]
MONDAY = date(2027, 3, 1)
STANDARDS, CODES, REGIONS = ("ISO 9001", "ISO 14001"), ("17", "17.06", "19"), ("Berlin", "Hamburg")
TYPES = (AuditType.SURVEILLANCE, AuditType.RECERTIFICATION, AuditType.INITIAL)
PEOPLE = st.sampled_from(("P0", "P1", "P2"))
SEEDS = st.integers(0, 10_000)
FILTERS = st.builds(
    Filter,
    types=st.lists(st.sampled_from(TYPES), max_size=1).map(tuple),
    standards=st.lists(st.sampled_from(STANDARDS), max_size=1).map(tuple),
    regions=st.lists(st.sampled_from(REGIONS), max_size=1).map(tuple),
)
ADDED = st.one_of(
    st.builds(changes.AddAuditors, number=st.integers(1, 2), like=PEOPLE),
    st.builds(changes.AddAuditors, number=st.integers(1, 2), region=st.sampled_from(REGIONS)),
    st.builds(
        changes.AddQualification,
        auditor=PEOPLE,
        standard=st.sampled_from(STANDARDS),
        codes=st.sampled_from((*CODES, "*")).map(lambda code: (code,)),
        role=st.sampled_from((Role.LEAD, Role.AUDITOR, Role.EXPERT)),
    ),
    st.builds(changes.WidenWindows, days=st.integers(1, 14), audits=FILTERS),
    st.builds(changes.Demand, percent=st.integers(-80, -1), audits=FILTERS),
    st.just(changes.TeamSize(smallest=1, largest=3)),
    st.just(changes.RuleChange(rule="window", kind=RuleKind.SOFT)),
)
TAKEN = st.one_of(
    st.builds(changes.RemoveAuditor, auditor=PEOPLE, since=st.dates(MONDAY, MONDAY + timedelta(days=11))),
    st.builds(changes.RemoveAuditor, auditor=PEOPLE),
    st.integers(0, 9).flatmap(
        lambda first: st.builds(
            changes.Absence,
            auditor=PEOPLE,
            start=st.just(MONDAY + timedelta(days=first)),
            until=st.integers(first, 11).map(lambda last: MONDAY + timedelta(days=last)),
        )
    ),
    st.builds(changes.WidenWindows, days=st.integers(-7, -1), audits=FILTERS),
    st.builds(changes.Demand, percent=st.integers(1, 60), audits=FILTERS),
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def _lost(body: Body) -> int:
    """The least consequence that any plan leaves out; proven."""
    plan = work(Job(key="", body=body, budget=Budget(effort=30), target=-1)).plan
    assert plan is not None
    assert plan.levels[0].bound == plan.levels[0].value, "the body is not small enough"
    return plan.levels[0].value


@FEW
@given(seed=SEEDS, change=ADDED)
def test_people_qualifications_and_windows_never_lose_an_audit(
    random_body: MakeBody, seed: int, change: Change
) -> None:
    body = random_body(seed)
    assert _lost(apply_change(body, change)) <= _lost(body)


@FEW
@given(seed=SEEDS, change=TAKEN)
def test_taking_away_never_gains_one(random_body: MakeBody, seed: int, change: Change) -> None:
    body = random_body(seed)
    assert _lost(apply_change(body, change)) >= _lost(body)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(seed=SEEDS, audits=FILTERS)
def test_nothing_is_nothing(random_body: MakeBody, seed: int, audits: Filter) -> None:
    body = random_body(seed)
    nothing = (
        changes.Demand(percent=0, audits=audits),
        changes.WidenWindows(days=0, audits=audits),
        changes.AddAuditors(number=0, like="P0"),
    )
    assert apply_scenario(body, Scenario(name="nothing", changes=nothing)) == body


@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=SEEDS)
def test_no_growth_has_the_plan_of_the_base(random_body: MakeBody, seed: int) -> None:
    nothing = Scenario(name="nothing", changes=(changes.Demand(percent=0),))
    more = Scenario(name="more", changes=(changes.Demand(percent=30),))
    effort = Effort(base=Budget(effort=0.5), scenario=Budget(effort=0.2), threads=1)
    study = run_study(random_body(seed), (more, nothing), effort)
    assert study.scenarios[1].plan == study.base.plan


def _kind_and_subject(change: Change) -> tuple[object, ...]:
    """What makes two changes independent: no two of a kind about the same."""
    names = ("audits", "auditor", "like", "region", "rule", "standard", "role")
    return type(change), *(getattr(change, name, None) for name in names)


OTHERS = st.one_of(
    st.builds(changes.RemoteShare, percent=st.integers(0, 100), audits=FILTERS),
    st.builds(changes.RuleChange, rule=st.sampled_from(("rotation", "target", "late")), number=st.just(Decimal(3))),
    st.just(changes.NewPeriod(start=MONDAY, end=MONDAY + timedelta(days=40))),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    seed=SEEDS,
    chosen=st.lists(ADDED | TAKEN | OTHERS, min_size=2, max_size=6, unique_by=_kind_and_subject),
    order=SEEDS,
)
def test_any_order_gives_the_same(random_body: MakeBody, seed: int, chosen: list[Change], order: int) -> None:
    body = random_body(seed)
    shuffled = list(chosen)
    Random(order).shuffle(shuffled)
    bodies = [apply_scenario(body, Scenario(name="s", changes=tuple(some))) for some in (chosen, shuffled)]
    assert bodies[0] == bodies[1]
