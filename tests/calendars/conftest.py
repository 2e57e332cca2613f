"""A small body and plan with everything calendars care about: journeys, a weekend, half days, hostile text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from icalendar import Calendar

from auditplan.io.calendars.feeds import write_feeds
from auditplan.planner.domain import (
    Audit,
    AuditMode,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Place,
    Role,
    Settings,
)
from auditplan.planner.plan import Journey, Placement, Plan, Seat, Slot

STAMP = datetime(2027, 1, 2, 8, 30, tzinfo=UTC)
AM, PM = False, True


def _slot(month: int, day: int, afternoon: bool) -> Slot:
    """A half day of 2027."""
    return Slot(date(2027, month, day), afternoon)


def _settings() -> Settings:
    """Settings of a Chinese body."""
    return Settings(
        plan_from=date(2027, 3, 1),
        plan_to=date(2027, 3, 31),
        today=date(2027, 1, 2),
        organisation="华信认证",
        organiser_email="plan@example.com",
        language="en",
    )


def _client() -> Client:
    """A client whose data tries everything that breaks calendars."""
    return Client(
        id="C1",
        name="Müller, Söhne; GmbH\\Co\r\nBEGIN:VEVENT",
        region="North",
        address="100 Long Road, 北京市朝阳区建国路一百号某某大厦二十层二〇〇一室及相邻的全部办公区域\x00\x0b",
        contact="Ms. Li",
        email="li@example.com",
    )


@pytest.fixture
def stamp() -> datetime:
    """When the plan was decided."""
    return STAMP


@pytest.fixture
def body() -> Body:
    """Two auditors, two regions, three audits."""
    return Body(
        settings=_settings(),
        auditors=(
            Auditor(id="张伟", name="张伟", region="North"),
            Auditor(id="B/2", name="Bea", region="South"),
            Auditor(id="idle", name="Idle", region="South"),
        ),
        places=(Place(region="North", city="北京"), Place(region="South", city="广州")),
        clients=(_client(), Client(id="C2", name="Second", region="South")),
        audits=(
            Audit(
                id="A1",
                client="C1",
                type=AuditType.SURVEILLANCE,
                standards=("ISO 9001:2015", "ISO 14001"),
                codes=("17.06",),
                days=Decimal(5),
                due=date(2027, 3, 31),
            ),
            Audit(
                id="A2",
                client="C2",
                type=AuditType.DOCUMENT_REVIEW,
                standards=("GB/T 27922",),
                days=Decimal("0.5"),
                due=date(2027, 3, 31),
                mode=AuditMode.DESK,
                unannounced=True,
            ),
        ),
    )


@pytest.fixture
def plan() -> Plan:
    """A1 from Thursday afternoon over a weekend to Tuesday morning with a journey; A2 one afternoon."""
    out = Journey(origin="广州", destination="北京", hours=4.0, slots=(_slot(3, 4, AM),), cost=1000)
    back = Journey(origin="北京", destination="广州", hours=6.0, slots=(_slot(3, 9, PM), _slot(3, 10, AM)), cost=1000)
    return Plan(
        placements=(
            Placement(
                audit="A1",
                start=_slot(3, 4, PM),
                end=_slot(3, 9, AM),
                seats=(
                    Seat(auditor="张伟", role=Role.LEAD, covers=(("ISO 9001:2015", "17.06"),)),
                    Seat(auditor="B/2", role=Role.AUDITOR, out=out, back=back, nights=6),
                ),
                status=AuditStatus.CONFIRMED,
            ),
            Placement(
                audit="A2",
                start=_slot(3, 16, PM),
                end=_slot(3, 16, PM),
                seats=(Seat(auditor="张伟", role=Role.LEAD),),
            ),
        ),
        unplaced=(),
    )


@pytest.fixture
def feeds(body: Body, plan: Plan, tmp_path: Path) -> dict[str, Calendar]:
    """Every feed by file name, read back."""
    paths = write_feeds(body, plan, tmp_path / "feeds", language="en", stamp=STAMP)
    return {path.name: Calendar.from_ical(path.read_bytes()) for path in paths}


@pytest.fixture
def parse() -> Callable[[Path], Calendar]:
    """Reads a feed."""
    return lambda path: Calendar.from_ical(path.read_bytes())


def _placed(body: Body) -> Plan:
    """A plan of a body without a solver: each audit on its earliest working day, with two people and journeys. What
    is read is how it is written, not whether it is good."""
    placements = []
    for number, audit in enumerate(body.audits):
        day = body.settings.plan_from + timedelta(days=number % 60)
        day -= timedelta(days=max(0, day.isoweekday() - 5))
        end = day + timedelta(days=number % 3)
        way = Journey(origin="X", destination="Y", hours=4.0, slots=(Slot(day - timedelta(days=1), True),), cost=1)
        people = [body.auditors[(number + step) % len(body.auditors)].id for step in (0, 1)]
        seats = (Seat(auditor=people[0], role=Role.LEAD, out=way), Seat(auditor=people[1], role=Role.AUDITOR))
        placements.append(Placement(audit=audit.id, start=Slot(day, number % 5 == 0), end=Slot(end, True), seats=seats))
    return Plan(placements=tuple(placements), unplaced=())


@pytest.fixture(scope="session")
def placed() -> Callable[[Body], Plan]:
    """Plans a body without a solver."""
    return _placed
