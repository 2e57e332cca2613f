"""A rule that is off, or soft, holds nowhere: not in the model, not in the verifier, not in the reasons, not in the
count of compliance. One body for each rule, which leaves its audit no other way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Conflict,
    Employment,
    HistoryEntry,
    Place,
    Qualification,
    Role,
    RuleKind,
    RuleSetting,
    Settings,
)
from auditplan.planner.plan import Plan
from auditplan.planner.planning import make_plan
from auditplan.planner.rulebook import HARD_RULES, RULES
from auditplan.planner.verify import verify
from auditplan.solver.solution import Budget


def _audit(**fields: Any) -> Audit:
    """Two days of ISO 9001 at the client in January 2027."""
    values: dict[str, Any] = {
        "id": "T",
        "client": "K",
        "type": AuditType.SURVEILLANCE,
        "standards": ("ISO 9001",),
        "days": Decimal(2),
        "earliest": date(2027, 1, 11),
        "due": date(2027, 1, 15),
    }
    return Audit(**{**values, **fields})


def _held(role: Role, auditor: str = "Li") -> Qualification:
    """A qualification for ISO 9001."""
    return Qualification(auditor=auditor, standard="ISO 9001", role=role)


def _body(**fields: Any) -> Body:
    """One auditor, one client, one audit."""
    values: dict[str, Any] = {
        "settings": Settings(plan_from=date(2027, 1, 4), plan_to=date(2027, 1, 29), today=date(2026, 12, 1)),
        "auditors": (Auditor(id="Li", name="Li", region="North"),),
        "qualifications": (_held(Role.LEAD),),
        "places": (Place(region="North", latitude=40.0, longitude=116.0, country="CN"),),
        "clients": (Client(id="K", name="K", region="North"),),
        "audits": (_audit(),),
    }
    return Body(**{**values, **fields})


def _done(**fields: Any) -> Audit:
    """An audit that Li carried out."""
    return _audit(
        id="S", status=AuditStatus.DONE, start=date(2026, 12, 14), lead="Li", due=date(2026, 12, 31), **fields
    )


CASES: dict[str, Callable[[], Body]] = {
    "conflict": lambda: _body(conflicts=(Conflict(auditor="Li", client="K"),)),
    "objection": lambda: _body(conflicts=(Conflict(auditor="Li", client="K", objection=True),)),
    "rotation": lambda: _body(
        rules=(RuleSetting(rule="rotation", value=Decimal(1)), RuleSetting(rule="cooling-off", on=False)),
        history=(HistoryEntry(client="K", auditor="Li", day=date(2026, 1, 12), role=Role.LEAD),),
    ),
    "cooling-off": lambda: _body(
        rules=(RuleSetting(rule="rotation", value=Decimal(1)),),
        auditors=(Auditor(id="Li", name="Li", region="North"), Auditor(id="Wu", name="Wu", region="North")),
        history=(
            HistoryEntry(client="K", auditor="Li", day=date(2026, 8, 10), role=Role.LEAD),
            HistoryEntry(client="K", auditor="Wu", day=date(2026, 10, 12), role=Role.LEAD),
        ),
    ),
    "supervised": lambda: _body(
        audits=(_audit(standards=("ISO 14001", "ISO 9001"), experts=1, smallest_team=2),),
        auditors=tuple(Auditor(id=name, name=name, region="North") for name in ("Li", "Wu", "Xu")),
        qualifications=(
            Qualification(auditor="Li", standard="ISO 14001", role=Role.LEAD),
            _held(Role.AUDITOR, "Wu"),
            _held(Role.EXPERT, "Xu"),
        ),
    ),
    "independence": lambda: _body(audits=(_done(), _audit(not_team_of="S"))),
    "sequence": lambda: _body(audits=(_done(), _audit(after="S", gap_from=90))),
    "ceilings": lambda: _body(
        auditors=(Auditor(id="Li", name="Li", region="North", max_days_per_week=Decimal(1)),),
    ),
    "full-time": lambda: _body(
        settings=Settings(
            plan_from=date(2027, 1, 4), plan_to=date(2027, 1, 29), today=date(2026, 12, 1), full_time_member=True
        ),
        auditors=(Auditor(id="Li", name="Li", region="North", employment=Employment.PART_TIME),),
    ),
}


@dataclass(frozen=True)
class _Outcome:
    """What came out of planning."""

    plan: Plan
    placed: set[str] = field(default_factory=set)


def _plan(body: Body) -> _Outcome:
    """The plan of a body."""
    plan = make_plan(body, Budget(seconds=3)).plan
    return _Outcome(plan, {placement.audit for placement in plan.placements})


def _with(body: Body, *rows: RuleSetting) -> Body:
    """A body with more rows of Rules; later ones of a rule go before."""
    names = {row.rule for row in rows}
    return replace(body, rules=(*(row for row in body.rules if row.rule not in names), *rows))


def test_every_rule_that_can_be_switched_off_is_tried() -> None:
    assert {rule.id for rule in HARD_RULES if rule.switchable} | {"cooling-off"} == set(CASES)
    assert [rule.id for rule in RULES.values() if rule.softable] == ["window"]


@pytest.mark.parametrize("rule", list(CASES))
def test_a_rule_that_is_off_holds_nowhere(rule: str) -> None:
    strict = CASES[rule]()
    reported = "rotation" if rule == "cooling-off" else rule
    held = _plan(strict)
    assert "T" not in held.placed
    assert held.plan.unplaced[0].reasons
    loose = _with(strict, RuleSetting(rule=rule, on=False))
    free = _plan(loose)
    assert "T" in free.placed
    assert free.plan.verified
    assert (dict(free.plan.checks)[reported] == 0) == (rule != "cooling-off")
    # The verifier alone: the same plan breaks that rule, and no other, where it is on.
    broken = {violation.rule for violation in verify(strict, free.plan).violations if violation.audit == "T"}
    assert broken == {reported}


def test_an_always_hard_rule_stays_on() -> None:
    body = _body(qualifications=(_held(Role.AUDITOR),))
    rows = tuple(RuleSetting(rule=rule.id, on=False, kind=RuleKind.SOFT) for rule in HARD_RULES if not rule.switchable)
    assert _plan(_with(body, *rows)).placed == set()


def test_a_soft_window_is_broken_at_a_price_only() -> None:
    closed = _audit(earliest=date(2027, 1, 4), due=date(2027, 1, 5))
    leave = replace(_body().auditors[0], active_from=date(2027, 1, 11))
    strict = _body(audits=(closed,), auditors=(leave,))
    held = _plan(strict)
    assert held.placed == set()
    assert held.plan.unplaced[0].reasons[0].rule in {"window", "availability"}
    soft = _with(strict, RuleSetting(rule="window", kind=RuleKind.SOFT))
    free = _plan(soft)
    assert free.placed == {"T"}
    assert free.plan.verified
    late = {level.name: level.value for level in free.plan.levels}["lateness"]
    dear = _plan(_with(soft, RuleSetting(rule="late", weight=Decimal(1000)))).plan
    assert {level.name: level.value for level in dear.levels}["lateness"] > late > 0
    assert {violation.rule for violation in verify(strict, free.plan).violations} == {"window"}


def _two_far_away(*, on: bool) -> Body:
    """Two audits in one far city, with a day between."""
    return _body(
        rules=(RuleSetting(rule="trips", on=on),),
        places=(
            Place(region="North", latitude=40.0, longitude=116.0, country="CN"),
            Place(region="South", latitude=23.0, longitude=113.0, country="CN"),
        ),
        clients=(Client(id="K", name="K", region="South"), Client(id="M", name="M", region="South")),
        audits=(
            _audit(due=date(2027, 1, 12)),
            _audit(id="U", client="M", earliest=date(2027, 1, 14), due=date(2027, 1, 20)),
        ),
    )


def test_nobody_goes_straight_on_where_trips_are_off() -> None:
    """The rule `trips`: with it one journey for both, without it two; and the verifier refuses the other plan."""
    together, apart = (make_plan(_two_far_away(on=on), Budget(effort=2)).plan for on in (True, False))
    assert [[seat.back is None for one in plan.placements for seat in one.seats] for plan in (together, apart)] == [
        [True, False],
        [False, False],
    ]
    assert together.levels[3].value < apart.levels[3].value
    assert verify(_two_far_away(on=False), apart).violations == ()
    assert {one.rule for one in verify(_two_far_away(on=False), together).violations} == {"figures"}
