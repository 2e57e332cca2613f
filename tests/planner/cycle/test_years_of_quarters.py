"""Quarter after quarter no certificate is lost sight of: each has its audits over three years, none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from auditplan.planner.cycle.mark import read_mark
from auditplan.planner.cycle.months import add_months
from auditplan.planner.cycle.pipeline import run_pipeline
from auditplan.planner.cycle.rules import PROFILES
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body, Certificate, Client, Part, PlannedAudit

QUARTERS = 14


def _certificates(random: Random) -> list[Certificate]:
    """Certificates of thirty clients: decided in the first quarter of 2027, or under way since 2025, with their first
    surveillance carried out where it was due."""
    found = []
    for number in range(30):
        for standard in random.sample(
            ("ISO 9001", "ISO 14001", "ISO 45001", "GB/T 27922"), random.choice((1, 1, 2, 3))
        ):
            decided = date(2027, 1, 1) + timedelta(days=random.randrange(90))
            if random.random() < 0.4:
                decided = date(random.choice((2025, 2026)), 1, 15) + timedelta(days=random.randrange(340))
            seen = add_months(decided, 12) - timedelta(days=10)
            first = None if decided >= date(2026, 1, 1) else seen
            certificate = Certificate(
                id=f"{number}-{standard[-4:].strip()}",
                client=f"K{number}",
                standards=(standard,),
                decision_date=decided,
                issue_date=decided + timedelta(days=random.randrange(20)),
                expiry_date=add_months(decided, 36) - timedelta(days=random.choice((0, 1))),
                last_audit=first,
                last_type=None if first is None else AuditType.SURVEILLANCE,
                profile=random.choice(("", "", *PROFILES)),
            )
            found.append(certificate)
    return found


def _quarter(number: int) -> tuple[date, date]:
    """First and last day of a quarter from 2027 on."""
    first = add_months(date(2027, 1, 1), 3 * number)
    return first, add_months(first, 3) - timedelta(days=1)


def _carried_out(audit: Audit, first: date, last: date, random: Random) -> PlannedAudit | None:
    """An audit on some day of its window in a quarter; what can wait does so now and then."""
    start, end = max(first, audit.earliest or first), min(last, audit.due)
    if start > end or (audit.due > last and random.random() < 0.4):
        return None
    day = start + timedelta(days=random.randrange((end - start).days + 1))
    return PlannedAudit(audit=audit.id, start=day, start_part=Part.AM, end=day, end_part=Part.PM, lead="Li")


@pytest.mark.parametrize("seed", range(8))
def test_each_certificate_has_exactly_its_profiles_audits_none_twice(seed: int, body: Callable[..., Body]) -> None:
    random = Random(seed)
    certificates = _certificates(random)
    clients = tuple(Client(id=f"K{number}", name="", region="North", personnel=50) for number in range(30))
    state = body(*certificates, clients=clients)
    for number in range(QUARTERS):
        first, last = _quarter(number)
        settings = replace(state.settings, plan_from=first, plan_to=last, today=first - timedelta(days=20))
        made = run_pipeline(replace(state, settings=settings))
        assert run_pipeline(made.body).added == ()
        assert not [
            problem for problem in made.problems if problem.code not in {"pipeline-expired", "chain-no-decision"}
        ]
        placed = [
            row
            for audit in made.body.audits
            if audit.status is AuditStatus.OPEN and (row := _carried_out(audit, first, last, random)) is not None
        ]
        state = replace(made.body, previous=tuple(placed))
    steps: Counter[str] = Counter()
    for audit in state.audits:
        mark = read_mark(audit.generated)
        assert mark is not None
        steps.update(step for step in mark.steps if not step.startswith("~"))
    wanted = {
        f"{row.id}-{key}-{row.expiry_date.year}"
        for row in certificates
        for key in ("S1", "S2", "R")[row.last_audit is not None :]
    }
    assert set(steps) == wanted
    assert set(steps.values()) == {1}
    assert {audit.status for audit in state.audits} == {AuditStatus.DONE}


@pytest.mark.slow
def test_nineteen_thousand_certificates_take_work_in_proportion() -> None:
    """Calls into the months' arithmetic, the heart of it, grow with the certificates, not with their square."""
    import cProfile
    import pstats

    calls = {}
    for size in ("medium", "large"):
        profile = cProfile.Profile()
        body = demo_body(size, "zh", 1)
        profile.runcall(run_pipeline, body)
        calls[size] = pstats.Stats(profile).total_calls / len(body.certificates)  # type: ignore[attr-defined]
    assert calls["large"] < 1.5 * calls["medium"]
    assert calls["large"] < 2000
