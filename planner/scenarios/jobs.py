"""One plan as a job that any process can do: plain data in, plain data out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from auditplan.planner.compile import Compiled
from auditplan.planner.domain import Body
from auditplan.planner.plan import Placement, Plan
from auditplan.planner.planning import (
    PlanResult,
    UnplannableError,
    VerificationFailedError,
    plan_compiled,
    prepared,
)
from auditplan.planner.problems import Problem
from auditplan.solver.solution import Budget, Progress, StoppedError, StopSignal


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A body to plan. start: placements to begin with; adapt: fit that to this body first, as for one made for another.
    target: if set, only the first level counts, and the job ends as soon as it is known whether its figure is at most
    the target (-1: as soon as the figure is proven), and a large body is looked at only around the audits that the job
    is about (ids; none: those left out). by_quarters: a large body over several quarters is planned one after the
    other."""

    key: str
    body: Body
    budget: Budget
    seed: int = 0
    threads: int = 1
    start: tuple[Placement, ...] = ()
    target: int | None = None
    about: tuple[str, ...] = ()
    adapt: bool = False
    by_quarters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a job: a plan (without the reasons of what is left out, but of what nobody could serve: no study
    shows them); or why there is none: problems of the data, rules (violations) that the finished
    plan broke, or a lower bound (least) of the first level's figure that is above the target before any search."""

    key: str
    plan: Plan | None = None
    least: int | None = None
    problems: tuple[Problem, ...] = ()
    violations: tuple[str, ...] = ()
    stopped: bool = False
    """Whether a stop came before there was anything to answer with."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is: seconds since its begin, level, figure and bound (None: not known yet); done: it has ended."""

    key: str
    seconds: float = 0.0
    level: int = 0
    value: int = 0
    bound: int | None = None
    done: bool = False


Told = Callable[[Step], None]


def nobody(step: Step) -> None:
    """A listener that does not listen."""
    del step


class _Judge:
    """Listens to a search and says when enough is known."""

    def __init__(self, job: Job, told: Told, stop: StopSignal | None) -> None:
        """Nothing is known yet."""
        self._job, self._told, self._stop = job, told, stop
        self._decided = False

    def hear(self, progress: Progress) -> None:
        """Takes a step of the search."""
        level = progress.level
        self._told(Step(self._job.key, progress.seconds, level, progress.values[level], progress.bounds[level]))
        target = self._job.target
        if target is not None:
            value, bound = progress.values[0], progress.bounds[0] or 0
            self._decided = level > 0 or bound >= value or (target >= 0 and (value <= target or bound > target))

    def enough(self) -> bool:
        """Whether to stop."""
        return self._decided or (self._stop is not None and self._stop())


def work(job: Job, told: Told = nobody, stop: StopSignal | None = None) -> Answer:
    """Does a job. The answer depends on nothing but the job, unless its budget is a time or it is stopped."""
    judge = _Judge(job, told, stop)
    try:
        result = _planned(job, judge)
    except StoppedError:
        return Answer(key=job.key, stopped=True)
    except UnplannableError as error:
        return Answer(key=job.key, problems=error.problems)
    except VerificationFailedError as error:
        return Answer(key=job.key, violations=tuple(f"{one.rule} ({one.audit})" for one in error.violations))
    finally:
        told(Step(job.key, done=True))
    if isinstance(result, int):
        return Answer(key=job.key, least=result)
    return Answer(key=job.key, plan=result.plan, problems=result.problems)


def _planned(job: Job, judge: _Judge) -> PlanResult | int:
    """The plan of a job, or a bound above its target. Raises as `make_plan` does."""
    begun = time.monotonic()
    found, compiled = prepared(job.body, judge.enough if job.start else None)
    if compiled is None:
        raise UnplannableError(found)
    building = time.monotonic() - begun
    early: PlanResult | int | None = _by_quarters(job, compiled, judge) if job.by_quarters else None
    if early is None and job.target is not None:
        early = _answered(job, job.target, compiled, judge)
    if early is not None:
        return early if isinstance(early, int) else replace(early, problems=(*found, *early.problems))
    result = plan_compiled(
        compiled,
        job.budget,
        seed=job.seed,
        threads=job.threads,
        start=job.start,
        adapt=job.adapt,
        listener=judge.hear,
        stop=judge.enough,
        building=building,
        why=False,
    )
    return replace(result, problems=(*found, *result.problems))


def _by_quarters(job: Job, compiled: Compiled, judge: _Judge) -> PlanResult | None:
    """The plan of a large body over several quarters; None: it is none."""
    from auditplan.planner.scenarios.quarters import is_long, plan_by_quarters

    if not is_long(compiled):
        return None
    budget, seed, threads = job.budget, job.seed, job.threads
    return plan_by_quarters(compiled, budget, seed=seed, threads=threads, listener=judge.hear, stop=judge.enough)


def _answered(job: Job, target: int, compiled: Compiled, judge: _Judge) -> PlanResult | int | None:
    """What says without a whole search whether a target is met: a plan of a large body that is decided anew only around
    what the job is about, or a bound above the target; None: neither."""
    from auditplan.planner.scenarios.around import is_large, plan_around

    around = None
    if job.start and is_large(compiled):
        around = plan_around(compiled, job.start, job.about, job.budget, job.seed, judge.hear, judge.enough)
    met = around is not None and around.plan.levels[0].value <= target
    if target >= 0 and not met and (least := _least(compiled)) > target:
        return least
    return around


def _least(compiled: Compiled) -> int:
    """A lower bound of the first level's figure, from flows."""
    from auditplan.planner.capacity.needs import least_lost, needs_of

    return least_lost(needs_of(compiled))
