"""Invented bodies: the sizes that are asked for, what is fixed holds together, and large ones are quick."""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median

import pytest

from auditplan.planner.demo import demo_body, traps
from auditplan.planner.domain import AuditStatus, Employment
from auditplan.planner.facts import Facts
from auditplan.planner.firm import firm_audits
from auditplan.planner.plan import Plan
from auditplan.planner.verify import verify


@pytest.mark.parametrize(("size", "least", "most"), [("small", 0.1, 0.2), ("medium", 0.2, 0.3)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_fixed_holds_together(size: str, least: float, most: float, seed: int) -> None:
    body = demo_body(size, "en", seed)
    fixed = tuple(audit for audit in body.audits if audit.status is AuditStatus.CONFIRMED)
    assert least < len(fixed) / len(body.audits) < most
    alone = replace(body, audits=fixed)
    placements = tuple(firm.placement for firm in firm_audits(Facts(alone)).values())
    assert len(placements) == len(fixed)
    assert not verify(alone, Plan(placements=placements, unplaced=())).violations


@pytest.mark.slow
def test_a_large_body_is_made_at_once() -> None:
    begun = time.monotonic()
    body = demo_body("large", "zh", 1)
    assert time.monotonic() - begun < 15
    assert len(body.auditors) == 300
    assert len(body.audits) >= 2300


FIGURES = {
    "small": (320, 6, 6, 60, 205, 310, 5, 60, 0.15, 0.0),
    "medium": (2600, 25, 25, 350, 1190, 1425, 13, 45, 0.25, 0.0),
    "large": (19000, 180, 120, 2300, 7800, 9360, 31, 40, 0.35, 0.03),
}
"""Certificates, full-time, others, visits, person-days needed and available, regions, median window, shares fixed and
overdue: the contract's table of sizes."""


@pytest.mark.parametrize("size", ["small", "medium", pytest.param("large", marks=pytest.mark.slow)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bodies_have_their_sizes(size: str, language: str) -> None:
    body = demo_body(size, language, 1)
    facts = Facts(body)
    certificates, full, others, visits, needed, available, regions, window, fixed, overdue = FIGURES[size]
    rows = [audit for audit in body.audits if audit.id not in traps(body)]
    permanent = sum(auditor.employment is Employment.FULL_TIME for auditor in body.auditors)
    assert (len(body.certificates), permanent, len(body.auditors) - permanent) == (certificates, full, others)
    assert (len(rows), len({place.region for place in body.places})) == (visits, regions)
    assert float(sum(audit.days for audit in rows)) == pytest.approx(needed, rel=0.05)
    assert sum(facts.capacity(auditor) for auditor in body.auditors) / 2 == pytest.approx(available, rel=0.06)
    assert median((row.due - row.earliest).days for row in rows if row.earliest) == pytest.approx(window, rel=0.15)
    confirmed = sum(audit.status is AuditStatus.CONFIRMED for audit in rows)
    assert confirmed / len(rows) == pytest.approx(fixed, abs=0.05)
    late = sum(audit.due < body.settings.plan_from for audit in rows)
    assert late / len(rows) == pytest.approx(overdue, abs=0.015)
    codes = {code.partition(".")[0] for row in body.qualifications for code in row.codes} - {"*"}
    assert len(codes) == 28
    assert any(len(audit.standards) > 1 for audit in rows), "integrated audits"
    assert all([body.unavailable, body.conflicts, body.history, body.rules, body.scenarios])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_conflict_of_a_trap_ends_twenty_days_too_late(language: str) -> None:
    body = demo_body("small", language, 1)
    [conflict] = [row for row in body.conflicts if row.client == "TRAP-C3"]
    assert conflict.consultancy
    assert conflict.until is not None
    [audit] = [audit for audit in body.audits if audit.id == "TRAP-CONFLICT"]
    assert (conflict.until.replace(year=conflict.until.year + 2) - audit.due).days == 20
