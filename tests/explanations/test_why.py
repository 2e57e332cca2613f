"""Why an audit is where it is: what it follows, said as a coordinator would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from auditplan.io.messages import message
from auditplan.planner.domain import Audit, Auditor, AuditType, Body, Client, Place, Qualification, Role, Settings
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.why import reasons_of
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget

MONDAY = date(2027, 3, 1)


def _audit(identity: str, after: str = "", least: int = 0, most: int | None = None) -> Audit:
    """A day's audit in the first week."""
    return Audit(
        id=identity,
        client="C",
        type=AuditType.SURVEILLANCE,
        standards=("ISO 9001",),
        codes=("17",),
        days=Decimal("0.5"),
        earliest=MONDAY,
        due=date(2027, 3, 5),
        after=after,
        gap_from=least,
        gap_to=most,
    )


@pytest.mark.parametrize(
    ("least", "most", "english", "chinese"),
    [
        (0, None, "it follows T0, which ends on 2027-03-01", "在 T0（2027-03-01 结束）之后"),
        (
            1,
            None,
            "it follows T0, which ends on 2027-03-01 (gap at least 1 day)",
            "在 T0（2027-03-01 结束）之后，至少间隔 1 天",
        ),
        (
            0,
            0,
            "it follows T0, which ends on 2027-03-01 (gap 0 to 0 days)",
            "在 T0（2027-03-01 结束）之后，间隔 0 至 0 天",
        ),
    ],
)
def test_what_an_audit_follows_is_told_with_its_gap(least: int, most: int | None, english: str, chinese: str) -> None:
    """A gap without an end has none, and one of no days at all is no gap without an end."""
    body = Body(
        settings=Settings(
            plan_from=MONDAY, plan_to=date(2027, 3, 5), today=date(2026, 11, 23), country="DE", freeze_days=0
        ),
        auditors=(Auditor(id="A", name="A", region="Berlin"),),
        qualifications=(Qualification(auditor="A", standard="ISO 9001", role=Role.LEAD, codes=("17",)),),
        places=(Place(region="Berlin", city="Berlin"),),
        clients=(Client(id="C", name="C", region="Berlin"),),
        audits=(_audit("T0"), _audit("T1", "T0", least, most)),
    )
    plan = make_plan(body, Budget(effort=3), threads=1).plan
    ground = Ground(body, plan.placements)
    placement = next(one for one in plan.placements if one.audit == "T1")
    (reason,) = (one for one in reasons_of(ground, body.audits[1], placement) if one.rule == "sequence")
    day = ground.placements["T0"].end.day.isoformat()
    for language, text in (("en", english), ("zh", chinese)):
        told = message(reason.code, language, **dict(reason.parameters))
        assert told == text.replace("2027-03-01", day)
