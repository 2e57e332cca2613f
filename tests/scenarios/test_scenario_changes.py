"""Changes are pure functions of a body: adding never loses, removing never gains, and order does not matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from auditplan.planner.demo import demo_body
from auditplan.planner.domain import AuditMode, AuditStatus, AuditType, Body, Role, RuleKind
from auditplan.planner.plan import Plan
from auditplan.planner.rulebook import RuleBook
from auditplan.planner.scenarios import changes
from auditplan.planner.scenarios.apply import apply_change, apply_scenario
from auditplan.planner.scenarios.changes import Change, Scenario
from auditplan.planner.scenarios.selection import Filter, selected

Best = Callable[[Body], Plan]
MakeBody = Callable[..., Body]


def _lost(plan: Plan) -> int:
    """The consequence of what a plan leaves out."""
    return plan.levels[0].value


MORE: tuple[Change, ...] = (
    changes.AddAuditors(number=1, like="P0"),
    changes.AddAuditors(number=1, region="Berlin"),
    changes.AddQualification(auditor="P1", standard="ISO 9001", codes=("*",), role=Role.LEAD),
    changes.WidenWindows(days=7),
    changes.Demand(percent=-40),
    changes.RuleChange(rule="window", kind=RuleKind.SOFT),
    changes.TeamSize(smallest=1, largest=3),
)
LESS: tuple[Change, ...] = (
    changes.RemoveAuditor(auditor="P0"),
    changes.Absence(
        auditor="P1", start=demo_body("small").settings.plan_from, until=demo_body("small").settings.plan_to
    ),
    changes.WidenWindows(days=-4),
    changes.Demand(percent=40),
)


@pytest.mark.parametrize("change", MORE, ids=lambda change: type(change).__name__)
@pytest.mark.parametrize("audits", [4, 6])
def test_more_never_loses(make_body: MakeBody, best: Best, change: Change, audits: int) -> None:
    body = make_body(audits, codes=("17", "17", "19"))
    assert _lost(best(apply_change(body, change))) <= _lost(best(body))


@pytest.mark.parametrize("change", LESS, ids=lambda change: type(change).__name__)
def test_less_never_gains(make_body: MakeBody, best: Best, change: Change) -> None:
    body = make_body(5)
    if isinstance(change, changes.Absence):
        change = replace(change, start=body.settings.plan_from, until=body.settings.plan_to)
    assert _lost(best(apply_change(body, change))) >= _lost(best(body))


@pytest.mark.parametrize("seed", range(3))
def test_no_growth_is_the_base_exactly(seed: int) -> None:
    body = demo_body("small", seed=seed)
    assert apply_change(body, changes.Demand(percent=0)) == body
    assert apply_change(body, changes.WidenWindows(days=0)) == body


def _independent(body: Body) -> tuple[Change, ...]:
    """A change of every kind."""
    first, second = body.auditors[0].id, body.auditors[1].id
    start = body.settings.plan_from
    return (
        changes.AddAuditors(number=2, like=first),
        changes.Demand(percent=20, audits=Filter(types=(AuditType.SURVEILLANCE,))),
        changes.WidenWindows(days=7),
        changes.RemoveAuditor(auditor=second, since=start + timedelta(days=30)),
        changes.RuleChange(rule="rotation", number=Decimal(3)),
    )


@pytest.mark.parametrize("seed", range(2))
def test_any_order_gives_the_same_body(seed: int) -> None:
    body = demo_body("small", seed=seed)
    bodies = {
        id(order): apply_scenario(body, Scenario(name="s", changes=order)) for order in permutations(_independent(body))
    }
    first = next(iter(bodies.values()))
    assert all(other == first for other in bodies.values())


def test_the_base_is_not_changed() -> None:
    body = demo_body("small")
    copy = demo_body("small")
    apply_scenario(body, Scenario(name="s", changes=_independent(body)))
    assert body == copy


@pytest.mark.parametrize("percent", [5, 20, 100, 250])
def test_demand_grows_by_what_is_said_and_in_steps(percent: float) -> None:
    body = demo_body("small")
    wanted = Filter(types=(AuditType.SURVEILLANCE,))
    number = len(selected(body, wanted))
    grown = apply_change(body, changes.Demand(percent=percent, audits=wanted))
    more = len(selected(grown, wanted)) - number
    assert 0 <= more - int(number * percent / 100 + 0.5) <= 2, "at most the rest of a chain"
    less = {audit.id for audit in apply_change(body, changes.Demand(percent=percent / 2, audits=wanted)).audits}
    assert less <= {audit.id for audit in grown.audits}, "what half of it brings is among it"


def test_copies_stand_by_themselves() -> None:
    body = demo_body("small")
    grown = apply_change(body, changes.Demand(percent=100))
    known = {audit.id for audit in body.audits}
    copies = [audit for audit in grown.audits if audit.id not in known]
    assert copies
    for copy in copies:
        assert copy.status is AuditStatus.OPEN
        assert (copy.lead, copy.team, copy.start) == ("", (), None)
        assert {copy.after, copy.same_team_as, copy.not_team_of}.isdisjoint(known)
        assert copy.client not in {client.id for client in body.clients}


def test_remote_share_is_the_share(make_body: MakeBody) -> None:
    body = make_body(10)
    for percent, number in ((30, 3), (60, 6), (0, 0)):
        body = apply_change(body, changes.RemoteShare(percent=percent))
        assert sum(audit.mode is AuditMode.REMOTE for audit in body.audits) == number


def test_rules_and_period_change(make_body: MakeBody) -> None:
    body = make_body()
    off = apply_change(body, changes.RuleChange(rule="sequence", on=False))
    assert not RuleBook(off.rules).on("sequence")
    weight = apply_change(off, changes.RuleChange(rule="target", number=Decimal(9)))
    assert RuleBook(weight.rules).value("target") == 9
    end = body.settings.plan_to + timedelta(days=90)
    assert apply_change(body, changes.NewPeriod(start=body.settings.plan_from, end=end)).settings.plan_to == end


def test_who_leaves_releases_what_was_fixed_for_them(make_body: MakeBody, best: Best) -> None:
    body = make_body()
    fixed = replace(body.audits[0], lead="P0", status=AuditStatus.CONFIRMED, start=body.settings.plan_from)
    body = replace(body, audits=(fixed, *body.audits[1:]))
    left = apply_change(body, changes.RemoveAuditor(auditor="P0"))
    assert (left.audits[0].lead, left.audits[0].status) == ("", AuditStatus.PROPOSED)
    assert all(seat.auditor != "P0" for entry in best(left).placements for seat in entry.seats)
