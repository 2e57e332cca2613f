"""Some audits of a demonstration body fixed beforehand, in a way that holds together: they are placed by the
engine's own construction."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from auditplan.planner.domain import Audit, AuditStatus, Body, Role
from auditplan.planner.plan import Placement


def fix_some(body: Body, random: Random, share: float) -> Body:
    """The body with about this share of its audits confirmed with start, lead and team.

    Only audits without ties to others are fixed, half of them starting in the morning being what the sheet can say."""
    tied = {audit.after for audit in body.audits} | {audit.same_team_as for audit in body.audits}
    loose = [
        audit
        for audit in body.audits
        if not audit.after and audit.id not in tied and audit.due >= body.settings.plan_from
    ]
    picked = {audit.id for audit in random.sample(loose, min(len(loose), round(share * len(body.audits))))}
    placed = _place(replace(body, audits=tuple(audit for audit in body.audits if audit.id in picked)))
    return replace(body, audits=tuple(_fixed(audit, placed.get(audit.id)) for audit in body.audits))


def _place(body: Body) -> dict[str, Placement]:
    """Where construction alone puts audits that start in the morning."""
    from auditplan.planner.compile import Compiler
    from auditplan.planner.decode import placements_of
    from auditplan.planner.facts import Facts
    from auditplan.solver.construct import construct
    from auditplan.solver.facts import Facts as SolverFacts
    from auditplan.solver.state import State

    compiled = Compiler(Facts(body)).compile()
    facts = SolverFacts(compiled.problem)
    for seats, options in zip(facts.seats, facts.options, strict=True):
        for seat in seats:
            seat.possible[options.start % 2 == 1] = False
    state = State(facts)
    construct(facts, state)
    return {placement.audit: placement for placement in placements_of(compiled, state.solution())}


def _fixed(audit: Audit, placement: Placement | None) -> Audit:
    """An audit with its placement written down as confirmed."""
    if placement is None or placement.start.afternoon:
        return audit
    team = (*placement.people(Role.AUDITOR), *placement.people(Role.EXPERT), *placement.people(Role.TRAINEE))
    return replace(audit, start=placement.start.day, lead=placement.lead, team=team, status=AuditStatus.CONFIRMED)
