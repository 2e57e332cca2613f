"""Invented bodies: the sizes that are asked for, what is fixed holds together, and large ones are quick."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from auditplan.planner.demo import demo_body
from auditplan.planner.domain import AuditStatus
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
