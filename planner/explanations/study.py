"""Everything that `auditplan explain` shows, in one call each: one audit, a question about it, or the whole."""

from __future__ import annotations

from dataclasses import replace

from auditplan.planner.capacity.bottlenecks import bottlenecks
from auditplan.planner.capacity.needs import needs_of
from auditplan.planner.changes import row_of
from auditplan.planner.domain import Audit, AuditStatus
from auditplan.planner.explanations.choices import candidates, dates
from auditplan.planner.explanations.fixes import Fixes
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.proofs import Spending
from auditplan.planner.explanations.results import Alternative, Explained, Fix, Overview, Question, State
from auditplan.planner.explanations.weaknesses import scarce
from auditplan.planner.explanations.why import other_day, other_team, reasons_of
from auditplan.planner.explanations.whynot import WhyNots, not_planned
from auditplan.planner.keeping import unchanged
from auditplan.planner.narrow import ancestors
from auditplan.planner.plan import Placement, Reason
from auditplan.planner.reasons import Reasons
from auditplan.planner.scenarios.jobs import Job, work
from auditplan.planner.scenarios.start import start_of
from auditplan.solver.check import values
from auditplan.solver.solution import Budget

FIRST_LOOKS, LEAST_LOOK = 0.6, 0.4
"""Share of the effort for first looks at all that is left out, and work on one of them in any case."""
MOST_OF_THE_WHOLE = 0.5
"""Share of the effort that the fixes of one audit may take where all are looked at."""
INSIST_EFFORT = 10.0
"""Deterministic work of a plan that shows what it costs to insist."""


def explain_audit(ground: Ground, audit: str, effort: float) -> Explained:
    """One audit: why it is where it is with all that there is to choose from, or why it is left out and what would
    help. Raises KeyError for an audit that is not in the body."""
    row = ground.facts.lookup.audits[audit]
    number = ground.index.get(audit)
    placement = ground.placements.get(audit)
    if number is None:
        state = State.PLACED if placement else _closed(ground, row)
        reasons = tuple(reasons_of(ground, row, placement)) if placement else (not_planned(ground, row),)
        return Explained(audit=audit, state=state, reasons=reasons, placement=placement)
    day = placement.start.day if placement else None
    found = Explained(audit=audit, state=State.UNPLACED, reasons=(), candidates=candidates(ground, row, day))
    found = replace(found, dates=dates(ground, row))
    choice = ground.solution.choices[number]
    if placement is None or choice is None:
        return replace(
            found,
            reasons=left_out(ground, number),
            fixes=Fixes(ground, row, Spending(effort=effort, remembered=unchanged(ground.body))).best(),
        )
    return replace(
        found,
        state=State.PLACED,
        reasons=tuple(reasons_of(ground, row, placement)),
        placement=placement,
        other_team=other_team(ground, number, choice),
        other_day=other_day(ground, number, placement.start.day),
    )


def explain_choice(ground: Ground, question: Question, effort: float) -> Explained:
    """Why not: one audit with a person, a date, or both. Raises KeyError for an audit or a person that is not known."""
    row = ground.facts.lookup.audits[question.audit]
    if question.auditor is not None:
        ground.facts.lookup.auditors[question.auditor]
    answer = WhyNots(ground).ask(question)
    if answer.possible and answer.cost is None and not answer.chosen:
        answer = replace(answer, cost=insisted(ground, question, min(effort, INSIST_EFFORT)))
    placement, number = ground.placements.get(row.id), ground.index.get(row.id)
    state = State.PLACED if placement else State.UNPLACED if number is not None else _closed(ground, row)
    return Explained(audit=row.id, state=state, reasons=answer.against, placement=placement, why_not=answer)


def insisted(ground: Ground, question: Question, effort: float) -> Alternative | None:
    """What it costs to insist on a choice for which there is no room beside the plan as it is: a plan made with few
    changes. None where none was found within the effort."""
    audit = ground.facts.lookup.audits[question.audit]
    team = audit.team if question.auditor in {None, audit.lead, *audit.team} else (*audit.team, question.auditor or "")
    forced = replace(audit, start=question.day or audit.start, team=team)
    body = replace(
        ground.body,
        audits=tuple(forced if row.id == audit.id else row for row in ground.body.audits),
        previous=ground.body.previous or tuple(map(row_of, ground.placements.values())),
    )
    job = Job(
        key=audit.id,
        body=body,
        budget=Budget(effort=effort),
        start=tuple(placement for name, placement in ground.placements.items() if name != audit.id),
    )
    plan = work(job).plan
    placement = None if plan is None else next((one for one in plan.placements if one.audit == audit.id), None)
    if plan is None or placement is None:
        return None
    there = {one.audit: one for one in plan.placements}
    after = start_of(ground.compiled, plan.placements)
    more = zip(values(ground.problem, after), values(ground.problem, ground.solution), strict=True)
    others = {name: one for name, one in ground.placements.items() if name != audit.id}
    return Alternative(
        placement=placement,
        more=tuple(new - old for new, old in more),
        proven=plan.optimal,
        moved=tuple(name for name, one in others.items() if name in there and _differs(one, there[name])),
        lost=tuple(name for name in others if name not in there),
    )


