"""A choice of the coordinator that breaks a rule: it stands, and the cell that it was typed into says which rule."""

from __future__ import annotations

from auditplan.planner.domain import Audit, Body, Lock, PlannedAudit
from auditplan.planner.fixed import NOTHING, kept_part
from auditplan.planner.problems import Origin, Problem, Severity, problem_at

OF_PEOPLE = frozenset(
    {"overlap", "availability", "lead", "coverage", "counting", "validity", "conflict", "objection", "rotation"}
    | {"supervised", "independence", "ceilings", "full-time"}
)
"""Rules about who is in a team; the others are about when it works."""


OVERRIDE = "fixed-breaks-rule"
"""The code of such a problem."""


def override_problem(body: Body, identity: str, rule: str, auditor: str) -> Problem:
    """The problem of a fixed choice that breaks a rule. auditor: who breaks it, "" where it is nobody in particular."""
    audit = next(audit for audit in body.audits if audit.id == identity)
    row = next((row for row in body.previous if row.audit == identity), None)
    kept = row is not None and kept_part(row, body.settings)
    origin, field = _place_in_schedule(row, rule, auditor) if row and kept else _place_in_audits(audit, rule, auditor)
    return problem_at(
        origin,
        field,
        OVERRIDE,
        Severity.ERROR,
        identity,
        stops=False,
        audit=identity,
        rule=rule,
        auditor=auditor or "–",
    )


def _place_in_schedule(row: PlannedAudit, rule: str, auditor: str) -> tuple[Origin | None, str]:
    """The cell of a Schedule row that causes it: what was typed, where that can be the cause, else what the rule is
    about."""
    typed = row.typed or NOTHING
    seats = {"lead": (row.lead,), "team": row.team, "experts": row.experts, "trainees": row.trainees}
    seat = next((name for name, people in seats.items() if auditor and auditor in people), "")
    if rule not in OF_PEOPLE:
        return row.origin, "start"
    if seat == "lead" and Lock.LEAD in typed:
        return row.origin, "lead"
    if Lock.TEAM in typed and seat != "lead":
        return row.origin, seat or "team"
    if typed == Lock.DATE:
        return row.origin, "start"
    return row.origin, seat or "lead"


def _place_in_audits(audit: Audit, rule: str, auditor: str) -> tuple[Origin | None, str]:
    """The cell of an audit's own row that causes it."""
    if rule in OF_PEOPLE and auditor == audit.lead:
        return audit.origin, "lead"
    return audit.origin, "team" if rule in OF_PEOPLE and auditor in audit.team else "start"
