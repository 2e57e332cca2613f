"""Spot checks of services (GB/T 27922): without notice, by other people than those of the announced visit; follow-ups
with a deadline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body, Certificate, RuleSetting
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget

Make = Callable[..., Certificate]
MakeBody = Callable[..., Body]
YEAR = (RuleSetting(rule="spot checks", value=Decimal(30)),)


def _services(certificate: Make, number: int = 40) -> tuple[Certificate, ...]:
    """Service certificates of one client that stand for all of 2027."""
    return tuple(certificate(id=f"G{place}", standards=("GB/T 27922",), profile="") for place in range(number))


def _checks(audits: tuple[Audit, ...]) -> list[Audit]:
    """The spot checks among some rows."""
    return [audit for audit in audits if audit.type is AuditType.SPOT_CHECK]


def _of_2027(certificate: Make, body: MakeBody, rules: tuple[RuleSetting, ...] = YEAR) -> Body:
    """A year of forty services."""
    base = body(*_services(certificate), rules=rules)
    return replace(base, settings=replace(base.settings, plan_to=date(2027, 12, 31)))


def test_no_spot_check_is_generated_unless_the_rules_say_so(certificate: Make, body: MakeBody) -> None:
    assert _checks(run_pipeline(_of_2027(certificate, body, ())).added) == []


def test_a_share_of_the_services_is_checked_without_notice_once_a_year(certificate: Make, body: MakeBody) -> None:
    made = run_pipeline(_of_2027(certificate, body))
    checks = [audit for audit in _checks(made.added) if audit.id.endswith("2027")]
    assert 4 <= len(checks) <= 20  # 30 percent of forty, drawn
    assert len({audit.earliest for audit in checks}) > 1
    for audit in checks:
        own = audit.id.removesuffix("-C-2027")
        assert (audit.unannounced, audit.not_team_of, audit.days) == (True, f"{own}-S1-2029", Decimal(1))
    again = run_pipeline(made.body)
    assert (again.added, again.changed, again.body) == ((), (), made.body)


def test_a_typed_spot_check_keeps_away_from_the_announced_team(certificate: Make, body: MakeBody) -> None:
    typed = Audit(
        id="X",
        client="K1",
        type=AuditType.SPOT_CHECK,
        standards=("GB/T 27922",),
        days=Decimal(1),
        due=date(2027, 3, 20),
        largest_team=1,
    )
    made = run_pipeline(body(certificate(standards=("GB/T 27922",), profile=""), audits=(typed,)))
    assert [(row.not_team_of, row.unannounced) for row in made.linked] == [("A1-S1-2029", True)]
    placed = {placement.audit: placement for placement in make_plan(made.body, Budget(seconds=5)).plan.placements}
    people = {name: {seat.auditor for seat in placed[name].seats} for name in ("X", "A1-S1-2029")}
    assert not people["X"] & people["A1-S1-2029"]
    own = replace(typed, not_team_of="A1-S1-2029")
    assert run_pipeline(replace(made.body, audits=(own, *made.body.audits[1:]))).linked == ()


def test_it_keeps_away_from_the_team_of_last_year_too(body: MakeBody) -> None:
    values = {"client": "K1", "standards": ("GB/T 27922",), "days": Decimal(1)}
    done = Audit(
        id="S",
        type=AuditType.SURVEILLANCE,
        due=date(2026, 6, 30),
        start=date(2026, 6, 8),
        lead="Li",
        status=AuditStatus.DONE,
        **values,  # type: ignore[arg-type]
    )
    check = Audit(id="X", type=AuditType.SPOT_CHECK, due=date(2027, 3, 20), largest_team=1, **values)  # type: ignore[arg-type]
    made = run_pipeline(body(audits=(done, check)))
    [placement] = make_plan(made.body, Budget(seconds=5)).plan.placements
    assert (placement.audit, placement.lead) == ("X", "Wu")


def test_a_follow_up_meets_its_deadline_after_the_audit(body: MakeBody) -> None:
    values = {"client": "K1", "standards": ("GB/T 27922",), "largest_team": 1}
    audit = Audit(
        id="T",
        type=AuditType.SURVEILLANCE,
        days=Decimal(2),
        earliest=date(2027, 1, 11),
        due=date(2027, 1, 22),
        **values,  # type: ignore[arg-type]
    )
    follow = Audit(
        id="F",
        type=AuditType.FOLLOW_UP,
        days=Decimal(1),
        due=date(2027, 3, 31),
        after="T",
        gap_to=30,
        **values,  # type: ignore[arg-type]
    )
    placed = {row.audit: row for row in make_plan(body(audits=(audit, follow)), Budget(seconds=5)).plan.placements}
    assert 0 <= (placed["F"].start.day - placed["T"].end.day).days <= 30
