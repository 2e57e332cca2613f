"""Decisions (ISO/IEC 17021-1:2015 9.5) and the chain of after-sales service (GB/T 27922)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from auditplan.planner.cycle.pipeline import Pipeline, run_pipeline
from auditplan.planner.cycle.stars import rating, score
from auditplan.planner.domain import (
    Audit,
    AuditMode,
    AuditStatus,
    AuditType,
    Body,
    Certificate,
    Qualification,
    Role,
    RuleSetting,
)
from auditplan.planner.planning import make_plan
from auditplan.planner.verify import verify
from auditplan.solver.solution import Budget

Make = Callable[..., Certificate]
MakeBody = Callable[..., Body]


def _with_decider(body: Body, *people: str) -> Body:
    """A body in which some people decide on every standard."""
    rows = tuple(
        Qualification(auditor=person, standard=standard, role=Role.DECISION)
        for person in people
        for standard in ("ISO 9001", "GB/T 27922")
    )
    return replace(body, qualifications=(*body.qualifications, *rows))


def _typed(**fields: object) -> Audit:
    """An initial audit in the first quarter of 2027."""
    values: dict[str, object] = {
        "id": "T1",
        "client": "K1",
        "type": AuditType.INITIAL,
        "standards": ("ISO 9001",),
        "days": Decimal(2),
        "earliest": date(2027, 1, 11),
        "due": date(2027, 2, 5),
    }
    return Audit(**{**values, **fields})  # type: ignore[arg-type]


def _by_id(made: Pipeline) -> dict[str, Audit]:
    """Rows by id."""
    return {audit.id: audit for audit in made.body.audits}


@pytest.mark.parametrize("kind", [AuditType.INITIAL, AuditType.STAGE_2, AuditType.RECERTIFICATION])
def test_an_initial_or_recertification_gets_its_decision(kind: AuditType, body: MakeBody) -> None:
    made = run_pipeline(_with_decider(body(audits=(_typed(type=kind),)), "Wu"))
    decision = _by_id(made)["T1-D"]
    assert (decision.type, decision.mode, decision.after) == (AuditType.DECISION, AuditMode.DESK, "T1")
    assert (decision.earliest, decision.due, decision.gap_from) == (date(2027, 1, 25), date(2027, 4, 6), 14)
    assert run_pipeline(made.body).added == ()


def test_a_recertification_is_decided_before_expiry(certificate: Make, body: MakeBody) -> None:
    expiring = certificate(
        decision_date=date(2024, 5, 1),
        expiry_date=date(2027, 4, 30),
        last_audit=date(2026, 4, 20),
        last_type=AuditType.SURVEILLANCE,
    )
    rows = _by_id(run_pipeline(_with_decider(body(expiring), "Wu")))
    assert rows["A1-R-2027"].due == date(2027, 3, 1)
    assert rows["A1-R-2027-D"].due == date(2027, 4, 30)


@pytest.mark.parametrize("kind", [AuditType.SURVEILLANCE, AuditType.STAGE_1, AuditType.SPECIAL])
def test_other_audits_get_none(kind: AuditType, body: MakeBody) -> None:
    assert run_pipeline(_with_decider(body(audits=(_typed(type=kind),)), "Wu")).added == ()


def test_without_holders_no_decision_is_planned_and_a_notice_says_so(body: MakeBody) -> None:
    made = run_pipeline(body(audits=(_typed(), _typed(id="T2"))))
    assert made.added == ()
    [notice] = [problem for problem in made.problems if problem.code == "chain-no-decision"]
    assert dict(notice.parameters) == {"count": "2", "audit": "T1"}


def test_a_typed_decision_is_the_decision(body: MakeBody) -> None:
    own = _typed(id="X", type=AuditType.DECISION, after="T1", days=Decimal("0.5"), mode=AuditMode.DESK)
    assert run_pipeline(_with_decider(body(audits=(_typed(), own)), "Wu")).added == ()


def test_a_decision_is_cancelled_with_its_audit(body: MakeBody) -> None:
    made = run_pipeline(_with_decider(body(audits=(_typed(),)), "Wu"))
    gone = tuple(
        replace(audit, status=AuditStatus.CANCELLED) if audit.id == "T1" else audit for audit in made.body.audits
    )
    [dropped] = run_pipeline(replace(made.body, audits=gone)).changed
    assert (dropped.id, dropped.status) == ("T1-D", AuditStatus.CANCELLED)


def test_decisions_can_be_switched_off(body: MakeBody) -> None:
    rules = (RuleSetting(rule="decision: days", on=False),)
    assert run_pipeline(_with_decider(body(audits=(_typed(),), rules=rules), "Wu")).added == ()


def test_an_initial_service_row_becomes_review_visit_and_decision(body: MakeBody) -> None:
    typed = _typed(standards=("GB/T 27922-2011",))
    made = run_pipeline(_with_decider(body(audits=(typed,)), "Li", "Wu"))
    rows = _by_id(made)
    assert [rows[name].type for name in ("T1-R", "T1", "T1-D")] == [
        AuditType.DOCUMENT_REVIEW,
        AuditType.INITIAL,
        AuditType.DECISION,
    ]
    assert (rows["T1"].after, rows["T1-D"].after, rows["T1-R"].mode) == ("T1-R", "T1", AuditMode.DESK)
    assert [audit.id for audit in made.linked] == ["T1"]
    again = run_pipeline(made.body)
    assert (again.added, again.changed, again.linked) == ((), (), ())


def test_the_chain_is_planned_in_order_and_decided_by_another(body: MakeBody) -> None:
    typed = _typed(standards=("GB/T 27922",), largest_team=1)
    made = run_pipeline(_with_decider(body(audits=(typed,)), "Li", "Wu"))
    result = make_plan(made.body, Budget(seconds=5))
    placed = {placement.audit: placement for placement in result.plan.placements}
    assert result.plan.verified
    assert set(placed) == {"T1-R", "T1", "T1-D"}
    assert placed["T1-R"].end < placed["T1"].start
    assert placed["T1-D"].start.day - placed["T1"].end.day >= timedelta(days=14)
    assert placed["T1-D"].lead != placed["T1"].lead
    assert placed["T1-D"].lead != placed["T1-R"].lead


def test_a_service_recertification_begins_with_its_review(certificate: Make, body: MakeBody) -> None:
    expiring = certificate(
        standards=("GB/T 27922",),
        profile="",
        decision_date=date(2024, 5, 1),
        expiry_date=date(2027, 4, 30),
        last_audit=date(2026, 4, 20),
        last_type=AuditType.SURVEILLANCE,
    )
    made = run_pipeline(body(expiring))
    rows = _by_id(made)
    assert set(rows) == {"A1-R-2027", "A1-R-2027-R"}
    assert rows["A1-R-2027"].after == "A1-R-2027-R"
    assert run_pipeline(made.body).body == made.body


def test_a_service_surveillance_is_reduced(certificate: Make, body: MakeBody) -> None:
    [audit] = run_pipeline(body(certificate(standards=("GB/T 27922",), profile=""))).added
    assert (audit.type, audit.days) == (AuditType.SURVEILLANCE, Decimal("1.5"))


@pytest.mark.parametrize(
    ("points", "applicable", "stars"),
    [
        (69, 100, None),
        (70, 100, 0),
        (79.9, 100, 0),
        (80, 100, 3),
        (72, 80, 4),
        (89.99, 100, 3),
        (95, 100, 5),
        (0, 1, None),
    ],
)
def test_gbt27922_stars_go_by_points_of_the_applicable(points: float, applicable: float, stars: int | None) -> None:
    assert rating(score(Decimal(str(points)), Decimal(applicable))) == stars


def test_a_review_keeps_no_visit_from_its_last_days(certificate: Make, body: MakeBody) -> None:
    """The visit is due ten days into the period: a review due a week before it would fall on the New Year's days."""
    expiring = certificate(
        standards=("GB/T 27922",),
        profile="",
        decision_date=date(2024, 3, 12),
        expiry_date=date(2027, 3, 11),
        last_audit=date(2026, 2, 20),
        last_type=AuditType.SURVEILLANCE,
    )
    settings = replace(body().settings, plan_from=date(2027, 1, 1))
    made = run_pipeline(body(expiring, settings=settings))
    rows = _by_id(made)
    assert (rows["A1-R-2027"].due, rows["A1-R-2027-R"].due) == (date(2027, 1, 10), date(2027, 1, 10))
    placed = {placement.audit for placement in make_plan(made.body, Budget(seconds=5)).plan.placements}
    assert placed == {"A1-R-2027", "A1-R-2027-R"}


