"""The course of one level: which job comes next, beside large-neighbourhood search, to better and to bound it."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import numpy as np

from auditplan.solver.check import values
from auditplan.solver.columns.aims import Aim
from auditplan.solver.columns.collect import complete
from auditplan.solver.columns.dive import Dive
from auditplan.solver.columns.generation import Generation
from auditplan.solver.columns.prices import Tariff
from auditplan.solver.columns.rounding import ROUNDING_WORK, rounded
from auditplan.solver.exact import Limit, Result, Task, solve_exactly
from auditplan.solver.facts import Facts
from auditplan.solver.guide import NEAR, Enough, Proven, core, enough_for, solve_core, solve_near
from auditplan.solver.improve import Ground
from auditplan.solver.nearby import NearBy
from auditplan.solver.search import neighbourhood
from auditplan.solver.slices import FIRST_EXACT, FIRST_WHOLE, LONGEST_EXACT, WHOLE_MODEL
from auditplan.solver.solution import StoppedError
from auditplan.solver.standing import Standing
from auditplan.solver.state import State

Job = Callable[[], object]
WIDEST = 2000
"""Columns per activity taken around the linear program's at most."""
DIVE_WORK, LONGEST_DIVE, MOST_DIVES = 0.1, 100.0, 6
"""Work of a dive for each activity at most (measured: 0.02 to 0.08); the longest worth its time; dives of a level."""
NARROW, WIDE = 750, 2500
"""Columns per unit of work of the cores that are solved for a solution and for a bound."""
PART, MOST_MISSED = 0.6, 4
"""On the first level: the share of the activities that each dive after the first decides anew, and how many may find
nothing in a row. Later programs do not make better dives (measured)."""
SLOW = 0.7
"""Share of the last optimum above which a program's optimum falls slowly."""
TRACE = 1e-7
"""Weight of later levels in the prices that guide the search, before money."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Some column generation is done: the work of it."""

    work: float


