"""The main job: a body becomes a verified plan. Everything a command does is one call here."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from auditplan.planner.compile import Compiled, Compiler
from auditplan.planner.consequence import consequence, consequence_text
from auditplan.planner.cycle.ladder import Ladders
from auditplan.planner.decode import placements_of
from auditplan.planner.domain import Body
from auditplan.planner.facts import Facts
from auditplan.planner.overrides import override_problem
from auditplan.planner.plan import LEVELS, Level, Placement, Plan, Unplaced
from auditplan.planner.preferences import LATENESS, LEFT_OUT, MONEY, lateness
from auditplan.planner.previous import rows_known
from auditplan.planner.problems import Problem, Severity
from auditplan.planner.reasons import Reasons
from auditplan.planner.verify import Violation, verify
from auditplan.solver.solution import Budget, Outcome, ProgressListener, Solution, StoppedError, StopSignal


class VerificationFailedError(RuntimeError):
    """The finished plan broke a hard rule: the planner's own fault. `violations` says which."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        """Keeps what was broken."""
        super().__init__(", ".join(f"{violation.rule}: {violation.audit}" for violation in violations))
        self.violations = violations


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A verified plan, what planning found to say about the data, and the problem that was solved."""

    plan: Plan
    problems: tuple[Problem, ...]
    compiled: Compiled = field(compare=False, repr=False)


def check_body(body: Body) -> tuple[Problem, ...]:
    """Everything that can be found without planning: unknown countries and years, places without a way between
    them, choices of the coordinator that break a rule, and audits that nobody could ever serve."""
    body = rows_known(body)
    found, compiled = prepared(body)
    if compiled is None:
        return found
    from auditplan.planner.settling import settle
    from auditplan.solver.bounds import impossible
    from auditplan.solver.facts import Facts as SolverFacts

    if body.previous:
        compiled = settle(compiled).compiled
    never = impossible(SolverFacts(compiled.problem))
    reasons = Reasons(compiled, never)
    notes = (_never_problem(compiled, reasons, number) for number in sorted(never))
    return (*found, *_standing_overrides(compiled), *notes)


def _standing_overrides(compiled: Compiled) -> tuple[Problem, ...]:
    """What the audits that stand break, whatever is planned around them: of the order of audits only what stands too
    is looked at."""
    body, firm = compiled.facts.body, compiled.firm
    standing = placements_of(compiled, Solution((None,) * len(compiled.audits)))
    after = {audit.id: audit.after for audit in body.audits}
    found = verify(body, Plan(placements=standing, unplaced=()))
    broken = (
        (one.audit, one.rule, one.auditor)
        for one in found.violations
        if one.audit in firm and (one.rule != "sequence" or after[one.audit] in {"", *firm})
    )
    return tuple(override_problem(body, *one) for one in dict.fromkeys(broken))


def prepared(body: Body, stop: StopSignal | None = None) -> tuple[tuple[Problem, ...], Compiled | None]:
    """The problems of places and calendars, and the compiled problem if they allow one. Raises StoppedError once stop
    says yes."""
    facts = Facts(body)
    found = facts.calendars.problems(body)
    if any(problem.stopping for problem in found):
        return found, None
    found = (*found, *facts.geography.problems())
    if any(problem.stopping for problem in found):
        return found, None
    return found, Compiler(facts).compile(stop)


def make_plan(
    body: Body,
    budget: Budget,
    *,
    seed: int = 0,
    threads: int = 2,
    listener: ProgressListener | None = None,
    stop: StopSignal | None = None,
    start: Iterable[Placement] = (),
    adapt: bool = False,
) -> PlanResult:
    """Plans a body and verifies the plan. start: placements to begin the search with, as far as they hold. adapt:
    fit that to this body first, as for one made for another.

    Raises UnplannableError where the data has stopping problems that only planning sees,
    VerificationFailedError where the finished plan breaks a hard rule, and StoppedError where there was a start and
    the stop came before the search: then nothing is known that was not before."""
    begun, placed = time.monotonic(), tuple(start)
    found, compiled = prepared(body, stop if placed else None)
    if compiled is None:
        raise UnplannableError(found)
    building = time.monotonic() - begun
    result = plan_compiled(
        compiled,
        budget,
        seed=seed,
        threads=threads,
        listener=listener,
        stop=stop,
        start=placed,
        adapt=adapt,
        building=building,
    )
    return replace(result, problems=(*found, *result.problems))


def plan_compiled(
    compiled: Compiled,
    budget: Budget,
    *,
    seed: int = 0,
    threads: int = 2,
    listener: ProgressListener | None = None,
    stop: StopSignal | None = None,
    start: tuple[Placement, ...] = (),
    adapt: bool = False,
    building: float = 0.0,
    why: bool = True,
) -> PlanResult:
    """The same of a body that is compiled already; building: the seconds which that took, to which those are added that
    pass before the search. why: see `plan_of`. Raises as `make_plan` does, but for UnplannableError."""
    from auditplan.planner.scenarios.start import start_of
    from auditplan.solver.facts import Facts as SolverFacts
    from auditplan.solver.solve import solve

    begun, early = time.monotonic(), stop if start else None
    facts = SolverFacts(compiled.problem, stop=early)
    first = start_of(compiled, start, facts) if start else None
    if early is not None and early():
        raise StoppedError
    building += time.monotonic() - begun
    outcome = solve(
        compiled.problem,
        budget,
        seed=seed,
        threads=threads,
        start=first,
        listener=listener,
        stop=stop,
        facts=facts,
        adapt=adapt,
    )
    seconds = (("build", building), ("solve", outcome.seconds))
    return finished(compiled, plan_of(compiled, outcome, seed, why=why), outcome, seconds)


def finished(compiled: Compiled, plan: Plan, outcome: Outcome, seconds: tuple[tuple[str, float], ...]) -> PlanResult:
    """A plan of an outcome, verified, with what planning found to say. Raises VerificationFailedError."""
    plan, overrides = _verified(compiled.facts.body, plan)
    reasons = Reasons(compiled, outcome.impossible)
    notes = [_never_problem(compiled, reasons, number) for number in outcome.impossible]
    return PlanResult(replace(plan, seconds=seconds), (*overrides, *notes), compiled)


class UnplannableError(ValueError):
    """The data has problems that stop planning; `problems` lists them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keeps the problems."""
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def _never_problem(compiled: Compiled, reasons: Reasons, number: int) -> Problem:
    """The warning that an audit can never be placed, with its first reason."""
    audit = compiled.audits[number]
    reason = reasons.never(number)[0]
    return Problem(
        code=f"never-{reason.code.removeprefix('reason-')}",
        severity=Severity.WARNING,
        sheet=reason.sheet or (audit.origin.sheet if audit.origin else ""),
        cell=reason.cell or (audit.origin.cell("id") if audit.origin else ""),
        value=audit.id,
        parameters=(("audit", audit.id), *reason.parameters),
    )


def plan_of(compiled: Compiled, outcome: Outcome, seed: int, *, why: bool = True) -> Plan:
    """The plan of an outcome, with what is left out and why (unless nobody asks: the reasons of thousands of audits
    take seconds)."""
    assert outcome.solution is not None  # every audit may be left out, so there always is a solution
    placements = placements_of(compiled, outcome.solution)
    unplaced = _unplaced(compiled, outcome, why=why)
    return Plan(
        placements=placements,
        unplaced=unplaced,
        outside=compiled.outside,
        levels=_levels(compiled, outcome),
        optimal=all(bound >= value for bound, value in zip(outcome.bounds, outcome.values, strict=True)),
        seed=seed,
        effort=outcome.work,
    )


def _unplaced(compiled: Compiled, outcome: Outcome, *, why: bool) -> tuple[Unplaced, ...]:
    """Every audit left out, with reasons (of what nobody could serve only, unless why) and consequence."""
    assert outcome.solution is not None
    body, facts = compiled.facts.body, compiled.facts
    reasons = Reasons(compiled, outcome.impossible)
    ladders = Ladders(body, facts.rules)
    found = []
    for number, choice in enumerate(outcome.solution.choices):
        if choice is not None:
            continue
        audit = compiled.audits[number]
        never = reasons.impossible(number)
        follows = consequence_text(audit, body.settings, ladders)
        known = reasons.never(number) if never else reasons.crowded(number, outcome.solution) if why else ()
        weight = consequence(audit, body.settings, facts.rules)
        found.append(
            Unplaced(
                audit=audit.id,
                reasons=known,
                never=never,
                consequence=weight,
                consequence_code=follows.code,
                consequence_days=follows.days,
            )
        )
    return tuple(found)


def _levels(compiled: Compiled, outcome: Outcome) -> tuple[Level, ...]:
    """The figures of the objective, with what the firm audits add."""
    extra = _firm_figures(compiled)
    total = sum(activity.left_out[LEFT_OUT] for activity in compiled.problem.activities if activity.left_out)
    found = []
    for index, name in enumerate(LEVELS):
        value, bound = outcome.values[index] + extra[index], outcome.bounds[index] + extra[index]
        base = total if index == LEFT_OUT else value
        gap = (value - bound) / base if value > bound and base else 0.0
        found.append(Level(name=name, value=value, bound=bound, gap=gap))
    return tuple(found)


def _firm_figures(compiled: Compiled) -> list[int]:
    """What the audits that stand add to each level: their money and their lateness."""
    extra = [0] * len(LEVELS)
    settings = compiled.facts.body.settings
    for firm in compiled.firm.values():
        placement = firm.placement
        if placement.end.day < settings.plan_from or placement.start.day > settings.plan_to:
            continue
        extra[MONEY] += placement.fee
        extra[MONEY] += sum(seat.travel_cost for seat in placement.seats if seat.auditor not in compiled.together)
        extra[LATENESS] += lateness(firm.audit, placement.start.day, placement.end.day, compiled.facts.rules)
    return extra


def lateness_of(compiled: Compiled, plan: Plan) -> int:
    """Level 2 of a plan as it stands, in points."""
    facts = compiled.facts
    audits = facts.lookup.audits
    return sum(lateness(audits[entry.audit], entry.start.day, entry.end.day, facts.rules) for entry in plan.placements)


def _verified(body: Body, plan: Plan) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan with its overrides named, checked against every hard rule.

    What a choice of the coordinator breaks is an override: it stands, and is a problem of the data. Anything else
    that is broken is the planner's fault."""
    firm = _firm_ids(body, plan)
    first = verify(body, plan)
    broken: dict[str, set[str]] = {}
    for violation in first.violations:
        if violation.audit in firm:
            broken.setdefault(violation.audit, set()).add(violation.rule)
    named = replace(plan, placements=tuple(_overridden(entry, broken) for entry in plan.placements))
    final = verify(body, named) if broken else first
    if final.violations:
        raise VerificationFailedError(final.violations)
    unique = dict.fromkeys((one.audit, one.rule, one.auditor) for one in first.violations if one.audit in firm)
    problems = tuple(override_problem(body, *one) for one in unique)
    return replace(named, verified=True, checks=final.checks), problems


def _firm_ids(body: Body, plan: Plan) -> set[str]:
    """The placed audits that the coordinator fixed as a whole."""
    from auditplan.planner.firm import firm_audits

    firm = firm_audits(Facts(body))
    return {placement.audit for placement in plan.placements if placement.audit in firm}


def _overridden(placement: Placement, broken: dict[str, set[str]]) -> Placement:
    """A placement that names the rules which the coordinator's choice breaks."""
    return replace(placement, overrides=tuple(sorted(broken.get(placement.audit, ()))))
