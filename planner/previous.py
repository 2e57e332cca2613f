"""The plan that stands in a book: rows of its Schedule sheet as placements, journeys worked out anew."""

from __future__ import annotations

from auditplan.planner.domain import Body, PlannedAudit
from auditplan.planner.facts import Facts
from auditplan.planner.firm import firm_audits, placement_of_row
from auditplan.planner.plan import Placement, Plan
from auditplan.planner.trips import with_journeys


def plan_of_schedule(body: Body) -> Plan:
    """The plan of the Schedule rows, without figures. Rows of audits that are not in the book are left away."""
    facts = Facts(body)
    found = [placement for row in body.previous if (placement := _placement(facts, row)) is not None]
    order = facts.lookup.audit_order
    travelled = with_journeys(facts, found, firm_audits(facts))
    return Plan(placements=tuple(sorted(travelled, key=lambda entry: (entry.start, order[entry.audit]))), unplaced=())


def _placement(facts: Facts, row: PlannedAudit) -> Placement | None:
    """One row's placement; None where its audit or its people are unknown."""
    people = (row.lead, *row.team, *row.experts, *row.trainees)
    if row.audit not in facts.lookup.audits or any(person not in facts.lookup.auditors for person in people):
        return None
    return placement_of_row(facts, row)
