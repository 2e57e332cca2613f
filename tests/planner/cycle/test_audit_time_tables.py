"""Audit time by IAF MD 5:2019: every row of the table at both its ends, and worked examples."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from auditplan.planner.audit_time import Derivation, derive, initial_days
from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.domain import Audit, AuditType, Body, Certificate, Complexity, RuleSetting, TimeRow

ROWS = list(
    csv.DictReader(files("auditplan.planner.tables").joinpath("md5.csv").read_text(encoding="utf-8").splitlines())
)
THREE = ("ISO 9001:2015", "ISO 14001:2015", "ISO 45001:2018")


def _days(kind: AuditType, standards: tuple[str, ...], people: int, **more: object) -> Decimal:
    """The days of an audit of medium complexity."""
    found = derive(kind, standards, people, Complexity.MEDIUM, **more)  # type: ignore[arg-type]
    assert isinstance(found, Derivation)
    return found.days


def test_the_table_has_its_184_rows() -> None:
    assert len(ROWS) == 184


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['scheme']} {row['complexity']} {row['personnel_from']}")
def test_iaf_md5_each_band_at_both_its_ends(row: dict[str, str]) -> None:
    complexity = None if row["complexity"] == "any" else Complexity(row["complexity"])
    for people in (int(row["personnel_from"]), int(row["personnel_to"])):
        assert initial_days(row["scheme"], people, complexity) == Decimal(row["audit_days"])


def test_iaf_md5_55_people_qms_initial_is_5_days() -> None:
    assert _days(AuditType.INITIAL, ("ISO 9001:2015",), 55) == 5
    assert _days(AuditType.STAGE_1, ("ISO 9001:2015",), 55) == 2
    assert _days(AuditType.STAGE_2, ("ISO 9001:2015",), 55) == 3
    assert _days(AuditType.SURVEILLANCE, ("ISO 9001:2015",), 55) == 2
    assert _days(AuditType.RECERTIFICATION, ("ISO 9001:2015",), 55) == Decimal("3.5")


def test_iaf_md11_three_standards_in_one_visit_with_20_percent() -> None:
    """5 + 6 + 6 = 17 days, less a fifth 13.6: up to 14; surveillance 4.53: up to 5."""
    integrated = {"integration": Decimal(20)}
    assert _days(AuditType.INITIAL, THREE, 55) == 17
    assert _days(AuditType.INITIAL, THREE, 55, **integrated) == 14
    assert _days(AuditType.SURVEILLANCE, THREE, 55, **integrated) == 5
    assert _days(AuditType.INITIAL, THREE, 55, integration=Decimal(50)) == 14
    assert _days(AuditType.INITIAL, THREE[:1], 55, **integrated) == 5


def test_iaf_md5_a_reduction_is_30_percent_at_most() -> None:
    assert _days(AuditType.INITIAL, THREE[:1], 55, reduction=Decimal(10)) == Decimal("4.5")
    assert _days(AuditType.INITIAL, THREE[:1], 55, reduction=Decimal(30)) == Decimal("3.5")
    assert _days(AuditType.INITIAL, THREE[:1], 55, reduction=Decimal(60)) == Decimal("3.5")


@pytest.mark.parametrize("people", [1, 5, 6, 30, 55, 175, 876, 10_700])
def test_stage_1_and_stage_2_are_the_whole(people: int) -> None:
    one, two = (_days(kind, THREE, people) for kind in (AuditType.STAGE_1, AuditType.STAGE_2))
    assert one + two == _days(AuditType.INITIAL, THREE, people)
    assert one >= Decimal("0.5")


def test_iaf_md5_note_2_the_progression_goes_on_above_10700() -> None:
    assert initial_days("QMS", 10_701) == 23
    assert initial_days("EMS", 10_701, Complexity.HIGH) == 36
    numbers = [initial_days("QMS", people) for people in (10_700, 12_000, 15_000, 30_000, 100_000)]
    assert numbers == sorted(number for number in numbers if number is not None)
    assert initial_days("QMS", 0) is None


def test_interpolation_is_off_unless_it_is_asked_for() -> None:
    """56 people lie half way between 45 (4 days) and 65 (5 days)."""
    assert initial_days("QMS", 55) == 5
    assert initial_days("QMS", 55, interpolate=True) == Decimal("4.5")
    assert initial_days("QMS", 65, interpolate=True) == 5


def test_own_tables_go_first_and_serve_schemes_that_iaf_md5_has_none_of() -> None:
    own = (
        TimeRow(scheme="ISO 27001", low=1, high=50, days=Decimal(4)),
        TimeRow(scheme="ISO 27001", low=1, high=50, days=Decimal(6), complexity=Complexity.HIGH),
        TimeRow(scheme="QMS", low=1, high=60, days=Decimal(6)),
    )
    assert _days(AuditType.INITIAL, ("ISO 27001:2022",), 40, own=own) == 4
    assert _days(AuditType.INITIAL, ("ISO 9001",), 55, own=own) == 6
    assert _days(AuditType.INITIAL, ("ISO 9001",), 61, own=own) == 5
    assert derive(AuditType.INITIAL, ("ISO 27001",), 51, own=own) is None
    high = derive(AuditType.INITIAL, ("ISO 27001",), 40, Complexity.HIGH, own=own)
    assert high is not None
    assert high.days == 6


def test_typed_days_that_differ_by_more_than_a_tenth_are_a_notice(
    body: Callable[..., Body],
) -> None:
    rows = tuple(
        Audit(
            id=f"T{days}",
            client="K1",
            type=AuditType.INITIAL,
            standards=("ISO 9001",),
            days=Decimal(days),
            due=date(2027, 3, 1),
        )
        for days in ("5", "5.5", "4", "6")
    )
    made = run_pipeline(body(audits=rows))
    assert [problem.value for problem in made.problems if problem.code == "time-differs"] == ["4", "6"]


def test_the_rules_say_how_time_is_worked_out(
    certificate: Callable[..., Certificate], body: Callable[..., Body]
) -> None:
    rules = (RuleSetting(rule="reduction", value=Decimal(30)),)
    [audit] = run_pipeline(body(certificate(), rules=rules)).added
    assert audit.days == Decimal("1.5")  # 5 days less 30 percent, a third of it: 1.17
