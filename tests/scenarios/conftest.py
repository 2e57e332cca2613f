"""Tiny bodies whose plans are proven best in no time, and helpers to plan them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditType,
    Body,
    Client,
    Place,
    Qualification,
    Role,
    Settings,
)
from auditplan.planner.plan import Plan
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget

MONDAY = date(2027, 3, 1)
MakeBody = Callable[..., Body]


def _audit(number: int, code: str, days: str, weeks: int, client: str) -> Audit:
    """An audit due at the end of some week, for any team of one."""
    return Audit(
        id=f"T{number}",
        client=client,
        type=AuditType.SURVEILLANCE if number % 2 else AuditType.RECERTIFICATION,
        standards=("ISO 9001",) if number % 3 else ("ISO 14001",),
        codes=(code,),
        days=Decimal(days),
        due=MONDAY + timedelta(days=7 * weeks - 3),
        largest_team=1,
    )


@pytest.fixture
def make_body() -> MakeBody:
    """Makes a body of two weeks, with so many audits of three days for two leads: four fit, one a week each."""

    def made(audits: int = 4, *, people: int = 2, codes: tuple[str, ...] = ("17",), days: str = "3") -> Body:
        """A body."""
        settings = Settings(
            plan_from=MONDAY,
            plan_to=MONDAY + timedelta(days=11),
            today=date(2026, 11, 23),
            country="DE",
            freeze_days=0,
            currency="EUR",
        )
        names = [f"P{number}" for number in range(people)]
        rows = [
            Qualification(auditor=name, standard=standard, role=Role.LEAD, codes=("17",))
            for name in names
            for standard in ("ISO 9001", "ISO 14001")
        ]
        return Body(
            settings=settings,
            auditors=tuple(
                Auditor(id=name, name=name, region=("Berlin", "Hamburg")[number % 2])
                for number, name in enumerate(names)
            ),
            qualifications=tuple(rows),
            places=(Place(region="Berlin", city="Berlin"), Place(region="Hamburg", city="Hamburg")),
            clients=(
                Client(id="C0", name="C0", region="Berlin"),
                Client(id="C1", name="C1", region="Hamburg"),
            ),
            audits=tuple(
                _audit(number, codes[number % len(codes)], days, 1 + number % 2, f"C{number % 2}")
                for number in range(audits)
            ),
        )

    return made


@pytest.fixture
def best() -> Callable[[Body], Plan]:
    """The proven best plan of a tiny body on its first level."""

    def planned(body: Body) -> Plan:
        """Its plan."""
        plan = make_plan(body, Budget(effort=4), threads=1).plan
        assert plan.levels[0].bound == plan.levels[0].value, "the body is not tiny enough"
        return replace(plan)

    return planned
