"""Scenarios that begin with the base's plan, against full plans from scratch, on one body and in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from auditplan.io.cli.whatif import SHARE
from auditplan.planner.cycle.pipeline import with_certificates
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import AuditType, Body, Role, RuleKind
from auditplan.planner.scenarios import changes
from auditplan.planner.scenarios.apply import apply_scenario
from auditplan.planner.scenarios.changes import Change, Scenario
from auditplan.planner.scenarios.crew import Processes, run_jobs
from auditplan.planner.scenarios.jobs import Answer, Job
from auditplan.planner.scenarios.selection import EVERYTHING, Filter, region_of
from auditplan.planner.scenarios.study import Effort, run_study
from auditplan.solver.solution import Budget

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A scenario's first level: from the base's plan on, from scratch in the same seconds, and by a full plan; and
    what each took."""

    name: str
    warm: int
    same: int
    full: int
    warm_seconds: float
    full_seconds: float


def twenty(body: Body) -> tuple[Scenario, ...]:
    """What a manager might ask of a body: a change of every kind, and some together."""
    people = [auditor.id for auditor in body.auditors]
    start, busiest = body.settings.plan_from, _busiest(body)
    march = start + timedelta(days=59)
    surveillance = Filter(types=(AuditType.SURVEILLANCE,))
    standard = body.audits[0].standards[0]
    lists: dict[str, tuple[Change, ...]] = {
        **{f"demand {percent:+d} %": (changes.Demand(percent=percent),) for percent in (-10, 5, 10, 15, 20)},
        "surveillance +20 %": (changes.Demand(percent=20, audits=surveillance),),
        "busiest region +25 %": (changes.Demand(percent=25, audits=Filter(regions=(busiest,))),),
        **{f"{name} leaves": (changes.RemoveAuditor(auditor=name),) for name in (people[0], people[len(people) // 3])},
        "two leave in March": tuple(changes.RemoveAuditor(auditor=name, since=march) for name in people[1:3]),
        "a month away": (changes.Absence(auditor=people[4], start=start, until=start + timedelta(days=30)),),
        "two more like one": (changes.AddAuditors(number=2, like=people[0]),),
        "one more in the region": (changes.AddAuditors(number=1, region=busiest),),
        "one trained": (changes.AddQualification(auditor=people[5], standard=standard, codes=("*",), role=Role.LEAD),),
        "windows +14 days": (changes.WidenWindows(days=14),),
        "windows -7 days": (changes.WidenWindows(days=-7),),
        "40 % remote": (changes.RemoteShare(percent=40, audits=EVERYTHING),),
        "teams of 1 to 2": (changes.TeamSize(smallest=1, largest=2, audits=surveillance),),
        "windows soft": (changes.RuleChange(rule="window", kind=RuleKind.SOFT),),
        "grow and hire": (changes.Demand(percent=15), changes.AddAuditors(number=3, region=busiest)),
    }
    return tuple(Scenario(name=name, changes=own) for name, own in lists.items())


def _busiest(body: Body) -> str:
    """The region with most audits."""
    regions = list(region_of(body).values())
    return max(sorted(set(regions)), key=regions.count)


def compare(size: str, effort: float, only: tuple[int, int], seed: int, say: Say) -> None:
    """A table of some of the twenty (from, to), and the ratio of the times. Two processes, as on two cores."""
    body = demo_body(size, seed=seed)
    scenarios = twenty(with_certificates(body))[only[0] : only[1]]
    budget, part = Budget(effort=effort), Budget(effort=effort * SHARE)
    begun = time.monotonic()
    study = run_study(
        body,
        scenarios,
        Effort(base=budget, scenario=part, seed=seed, threads=2),
        Processes(2),
        prepare=with_certificates,
    )
    warm_seconds = time.monotonic() - begun
    assert study.base.plan is not None
    base = study.base.plan.levels[0]
    bound = f"{base.value:,} (≥ {base.bound:,})"
    say(f"base: {bound}; {len(scenarios)} scenarios in {warm_seconds:.0f} s, effort {effort:g}")
    say("| scenario | whatif | from scratch, same seconds | full plan | s | s full |")
    say("| --- | --- | --- | --- | --- | --- |")
    warm = {outcome.scenario.name: outcome.answer for outcome in study.scenarios if outcome.scenario}
    rows = []
    for row in _rows(body, scenarios, warm, budget, seed):
        rows.append(row)
        figures = f"{row.warm:,} | {row.same:,} | {row.full:,} | {row.warm_seconds:.0f} | {row.full_seconds:.0f}"
        say(f"| {row.name} | {figures} |")
    full = sum(row.full_seconds for row in rows)
    worse = [row.name for row in rows if row.warm > row.same]
    say(f"whatif {warm_seconds:.0f} s, full plans {full:.0f} s: {warm_seconds / full:.2f}")
    say(f"worse than from scratch in the same seconds: {', '.join(worse) or 'none'}")


def _rows(
    body: Body, scenarios: tuple[Scenario, ...], warm: dict[str, Answer], budget: Budget, seed: int
) -> Iterator[Row]:
    """Each scenario from scratch: for as long as its search from the base's plan took, two side by side, one thread
    each, as there; and as a plan of its own with two threads."""
    bodies = {scenario.name: apply_scenario(body, scenario, with_certificates) for scenario in scenarios}
    seconds = {name: _solving(answer) for name, answer in warm.items()}
    jobs = [
        Job(key=name, body=changed, budget=Budget(seconds=seconds[name]), seed=seed) for name, changed in bodies.items()
    ]
    same = run_jobs(jobs, Processes(2))
    for name, changed in bodies.items():
        begun = time.monotonic()
        full = run_jobs([Job(key=name, body=changed, budget=budget, seed=seed, threads=2)], None)
        took = time.monotonic() - begun
        yield Row(
            name=name,
            warm=_first(warm[name]),
            same=_first(same[name]),
            full=_first(full[name]),
            warm_seconds=seconds[name],
            full_seconds=took,
        )


def _first(answer: Answer) -> int:
    """The figure of the first level."""
    assert answer.plan is not None
    return answer.plan.levels[0].value


def _solving(answer: Answer) -> float:
    """Seconds of the search."""
    assert answer.plan is not None
    return max(0.1, dict(answer.plan.seconds)["solve"])
