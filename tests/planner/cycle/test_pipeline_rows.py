"""The pipeline's rows: idempotent, following their certificates, keeping what was edited; ladders; combinations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from auditplan.planner.cycle.months import add_months
from auditplan.planner.cycle.pipeline import Pipeline, run_pipeline
from auditplan.planner.domain import (
    Audit,
    AuditStatus,
    AuditType,
    Body,
    Certificate,
    CertificateStatus,
    Part,
    PlannedAudit,
    RuleSetting,
)

Make = Callable[..., Certificate]
MakeBody = Callable[..., Body]


def _codes(made: Pipeline) -> list[str]:
    """What the pipeline has to say."""
    return [problem.code for problem in made.problems]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 1, 1), -1, date(2026, 12, 1)),
    ],
)
def test_months_end_where_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_first_surveillance_is_due_twelve_months_after_the_decision(certificate: Make, body: MakeBody) -> None:
    [audit] = run_pipeline(body(certificate())).added
    assert (audit.id, audit.type, audit.client) == ("A1-S1-2029", AuditType.SURVEILLANCE, "K1")
    assert (audit.earliest, audit.target, audit.due) == (date(2026, 12, 15), date(2027, 2, 13), date(2027, 3, 15))
    assert audit.days == 2  # 55 people: 5 days in all by IAF MD 5, a third of it up to the next half day
    assert audit.generated.startswith("A1-S1-2029 #")


def test_a_second_run_adds_nothing(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate(), certificate(id="B", client="K2")))
    again = run_pipeline(first.body)
    assert len(first.added) == 2
    assert (again.added, again.changed, again.kept, again.body) == ((), (), (), first.body)


def test_a_changed_certificate_changes_its_row(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate()))
    moved = certificate(decision_date=date(2026, 2, 20), expiry_date=date(2029, 2, 19), codes=("17",))
    again = run_pipeline(replace(first.body, certificates=(moved,)))
    [row] = again.changed
    assert (row.id, row.due, row.codes, again.added) == ("A1-S1-2029", date(2027, 2, 20), ("17",), ())
    assert run_pipeline(again.body).changed == ()


def test_an_edited_row_is_kept_and_the_difference_told(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate()))
    edited = replace(first.added[0], days=Decimal(3), lead="Li")
    again = run_pipeline(replace(first.body, audits=(edited,)))
    assert (again.body.audits, again.added, again.changed, again.kept) == ((edited,), (), (), ("A1-S1-2029",))
    assert dict(again.problems[0].parameters) == {"audit": "A1-S1-2029", "own": "3", "expected": "2"}


def test_what_is_the_coordinators_of_a_row_stays_when_it_changes(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate()))
    led = replace(first.added[0], lead="Wu")
    moved = certificate(decision_date=date(2026, 3, 1), expiry_date=date(2029, 2, 28))
    [row] = run_pipeline(replace(first.body, audits=(led,), certificates=(moved,))).changed
    assert (row.lead, row.due) == ("Wu", date(2027, 3, 1))


def test_a_row_that_is_cancelled_by_hand_stays_so_and_is_told(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate()))
    cancelled = replace(first.added[0], status=AuditStatus.CANCELLED)
    again = run_pipeline(replace(first.body, audits=(cancelled,)))
    assert (again.added, again.changed, _codes(again)) == ((), (), ["pipeline-cancelled"])


def test_a_withdrawn_certificate_drops_its_row_and_a_reinstated_one_revives_it(
    certificate: Make, body: MakeBody
) -> None:
    first = run_pipeline(body(certificate()))
    gone = run_pipeline(replace(first.body, certificates=(certificate(status=CertificateStatus.WITHDRAWN),)))
    assert [(row.id, row.status) for row in gone.changed] == [("A1-S1-2029", AuditStatus.CANCELLED)]
    assert _codes(gone) == ["pipeline-dropped"]
    assert run_pipeline(gone.body).changed == ()
    back = run_pipeline(replace(gone.body, certificates=(certificate(),)))
    assert [(row.id, row.status) for row in back.changed] == [("A1-S1-2029", AuditStatus.OPEN)]
    assert back.changed[0].generated == first.added[0].generated


def test_a_typed_row_is_the_step_that_it_is(certificate: Make, body: MakeBody) -> None:
    typed = Audit(
        id="T1",
        client="K1",
        type=AuditType.SURVEILLANCE,
        standards=("ISO9001：2015",),
        days=Decimal(1),
        due=date(2027, 3, 1),
    )
    assert run_pipeline(body(certificate(), audits=(typed,))).added == ()
    other = replace(typed, standards=("ISO 14001",))
    assert len(run_pipeline(body(certificate(), audits=(other,))).added) == 1


def test_last_audit_closes_the_row_that_was_generated_for_it(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate()))
    done = certificate(last_audit=date(2027, 1, 20), last_type=AuditType.SURVEILLANCE)
    again = run_pipeline(replace(first.body, certificates=(done,)))
    assert [row.status for row in again.changed] == [AuditStatus.CANCELLED]
    assert again.added == ()


def test_two_certificates_of_a_client_are_one_visit(certificate: Make, body: MakeBody) -> None:
    other = certificate(
        id="B1", standards=("ISO 14001",), decision_date=date(2026, 4, 10), expiry_date=date(2029, 4, 9)
    )
    [visit] = run_pipeline(body(certificate(), other)).added
    assert visit.id == "A1-S1-2029+B1"
    assert visit.standards == ("ISO 9001", "ISO 14001")
    assert (visit.earliest, visit.due) == (date(2027, 1, 10), date(2027, 3, 15))
    assert visit.days == 4  # 2 and 2.5 by IAF MD 5, no reduction unless the Rules give one: 2 + 2


@pytest.mark.parametrize(
    "rule", [RuleSetting(rule="combined visits", on=False), RuleSetting(rule="combined visits", value=Decimal(20))]
)
def test_combination_can_be_told_not_to(rule: RuleSetting, certificate: Make, body: MakeBody) -> None:
    other = certificate(
        id="B1", standards=("ISO 14001",), decision_date=date(2026, 4, 10), expiry_date=date(2029, 4, 9)
    )
    made = run_pipeline(body(certificate(), other, rules=(rule,)))
    assert [audit.id for audit in made.added] == ["A1-S1-2029", "B1-S1-2029"]


def test_other_codes_or_a_service_are_not_combined(certificate: Make, body: MakeBody) -> None:
    coded = certificate(id="B1", standards=("ISO 14001",), codes=("17",))
    service = certificate(id="C1", standards=("GB/T 27922",), profile="")
    made = run_pipeline(body(certificate(), coded, service))
    assert sorted(audit.id for audit in made.added) == ["A1-S1-2029", "B1-S1-2029", "C1-S1-2029"]


def test_the_ladder_of_a_surveillance_suspended_the_day_after_withdrawn_six_months_later(
    certificate: Make, body: MakeBody
) -> None:
    late = certificate(decision_date=date(2025, 11, 30), expiry_date=date(2028, 11, 29))
    made = run_pipeline(body(late))
    [audit] = made.added
    assert dict(made.problems[0].parameters) == {
        "certificate": "A1",
        "step": "A1-S1-2028",
        "due": "2026-11-30",
        "suspended": "2026-12-01",
        "withdrawn": "2027-05-30",
    }
    assert (audit.due, audit.target, audit.priority) == (date(2027, 5, 30), date(2027, 1, 4), 2)


def test_a_suspended_certificate_still_asks_for_its_audit(certificate: Make, body: MakeBody) -> None:
    late = certificate(
        decision_date=date(2025, 8, 31), expiry_date=date(2028, 8, 30), status=CertificateStatus.SUSPENDED
    )
    [audit] = run_pipeline(body(late)).added
    assert audit.due == date(2027, 2, 28)


def test_what_should_have_been_withdrawn_is_told_and_stays_in_sight(certificate: Make, body: MakeBody) -> None:
    late = certificate(
        decision_date=date(2024, 3, 1),
        expiry_date=date(2027, 12, 31),
        profile="cnca-qms-2025",
        last_audit=date(2025, 2, 1),
        last_type=AuditType.SURVEILLANCE,
    )
    made = run_pipeline(body(late))
    assert "pipeline-overdue-withdraw" in _codes(made)
    assert [audit.due for audit in made.added] == [date(2027, 3, 31)]


@pytest.mark.parametrize(
    ("profile", "expiry", "code", "due"),
    [
        ("iso-17021", date(2027, 1, 31), "pipeline-recertify", date(2027, 1, 31)),
        ("iso-17021", date(2026, 11, 30), "pipeline-restore", date(2027, 5, 30)),
        ("iso-17021", date(2026, 6, 30), "pipeline-expired", None),
        ("cnca-qms-2016", date(2026, 8, 31), "pipeline-restore", date(2027, 2, 28)),
        ("cnca-qms-2025", date(2027, 1, 31), "pipeline-recertify", date(2027, 1, 31)),
        ("cnca-qms-2025", date(2026, 12, 31), "pipeline-expired", None),
        ("service-27922", date(2026, 12, 31), "pipeline-expired", None),
    ],
)
def test_the_ladder_of_a_recertification(
    profile: str, expiry: date, code: str, due: date | None, certificate: Make, body: MakeBody
) -> None:
    """ISO/IEC 17021-1:2015 9.6.3.2.5: restorable within six months; CNCA-QMS-01:2025: a new initial audit."""
    last = add_months(expiry, -12)
    late = certificate(
        decision_date=add_months(expiry, -36),
        expiry_date=expiry,
        profile=profile,
        last_audit=last,
        last_type=AuditType.SURVEILLANCE,
    )
    made = run_pipeline(body(late))
    assert code in _codes(made)
    assert [audit.due for audit in made.added if audit.type is AuditType.RECERTIFICATION] == ([due] if due else [])


def test_profiles_go_by_standard_country_and_date(certificate: Make, body: MakeBody) -> None:
    """QMS in China: by the issue date from 2026 on (CNCA-QMS-01:2025), by the decision abroad."""
    issued = certificate(profile="", issue_date=date(2026, 3, 25))
    assert run_pipeline(body(issued)).added[0].due == date(2027, 3, 25)
    base = body(issued)
    abroad = replace(base, places=(replace(base.places[0], country="DE"),))
    assert run_pipeline(abroad).added[0].due == date(2027, 3, 15)
    off = replace(
        base, rules=(RuleSetting(rule="cnca-qms-2025", on=False), RuleSetting(rule="cnca-qms-2016", on=False))
    )
    assert run_pipeline(off).added[0].due == date(2027, 3, 15)


def test_an_unknown_profile_is_told(certificate: Make, body: MakeBody) -> None:
    made = run_pipeline(body(certificate(profile="iso-17012")))
    assert _codes(made) == ["pipeline-profile-unknown"]
    assert len(made.added) == 1


def test_numbers_of_a_profile_are_editable(certificate: Make, body: MakeBody) -> None:
    rules = (
        RuleSetting(rule="iso-17021: first", value=Decimal(11)),
        RuleSetting(rule="iso-17021: lead", value=Decimal(30)),
    )
    [audit] = run_pipeline(body(certificate(), rules=rules)).added
    assert (audit.earliest, audit.due) == (date(2027, 1, 16), date(2027, 2, 15))


def test_what_was_placed_ahead_of_the_period_is_settled(certificate: Make, body: MakeBody) -> None:
    first = run_pipeline(body(certificate(profile="service-27922")))
    placed = PlannedAudit(
        audit="A1-S1-2029",
        start=date(2027, 2, 15),
        start_part=Part.AM,
        end=date(2027, 2, 16),
        end_part=Part.PM,
        lead="Li",
        team=("Wu",),
    )
    settings = replace(
        first.body.settings, plan_from=date(2028, 1, 3), plan_to=date(2028, 3, 31), today=date(2027, 12, 1)
    )
    made = run_pipeline(replace(first.body, settings=settings, previous=(placed,)))
    [row] = made.settled
    assert (row.start, row.lead, row.team, row.status) == (date(2027, 2, 15), "Li", ("Wu",), AuditStatus.DONE)
    assert [(audit.id, audit.due) for audit in made.added] == [("A1-S2-2029", date(2028, 2, 15))]
    later = replace(made.body, previous=())
    assert run_pipeline(later).added == ()


def test_a_surveillance_that_a_recertification_overtook_is_dropped_and_told(certificate: Make, body: MakeBody) -> None:
    """ISO/IEC 17021-1:2015 9.1.3.3: in the year in which the recertification takes place no surveillance is needed."""
    late = certificate(
        decision_date=date(2025, 2, 15),
        expiry_date=date(2028, 2, 14),
        last_audit=date(2026, 1, 26),
        last_type=AuditType.SURVEILLANCE,
    )
    made = run_pipeline(body(late))
    assert [(audit.id, audit.due) for audit in made.added] == [("A1-S2-2028", date(2027, 12, 31))]
    recertified = replace(late, last_audit=date(2027, 9, 30), last_type=AuditType.RECERTIFICATION)
    settings = replace(
        made.body.settings, plan_from=date(2027, 10, 1), plan_to=date(2027, 12, 31), today=date(2027, 10, 1)
    )
    again = run_pipeline(replace(made.body, settings=settings, certificates=(recertified,)))
    assert [(row.id, row.status) for row in again.changed] == [("A1-S2-2028", AuditStatus.CANCELLED)]
    assert _codes(again) == ["pipeline-overtaken"]


def test_a_typed_audit_that_was_placed_two_periods_ago_is_not_planned_again(body: MakeBody) -> None:
    typed = Audit(
        id="T1", client="K1", type=AuditType.INITIAL, standards=("ISO 9001",), days=Decimal(2), due=date(2027, 2, 26)
    )
    day = date(2027, 1, 11)
    placed = PlannedAudit(audit="T1", start=day, start_part=Part.AM, end=day, end_part=Part.PM, lead="Li")
    base = body(audits=(typed,), previous=(placed,))
    second = replace(base.settings, plan_from=date(2027, 4, 1), plan_to=date(2027, 6, 30))
    [row] = run_pipeline(replace(base, settings=second)).settled
    third = replace(base.settings, plan_from=date(2027, 7, 1), plan_to=date(2027, 9, 30))
    made = run_pipeline(replace(base, settings=third, audits=(row,), previous=()))
    assert [audit.status for audit in made.body.audits] == [AuditStatus.DONE]
