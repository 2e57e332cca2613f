"""Everything that `auditplan capacity` shows, in one call."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditplan.planner.capacity.advice import Advised, Costs, advise
from auditplan.planner.capacity.bottlenecks import Bottleneck, bottlenecks
from auditplan.planner.capacity.headroom import Headroom, headroom, sound_part
from auditplan.planner.capacity.load import Load, load_of
from auditplan.planner.capacity.needs import least_lost, needs_of
from auditplan.planner.compile import Compiler
from auditplan.planner.domain import Body
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Plan
from auditplan.planner.qualification import standard_key
from auditplan.planner.scenarios.crew import Crew
from auditplan.planner.scenarios.jobs import Answer, Job, Told, nobody, work
from auditplan.planner.scenarios.selection import EVERYTHING, selected
from auditplan.planner.scenarios.study import BASE, bounded
from auditplan.solver.solution import Budget, StopSignal


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Load, bottlenecks, headroom (all work first, then by standard), whom to hire and whom to train, for a plan."""

    plan: Plan
    load: Load
    bottlenecks: tuple[Bottleneck, ...]
    headroom: tuple[Headroom, ...]
    hire: Advised
    train: Advised


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """How long to search: for the plan, and for each of the solves that prove headroom and advice."""

    base: Budget
    step: Budget
    seed: int = 0
    threads: int = 2


def standards_of(body: Body) -> tuple[str, ...]:
    """One spelling of each standard family that there is work for, in order."""
    found: dict[str, str] = {}
    for audit in selected(body, EVERYTHING):
        for standard in audit.standards:
            family = standard_key(standard)[0]
            found[family] = min(found.get(family, standard), standard)
    return tuple(found[family] for family in sorted(found))


def base_plan(body: Body, spending: Spending, *, told: Told = nobody, stop: StopSignal | None = None) -> Answer:
    """The plan that all is measured against."""
    budget, seed, threads = spending.base, spending.seed, spending.threads
    job = Job(key=BASE, body=body, budget=budget, seed=seed, threads=threads, by_quarters=True)
    return work(job, told, stop)


def longer(body: Body, plan: Plan, spending: Spending, told: Told, stop: StopSignal | None) -> Plan:
    """A plan, searched on for as long as a step; itself where its first level is proven."""
    if plan.levels[0].bound >= plan.levels[0].value or (stop is not None and stop()):
        return plan
    job = Job(key=BASE, body=body, budget=spending.step, seed=spending.seed, start=plan.placements, target=-1)
    found = work(job, told, stop).plan
    if found is None or found.levels[0].value > plan.levels[0].value:
        return plan
    # In a large body the search has looked at a part, and so cannot say what nobody could ever serve, nor a bound.
    never = {entry.audit: entry for entry in plan.unplaced if entry.never}
    unplaced = tuple(never.get(entry.audit, entry) for entry in found.unplaced)
    return bounded(replace(found, unplaced=unplaced), plan.levels[0].bound)


def capacity(
    body: Body,
    plan: Plan,
    spending: Spending,
    crew: Crew | None = None,
    *,
    costs: Costs | None = None,
    told: Told = nobody,
    stop: StopSignal | None = None,
) -> Capacity:
    """Measures a body against its plan, or what becomes of it with as much more search as each step gets: a gain must
    come from a change, not from having searched longer. Raises CrewLostError."""
    needs = needs_of(Compiler(Facts(body)).compile())
    step, seed, start = spending.step, spending.seed, plan.placements
    today = longer(body, plan, spending, told, stop)
    if stop is None or not stop():  # whoever stops does not wait for a better bound
        today = bounded(today, least_lost(needs))
    standards = standards_of(sound_part(body, today))
    rooms = headroom(body, today, step, crew, seed=seed, standards=standards, told=told, stop=stop)
    hire, train = advise(body, today, needs, step, crew, seed=seed, costs=costs, start=start, told=told, stop=stop)
    return Capacity(
        plan=today,
        load=load_of(body),
        bottlenecks=bottlenecks(needs),
        headroom=rooms,
        hire=hire,
        train=train,
    )
