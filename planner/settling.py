"""Wishes that can be kept and such that cannot: what was typed or locked holds, by the rules where that is possible,
and else as it stands, as an override that is told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from auditplan.planner.compile import Compiled, Compiler
from auditplan.planner.domain import Body, Lock, PlannedAudit
from auditplan.planner.facts import Facts
from auditplan.planner.firm import placement_of_row
from auditplan.planner.fixed import NOTHING, kept_part, stays
from auditplan.planner.narrow import placing
from auditplan.planner.scenarios.start import choices_of
from auditplan.solver.adopt import adopt
from auditplan.solver.facts import Facts as SolverFacts
from auditplan.solver.problem import Problem
from auditplan.solver.solution import Budget, Solution
from auditplan.solver.solve import solve

EFFORT = 4.0
"""Work spent at most on finding out whether all wishes can be kept at once."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A body whose wishes are settled. body: rows whose wishes cannot be kept by the rules are locked as a whole, so
    that they stand as an override. kept: for each audit with wishes that can be kept, one way to keep all of them at
    once, as a solution of `compiled`."""

    body: Body
    compiled: Compiled
    start: Solution
    must: frozenset[str]


def settle(compiled: Compiled, threads: int = 2) -> Settlement:
    """Settles the wishes of a body, which has a plan before. compiled: the body as it is."""
    body = _whole_first(compiled, threads)
    while True:
        if compiled.facts.body is not body:
            compiled = Compiler(Facts(body)).compile()
        wished = _wished(compiled)
        if not wished:
            return Settlement(body, compiled, Solution((None,) * len(compiled.audits)), frozenset())
        start = _placed(compiled, compiled.problem, wished, threads)
        lost = {audit for audit, number in wished.items() if start.choices[number] is None}
        if not lost:
            return Settlement(body, compiled, start, frozenset(wished))
        body = _locked(body, lost)


def _wished(compiled: Compiled) -> dict[str, int]:
    """The audits of the plan before of which a part is kept and the rest is to be decided, with their numbers."""
    body = compiled.facts.body
    numbers = {audit.id: number for number, audit in enumerate(compiled.audits)}
    return {
        row.audit: numbers[row.audit] for row in body.previous if row.audit in numbers and kept_part(row, body.settings)
    }


def _placed(compiled: Compiled, problem: Problem, wished: dict[str, int], threads: int) -> Solution:
    """As many wishes kept at once as can be."""
    small = placing(problem, dict.fromkeys(wished.values(), 1))
    facts = compiled.facts
    rows = [row for row in facts.body.previous if row.audit in wished]
    placements = [placement for row in rows if (placement := placement_of_row(facts, row)) is not None]
    start = adopt(SolverFacts(small), choices_of(replace(compiled, problem=small), placements))
    outcome = solve(small, Budget(effort=EFFORT), threads=threads, start=start)
    return outcome.solution or start


def _whole_first(compiled: Compiled, threads: int) -> Body:
    """Rows that would not have moved by themselves but for the date that was typed: their team stays, where it can on
    that date."""
    body = compiled.facts.body
    rows = [row for row in body.previous if _dated(row) and stays(row, body.settings)]
    if not rows:
        return body
    numbers = {audit.id: number for number, audit in enumerate(compiled.audits)}
    wished = {row.audit: numbers[row.audit] for row in rows if row.audit in numbers}
    manned = _manned(compiled, wished, rows)
    found = _placed(compiled, manned, wished, threads)
    return _locked(body, {audit for audit, number in wished.items() if found.choices[number] is not None})


def _dated(row: PlannedAudit) -> bool:
    """Whether another date was typed."""
    return Lock.DATE in (row.typed or NOTHING)


def _manned(compiled: Compiled, wished: dict[str, int], rows: list[PlannedAudit]) -> Problem:
    """The problem in which the teams of some rows are closed."""
    order = compiled.facts.lookup.order
    activities = list(compiled.problem.activities)
    for row in rows:
        if row.audit in wished:
            number = wished[row.audit]
            teams = ((row.lead,), row.team, row.experts, row.trainees)
            own = [{order[person] for person in team if person in order} for team in teams]
            roles = tuple(
                tuple(entry for entry in candidates if entry.resource in people)
                for candidates, people in zip(activities[number].roles, own, strict=True)
            )
            modes = tuple(mode for mode in activities[number].modes if mode.least[1] == len(own[1] - own[0]))
            activities[number] = replace(activities[number], roles=roles, modes=modes)
    return replace(compiled.problem, activities=tuple(activities))


def _locked(body: Body, audits: Collection[str]) -> Body:
    """The body with some rows of the plan before locked as a whole."""
    return replace(
        body,
        previous=tuple(replace(row, lock=Lock.ALL) if row.audit in audits else row for row in body.previous),
    )
