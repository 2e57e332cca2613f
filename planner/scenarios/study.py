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
    """Plans a body, and each scenario from that plan on. A scenario that changes nothing is the base itself. prepare:
    done with the body, and with each scenario's once its period is known.

    Raises CrewLostError."""
    bodies = {scenario.name: apply_scenario(body, scenario, prepare) for scenario in scenarios}
    body = prepare(body)
    first = Job(key=BASE, body=body, budget=effort.base, seed=effort.seed, threads=effort.threads)
    base = Outcome(scenario=None, body=body, answer=work(first, told, stop))
    start = base.plan.placements if base.plan is not None else ()
    jobs = [
        Job(key=name, body=changed, budget=effort.scenario, seed=effort.seed, start=start)
        for name, changed in bodies.items()
        if changed != body and base.plan is not None
    ]
    answers = run_jobs(jobs, crew, told=told, stop=stop)
    answers |= {name: replace(base.answer, key=name) for name, changed in bodies.items() if changed == body}
    found = tuple(
        Outcome(scenario=scenario, body=bodies[scenario.name], answer=answers[scenario.name])
        for scenario in scenarios
        if scenario.name in answers
    )
    missing = tuple(scenario.name for scenario in scenarios if scenario.name not in answers)
    return Study(base=base, scenarios=found, unfinished=missing)
