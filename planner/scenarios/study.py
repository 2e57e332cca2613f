"""A body and its scenarios planned side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan
from auditplan.planner.scenarios.apply import apply_scenario, as_it_is
from auditplan.planner.scenarios.changes import Scenario
from auditplan.planner.scenarios.crew import Crew, run_jobs
from auditplan.planner.scenarios.jobs import Answer, Job, Told, nobody, work
from auditplan.solver.solution import Budget, StopSignal

BASE = ""
"""The key of the body as it is; scenarios have their names as keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to search: for the base, and for each scenario, which begins with the base's plan."""

    base: Budget
    scenario: Budget
    seed: int = 0
    threads: int = 2
    """Of the base's search. Scenarios take one each, since they run side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A scenario (None: the base) with its body and what came of it."""

    scenario: Scenario | None
    body: Body
    answer: Answer

    @property
    def plan(self) -> Plan | None:
        """The plan, where there is one."""
        return self.answer.plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The base and its scenarios, in the order given. unfinished: scenarios that a stop left away."""

    base: Outcome
    scenarios: tuple[Outcome, ...]
    unfinished: tuple[str, ...] = ()


def run_study(
    body: Body,
    scenarios: Sequence[Scenario],
    effort: Effort,
    crew: Crew | None = None,
    *,
    prepare: Callable[[Body], Body] = as_it_is,
    told: Told = nobody,
    stop: StopSignal | None = None,
) -> Study:
    """Plans a body, and each scenario from that plan on; the base itself is searched on as long as they are, so that no
    difference comes from having searched longer. A scenario that changes nothing is the base itself. prepare: done with
    the body, and with each scenario's once its period is known.

    Raises CrewLostError."""
    bodies = {scenario.name: apply_scenario(body, scenario, prepare) for scenario in scenarios}
    body = prepare(body)
    first = Job(key=BASE, body=body, budget=effort.base, seed=effort.seed, threads=effort.threads)
    answer = work(first, told, stop)
    changed = {name: own for name, own in bodies.items() if own != body and answer.plan is not None}
    own = {BASE: body} if changed and answer.plan is not None and not answer.plan.optimal else {}
    start = answer.plan.placements if answer.plan is not None else ()
    jobs = [
        Job(key=name, body=one, budget=effort.scenario, seed=effort.seed, start=start, adapt=True)
        for name, one in {**own, **changed}.items()
    ]
    answers = run_jobs(jobs, crew, told=told, stop=stop)
    base = Outcome(scenario=None, body=body, answer=_better(answer, answers.pop(BASE, answer)))
    answers |= {name: replace(base.answer, key=name) for name, one in bodies.items() if one == body}
    found = tuple(
        Outcome(scenario=scenario, body=bodies[scenario.name], answer=answers[scenario.name])
        for scenario in scenarios
        if scenario.name in answers
    )
    missing = tuple(scenario.name for scenario in scenarios if scenario.name not in answers)
    return Study(base=base, scenarios=found, unfinished=missing)


def _better(first: Answer, second: Answer) -> Answer:
    """The second of two answers about one body, unless it ended too early to be as good, with the best bound of the
    first level."""
    if first.plan is None or second.plan is None or first is second:
        return first
    figures = [tuple(level.value for level in one.levels) for one in (first.plan, second.plan)]
    if figures[1] > figures[0]:
        return first
    return replace(second, plan=bounded(second.plan, first.plan.levels[0].bound))


def bounded(plan: Plan, least: int) -> Plan:
    """A plan with a lower bound of its first level, where that is better than its own."""
    first = plan.levels[0]
    if least <= first.bound:
        return plan
    gap = first.gap * (first.value - least) / (first.value - first.bound)
    return replace(plan, levels=(replace(first, bound=least, gap=gap), *plan.levels[1:]))
