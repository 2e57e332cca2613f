"""A solution of the solver back into placements of the plan."""

from __future__ import annotations

from auditplan.planner.compile import Compiled
from auditplan.planner.domain import Audit, AuditStatus
from auditplan.planner.eligibility import SEATS
from auditplan.planner.firm import covers_of
from auditplan.planner.plan import Placement, Seat, Slot
from auditplan.planner.timeline import bits
from auditplan.planner.travel import fee_of
from auditplan.planner.trips import in_period, with_journeys
from auditplan.solver.journeys import span_mask
from auditplan.solver.solution import Choice, Solution


def placements_of(compiled: Compiled, solution: Solution) -> tuple[Placement, ...]:
    """Every placed audit, those that stand besides, by start and then in the order of the sheet."""
    facts = compiled.facts
    found = [firm.placement for firm in compiled.firm.values() if in_period(facts, firm.placement)]
    for number, choice in enumerate(solution.choices):
        if choice is not None:
            found.append(_placement(compiled, number, choice))
    order = facts.lookup.audit_order
    travelled = with_journeys(facts, found, compiled.firm)
    return tuple(sorted(travelled, key=lambda placement: (placement.start, order[placement.audit])))


def slots_of(compiled: Compiled, number: int, choice: Choice) -> tuple[Slot, ...]:
    """The slots that an activity's choice works on."""
    activity = compiled.problem.activities[number]
    mode = activity.modes[choice.mode]
    ticks = bits(activity.slots & span_mask(mode.starts[choice.option], mode.ends[choice.option]))
    return tuple(compiled.facts.timeline.slot(tick) for tick in ticks)


def _placement(compiled: Compiled, number: int, choice: Choice) -> Placement:
    """One placed audit."""
    facts, audit = compiled.facts, compiled.audits[number]
    slots = slots_of(compiled, number, choice)
    seats, fee = [], 0
    for role, team in zip(SEATS, choice.team, strict=True):
        for person in team:
            auditor = facts.body.auditors[person]
            fee += fee_of(auditor, len(slots))
            covers = covers_of(facts, audit, auditor.id, role, slots)
            seats.append(Seat(auditor=auditor.id, role=role, covers=covers))
    return Placement(
        audit=audit.id,
        start=slots[0],
        end=slots[-1],
        seats=tuple(seats),
        status=_status(compiled, audit),
        fee=fee,
    )


def _status(compiled: Compiled, audit: Audit) -> AuditStatus:
    """Status of a placed audit: never below proposed."""
    previous = compiled.facts.lookup.previous.get(audit.id)
    status = audit.status if previous is None else previous.status
    return AuditStatus.PROPOSED if status is AuditStatus.OPEN else status
