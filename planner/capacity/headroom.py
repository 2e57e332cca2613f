"""How much the work may grow before one more audit is lost: bisection, every step proven by a plan or by a bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from auditplan.planner.capacity.needs import LARGE
from auditplan.planner.domain import Body
from auditplan.planner.plan import Placement, Plan
from auditplan.planner.scenarios.crew import Crew, run_jobs
from auditplan.planner.scenarios.jobs import Answer, Job, Told, nobody
from auditplan.planner.scenarios.selection import EVERYTHING, Filter, selected
from auditplan.planner.scenarios.work import grown
from auditplan.solver.solution import Budget, StopSignal

MOST_GROWTH = 1.0
"""Growth up to which is looked, as a share of the audits meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headroom:
    """Growth of the audits meant (standard "": all of them) before one more is lost than today.

    In a large body it is none where work of the kind is left out already.
    audits: how many there are. fits: as many more do fit, shown by a plan. lost: with as many more one is lost, shown
    by a bound; None: not shown. reached: even the greatest growth that was looked at fits. left_out: audits meant
    that are left out already, though they could be served."""

    standard: str
    audits: int
    fits: int
    lost: int | None
    reached: bool = False
    left_out: int = 0

    @property
    def percent(self) -> float:
        """What fits as a share of the audits, in per cent."""
        return 100 * self.fits / self.audits if self.audits else 0.0

    @property
    def proven(self) -> bool:
        """Whether nothing lies between what fits and what does not; nothing does where there is no audit."""
        return not self.audits or self.lost == self.fits + 1


@dataclass(frozen=True, slots=True)
class _Search:
    """One bisection: as many as `low` fit, as many as `high` do not or are not known to; `lost`: the least number known
    not to. start: the plan in which `low` fit, with which the next search begins."""

    standard: str
    wanted: Filter
    audits: int
    low: int
    high: int
    lost: int | None
    start: tuple[Placement, ...]
    tight: bool = False
    """Whether something is left out already that need not be, so that hardly anything more fits: then one is tried
    first, then twice as many, until something does not fit."""
    failed: bool = False
    """Whether `high` was tried."""

    @property
    def next(self) -> int:
        """The number to try: half way, unless it is tight."""
        if self.tight and not self.failed:
            return min(max(1, 2 * self.low), self.high - 1)
        return (self.low + self.high) // 2

    @property
    def over(self) -> bool:
        """Whether nothing is left to try."""
        return self.high - self.low <= 1


def sound_part(body: Body, plan: Plan) -> Body:
    """A body without the audits that nobody could ever serve: they are lost whatever there is, and so would be the like
    of them. What follows them goes with them."""
    gone = {entry.audit for entry in plan.unplaced if entry.never}
    return replace(body, audits=tuple(audit for audit in body.audits if audit.id not in gone))


def headroom(
    body: Body,
    plan: Plan,
    budget: Budget,
    crew: Crew | None = None,
    *,
    seed: int = 0,
    standards: Sequence[str] = (),
    told: Told = nobody,
    stop: StopSignal | None = None,
) -> tuple[Headroom, ...]:
    """Of all work together, and of each standard by itself. plan: one of the body, which searches begin with; an audit
    is lost where the first level's figure is above the plan's. budget: of each step."""
    rest = sound_part(body, plan)
    never = sum(entry.consequence for entry in plan.unplaced if entry.never)
    today = plan.levels[0].value - never
    start = plan.placements
    tight = any(not entry.never for entry in plan.unplaced)
    filters = {"": EVERYTHING} | {standard: Filter(standards=(standard,)) for standard in standards}
    searches = [_begun(rest, standard, wanted, start, tight) for standard, wanted in filters.items()]
    if tight and len(rest.audits) >= LARGE:
        searches = [_none(search, rest, plan) for search in searches]
    while any(not search.over for search in searches) and not (stop is not None and stop()):
        jobs = [
            Job(
                key=f"{search.standard or '*'} +{search.next}",
                body=body,
                budget=budget,
                seed=seed,
                start=search.start,
                target=today,
                about=_new(rest, body),
            )
            for search, body in [(one, grown(rest, one.wanted, one.next)) for one in searches if not one.over]
        ]
        answers = run_jobs(jobs, crew, told=told, stop=stop)
        searches = [_judged(search, answers, today) for search in searches]
    return tuple(replace(_result(search), left_out=_left_out(rest, search.wanted, plan)) for search in searches)


def _none(search: _Search, body: Body, plan: Plan) -> _Search:
    """A search in a large body, which is over where work of the kind is left out already: to look for less of it that
    could take the place of other work would take minutes, and say little."""
    if not _left_out(body, search.wanted, plan):
        return search
    never = sum(entry.consequence for entry in plan.unplaced if entry.never)
    surely = not search.standard and plan.levels[0].bound > never
    return replace(search, high=1, lost=1 if surely else None)


def _left_out(body: Body, wanted: Filter, plan: Plan) -> int:
    """How many of the audits meant a plan leaves out, though they could be served."""
    meant = {audit.id for audit in selected(body, wanted)}
    return sum(entry.audit in meant and not entry.never for entry in plan.unplaced)


def _new(before: Body, body: Body) -> tuple[str, ...]:
    """The audits that growth has brought."""
    known = {audit.id for audit in before.audits}
    return tuple(audit.id for audit in body.audits if audit.id not in known)


def _begun(body: Body, standard: str, wanted: Filter, start: tuple[Placement, ...], tight: bool) -> _Search:
    """A search from nothing to the greatest growth."""
    audits = len(selected(body, wanted))
    most = max(1, int(audits * MOST_GROWTH)) if audits else 0
    return _Search(standard, wanted, audits, 0, most + 1, None, start, tight)


def _judged(search: _Search, answers: dict[str, Answer], today: int) -> _Search:
    """A search one step on. A step that the budget left open counts as not fitting, but proves nothing."""
    answer = answers.get(f"{search.standard or '*'} +{search.next}")
    if search.over or answer is None:
        return search
    if answer.plan is None:
        surely = answer.least is not None and answer.least > today
        return replace(search, high=search.next, lost=search.next if surely else search.lost, failed=True)
    level = answer.plan.levels[0]
    if level.value <= today:
        return replace(search, low=search.next, start=answer.plan.placements)
    lost = search.next if level.bound > today else search.lost
    return replace(search, high=search.next, lost=lost, failed=True)


def _result(search: _Search) -> Headroom:
    """What a search has found."""
    reached = search.audits > 0 and search.low >= max(1, int(search.audits * MOST_GROWTH))
    return Headroom(standard=search.standard, audits=search.audits, fits=search.low, lost=search.lost, reached=reached)
