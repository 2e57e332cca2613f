"""Re-planning: a plan from the plan before, with few changes. What a re-plan takes for granted says `keeping`.

First what is new, edited or cannot stay as it was is planned, with prices on every change (level 3); then what was left
out before is taken in where it needs no change. Where nothing is asked at all, the plan before is kept as it stands.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from auditplan.planner import planning
from auditplan.planner.budget_of_changes import Fewest, TooFewChangesError, Ways, limited
from auditplan.planner.changes import Change, changes_of, row_of, touches
from auditplan.planner.compile import Compiled
from auditplan.planner.decode import placements_of
from auditplan.planner.domain import Body, PlannedAudit
from auditplan.planner.firm import placement_of_row
from auditplan.planner.fixed import NOTHING
from auditplan.planner.keeping import Keep, keep_of, kept_problem, unchanged
from auditplan.planner.narrow import without
from auditplan.planner.plan import LEVELS, Placement, Plan
from auditplan.planner.planning import (
    PlanResult,
    UnplannableError,
    finished,
    lateness_of,
    plan_of,
    prepared,
)
from auditplan.planner.preferences import LATENESS
from auditplan.planner.previous import rows_known
from auditplan.planner.problems import Problem
from auditplan.planner.replan_search import Search, changed_little, taken_in
from auditplan.planner.scenarios.start import choices_of
from auditplan.planner.settling import Settlement, settle
from auditplan.solver.adopt import adopt
from auditplan.solver.bounds import impossible
from auditplan.solver.check import values
from auditplan.solver.facts import Facts as SolverFacts
from auditplan.solver.solution import Budget, Outcome, ProgressListener, Solution, Status, StopSignal

__all__ = ["Replanned", "TooFewChangesError", "replan"]

SHARE = 0.75
"""Share of the budget for what must be planned; the rest is for taking in what was left out before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """A verified plan with what differs from the plan before. compiled: the problem that was solved; replanned:
    whether there was a plan before; kept: whether it was kept as it stood, since nothing was asked; waiting: how many
    audits it left out that were not planned in full; changed: how many audits of the plan before differ, besides what
    was typed, and fewest: how many have to in every plan (proven)."""

    plan: Plan
    problems: tuple[Problem, ...]
    body: Body
    compiled: Compiled = field(compare=False, repr=False)
    changes: tuple[Change, ...] = ()
    replanned: bool = False
    kept: bool = False
    waiting: int = 0
    changed: int = 0
    fewest: int = 0


def replan(
    body: Body,
    budget: Budget,
    *,
    seed: int = 0,
    threads: int = 2,
    listener: ProgressListener | None = None,
    stop: StopSignal | None = None,
    improve: bool = False,
    max_changes: int | None = None,
) -> Replanned:
    """Plans a body from the plan before, which is that of its Schedule; without one it is planned like any.

    improve: to seek the best plan anew; changes still cost, on their level. max_changes: how many audits of the plan
    before may differ at most, besides what the coordinator typed.

    Raises like `make_plan`, and TooFewChangesError where more must change."""
    search = Search(budget=budget, seed=seed, threads=threads, listener=listener, stop=stop)
    if not body.previous:
        made = planning.make_plan(body, budget, seed=seed, threads=threads, listener=listener, stop=stop)
        changes = changes_of(body, made.plan) if body.written and body.written.rows else ()
        return Replanned(plan=made.plan, problems=made.problems, body=body, compiled=made.compiled, changes=changes)
    begun = time.monotonic()
    body = rows_known(body)
    found, usable = prepared(body)
    if usable is None:
        raise UnplannableError(found)
    settlement = settle(usable, threads)
    result = _as_it_stands(settlement, seed, begun) if unchanged(body) and not improve else None
    kept, changed, least = result is not None, 0, 0
    if result is None:
        made_anew = _replanned(settlement, search, improve=improve, max_changes=max_changes, begun=begun)
        result, changed, least = made_anew
    waiting = 0 if improve else len(keep_of(body).waiting & {left.audit for left in result.plan.unplaced})
    return Replanned(
        plan=result.plan,
        problems=(*found, *result.problems),
        body=_as_planned(replace(settlement.body, previous=usable.facts.body.previous), result.plan),
        compiled=settlement.compiled,
        changes=changes_of(settlement.body, result.plan),
        replanned=True,
        kept=kept,
        waiting=waiting,
        changed=changed,
        fewest=least,
    )


def _as_planned(body: Body, plan: Plan) -> Body:
    """The body whose Schedule is the plan now. body: as it was typed, not as it was settled. What was typed shows in
    Lock, and no more than that: it holds on in the plans to come, until the lock is taken away."""
    rows = {placement.audit: row_of(placement) for placement in plan.placements}
    old = {row.audit: row for row in body.previous}
    now = tuple(_carried(row, old.get(audit)) for audit, row in rows.items())
    outside = tuple(row for row in body.previous if row.audit not in rows and not touches(row, body.settings))
    return replace(body, previous=(*now, *outside))


def _carried(row: PlannedAudit, old: PlannedAudit | None) -> PlannedAudit:
    """A row with the lock, the invitations and the place in the book of the row before."""
    if old is None:
        return row
    asked = (old.lock or NOTHING) | (old.typed or NOTHING)
    return replace(row, lock=asked or None, invited=old.invited, origin=old.origin)


