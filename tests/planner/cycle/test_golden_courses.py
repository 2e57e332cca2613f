"""Golden tables (courses.txt): for each profile certificates with the last days of their audits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from auditplan.planner.cycle.course import Event, Step, course
from auditplan.planner.cycle.profiles import Profiles
from auditplan.planner.cycle.rules import PROFILES
from auditplan.planner.domain import AuditType, Certificate
from auditplan.planner.rulebook import RuleBook

TABLES = (Path(__file__).parent / "courses.txt").read_text(encoding="utf-8").split("\n## ")[1:]
CASES = [
    pytest.param(head.split(" | ")[0], row, id=f"{head.split(' | ')[1]}: {row.split('|')[0].strip()}")
    for head, *rows in (table.strip().splitlines() for table in TABLES)
    for row in rows
]


def _day(text: str) -> date | None:
    """A day of a table; None for a dash."""
    return None if text == "-" else date.fromisoformat(text)


def _steps(profile: str, cells: list[str]) -> tuple[Step, ...]:
    """The course of a row's certificate."""
    decision, expiry, last = _day(cells[1]), _day(cells[3]), _day(cells[4])
    assert decision is not None
    assert expiry is not None
    kind = None if cells[5] == "-" else AuditType(cells[5])
    certificate = Certificate(
        id="C",
        client="K",
        standards=("X",),
        decision_date=decision,
        issue_date=_day(cells[2]),
        expiry_date=expiry,
        last_audit=last,
        last_type=kind,
        profile=profile,
    )
    profiles = Profiles(RuleBook(()))
    events = [] if last is None else [Event(day=last, type=kind)]
    return course(certificate, lambda day: profiles.of(certificate, "CN", day), events)


@pytest.mark.parametrize(("profile", "row"), CASES)
def test_the_last_days_of_a_cycle(profile: str, row: str) -> None:
    cells = [cell.strip() for cell in row.split("|")]
    steps = _steps(profile, cells)
    assert ["done" if step.done else step.limit.isoformat() for step in steps] == cells[6:]
    assert [step.type for step in steps][-1] is AuditType.RECERTIFICATION
    for step in steps:
        assert step.earliest <= step.target <= step.limit
        assert step.limit - step.earliest >= timedelta(days=90) or step.earliest > steps[0].limit


def test_every_profile_has_at_least_twenty_certificates() -> None:
    assert len(TABLES) == len(PROFILES)
    assert all(len(table.strip().splitlines()) > 20 for table in TABLES)
