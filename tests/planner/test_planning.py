"""Plans of invented bodies are verified, determined by seed and effort, and broken ones are caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from auditplan.planner.demo import demo_body, traps
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditType,
    Body,
    Client,
    Conflict,
    Employment,
    HistoryEntry,
    Place,
    Qualification,
    Role,
    Settings,
    Unavailability,
)
from auditplan.planner.plan import Placement, Plan, Seat, Slot
from auditplan.planner.planning import make_plan
from auditplan.planner.verify import verify
from auditplan.solver.solution import Budget

MONDAY = date(2027, 3, 1)


def _body(**changes: object) -> Body:
    """Two auditors and one client in one place, one audit of two days with a decision after it."""
    settings = Settings(
        plan_from=MONDAY, plan_to=MONDAY + timedelta(days=25), today=date(2026, 11, 23), country="DE", freeze_days=0
    )
    rows = [
        Qualification(auditor=name, standard="ISO 9001:2015", role=role, codes=("17",))
        for name, role in (("A", Role.LEAD), ("B", Role.LEAD), ("B", Role.DECISION), ("E", Role.EXPERT))
    ]
    body = Body(
        settings=settings,
        auditors=tuple(Auditor(id=name, name=name, region="Berlin") for name in ("A", "B", "E")),
        qualifications=tuple(rows),
        places=(Place(region="Berlin", city="Berlin"),),
        clients=(Client(id="C", name="C", region="Berlin"),),
        audits=(
            Audit(
                id="X",
                client="C",
                type=AuditType.SURVEILLANCE,
                standards=("ISO 9001:2015",),
                codes=("17.06",),
                days=Decimal(2),
                due=MONDAY + timedelta(days=11),
            ),
        ),
    )
    return replace(body, **changes)  # type: ignore[arg-type]


def _plan(lead: str = "A", day: date = MONDAY, seats: tuple[Seat, ...] = (), end: date | None = None) -> Plan:
    """The audit placed on two days."""
    first = Seat(auditor=lead, role=Role.LEAD, covers=(("ISO 9001:2015", ""), ("ISO 9001:2015", "17.06")))
    last = Slot(end or day + timedelta(days=1), afternoon=True)
    placement = Placement(audit="X", start=Slot(day, afternoon=False), end=last, seats=(first, *seats))
    return Plan(placements=(placement,), unplaced=())


def _rules(body: Body, plan: Plan) -> set[str]:
    """The rules that a plan breaks."""
    return {violation.rule for violation in verify(body, plan).violations}


def test_sound_plan_passes() -> None:
    """The plan that the cases below break."""
    assert _rules(_body(), _plan()) == set()


def _with_settings(**changes: object) -> Body:
    body = _body()
    return replace(body, settings=replace(body.settings, **changes))  # type: ignore[arg-type]


def _with_audit(**changes: object) -> Body:
    body = _body()
    return replace(body, audits=(replace(body.audits[0], **changes),))  # type: ignore[arg-type]


def _with_auditor(**changes: object) -> Body:
    body = _body()
    people = (replace(body.auditors[0], **changes), *body.auditors[1:])  # type: ignore[arg-type]
    return replace(body, auditors=people)


def _with_row(**changes: object) -> Body:
    body = _body()
    rows = (replace(body.qualifications[0], **changes), *body.qualifications[1:])  # type: ignore[arg-type]
    return replace(body, qualifications=rows)


def _history(count: int) -> tuple[HistoryEntry, ...]:
    return tuple(
        HistoryEntry(client="C", auditor="A", day=date(2026 - year, 3, 1), standard="ISO 9001", role=Role.LEAD)
        for year in range(count)
    )


CASES: dict[str, Callable[[], tuple[Body, Plan]]] = {
    "availability": lambda: (_body(unavailable=(Unavailability(auditor="A", start=MONDAY, until=MONDAY),)), _plan()),
    "window": lambda: (_with_audit(due=MONDAY), _plan()),
    "lead": lambda: (_with_row(role=Role.AUDITOR), _plan()),
    "coverage": lambda: (_with_row(codes=("19",)), _plan()),
    "counting": lambda: (_with_audit(smallest_team=2), _plan()),
    "validity": lambda: (_with_row(valid_to=MONDAY), _plan()),
    "conflict": lambda: (_body(conflicts=(Conflict(auditor="A", client="C"),)), _plan()),
    "objection": lambda: (_body(conflicts=(Conflict(auditor="A", client="C", objection=True),)), _plan()),
    "rotation": lambda: (_body(history=_history(6)), _plan()),
    "ceilings": lambda: (_with_auditor(max_days=Decimal(1)), _plan()),
    "full-time": lambda: (
        replace(_with_auditor(employment=Employment.CONTRACT), settings=_with_settings(full_time_member=True).settings),
        _plan(),
    ),
    "fixed": lambda: (_with_audit(lead="B"), _plan()),
    "supervised": lambda: (
        _with_audit(experts=1, standards=("ISO 9001:2015", "ISO 14001:2015")),
        _plan(seats=(Seat(auditor="E", role=Role.TRAINEE),)),
    ),
}


@pytest.mark.parametrize("rule", sorted(CASES))
def test_broken_plan_is_caught(rule: str) -> None:
    """A plan that breaks a rule is caught by that rule's own id."""
    assert rule in _rules(*CASES[rule]())


def _pair(**second: object) -> Body:
    """Two audits of the client."""
    body = _body()
    fields: dict[str, object] = {"id": "Y", **second}
    other = replace(body.audits[0], **fields)  # type: ignore[arg-type]
    return replace(body, audits=(body.audits[0], other))


def _two(day: date, lead: str) -> Plan:
    """Both audits placed, the second on a day by a lead."""
    first = _plan().placements[0]
    second = replace(_plan(lead, day).placements[0], audit="Y")
    return Plan(placements=(first, second), unplaced=())


def test_overlap_is_caught() -> None:
    """Nobody is in two places at once."""
    assert "overlap" in _rules(_pair(), _two(MONDAY, "A"))
    assert _rules(_pair(), _two(MONDAY + timedelta(days=2), "A")) == set()


def test_sequence_is_caught() -> None:
    """What follows comes after, within the gap."""
    body = _pair(after="X", gap_from=3)
    assert "sequence" in _rules(body, _two(MONDAY + timedelta(days=2), "A"))
    assert _rules(body, _two(MONDAY + timedelta(days=7), "A")) == set()


def test_independence_is_caught() -> None:
    """Teams that must differ share nobody."""
    body = _pair(not_team_of="X")
    assert "independence" in _rules(body, _two(MONDAY + timedelta(days=2), "A"))
    assert _rules(body, _two(MONDAY + timedelta(days=2), "B")) == set()


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
