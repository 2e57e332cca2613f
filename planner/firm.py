"""Audits that are not the planner's to decide: done ones, and those that the coordinator fixed as a whole.

They stand where they are, bind their people and count towards ceilings; the rest is planned around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from auditplan.planner.domain import Audit, AuditStatus, AuditType, PlannedAudit, Role
from auditplan.planner.facts import Facts
from auditplan.planner.fixed import Fixed, fixed_of, whole_row
from auditplan.planner.plan import Placement, Seat, Slot
from auditplan.planner.timeline import bits
from auditplan.planner.travel import fee_of, stay_of
from auditplan.planner.windows import span_of

WORKING_ROLES = (Role.LEAD, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Firm:
    """An audit that stands: its placement and the slots worked."""

    audit: Audit
    placement: Placement
    slots: tuple[Slot, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone in the team."""
        return tuple(seat.auditor for seat in self.placement.seats)


def firm_audits(facts: Facts) -> dict[str, Firm]:
    """The audits that stand, by id: those with nothing left to decide that are done, confirmed or frozen."""
    found: dict[str, Firm] = {}
    for audit in facts.body.audits:
        if audit.status is AuditStatus.CANCELLED:
            continue
        fixed = fixed_of(audit, facts.lookup.previous.get(audit.id), facts.body.settings)
        if fixed.whole or (audit.status is AuditStatus.DONE and fixed.day is not None):
            firm = _firm(facts, audit, fixed)
            if firm is not None:
                found[audit.id] = firm
    return found


def done_by(facts: Facts, identity: str) -> set[str]:
    """independence: who carried out an audit that is done, whenever that was; nobody for any other."""
    audit = facts.lookup.audits.get(identity)
    if audit is None or audit.status is not AuditStatus.DONE:
        return set()
    return {person for person in (audit.lead, *audit.team) if person in facts.lookup.auditors}


def done_before(audit: Audit | None) -> Slot | None:
    """sequence: when an audit that is done ended, by its own row: as many days after its start as its team needed. None
    for any other, and where its start is not known."""
    if audit is None or audit.status is not AuditStatus.DONE or audit.start is None:
        return None
    span = span_of(audit, 1 + len(audit.team))
    return Slot(audit.start + timedelta(days=(span - 1) // 2), afternoon=span % 2 == 0)


def _firm(facts: Facts, audit: Audit, fixed: Fixed) -> Firm | None:
    """An audit as it stands; None for one without people or slots on the line."""
    slots = _slots(facts, audit, fixed)
    people = _seats(facts, audit, fixed)
    if not slots or not people:
        return None
    seats = []
    fee = 0
    for person, role in people:
        auditor = facts.lookup.auditors[person]
        stay = stay_of(facts, auditor, audit, slots)
        fee += fee_of(auditor, len(slots))
        seats.append(
            Seat(
                auditor=person,
                role=role,
                covers=covers_of(facts, audit, person, role, slots),
                out=stay.out,
                back=stay.back,
                nights=stay.nights,
                travel_cost=stay.cost,
            )
        )
    previous = facts.lookup.previous.get(audit.id)
    status = previous.status if previous is not None else audit.status
    if status is AuditStatus.OPEN:
        status = AuditStatus.PROPOSED
    placement = Placement(audit=audit.id, start=slots[0], end=slots[-1], seats=tuple(seats), status=status, fee=fee)
    return Firm(audit, placement, slots)


def placement_of_row(facts: Facts, row: PlannedAudit) -> Placement | None:
    """A Schedule row as a placement; None where it lies off the line. The audit and its people must be known."""
    firm = _firm(facts, facts.lookup.audits[row.audit], whole_row(row))
    return None if firm is None else firm.placement


def _slots(facts: Facts, audit: Audit, fixed: Fixed) -> tuple[Slot, ...]:
    """The slots of a fixed audit: from its start, of its own calendar; of plain days where that is closed."""
    timeline = facts.timeline
    assert fixed.day is not None
    start = timeline.tick(fixed.day)
    if not 0 <= start < timeline.ticks:
        return ()
    members = [person for person, role in _seats(facts, audit, fixed) if role in WORKING_ROLES]
    span = span_of(audit, max(1, len(members)))
    open_ticks = facts.open(audit)
    if fixed.end is not None:
        end = timeline.tick(fixed.end)
        ticks = [tick for tick in range(start, end + 1) if open_ticks >> tick & 1]
        return tuple(timeline.slot(tick) for tick in ticks) or (fixed.day, fixed.end)
    ticks = [tick for tick in bits(open_ticks >> start << start) if tick >= start][:span]
    if not ticks or timeline.day(ticks[0]) != fixed.day.day:
        ticks = list(range(start, min(start + span, timeline.ticks)))
    return tuple(timeline.slot(tick) for tick in ticks)


def _seats(facts: Facts, audit: Audit, fixed: Fixed) -> list[tuple[str, Role]]:
    """Who sits where: the lead, then each member by what they are qualified for, in the order of the sheet."""
    lead = [fixed.lead] if fixed.lead else []
    named = [person for person in fixed.team if person != fixed.lead]
    members = [(person, _role(facts, audit, person)) for person in named]
    members += [(person, Role.EXPERT) for person in fixed.experts or ()]
    members += [(person, Role.TRAINEE) for person in fixed.trainees or ()]
    rank = {Role.AUDITOR: 0, Role.EXPERT: 1, Role.TRAINEE: 2}
    members.sort(key=lambda pair: (rank[pair[1]], facts.lookup.order[pair[0]]))
    return [(person, Role.LEAD) for person in lead] + members


def _role(facts: Facts, audit: Audit, person: str) -> Role:
    """The seat of a member named without one: auditor if qualified as such, else expert, else trainee."""
    for roles, seat in (
        (working_roles(audit), Role.AUDITOR),
        ((Role.EXPERT,), Role.EXPERT),
        ((Role.TRAINEE,), Role.TRAINEE),
    ):
        if any(facts.qualifications.rows(person, standard, roles) for standard in audit.standards):
            return seat
    return Role.AUDITOR


def working_roles(audit: Audit) -> tuple[Role, ...]:
    """The roles of a qualification that count for a lead or auditor's seat."""
    return (Role.DECISION,) if audit.type is AuditType.DECISION else WORKING_ROLES


def covers_of(
    facts: Facts, audit: Audit, person: str, role: Role, slots: tuple[Slot, ...]
) -> tuple[tuple[str, str], ...]:
    """The (standard, code) pairs that a person covers in a seat over the whole span; code "" for a standard as
    such. Trainees cover nothing, experts only codes."""
    if role is Role.TRAINEE:
        return ()
    roles = (Role.EXPERT,) if role is Role.EXPERT else working_roles(audit)
    first, last = slots[0].day, slots[-1].day
    found = []
    for standard in audit.standards:
        codes: list[str | None] = [None] if role is not Role.EXPERT else []
        for code in (*codes, *audit.codes):
            periods = facts.qualifications.holding_periods(person, standard, roles, code)
            if any((a is None or a <= first) and (b is None or last <= b) for a, b in periods):
                found.append((standard, code or ""))
    return tuple(found)