def _replanned(
    settlement: Settlement, search: Search, *, improve: bool, max_changes: int | None, begun: float
) -> tuple[PlanResult, int, int]:
    """The plan with few changes; how many audits of the plan before differ in it, and how many have to."""
    compiled = settlement.compiled
    keep = keep_of(settlement.body, settlement.must)
    if improve:
        keep = Keep(must=keep.must)
    waits = frozenset(number for number, audit in enumerate(compiled.audits) if audit.id in keep.waiting)
    compiled = replace(compiled, problem=kept_problem(compiled, keep))
    facts = SolverFacts(without(compiled.problem, waits))
    built = time.monotonic()
    start = _start(settlement, compiled, facts)
    ways, counted = _before_now(compiled, facts, keep)
    must = Fewest(facts, ways, counted, start)
    if search.threads > 1:
        search = replace(search, meanwhile=must.begin)
    if max_changes is not None:
        problem, start = limited(compiled, facts, start, ways, counted, max_changes)
        facts = SolverFacts(problem, facts)
    outcome = changed_little(facts, start, _asked(compiled, start, keep, waits), search.share(SHARE if waits else 1.0))
    if waits:
        outcome = taken_in(SolverFacts(compiled.problem, facts), outcome, waits, search.share(1.0 - SHARE))
    assert outcome.solution is not None  # whatever must be placed is so in the start
    changed = sum(outcome.solution.choices[number] != ways.get(number, 0) for number in counted)
    least = must.beyond(changed)
    outcome = replace(outcome, seconds=time.monotonic() - built)
    return _finished(compiled, outcome, search.seed, built - begun), changed, least


def _before_now(compiled: Compiled, facts: SolverFacts, keep: Keep) -> tuple[Ways, set[int]]:
    """How audits were carried out in the plan before, as far as they could be still, and all that count as changed if
    they are not: whatever the coordinator did not type over."""
    ways = dict(choices_of(replace(compiled, problem=facts.problem), before(compiled)))
    rows = {row.audit for row in compiled.facts.body.previous}
    counted = {number for number, audit in enumerate(compiled.audits) if audit.id in rows and audit.id not in keep.must}
    return ways, counted


def _asked(compiled: Compiled, start: Solution, keep: Keep, waits: frozenset[int]) -> frozenset[int]:
    """What a re-plan is about: what lost its place or has none yet, and what is new, edited or typed over."""
    return frozenset(
        number
        for number, audit in enumerate(compiled.audits)
        if number not in waits
        and (start.choices[number] is None or audit.id in keep.must or audit.id not in keep.accepted)
    )


def _start(settlement: Settlement, compiled: Compiled, facts: SolverFacts) -> Solution:
    """The plan before as far as it holds: what must be kept first, then the rest."""
    firm = [(number, choice) for number, choice in enumerate(settlement.start.choices) if choice is not None]
    numbers = {number for number, _ in firm}
    open_now = replace(compiled, problem=facts.problem)
    return adopt(facts, [*firm, *(pair for pair in choices_of(open_now, before(compiled)) if pair[0] not in numbers)])


def before(compiled: Compiled) -> list[Placement]:
    """The plan before as placements; those first that weigh most when they are left out."""
    facts = compiled.facts
    weight = {
        audit.id: (activity.left_out or (1 << 40,))[0]
        for audit, activity in zip(compiled.audits, compiled.problem.activities, strict=True)
    }
    found = [placement_of_row(facts, row) for row in facts.body.previous if row.audit in weight]
    placed = [placement for placement in found if placement is not None]
    return sorted(placed, key=lambda placement: (-weight[placement.audit], placement.start, placement.audit))


def _as_it_stands(settlement: Settlement, seed: int, begun: float) -> PlanResult | None:
    """The plan before, verified anew; None where it does not hold as a whole."""
    compiled = settlement.compiled
    facts = SolverFacts(compiled.problem)
    solution = adopt(facts, choices_of(compiled, before(compiled)))
    taken = {number for number, choice in enumerate(solution.choices) if choice is not None}
    outcome = Outcome(
        status=Status.FEASIBLE,
        solution=solution,
        values=values(compiled.problem, solution),
        bounds=(0,) * len(LEVELS),
        work=0.0,
        seconds=0.0,
        impossible=tuple(sorted(impossible(facts, taken))),
    )
    placed = {placement.audit for placement in placements_of(compiled, solution)}
    body = settlement.body
    if any(row.audit not in placed and touches(row, body.settings) for row in body.previous):
        return None
    result = _finished(compiled, outcome, seed, time.monotonic() - begun)
    return replace(result, plan=_with_bounds(result.plan, settlement.body))


def _with_bounds(plan: Plan, body: Body) -> Plan:
    """A plan that was kept has the bounds that were proven when it was made."""
    known = body.written.bounds if body.written else ()
    if len(known) != len(plan.levels):
        return plan
    levels = []
    for level, bound in zip(plan.levels, known, strict=True):
        open_to = max(0, level.value - bound)
        scale = (level.value - level.bound) / level.gap if level.gap else level.value
        levels.append(replace(level, bound=min(bound, level.value), gap=open_to / scale if scale else 0.0))
    return replace(plan, levels=tuple(levels), optimal=all(level.bound >= level.value for level in levels))


def _finished(compiled: Compiled, outcome: Outcome, seed: int, build: float) -> PlanResult:
    """The verified plan of an outcome. Closeness to Due is told as it stands; while planning, only what was worse than
    in the plan before counted."""
    plan = plan_of(compiled, outcome, seed)
    late = lateness_of(compiled, plan)
    levels = list(plan.levels)
    beyond = levels[LATENESS]
    bound = late - (beyond.value - beyond.bound)
    gap = (late - bound) / late if late > bound else 0.0
    levels[LATENESS] = replace(beyond, value=late, bound=bound, gap=gap)
    return finished(
        compiled, replace(plan, levels=tuple(levels)), outcome, (("build", build), ("solve", outcome.seconds))
    )
