"""The plan that stands in a book: rows of its Schedule sheet as placements, journeys worked out anew."""

from __future__ import annotations

from dataclasses import replace

from auditplan.planner.domain import Body, PlannedAudit
from auditplan.planner.facts import Facts
from auditplan.planner.firm import firm_audits, placement_of_row
from auditplan.planner.plan import Plan
from auditplan.planner.trips import with_journeys


def plan_of_schedule(body: Body) -> Plan:
    """The plan of the Schedule rows, without figures. Rows of audits that are not in the book are left away."""
    facts = Facts(body)
    rows = rows_known(body).previous
    found = [placement for row in rows if (placement := placement_of_row(facts, row)) is not None]
    order = facts.lookup.audit_order
    travelled = with_journeys(facts, found, firm_audits(facts))
    return Plan(placements=tuple(sorted(travelled, key=lambda entry: (entry.start, order[entry.audit]))), unplaced=())


def rows_known(body: Body) -> Body:
    """The body without those rows of the plan before whose audit or people it does not know."""
    audits, people = {audit.id for audit in body.audits}, {auditor.id for auditor in body.auditors}
    known = tuple(row for row in body.previous if row.audit in audits and people.issuperset(_everyone(row)))
    return replace(body, previous=known)


def _everyone(row: PlannedAudit) -> set[str]:
    """Who is named in a row."""
    return {person for person in (row.lead, *row.team, *row.experts, *row.trainees) if person}
