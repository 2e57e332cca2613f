"""A body and plan of which everything on the page is known, with a journey, leave, and texts that mean no good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from auditplan.io.workbook.written import Written, WrittenLevel
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Place,
    Role,
    Settings,
    Unavailability,
)
from auditplan.planner.plan import Journey, Placement, Plan, Seat, Slot

HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
AM, PM = False, True


def _slot(month: int, day: int, afternoon: bool) -> Slot:
    """A half day of 2027."""
    return Slot(date(2027, month, day), afternoon)


@pytest.fixture
def hostile() -> str:
    """A text that tries to run."""
    return HOSTILE


@pytest.fixture
def body() -> Body:
    """Three auditors in two regions, one of them on leave for a week; two clients; three audits."""
    settings = Settings(
        plan_from=date(2027, 3, 1),
        plan_to=date(2027, 3, 31),
        today=date(2027, 1, 2),
        organisation=f"Body {HOSTILE}",
        language="en",
    )
    kinds = (AuditType.SURVEILLANCE, AuditType.RECERTIFICATION, AuditType.SPECIAL)
    return Body(
        settings=settings,
        auditors=(
            Auditor(id="Li", name="Li Wei", region="North", target_days=Decimal(9)),
            Auditor(id="Wu", name=f"Wu {HOSTILE}", region="South"),
            Auditor(id="idle", name="Idle", region="South"),
        ),
        places=(Place(region="North", city="北京"), Place(region="South", city="广州")),
        clients=(
            Client(id="C1", name="First\u202e\x00 & Sons", region="North"),
            Client(id="C2", name=HOSTILE, region="South"),
        ),
        audits=tuple(
            Audit(
                id=f"A{number}",
                client=("C1", "C2", "C1")[number - 1],
                type=kind,
                standards=("ISO 9001:2015",),
                codes=("17.06",),
                days=Decimal(4),
                due=date(2027, 3, 31),
            )
            for number, kind in enumerate(kinds, start=1)
        ),
        unavailable=(Unavailability(auditor="Li", start=date(2027, 3, 15), until=date(2027, 3, 19)),),
    )


@pytest.fixture
def plan() -> Plan:
    """A1 on Monday and Tuesday with a journey on Friday before; A2 from Thursday over a weekend to Monday noon."""
    out = Journey(origin="广州", destination="北京", hours=4.0, slots=(_slot(3, 5, PM),), cost=1000)
    return Plan(
        placements=(
            Placement(
                audit="A1",
                start=_slot(3, 8, AM),
                end=_slot(3, 9, PM),
                seats=(
                    Seat(auditor="Li", role=Role.LEAD, covers=(("ISO 9001:2015", "17.06"),)),
                    Seat(auditor="Wu", role=Role.AUDITOR, out=out, nights=4, travel_cost=150_000),
                ),
                status=AuditStatus.CONFIRMED,
                fee=80_000,
            ),
            Placement(
                audit="A2",
                start=_slot(3, 18, AM),
                end=_slot(3, 22, AM),
                seats=(Seat(auditor="Wu", role=Role.LEAD),),
            ),
        ),
        unplaced=(),
    )


@pytest.fixture
def written() -> Written:
    """What a run wrote besides."""
    left = {"audit": "A3", "client": "C1", "reason": f"nobody {HOSTILE}", "fix": "hire", "consequence": "lost"}
    changed = {"audit": "A1", "what": "date", "old": "2027-03-01", "new": "2027-03-08", "told": HOSTILE}
    return Written(
        unplaced=(left,),
        changes=(changed,),
        levels=(WrittenLevel(name="left_out", value="12", bound="10", gap="1.50%"),),
        run={"version": "0.1.0", "when": "2027-01-02", "seed": "7"},
        checks=123,
    )