def test_a_review_is_over_a_week_before_its_visit_where_there_is_time(body: MakeBody) -> None:
    rows = _by_id(run_pipeline(body(audits=(_typed(standards=("GB/T 27922",)),))))
    assert (rows["T1-R"].earliest, rows["T1-R"].due) == (date(2026, 12, 28), date(2027, 1, 29))


def _done(made: Pipeline, day: date, plan_from: date, plan_to: date) -> Body:
    """The body a quarter later: its recertification took place on a day, the decision is still open."""
    audits = tuple(
        replace(audit, status=AuditStatus.DONE, start=day, lead="Li") if audit.id == "A1-R-2027" else audit
        for audit in made.body.audits
    )
    settings = replace(made.body.settings, plan_from=plan_from, plan_to=plan_to, today=plan_from)
    return replace(made.body, audits=audits, settings=settings)


def _expiring(certificate: Make) -> Certificate:
    """A certificate that expires on 30 April 2027."""
    return certificate(
        decision_date=date(2024, 5, 1),
        expiry_date=date(2027, 4, 30),
        last_audit=date(2026, 4, 20),
        last_type=AuditType.SURVEILLANCE,
    )


def test_a_decision_that_is_late_is_planned_as_soon_as_possible(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(_with_decider(body(_expiring(certificate)), "Wu"))
    late = run_pipeline(_done(first, date(2027, 2, 8), date(2027, 7, 1), date(2027, 9, 30)))
    [row] = late.changed
    assert (row.id, row.due, row.priority) == ("A1-R-2027-D", date(2027, 9, 30), 2)
    assert "chain-late" in {problem.code for problem in late.problems}
    plan = make_plan(late.body, Budget(seconds=5)).plan
    assert [placement.audit for placement in plan.placements] == ["A1-R-2027-D"]


def test_a_decision_that_the_certificate_shows_is_made(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(_with_decider(body(_expiring(certificate)), "Wu"))
    later = _done(first, date(2027, 2, 8), date(2027, 7, 1), date(2027, 9, 30))
    renewed = certificate(decision_date=date(2027, 4, 10), expiry_date=date(2030, 4, 30))
    made = run_pipeline(replace(later, certificates=(renewed,)))
    assert [(row.id, row.status) for row in made.changed] == [("A1-R-2027-D", AuditStatus.CANCELLED)]
    assert [problem.code for problem in made.problems] == ["chain-decided"]
    assert run_pipeline(made.body).changed == ()


def test_a_decision_that_cannot_be_made_before_expiry_follows_it(certificate: Make, body: MakeBody) -> None:
    """The period begins a week before expiry: with two weeks for corrections no decision can be in time."""
    settings = replace(body().settings, plan_from=date(2027, 4, 26), plan_to=date(2027, 7, 31), today=date(2027, 4, 20))
    made = run_pipeline(_with_decider(body(_expiring(certificate), settings=settings), "Wu"))
    rows = _by_id(made)
    assert (rows["A1-R-2027"].due, rows["A1-R-2027-D"].due) == (date(2027, 4, 30), date(2027, 6, 29))
    in_time = run_pipeline(_with_decider(body(_expiring(certificate)), "Wu"))
    assert _by_id(in_time)["A1-R-2027-D"].due == date(2027, 4, 30)


def test_the_certificate_of_a_typed_recertification_is_found_however_its_standard_is_spelled(
    certificate: Make, body: MakeBody
) -> None:
    typed = _typed(type=AuditType.RECERTIFICATION, standards=("ISO9001：2015",))
    made = run_pipeline(_with_decider(body(_expiring(certificate), audits=(typed,)), "Wu"))
    assert _by_id(made)["T1-D"].due == date(2027, 4, 30)


@pytest.mark.parametrize("start", [date(2026, 12, 14), date(2026, 6, 8)])
def test_who_audited_in_an_earlier_period_does_not_decide(start: date, body: MakeBody) -> None:
    """ISO/IEC 17021-1:2015 9.5.1.1, however long ago the audit was."""
    done = _typed(start=start, lead="Li", status=AuditStatus.DONE)
    decision = _typed(
        id="D", type=AuditType.DECISION, after="T1", days=Decimal("0.5"), mode=AuditMode.DESK, largest_team=1
    )
    both = make_plan(_with_decider(body(audits=(done, decision)), "Li", "Wu"), Budget(seconds=5)).plan
    assert [placement.lead for placement in both.placements if placement.audit == "D"] == ["Wu"]
    alone = make_plan(_with_decider(body(audits=(done, decision)), "Li"), Budget(seconds=5)).plan
    assert [left.audit for left in alone.unplaced] == ["D"]
    again = next(placement for placement in both.placements if placement.audit == "D")
    swapped = replace(both, placements=(replace(again, seats=(replace(again.seats[0], auditor="Li"),)),))
    broken = verify(_with_decider(body(audits=(done, decision)), "Li", "Wu"), swapped).violations
    assert "independence" in {violation.rule for violation in broken}


def test_a_gap_counts_from_an_audit_that_was_done_long_ago(body: MakeBody) -> None:
    done = _typed(start=date(2026, 10, 12), lead="Li", status=AuditStatus.DONE)
    follows = _typed(id="T2", type=AuditType.FOLLOW_UP, after="T1", gap_to=90, days=Decimal(1))
    [placement] = [
        placement
        for placement in make_plan(body(audits=(done, follows)), Budget(seconds=5)).plan.placements
        if placement.audit == "T2"
    ]
    assert placement.start.day == date(2027, 1, 11)  # 90 days after 13 October, the last day of two
    late = replace(follows, gap_to=60)
    plan = make_plan(body(audits=(done, late)), Budget(seconds=5)).plan
    assert [left.audit for left in plan.unplaced] == ["T2"]
