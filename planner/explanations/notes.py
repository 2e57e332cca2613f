"""What the sheets of a plan say of its choices: the next best team of what was placed, and the smallest fix of what was
left out; all of it within a fixed, deterministic amount of work, so that a plan stays quick.

The next best team is noted when an audit gets its place, for its own dates and with all else standing; a later plan
that leaves the audit where it is keeps the note (see `memory`). Whoever wants other dates or more fixes asks `explain`.
"""

from __future__ import annotations

from collections.abc import Collection

from auditplan.planner.compile import Compiled
from auditplan.planner.domain import Body, Rival
from auditplan.planner.explanations.fixes import Fixes
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.noted import Notes
from auditplan.planner.explanations.proofs import Spending
from auditplan.planner.explanations.results import Fix
from auditplan.planner.explanations.study import in_order
from auditplan.planner.plan import Plan
from auditplan.solver.solution import StopSignal

FIX_EFFORT, FIX_EFFORT_OF_ONE = 6.0, 0.4
"""Work on fixes at most, as `--effort` counts it: for all audits left out, and for one of them."""
RIVAL_EFFORT = 6.0
"""Work on next best teams at most."""
RIVAL_WORK, RIVAL_WORK_OF_A_SEAT = 0.002, 1e-4
"""Work of looking for one next best team, in core-seconds: in any case, and for each candidate (measured)."""


def notes_of(
    body: Body,
    plan: Plan,
    compiled: Compiled,
    *,
    effort: float = FIX_EFFORT,
    moved: Collection[str] | None = None,
    stop: StopSignal | None = None,
) -> Notes:
    """The notes on a plan. compiled: of the body when it was planned; effort: for fixes, at most; moved: the audits
    that the plan placed or changed, where it is one with few changes (None: it was made anew); stop: says that nothing
    more is wanted."""
    known = body.written.rivals if body.written is not None and moved is not None else ()
    there = {placement.audit for placement in plan.placements}
    people = {auditor.id for auditor in body.auditors}
    kept = [rival for rival in known if rival.audit in there - set(moved or ()) and people.issuperset(rival.people)]
    stop = stop or _never
    if stop() or (not plan.unplaced and moved is not None and not there & set(moved)):
        return Notes(rivals=tuple(kept))
    ground = Ground(body, plan.placements, compiled)
    wanted = there if moved is None else there & set(moved)
    rivals = (*kept, *_rivals(ground, wanted, stop))
    fixes, barren = _fixes(ground, plan, effort, stop)
    order = ground.facts.lookup.audit_order
    return Notes(rivals=tuple(sorted(rivals, key=lambda one: order[one.audit])), fixes=fixes, barren=barren)


def _never() -> bool:
    """No signal to stop."""
    return False


def _rivals(ground: Ground, wanted: Collection[str], stop: StopSignal) -> list[Rival]:
    """The next best teams of some audits on their dates, in the order of the sheet, as far as the work goes."""
    found, work = [], 0.0
    for number, audit in enumerate(ground.compiled.audits):
        choice = ground.solution.choices[number]
        if choice is None or audit.id not in wanted:
            continue
        seats = sum(len(candidates) for candidates in ground.problem.activities[number].roles)
        work += RIVAL_WORK + RIVAL_WORK_OF_A_SEAT * seats
        if work > RIVAL_EFFORT or stop():
            break
        other = ground.seating(number).beside(choice)
        if other is None:
            found.append(Rival(audit=audit.id))
            continue
        team = tuple(ground.body.auditors[person].id for role in other.choice.team for person in role)
        found.append(Rival(audit=audit.id, people=team, more=ground.more(number, other.prices)))
    return found


def _fixes(ground: Ground, plan: Plan, effort: float, stop: StopSignal) -> tuple[dict[str, Fix], frozenset[str]]:
    """The smallest fix of each audit left out, the gravest first, as far as the work goes; and for which none was
    found."""
    left = min(effort, FIX_EFFORT)
    known: dict[str, Fix] = {}
    barren: set[str] = set()
    numbers = [ground.index[entry.audit] for entry in plan.unplaced]
    weights = {number: (ground.problem.activities[number].left_out or (0,))[0] for number in numbers}
    for number in in_order(ground, numbers, weights):
        audit = ground.compiled.audits[number]
        if left <= 0 or audit.id in known or stop():
            continue
        spending = Spending(effort=min(left, FIX_EFFORT_OF_ONE), moving=False, proving=False, remembered=True)
        search = Fixes(ground, audit, spending)
        fix = search.first()
        left -= search.spent
        if fix is None:
            barren.add(audit.id)
        else:
            known |= {name: fix for name in (audit.id, *fix.places) if name not in known}
    return known, frozenset(barren - set(known))
