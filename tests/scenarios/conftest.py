"""Tiny bodies whose plans are proven best in no time, and helpers to plan them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

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
    Unavailability,
)
from auditplan.planner.plan import Plan
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget

MONDAY = date(2027, 3, 1)
STANDARDS = ("ISO 9001", "ISO 14001")
CODES = ("17", "17.06", "19")
REGIONS = ("Berlin", "Hamburg")
TYPES = (AuditType.SURVEILLANCE, AuditType.RECERTIFICATION, AuditType.INITIAL)
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


def _random_body(seed: int, *, audits: int = 6, people: int = 3, weeks: int = 2) -> Body:
    """A few people, two weeks, and more work than fits, so that something is usually lost; the same for a seed."""
    random = Random(seed)
    names = [f"P{number}" for number in range(people)]
    settings = Settings(
        plan_from=MONDAY,
        plan_to=MONDAY + timedelta(days=7 * weeks - 3),
        today=date(2026, 11, 23),
        country="DE",
        freeze_days=0,
        currency="EUR",
    )
    return Body(
        settings=settings,
        auditors=tuple(Auditor(id=name, name=name, region=random.choice(REGIONS)) for name in names),
        qualifications=tuple(row for name in names for row in _rows(random, name)),
        places=tuple(Place(region=region, city=region) for region in REGIONS),
        clients=tuple(Client(id=f"C{number}", name=f"C{number}", region=REGIONS[number]) for number in range(2)),
        unavailable=tuple(_leave(random, name) for name in names if random.random() < 0.3),
        audits=tuple(_random_audit(random, number, weeks) for number in range(audits)),
    )


def _rows(random: Random, name: str) -> list[Qualification]:
    """What a person is qualified for: one or two standards, some codes."""
    standards = random.sample(STANDARDS, random.randint(1, 2))
    return [
        Qualification(
            auditor=name,
            standard=standard,
            role=random.choice((Role.LEAD, Role.LEAD, Role.AUDITOR)),
            codes=tuple(random.sample(CODES, random.randint(1, 2))),
        )
        for standard in standards
    ]


def _leave(random: Random, name: str) -> Unavailability:
    """Some days off."""
    first = MONDAY + timedelta(days=random.randint(0, 10))
    return Unavailability(auditor=name, start=first, until=first + timedelta(days=random.randint(0, 3)))


def _random_audit(random: Random, number: int, weeks: int) -> Audit:
    """An audit; every fourth follows the one before."""
    standards = tuple(random.sample(STANDARDS, random.choice((1, 1, 2))))
    due = MONDAY + timedelta(days=7 * random.randint(1, weeks) - 3)
    return Audit(
        id=f"T{number}",
        client=f"C{random.randint(0, 1)}",
        type=random.choice(TYPES),
        standards=standards,
        codes=(random.choice(CODES),) if random.random() < 0.8 else (),
        days=Decimal(random.choice(("1", "1.5", "2", "3", "4"))),
        due=due,
        largest_team=random.choice((1, 2)),
        after=f"T{number - 1}" if number % 4 == 3 else "",
        priority=random.choice((2, 3, 3, 4)),
    )


@pytest.fixture(scope="session")
def random_body() -> MakeBody:
    """Makes random small bodies."""
    return _random_body