class Course:
    """One level under way: prices first, then what they leave, then exact solves around them and of the whole."""

    def __init__(self, standing: Standing, seed: int) -> None:
        """Begins with the first level that is not proven."""
        self._standing, self._seed = standing, seed
        self.level = standing.focus
        self.nearby = NearBy(standing, self.level)
        self._bounding: Generation | None = None
        self._guiding: Generation | None = None
        self._narrowed_at: float | None = None
        self._turn = self._looks = self._roundings = 0
        self._dives, self._dives_due, self._last_optimum = 0, 0, math.inf
        self._missed = 0
        self._dive: Dive | None = None
        self._exact_slice = FIRST_EXACT
        self._near = NEAR
        self._complete = complete(standing.facts, self._aim())
        self._has_core, self._cored_for = False, math.inf

    def jobs(self, limits: list[Limit]) -> list[Job]:
        """The next one or two jobs, which give lists of results; none: large-neighbourhood search is the better use of
        the time, as where few people are enough or all there is room for. How much work they do never depends on how
        much is left, so that a run with more effort goes the same way further."""
        if not self._standing.facts.whole or self.nearby.enough(sum(limit.work for limit in limits)):
            return []
        limit, cored = limits[-1], self._cored()
        if self._dive is not None or (self._dive_is_due() and (self._turn or not cored)):
            return [self._diving(limit)]
        if not self._ended():
            return [self._pricing(limit)]
        self._turn += 1
        limit.work = self._exact_slice
        if self._turn % 2 != cored:
            self._dives_due = min(self._dives + 1, MOST_DIVES)
            return [self._nearing(limit)]
        self._exact_slice = min(self._exact_slice * 2, LONGEST_EXACT)
        if cored:
            limit.work = limits[0].work = max(limit.work, FIRST_WHOLE)
            return [self._coring(limits[0], NARROW), self._coring(limit, WIDE)]
        return [self._proving(limit)] if self._standing.size() <= WHOLE_MODEL else []

    def _cored(self) -> bool:
        """Whether prices are done and leave a core small enough to be solved; it can only shrink."""
        standing = self._standing
        if self._has_core or not self._ended() or not self._complete or standing.incomplete:
            return self._has_core
        most = standing.own_value(self.level)
        if most != self._cored_for:
            self._cored_for, bounding = most, self._bounding
            assert bounding is not None
            found = core(standing.facts, bounding, most, round(NARROW * FIRST_WHOLE), lambda: False)
            self._has_core = found is not None
        return self._has_core

    def take(self, result: object) -> float:
        """Takes what a job of this course found; gives the work done."""
        if isinstance(result, Priced):
            if self._bounding is not None:
                self._standing.prove(self.level, self._bounding.relaxed.whole_bound)
            self._look_at_progress()
            return result.work
        if isinstance(result, Enough):
            self._standing.restrict(result.keep, result.seats, result.forced)
        return 0.0

    def _ended(self) -> bool:
        """Whether prices have nothing left to find."""
        return all(one is not None and one.relaxed.ended for one in (self._bounding, self._guiding))

    def _gap(self) -> float:
        """How far the best figure is from the price bound."""
        assert self._bounding is not None
        return self._standing.own_value(self.level) - self._bounding.relaxed.bound

    def _gap_fell(self) -> bool:
        """Whether narrowing is worth its work (again): not while the gap is above what any activity weighs."""
        problem = self._standing.problem
        weights = [sum(one.left_out[:1]) for one in problem.activities if one.left_out]
        if self.level == 0 and self._gap() >= max(weights, default=math.inf):
            return False
        return self._narrowed_at is None or self._gap() < 0.7 * self._narrowed_at

    def task(self) -> Task:
        """All that may still be needed, this level to minimise, the levels before it kept."""
        standing = self._standing
        return Task(
            active=tuple(standing.movable),
            minimise=(self.level,),
            ceilings={level: standing.own_value(level) for level in range(self.level)},
            hint={number: standing.solution.choices[number] for number in standing.movable},
            keep={number: set(flats) for number, flats in standing.keep.items()},
            seed=self._seed,
        )

    def ground(self) -> Ground:
        """What large-neighbourhood search stands on now."""
        standing = self._standing
        return Ground(
            facts=self.nearby.facts(),
            keep=dict(standing.keep),
            forced=frozenset(standing.forced),
            level=self.level,
            open_levels=tuple(self._open_levels()),
            tariff=self._tariff(),
        )

    def _tariff(self) -> Tariff:
        """The last prices, with a trace of the later levels' own so that ties fall well."""
        tariff = None if self._guiding is None else self._guiding.guide()
        if tariff is None:
            problem = self._standing.problem
            people = len(problem.resources)
            levels, ticks = np.zeros(problem.levels), np.zeros((people, problem.ticks + 1))
            levels[self.level] = 1.0
            tariff = Tariff(levels=levels, ticks=ticks, worked=np.zeros(people))
        for later in range(self.level + 1, len(tariff.levels)):
            tariff.levels[later] += TRACE if self.level < self._standing.problem.money else 0.0
        return tariff

    def _open_levels(self) -> list[int]:
        """The earlier levels that the options left do not hold by themselves."""
        return [level for level in range(self.level) if level not in self._standing.closed_by_options]

    def _aim(self) -> Aim:
        """What the linear program is about."""
        standing, open_levels = self._standing, self._open_levels()
        return Aim(
            active=tuple(standing.movable),
            forced=frozenset(standing.forced),
            keep={number: set(flats) for number, flats in standing.keep.items()},
            level=self.level,
            ceilings={level: standing.own_value(level) for level in open_levels},
        )

    def _pricing(self, limit: Limit) -> Job:
        """A job of column generation: first for whoever goes home after each stay, whose columns fit together well,
        then for a bound that holds for all. The two are one where nobody could go straight on from anywhere."""
        facts, aim, choices = self._standing.facts, self._aim(), self._standing.solution.choices
        task = self.task()

        def run() -> list[object]:
            stop = _stopping(limit)
            with suppress(StoppedError):
                if self._guiding is None:
                    self._guiding = Generation(facts, aim, choices, least=False, stop=stop)
                    self._bounding = None if facts.linked else self._guiding
                if self._guiding.relaxed.ended and self._bounding is None:
                    self._bounding = Generation(facts, aim, choices, known=self._guiding.known(), stop=stop)
            if self._guiding is None or limit.stopped:
                return []
            first = not self._guiding.relaxed.ended
            generation = self._guiding if first else self._bounding
            assert generation is not None
            before = generation.relaxed.work
            relaxed = generation.run(limit.work, stop)
            priced = Priced(relaxed.work - before)
            if limit.stopped or not (relaxed.ended or (generation.rows.network is not None and self._look())):
                return [priced, *self._rounding(facts, self._guiding, limit)]
            if self._cored():
                return [priced]
            limit.work = max(limit.work - priced.work, FIRST_EXACT)
            return [priced, solve_near(facts, generation, task, limit, NEAR, among=not first)]

        return run

    def _look_at_progress(self) -> None:
        """A dive is due once the optimum of the program that guides falls slowly."""
        if self._guiding is None:
            return
        relaxed = self._guiding.relaxed
        if (relaxed.ended or relaxed.optimum >= SLOW * self._last_optimum) and not self._open_levels():
            self._dives_due = max(self._dives_due, 1)
        self._last_optimum = relaxed.optimum

    def _promising(self) -> bool:
        """Whether the program that guides leaves room below the best solution."""
        if self._guiding is None or self._guiding.relaxed.latest is None:
            return False
        return self._guiding.relaxed.optimum < self._standing.own_value(self.level) - 1e-6

    def _rounding(self, facts: Facts, generation: Generation, limit: Limit) -> list[Result]:
        """A solution rounded from the last linear program, where that promises something."""
        guide = generation.guide()
        if guide is None or limit.stopped or not self._promising():
            return []
        self._roundings += 1
        seed = self._seed + self._roundings
        solution = rounded(facts, generation.aim, generation.relaxed.used, guide, seed, _stopping(limit))
        work = ROUNDING_WORK * len(generation.aim.active)
        return [Result(choices=None if solution is None else dict(enumerate(solution.choices)), work=work)]

    def _dive_work(self) -> float:
        """The work that a dive takes."""
        return DIVE_WORK * len(self._standing.movable)

    def _dive_is_due(self) -> bool:
        """Whether a dive may help: once the program's optimum falls slowly, and again between solves around it; on the
        first level also again and again beside most of what stands, as long as that helps."""
        if self._dive_work() > LONGEST_DIVE or not self._promising():
            return False
        again = self.level == 0 and self._dives > 0 and self._missed < MOST_MISSED
        return again or self._dives < self._dives_due

    def _diving(self, limit: Limit) -> Job:
        """A job that begins a dive from the last linear program, or goes on with it."""
        if self._dive is None:
            self._dive = self._next_dive()
        dive = self._dive
        standing = self._standing

        def run() -> list[object]:
            before = dive.work
            solution = dive.run(limit.work, _stopping(limit))
            if dive.ended:
                self._dive = None
                upto = self.level + 1
                figures = None if solution is None else values(standing.problem, solution)
                better = figures is not None and figures[:upto] < standing.values[:upto]
                self._missed = 0 if better else self._missed + 1
            choices = None if solution is None else dict(enumerate(solution.choices))
            return [Result(choices=choices, work=dive.work - before)]

        return run

    def _next_dive(self) -> Dive:
        """The next dive: the first decides everything, on the first level each later one a part, with all that is left
        out."""
        assert self._guiding is not None
        guide, standing = self._guiding.guide(), self._standing
        assert guide is not None
        seed, beside = self._seed + self._dives, None
        if self.level == 0 and self._dives > 0:
            state, size = State(standing.facts, standing.solution), round(PART * len(standing.movable))
            left_out = {number for number in standing.movable if state.choices[number] is None}
            part = neighbourhood(standing.facts, state, Random(seed), size, standing.movable)
            beside = (standing.solution, frozenset(part) | left_out)
        self._dives += 1
        return Dive(standing.facts, self._guiding, guide, seed, self._dive_work(), beside=beside)

    def _look(self) -> bool:
        """Whether it is time to look at what the columns of a network give, though it goes on."""
        self._looks += 1
        return self._looks % 3 == 0

    def _nearing(self, limit: Limit) -> Job:
        """A job of a whole-number solve around the linear program's columns; a wider one each time."""
        narrowing, nearing = self._narrowing(limit), self._near_solve(limit)
        return lambda: [*narrowing(), nearing()]

    def _near_solve(self, limit: Limit) -> Callable[[], Result]:
        """The whole-number solve around the linear program's columns that is next."""
        guiding, bounding = self._guiding, self._bounding
        facts, task, near = self._standing.facts, self.task(), self._near
        assert guiding is not None
        assert bounding is not None
        self._near = min(round(self._near * 1.3), WIDEST)
        among = facts.linked and self._turn % 4 > 1
        source = bounding if among and bounding.rows.network is not None else guiding
        return lambda: solve_near(facts, source, task, limit, near, among=among)

    def _narrowing(self, limit: Limit) -> Callable[[], list[Enough | None]]:
        """Reduced-cost fixing, where the gap has fallen since the last."""
        bounding, most = self._bounding, float(self._standing.own_value(self.level))
        assert bounding is not None
        if self._standing.incomplete or not self._gap_fell():
            return list
        self._narrowed_at = self._gap()
        return lambda: [enough_for(bounding, most, _stopping(limit))]

    def _coring(self, limit: Limit, each: int) -> Job:
        """A job of a solve over the core of `each` columns for a unit of work. The narrow one is for a solution, the
        wide one for a bound; where even the narrow one is all there is, another look around the program's columns."""
        bounding, facts, task = self._bounding, self._standing.facts, self.task()
        most, few = float(self._standing.own_value(self.level)), round(each * limit.work)
        assert bounding is not None
        narrowing = self._narrowing(limit) if each == WIDE else list
        nearing = self._near_solve(limit) if each == NARROW else None

        def run() -> list[object]:
            first = narrowing()
            found = core(facts, bounding, most, few, _stopping(limit))
            if nearing is not None and (found is None or found.whole):
                return [*first, nearing()]
            return [*first, *([] if found is None else [solve_core(facts, bounding, found, task, limit)])]

        return run

    def _proving(self, limit: Limit) -> Job:
        """A job of an exact solve of all that may still be needed."""
        facts, task = self._standing.facts, self.task()
        return lambda: [Proven(solve_exactly(facts, State(facts), task, limit))]


def _stopping(limit: Limit) -> Callable[[], bool]:
    """Whether the watch has called the job off."""
    return lambda: limit.stopped
