"""Compliance: the verifier's own counts, and each override with what holds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from auditplan.planner.compliance import Compliance, State, compliance_of
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Lock,
    Part,
    Place,
    PlannedAudit,
    Qualification,
    Role,
    RuleKind,
    RuleSetting,
    Settings,
    Unavailability,
)
from auditplan.planner.holding import HeldBy
from auditplan.planner.replanning import replan
from auditplan.planner.rulebook import HARD_RULES
from auditplan.solver.solution import Budget

MONDAY = date(2026, 8, 3)


def _body(**more: object) -> Body:
    """One who leads, one who does not, and one audit of a day."""
    settings = Settings(
        plan_from=MONDAY, plan_to=MONDAY + timedelta(days=25), today=date(2026, 6, 1), language="en", freeze_days=0
    )
    audit = Audit(
        id="T1",
        client="C1",
        type=AuditType.SURVEILLANCE,
        standards=("ISO 9001",),
        days=Decimal(1),
        due=MONDAY + timedelta(days=20),
        largest_team=1,
    )
    body = Body(
        settings=settings,
        auditors=(Auditor(id="Li", name="Li", region="North"), Auditor(id="Xu", name="Xu", region="North")),
        qualifications=(Qualification(auditor="Li", standard="ISO 9001", role=Role.LEAD),),
        places=(Place(region="North", city="", latitude=40.0, longitude=116.0, country="CN"),),
        clients=(Client(id="C1", name="One", region="North"),),
        audits=(audit,),
    )
    return replace(body, **more)  # type: ignore[arg-type]


def _row(lead: str, **more: object) -> PlannedAudit:
    """The audit on the first Monday."""
    fields: dict[str, object] = {
        "audit": "T1",
        "start": MONDAY,
        "start_part": Part.AM,
        "end": MONDAY,
        "end_part": Part.PM,
        "lead": lead,
        **more,
    }
    return PlannedAudit(**fields)  # type: ignore[arg-type]


def _compliance(body: Body) -> Compliance:
    """Of the plan of a body."""
    result = replan(body, Budget(effort=1), threads=1)
    return compliance_of(result.body, result.plan, result.problems)


def test_every_rule_is_listed_with_the_verifiers_count() -> None:
    found = _compliance(_body())
    assert [record.rule for record in found.rules] == [rule.id for rule in HARD_RULES]
    counts = {record.rule: record.checks for record in found.rules}
    assert counts["lead"] >= 1
    assert counts["availability"] >= 1
    assert found.checks == sum(counts.values())
    assert found.overrides == ()
    assert all(record.overrides == 0 and record.state is State.HARD for record in found.rules)


@pytest.mark.parametrize(
    ("row", "held"),
    [
        (_row("Xu", lock=Lock.ALL), HeldBy.LOCK),
        (_row("Xu", status=AuditStatus.CONFIRMED), HeldBy.CONFIRMED),
        (_row("Xu", status=AuditStatus.CONFIRMED, lock=Lock.ALL), HeldBy.LOCK),
        (_row("Xu", invited=True), HeldBy.INVITED),
    ],
    ids=["lock", "confirmed", "lock before status", "invited"],
)
def test_a_lead_who_may_not_lead_is_told_with_what_holds_him(row: PlannedAudit, held: HeldBy) -> None:
    found = _compliance(_body(previous=(row,)))
    assert {override.rule for override in found.overrides} == {"lead", "counting", "coverage"}
    assert {(override.audit, override.held.by) for override in found.overrides} == {("T1", held)}
    assert {override.rule: override.people for override in found.overrides}["lead"] == ("Xu",)
    counts = {record.rule: record.overrides for record in found.rules}
    assert counts["lead"] == counts["counting"] == counts["coverage"] == 1
    assert sum(counts.values()) == 3


def test_what_the_freeze_holds() -> None:
    body = _body(previous=(_row("Li"),), unavailable=(Unavailability(auditor="Li", start=MONDAY, until=MONDAY),))
    frozen = replace(body, settings=replace(body.settings, today=MONDAY - timedelta(days=3), freeze_days=14))
    [override] = _compliance(frozen).overrides
    assert (override.rule, override.people, override.held.by) == ("availability", ("Li",), HeldBy.FREEZE)
    assert _compliance(body).overrides == ()


def test_what_the_audits_own_row_fixes() -> None:
    audit = replace(_body().audits[0], lead="Xu", start=MONDAY, status=AuditStatus.CONFIRMED)
    found = _compliance(_body(audits=(audit,)))
    assert {override.held.by for override in found.overrides} == {HeldBy.CONFIRMED}


def test_a_soft_window_and_a_rule_that_is_off() -> None:
    late = replace(_body().audits[0], due=MONDAY - timedelta(days=3))
    rules = (RuleSetting(rule="window", kind=RuleKind.SOFT), RuleSetting(rule="conflict", on=False))
    found = _compliance(_body(audits=(late,), rules=rules))
    [override] = found.overrides
    assert (override.rule, override.audit, override.held.by) == ("window", "T1", HeldBy.SOFT_RULE)
    states = {record.rule: record.state for record in found.rules}
    assert (states["window"], states["conflict"]) == (State.SOFT, State.OFF)
