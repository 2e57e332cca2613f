"""Which single rule keeps an audit from ever being placed: it is thought away, and the audit looked at alone.

Asked only where nothing plainer is known, so that what is told is the rule and not merely that nobody has time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditplan.planner.compile import Compiler
from auditplan.planner.compiled import Compiled
from auditplan.planner.domain import Audit, Auditor, Body, RuleSetting
from auditplan.planner.facts import Facts
from auditplan.planner.narrow import placing
from auditplan.planner.problems import Origin

CEILINGS: tuple[tuple[str, object], ...] = (("max_nights", 400), ("max_days_per_week", 7), ("max_days", None))
"""The ceilings of a person, with a value that bars nothing."""
EFFORT = 0.5
"""Work spent at most on one rule."""
MOST_PEOPLE = 12
"""People whose ceilings are thought away one by one at most."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A rule, with the cell that it stands in; person: whose ceiling it is, None for none in particular."""

    rule: str
    origin: Origin | None
    field: str
    person: Auditor | None = None


def cause_of(compiled: Compiled, number: int) -> Cause | None:
    """The one rule without which an audit could be placed that cannot be even alone; None where there is no single
    one."""
    audit, body = compiled.audits[number], compiled.facts.body
    if _possible(body, audit):
        return None
    for cause, relaxed in _relaxations(compiled, number, body, audit):
        if _possible(relaxed, audit):
            return cause
    return None


def _relaxations(compiled: Compiled, number: int, body: Body, audit: Audit) -> Iterator[tuple[Cause, Body]]:
    """Rules with the body without each."""
    settings = body.settings
    if settings.full_time_member:
        cause = Cause("full-time", settings.origin, "full_time_member")
        yield cause, replace(body, settings=replace(settings, full_time_member=False))
    if audit.experts or audit.trainees:
        field = "experts" if audit.experts else "trainees"
        yield Cause("supervised", audit.origin, field), _off(body, "supervised")
    able = {entry.resource for role in compiled.problem.activities[number].roles for entry in role}
    people = [body.auditors[person] for person in sorted(able)]
    for field, free in CEILINGS:
        limited = [one for one in people if getattr(one, field) not in {free, None}]
        for one in limited[:MOST_PEOPLE]:
            yield Cause("ceilings", one.origin, field, one), _lifted(body, field, free, {one.id})
        if len(limited) > 1:
            first = limited[0]
            yield Cause("ceilings", first.origin, field, first), _lifted(body, field, free, {one.id for one in limited})


def _off(body: Body, rule: str) -> Body:
    """The body with a rule switched off."""
    return replace(body, rules=(*(row for row in body.rules if row.rule != rule), RuleSetting(rule=rule, on=False)))


def _lifted(body: Body, field: str, free: object, people: set[str]) -> Body:
    """The body without a ceiling of some people."""
    changed: dict[str, object] = {field: free}
    auditors = tuple(
        replace(one, **changed) if one.id in people else one  # type: ignore[arg-type]
        for one in body.auditors
    )
    return replace(body, auditors=auditors)


def _possible(body: Body, audit: Audit) -> bool:
    """Whether an audit could be placed if nothing but what stands were planned."""
    from auditplan.solver.solution import Budget
    from auditplan.solver.solve import solve

    compiler = Compiler(Facts(body))
    kept = {audit.id, *compiler.firm}
    small = replace(
        body,
        audits=tuple(own for own in body.audits if own.id in kept),
        previous=tuple(row for row in body.previous if row.audit in kept),
    )
    compiled = Compiler(Facts(small)).compile()
    numbers = [at for at, own in enumerate(compiled.audits) if own.id == audit.id]
    if not numbers:
        return False
    solution = solve(placing(compiled.problem, {numbers[0]: 1}), Budget(effort=EFFORT), threads=1).solution
    return solution is not None and solution.choices[numbers[0]] is not None
