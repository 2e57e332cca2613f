"""Everything that `auditplan capacity` shows, in one call."""

from __future__ import annotations

from dataclasses import dataclass

from auditplan.planner.capacity.advice import Advised, Costs, advise
from auditplan.planner.capacity.bottlenecks import Bottleneck, bottlenecks
from auditplan.planner.capacity.headroom import Headroom, headroom, sound_part
from auditplan.planner.capacity.load import Load, load_of
from auditplan.planner.capacity.needs import needs_of
from auditplan.planner.compile import Compiler
from auditplan.planner.domain import Body
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Plan
from auditplan.planner.qualification import standard_key
from auditplan.planner.scenarios.crew import Crew
from auditplan.planner.scenarios.jobs import Answer, Job, Told, nobody, work
from auditplan.planner.scenarios.selection import EVERYTHING, selected
from auditplan.planner.scenarios.study import BASE
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
    job = Job(key=BASE, body=body, budget=spending.base, seed=spending.seed, threads=spending.threads)
    return work(job, told, stop)


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
    """Measures a body against its plan. Raises CrewLostError."""
    needs = needs_of(Compiler(Facts(body)).compile())
    step, seed = spending.step, spending.seed
    rooms = headroom(
        body, plan, step, crew, seed=seed, standards=standards_of(sound_part(body, plan)), told=told, stop=stop
    )
    hire, train = advise(body, plan, needs, step, crew, seed=seed, costs=costs, told=told, stop=stop)
    return Capacity(
        plan=plan,
        load=load_of(body),
        bottlenecks=bottlenecks(needs),
        headroom=rooms,
        hire=hire,
        train=train,
    )
