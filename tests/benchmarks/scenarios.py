"""Scenarios that begin with the base's plan, against full plans from scratch, on one body and in one run."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
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
    """A scenario's first level: from the base's plan on, from scratch with the same work, and by a full plan; and the
    seconds of the first two searches."""

    name: str
    warm: int
    same: int
    full: int
    warm_seconds: float
    same_seconds: float


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
    """A table of some of the twenty (from, to), and the ratio of the times. Two processes, as on two cores. Seconds of
    the clock and of processors: where others use the machine, only the latter say much."""
    body = demo_body(size, seed=seed)
    scenarios = twenty(with_certificates(body))[only[0] : only[1]]
    budget, part = Budget(effort=effort), Budget(effort=effort * SHARE)
    given = Effort(base=budget, scenario=part, seed=seed, threads=2)
    with _Clock() as warm_clock:
        study = run_study(body, scenarios, given, Processes(2), prepare=with_certificates)
    assert study.base.plan is not None
    base = study.base.plan.levels[0]
    say(f"base: {base.value:,} (≥ {base.bound:,}); effort {effort:g}, of each scenario {effort * SHARE:.1f}")
    say("| scenario | whatif | from scratch, same work | full plan | s whatif | s scratch |")
    say("| --- | --- | --- | --- | --- | --- |")
    warm = {outcome.scenario.name: outcome.answer for outcome in study.scenarios if outcome.scenario}
    bodies = {scenario.name: apply_scenario(body, scenario, with_certificates) for scenario in scenarios}
    same = run_jobs([Job(key=name, body=one, budget=part, seed=seed) for name, one in bodies.items()], Processes(2))
    full: dict[str, Answer] = {}
    with _Clock() as full_clock:
        for name, one in bodies.items():
            full |= run_jobs([Job(key=name, body=one, budget=budget, seed=seed, threads=2)], None)
    rows = [_row(name, warm[name], same[name], full[name]) for name in bodies]
    for row in rows:
        figures = f"{row.warm:,} | {row.same:,} | {row.full:,} | {row.warm_seconds:.0f} | {row.same_seconds:.0f}"
        say(f"| {row.name} | {figures} |")
    for clock, name in ((warm_clock, "whatif, base included"), (full_clock, "full plans")):
        say(f"{name}: {clock.wall:.0f} s, of processors {clock.processors:.0f} s")
    ratios = warm_clock.wall / full_clock.wall, warm_clock.processors / full_clock.processors
    say(f"ratio: {ratios[0]:.2f}, of processors {ratios[1]:.2f}")
    worse = [row.name for row in rows if row.warm > row.same]
    say(f"worse than from scratch with the same work: {', '.join(worse) or 'none'}")


class _Clock:
    """Seconds of the clock, and of processors (of this process and of those it began that have ended)."""

    def __enter__(self) -> _Clock:
        """Starts."""
        self._begun, self._used = time.monotonic(), _used()
        return self

    def __exit__(self, *error: object) -> None:
        """Stops."""
        self.wall, self.processors = time.monotonic() - self._begun, _used() - self._used


def _used() -> float:
    """Seconds of processors used so far."""
    both = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def _row(name: str, warm: Answer, same: Answer, full: Answer) -> Row:
    """A scenario's figures."""
    return Row(
        name=name,
        warm=_first(warm),
        same=_first(same),
        full=_first(full),
        warm_seconds=_solving(warm),
        same_seconds=_solving(same),
    )


def _first(answer: Answer) -> int:
    """The figure of the first level."""
    assert answer.plan is not None
    return answer.plan.levels[0].value


def _solving(answer: Answer) -> float:
    """Seconds of the search."""
    assert answer.plan is not None
    return dict(answer.plan.seconds)["solve"]
