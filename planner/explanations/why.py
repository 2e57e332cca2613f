"""Why an audit is where it is: who covers what, why these dates, and the next best team and day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditplan.planner.domain import Audit, Role
from auditplan.planner.explanations.cells import after, reason
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.results import Alternative
from auditplan.planner.explanations.teams import Ask
from auditplan.planner.explanations.times import place_of
from auditplan.planner.explanations.ways import fixed_at
from auditplan.planner.explanations.whynot import WhyNots
from auditplan.planner.firm import working_roles
from auditplan.planner.holding import held_by
from auditplan.planner.plan import Placement, Reason, Seat
from auditplan.planner.problems import Origin
from auditplan.solver.solution import Choice


def reasons_of(ground: Ground, audit: Audit, placement: Placement) -> Iterator[Reason]:
    """Why a placed audit is where it is."""
    for seat in placement.seats:
        yield _seat(ground, audit, seat)
    if audit.id in ground.compiler.firm:
        held = held_by(ground.body.settings, audit, ground.facts.lookup.previous.get(audit.id), placement.status)
        yield reason(held.origin, held.field, "fixed", f"why-firm-{held.code}", audit=audit.id)
    else:
        yield from _fixed(ground, audit)
    yield from _dates(ground, audit, placement)
    for rule in placement.overrides:
        origin, field = place_of(ground, audit.id)
        yield reason(origin, field, rule, "why-broken", audit=audit.id)


def _seat(ground: Ground, audit: Audit, seat: Seat) -> Reason:
    """coverage: what a person is here for, at the row that qualifies them."""
    auditor = ground.facts.lookup.auditors[seat.auditor]
    roles = {Role.EXPERT: (Role.EXPERT,), Role.TRAINEE: (Role.TRAINEE,)}.get(seat.role, working_roles(audit))
    rows = [
        row
        for standard in audit.standards
        for row in ground.facts.qualifications.rows(auditor.id, standard, roles)
        if row.origin is not None
    ]
    origin: Origin | None = rows[0].origin if rows else auditor.origin
    covers = "; ".join(f"{standard}: {code}" if code else standard for standard, code in seat.covers)
    rule = "lead" if seat.role is Role.LEAD else "coverage"
    code = f"why-{seat.role.value}" if covers else f"why-{seat.role.value}-only"
    return reason(origin, "role" if rows else "id", rule, code, auditor.id, name=auditor.name, covers=covers)


def _fixed(ground: Ground, audit: Audit) -> Iterator[Reason]:
    """fixed: what the coordinator chose beforehand."""
    fixed, previous = ground.compiler.fixed(audit), ground.facts.lookup.previous.get(audit.id)
    if fixed.day is not None:
        yield reason(*fixed_at(previous, audit, fixed, "start"), "fixed", "why-fixed-day", day=fixed.day.day)
    if fixed.lead:
        yield reason(*fixed_at(previous, audit, fixed, "lead"), "fixed", "why-fixed-lead", fixed.lead, lead=fixed.lead)
    if fixed.team or fixed.exact:
        people = ", ".join(filter(None, (fixed.lead, *fixed.team)))
        yield reason(*fixed_at(previous, audit, fixed, "team"), "fixed", "why-fixed-team", people=people)


def _dates(ground: Ground, audit: Audit, placement: Placement) -> Iterator[Reason]:
    """window, sequence: where the dates stand."""
    slack = (audit.due - placement.end.day).days
    values = {"earliest": audit.earliest or "–", "due": audit.due}
    if slack < 0:
        yield reason(audit.origin, "due", "window", "why-late", days=-slack, **values)
    else:
        yield reason(audit.origin, "due", "window", "why-within", slack=slack, **values)
    if audit.target is not None:
        away = abs((placement.start.day - audit.target).days)
        yield reason(audit.origin, "target", "window", "why-target", target=audit.target, days=away)
    before = ground.placements.get(audit.after)
    if before is not None:
        yield after(audit, "why-after", before.end.day)


def other_team(ground: Ground, number: int, choice: Choice) -> Alternative | None:
    """The next best team of a placed audit, on any day, all else standing."""
    return WhyNots(ground).asked(number, Ask(without=(choice.team,)))


def other_day(ground: Ground, number: int, day: date) -> Alternative | None:
    """The next best day to start on, with any team, all else standing."""
    return WhyNots(ground).asked(number, Ask(starting=~ground.facts.timeline.mask(day, day)))
