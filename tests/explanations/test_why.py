"""Why an audit is where it is: what it follows, said as a coordinator would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from auditplan.io.messages import message
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Client,
    Lock,
    Place,
    Qualification,
    Role,
    Settings,
)
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.results import Question
from auditplan.planner.explanations.why import reasons_of
from auditplan.planner.explanations.whynot import WhyNots
from auditplan.planner.memory import remembered
from auditplan.planner.planning import make_plan
from auditplan.solver.solution import Budget

MONDAY = date(2027, 3, 1)


def _body(*audits: Audit) -> Body:
    """One person, who may have all of them."""
    return Body(
        settings=Settings(
            plan_from=MONDAY, plan_to=date(2027, 3, 5), today=date(2026, 11, 23), country="DE", freeze_days=0
        ),
        auditors=(Auditor(id="A", name="A", region="Berlin"),),
        qualifications=(Qualification(auditor="A", standard="ISO 9001", role=Role.LEAD, codes=("17",)),),
        places=(Place(region="Berlin", city="Berlin"),),
        clients=(Client(id="C", name="C", region="Berlin"),),
        audits=audits,
    )


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
    body = _body(_audit("T0"), _audit("T1", "T0", least, most))
    plan = make_plan(body, Budget(effort=3), threads=1).plan
    ground = Ground(body, plan.placements)
    placement = next(one for one in plan.placements if one.audit == "T1")
    (reason,) = (one for one in reasons_of(ground, body.audits[1], placement) if one.rule == "sequence")
    day = ground.placements["T0"].end.day.isoformat()
    for language, text in (("en", english), ("zh", chinese)):
        told = message(reason.code, language, **dict(reason.parameters))
        assert told == text.replace("2027-03-01", day)


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [
        (0, None, "it must start after T0, which ends on 2027-03-02"),
        (2, None, "it must start at least 2 days after T0, which ends on 2027-03-02"),
        (0, 1, "it must start 0 to 1 day after T0, which ends on 2027-03-02"),
    ],
)
def test_a_day_against_what_an_audit_follows_is_told_with_its_gap(least: int, most: int | None, text: str) -> None:
    """What it follows stands: no day before that will do."""
    body = _body(_audit("T0"), _audit("T1", "T0", least, most))
    rows = remembered(body, make_plan(body, Budget(effort=3), threads=1).plan).rows
    moved = {"start": date(2027, 3, 2), "end": date(2027, 3, 2), "lock": Lock.ALL}
    body = replace(body, previous=tuple(replace(row, **moved) for row in rows if row.audit == "T0"))  # type: ignore[arg-type]
    ground = Ground(body, make_plan(body, Budget(effort=3), threads=1).plan.placements)
    against = WhyNots(ground).ask(Question(audit="T1", day=MONDAY)).against
    assert text in {message(one.code, "en", **dict(one.parameters)) for one in against}


@pytest.mark.parametrize(
    ("fields", "held"),
    [
        ({"lock": Lock.ALL}, ("it is locked in the Schedule", "已在“排程”表中锁定")),
        ({"typed": Lock.ALL}, ("it was typed so in the Schedule", "协调员已在“排程”表中改定")),
        ({"status": AuditStatus.CONFIRMED}, ("it is confirmed", "已确认")),
        ({"invited": True}, ("people were invited to it", "已发出邀请")),
    ],
    ids=["lock", "typed", "confirmed", "invited"],
)
def test_what_stands_is_told_with_what_holds_it(fields: dict[str, Any], held: tuple[str, str]) -> None:
    """Not all that could: the one thing that does, both where it is asked why and why not."""
    body = _body(_audit("T0"))
    rows = remembered(body, make_plan(body, Budget(effort=3), threads=1).plan).rows
    body = replace(body, previous=tuple(replace(row, **fields) for row in rows))
    plan = make_plan(body, Budget(effort=3), threads=1).plan
    ground = Ground(body, plan.placements)
    (why,) = (one for one in reasons_of(ground, body.audits[0], plan.placements[0]) if one.rule == "fixed")
    (against,) = WhyNots(ground).ask(Question(audit="T0", day=date(2027, 3, 4))).against
    for language, text in zip(("en", "zh"), held, strict=True):
        for reason in (why, against):
            assert message(reason.code, language, **dict(reason.parameters)).endswith(text)
