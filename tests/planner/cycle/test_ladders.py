"""What follows when an audit is left out: each consequence with its date, by the certificate's own cycle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from auditplan.io.render import consequence_text
from auditplan.planner.cycle.ladder import Consequence, Ladders
from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.domain import Audit, AuditType, Body, Certificate, Qualification, Role
from auditplan.planner.planning import make_plan
from auditplan.planner.rulebook import RuleBook
from auditplan.solver.solution import Budget

Make = Callable[..., Certificate]
MakeBody = Callable[..., Body]
SEEN = {"last_audit": date(2026, 2, 10), "last_type": AuditType.SURVEILLANCE}


def _ladder(body: Body, identity: str) -> Consequence | None:
    """The ladder of a row."""
    [audit] = [audit for audit in body.audits if audit.id == identity]
    return Ladders(body, RuleBook(body.rules)).of(audit)


@pytest.mark.parametrize(
    ("fields", "identity", "code", "days"),
    [
        # Due on 15 March 2027: suspended the day after, withdrawn after six months.
        ({}, "A1-S1-2029", "suspension", ("2027-03-15", "2027-03-16", "2027-09-15")),
        # Six months after 30 November end on 30 May; the period begins on 4 January, so that it is late.
        (
            {"decision_date": date(2025, 11, 30), "expiry_date": date(2028, 11, 29)},
            "A1-S1-2028",
            "withdrawal",
            ("2026-11-30", "2026-12-01", "2027-05-30"),
        ),
        # ISO/IEC 17021-1:2015 9.6.3.2.5: restorable for six months; 60 days before 31 May is 1 April.
        (
            {"decision_date": date(2024, 6, 1), "expiry_date": date(2027, 5, 31), **SEEN},
            "A1-R-2027",
            "expiry-restore",
            ("2027-04-01", "2027-05-31", "2027-11-30"),
        ),
        (
            {"decision_date": date(2023, 12, 1), "expiry_date": date(2026, 11, 30), **SEEN},
            "A1-R-2026",
            "restore",
            ("2026-10-01", "2026-11-30", "2027-05-30"),
        ),
        # CNCA-QMS-01:2025: not restorable; the recertification is due within a year of the last surveillance.
        (
            {
                "decision_date": date(2024, 6, 1),
                "expiry_date": date(2027, 5, 31),
                "profile": "cnca-qms-2025",
                "last_audit": date(2026, 5, 20),
                "last_type": AuditType.SURVEILLANCE,
            },
            "A1-R-2027",
            "expiry",
            ("2027-04-01", "2027-05-31"),
        ),
    ],
)
def test_each_consequence_has_its_date(
    fields: dict[str, object], identity: str, code: str, days: tuple[str, ...], certificate: Make, body: MakeBody
) -> None:
    made = run_pipeline(body(certificate(**fields)))
    found = _ladder(made.body, identity)
    assert found is not None
    assert found.code == f"consequence-{code}"
    assert tuple(day.isoformat() for _, day in found.days) == days


def test_a_combined_visit_says_what_comes_first(certificate: Make, body: MakeBody) -> None:
    other = certificate(
        id="B1", standards=("ISO 14001",), decision_date=date(2026, 4, 10), expiry_date=date(2029, 4, 9)
    )
    made = run_pipeline(body(other, certificate()))
    found = _ladder(made.body, "A1-S1-2029+B1")
    assert found is not None
    assert dict(found.days)["suspended"] == date(2027, 3, 16)


def test_a_typed_row_has_the_ladder_of_its_certificate(certificate: Make, body: MakeBody) -> None:
    values = {"client": "K1", "type": AuditType.SURVEILLANCE, "days": Decimal(1), "due": date(2027, 2, 1)}
    typed = Audit(id="T1", standards=("ISO9001：2015",), **values)  # type: ignore[arg-type]
    found = _ladder(body(certificate(), audits=(typed,)), "T1")
    assert found is not None
    assert dict(found.days)["suspended"] == date(2027, 3, 16)
    stranger = replace(typed, standards=("ISO 22000",))
    assert _ladder(body(certificate(), audits=(stranger,)), "T1") is None


def test_a_recertification_without_its_decision_expires(certificate: Make, body: MakeBody) -> None:
    expiring = certificate(decision_date=date(2024, 5, 1), expiry_date=date(2027, 4, 30), **SEEN)
    decider = Qualification(auditor="Wu", standard="ISO 9001", role=Role.DECISION)
    base = body(expiring)
    made = run_pipeline(replace(base, qualifications=(*base.qualifications, decider)))
    found = _ladder(made.body, "A1-R-2027-D")
    assert found == Consequence("consequence-undecided", (("due", date(2027, 4, 30)), ("expiry", date(2027, 4, 30))))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_plan_lists_the_ladder_of_what_it_leaves_out(language: str, certificate: Make, body: MakeBody) -> None:
    made = run_pipeline(body(certificate()))
    bare = replace(made.body, qualifications=())
    [left] = make_plan(bare, Budget(seconds=2)).plan.unplaced
    told = consequence_text(left, language)
    assert [day for day in ("2027-03-15", "2027-03-16", "2027-09-15") if day not in told] == []


@pytest.mark.parametrize("kind", list(AuditType))
def test_every_kind_of_audit_has_a_consequence(kind: AuditType, body: MakeBody) -> None:
    typed = Audit(id="T", client="K1", type=kind, standards=("ISO 9001",), days=Decimal(1), due=date(2027, 2, 1))
    [left] = make_plan(body(audits=(typed,), qualifications=()), Budget(seconds=2)).plan.unplaced
    assert "2027-02-02" in consequence_text(left, "zh")