def _differs(one: Placement, other: Placement) -> bool:
    """Whether two placements differ in dates or people."""
    people = [{(seat.auditor, seat.role) for seat in placement.seats} for placement in (one, other)]
    return (one.start, one.end) != (other.start, other.end) or people[0] != people[1]


def overview(ground: Ground, effort: float) -> Overview:
    """All that is left out with its fixes, the gravest first, and where the body is weak. effort: for all fixes
    together; a part of it goes to a first look at every audit, so that the gravest does not use up all of it."""
    numbers = [at for at, audit in enumerate(ground.compiled.audits) if audit.id not in ground.placements]
    weights = {at: (ground.problem.activities[at].left_out or (0,))[0] for at in numbers}
    order = in_order(ground, numbers, weights)
    found, left = _first_looks(ground, order, effort * FIRST_LOOKS)
    left += effort * (1 - FIRST_LOOKS)
    kept = unchanged(ground.body)
    proven = {name for name, fixes in found.items() if any(fix.proven for fix in fixes)}
    for number in sorted(order, key=lambda at: ground.compiled.audits[at].id in proven):
        audit = ground.compiled.audits[number]
        if left > 0:
            search = Fixes(ground, audit, Spending(effort=max(1.0, left * MOST_OF_THE_WHOLE), remembered=kept))
            fixes = search.best()
            left -= search.spent
            found[audit.id] = fixes or found.get(audit.id, ())
    names = [ground.compiled.audits[number].id for number in order]
    return Overview(
        unplaced=tuple(
            Explained(audit=name, state=State.UNPLACED, reasons=left_out(ground, number), fixes=found.get(name, ()))
            for name, number in zip(names, order, strict=True)
        ),
        bottlenecks=bottlenecks(needs_of(ground.compiled)),
        scarce=scarce(ground),
        skipped=tuple(name for name in names if name not in found),
    )


def _first_looks(ground: Ground, order: list[int], effort: float) -> tuple[dict[str, tuple[Fix, ...]], float]:
    """The fixes that a first look finds for each audit, all others standing where they are; and what is left of the
    effort. An audit that was not looked at is not among them."""
    found: dict[str, tuple[Fix, ...]] = {}
    left, kept = effort, unchanged(ground.body)
    for at, number in enumerate(order):
        audit = ground.compiled.audits[number]
        if audit.id in found or left <= 0:
            continue
        share = max(left / (len(order) - at), LEAST_LOOK)
        search = Fixes(ground, audit, Spending(effort=share, moving=False, proving=False, remembered=kept))
        fixes = search.best()
        left -= search.spent
        found |= _of_each(fixes, audit.id)
    return found, left


def _of_each(fixes: tuple[Fix, ...], audit: str) -> dict[str, tuple[Fix, ...]]:
    """The fixes of an audit, and of those that some of them place besides."""
    others = dict.fromkeys(name for fix in fixes for name in fix.places if name != audit)
    return {audit: fixes} | {name: tuple(fix for fix in fixes if name in fix.places) for name in others}


def in_order(ground: Ground, numbers: list[int], weights: dict[int, int]) -> list[int]:
    """The gravest first, and each audit right after what it must follow."""
    found: list[int] = []
    for number in sorted(numbers, key=lambda at: (-weights[at], at)):
        before = sorted(ancestors(ground.problem, [number]) & set(numbers))
        found += [at for at in (*before, number) if at not in found]
    return found


def left_out(ground: Ground, number: int) -> tuple[Reason, ...]:
    """Why an audit is left out."""
    unplaced = [at for at, choice in enumerate(ground.solution.choices) if choice is None]
    never = {at for at in unplaced if ground.hopeless(at)}
    reasons = Reasons(ground.compiled, never)
    return reasons.never(number) if number in never else reasons.crowded(number, ground.solution)


def _closed(ground: Ground, audit: Audit) -> State:
    """The state of an audit that is not up for planning and not placed."""
    closed = audit.status in {AuditStatus.DONE, AuditStatus.CANCELLED}
    return State.CLOSED if closed or audit.id not in ground.compiled.outside else State.OUTSIDE
