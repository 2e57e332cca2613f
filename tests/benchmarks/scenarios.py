"""Scenarios that begin with the base's plan, against full plans from scratch, on one body and in one run."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import timedelta

from auditplan.io.cli.whatif import SHARE
from auditplan.planner.cycle.pipeline import with_certificates
from auditplan.planner.demo import demo_body
from auditplan.planner.domain import AuditType, Body, Role, RuleKind
from auditplan.planner.scenarios import changes
from auditplan.planner.scenarios.apply import apply_scenario
from auditplan.planner.scenarios.changes import Change, Scenario
from auditplan.planner.scenarios.crew import Processes, run_jobs
from auditplan.planner.scenarios.jobs import Answer, Job, Step
from auditplan.planner.scenarios.selection import EVERYTHING, Filter, region_of
from auditplan.planner.scenarios.study import BASE, Effort, run_study
from auditplan.solver.solution import Budget

Say = Callable[[str], None]


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
    """A table of some of the twenty (from, to), and the share of the time. Two processes, as on two cores. Seconds of
    the clock and of processors: where others use the machine, only the latter say much.

    From scratch means with the seconds that the scenario took, two side by side as those were."""
    body = demo_body(size, seed=seed)
    all_of_them = twenty(with_certificates(body))
    scenarios = all_of_them[only[0] : only[1]]
    budget, part = Budget(effort=effort), Budget(effort=effort * SHARE)
    given = Effort(base=budget, scenario=part, seed=seed, threads=2)
    base_clock, rest_clock = _Clock(), _Clock()

    def told(step: Step) -> None:
        """The base is done: what follows is the scenarios'."""
        if step.key == BASE and step.done and not base_clock.wall:
            base_clock.stop()
            rest_clock.start()

    base_clock.start()
    study = run_study(body, scenarios, given, Processes(2), prepare=with_certificates, told=told)
    rest_clock.stop()
    assert study.base.plan is not None
    base = study.base.plan.levels[0]
    say(f"base: {base.value:,} (≥ {base.bound:,}); effort {effort:g}, of each scenario {effort * SHARE:.1f}")
    say("| scenario | whatif | from scratch | full plan | s whatif | s scratch | s full plan |")
    say("| --- | --- | --- | --- | --- | --- | --- |")
    warm = {outcome.scenario.name: outcome.answer for outcome in study.scenarios if outcome.scenario}
    bodies = {scenario.name: apply_scenario(body, scenario, with_certificates) for scenario in scenarios}
    same = _from_scratch(bodies, warm, seed)
    full: dict[str, Answer] = {}
    full_clock = _Clock()
    full_clock.start()
    for name, one in bodies.items():
        full |= run_jobs([Job(key=name, body=one, budget=budget, seed=seed, threads=2)], None)
    full_clock.stop()
    for name in bodies:
        answers = (warm[name], same[name], full[name])
        firsts = " | ".join(f"{_first(answer):,}" for answer in answers)
        say(f"| {name} | {firsts} | {' | '.join(f'{_solving(answer):.0f}' for answer in answers)} |")
    for clock, name in ((base_clock, "base"), (rest_clock, "scenarios"), (full_clock, "full plans")):
        say(f"{name}: {clock.wall:.0f} s, of processors {clock.processors:.0f} s")
    times = len(all_of_them) / len(scenarios)
    turns = (len(all_of_them) + 1) / (len(scenarios) + 1)  # the base is searched on beside them
    shares = [
        (first + turns * rest) / (times * whole)
        for first, rest, whole in (
            (base_clock.wall, rest_clock.wall, full_clock.wall),
            (base_clock.processors, rest_clock.processors, full_clock.processors),
        )
    ]
    say(f"share of the time of {len(all_of_them)} full plans: {shares[0]:.2f}; of processors' {shares[1]:.2f}")
    worse = [name for name in bodies if _first(warm[name]) > _first(same[name])]
    say(f"worse than from scratch with the same seconds: {', '.join(worse) or 'none'}")


def _from_scratch(bodies: dict[str, Body], warm: dict[str, Answer], seed: int) -> dict[str, Answer]:
    """Plans from scratch with the seconds of the scenarios' searches. Where a scenario took longer before its search,
    since its start was looked at, those seconds are added."""
    first = next(iter(bodies))
    least = run_jobs([Job(key=first, body=bodies[first], budget=Budget(effort=0.01), seed=seed)], Processes(1))
    build = _seconds(least[first])["build"]
    jobs = []
    for name, body in bodies.items():
        seconds = _seconds(warm[name])
        given = seconds["solve"] + max(0.0, seconds["build"] - build)
        jobs.append(Job(key=name, body=body, budget=Budget(seconds=given), seed=seed))
    return run_jobs(jobs, Processes(2))


class _Clock:
    """Seconds of the clock, and of processors (of this process and of those it began that have ended)."""

    wall = processors = 0.0

    def start(self) -> None:
        """From here on."""
        self._begun, self._used = time.monotonic(), _used()

    def stop(self) -> None:
        """Until here."""
        self.wall, self.processors = time.monotonic() - self._begun, _used() - self._used


def _used() -> float:
    """Seconds of processors used so far."""
    both = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def _first(answer: Answer) -> int:
    """The figure of the first level."""
    assert answer.plan is not None
    return answer.plan.levels[0].value


def _solving(answer: Answer) -> float:
    """Seconds of the search."""
    return _seconds(answer)["solve"]


def _seconds(answer: Answer) -> dict[str, float]:
    """Seconds by what they were spent on."""
    assert answer.plan is not None
    return dict(answer.plan.seconds)
