"""Whom to hire and whom to train next: ranked by what they rescue per cost, each proven by a solve.

Not every candidate is solved for. The prices of a bound say how much each could rescue at most (`Promise`), and what a
solve has shown holds for whoever is qualified for less: a lead's rescue is the most that an auditor's can be. The most
promising are solved first, and the search ends when nobody left could rescue more than those found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditplan.planner.capacity.candidates import Candidate, candidates
from auditplan.planner.capacity.needs import LARGE, Needs
from auditplan.planner.capacity.promise import Promise
from auditplan.planner.domain import Body, Role
from auditplan.planner.plan import Placement, Plan
from auditplan.planner.scenarios.crew import Crew, run_jobs
from auditplan.planner.scenarios.jobs import Answer, Job, Told, nobody
from auditplan.planner.scenarios.selection import region_of
from auditplan.solver.solution import Budget, StopSignal

BATCH = 4
"""Candidates solved side by side; the same whatever the number of workers, so that the answers are."""
MOST_SOLVED = 16
"""Candidates of a kind that are solved for at most."""
MOST_SOLVED_LARGE = 8
"""The same in a large body, where each takes many seconds."""
SHOWN = 5
"""Pieces of advice of a kind."""
SMALL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What hiring a person for the period, and training one for a code, is taken to cost, in the currency. Practice,
    editable on the command line: no sheet of the workbook says it."""

    hire: float = 45_000.0
    train: float = 8_000.0

    def of(self, candidate: Candidate) -> float:
        """A candidate's cost."""
        return self.train if candidate.auditor else self.hire


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A candidate with what a solve has shown. rescued: consequence (points of the first level) less than today;
    audits: how many fewer are left out. surely: how much less than any plan without them, by today's bound. most: more
    than this they cannot rescue, by the bound of their own solve."""

    candidate: Candidate
    cost: float
    rescued: int
    audits: int
    surely: int
    most: int

    @property
    def proven(self) -> bool:
        """Whether today's people cannot do as well, by the bound of today's plan."""
        return self.surely > 0

    @property
    def worth(self) -> float:
        """Points rescued per thousand of the currency."""
        return 1000 * self.rescued / self.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """The best to hire and to train, best first. complete: nobody else can be better (proven by bounds); else the
    search ended at its limit. solved: candidates solved for, out of so many."""

    best: tuple[Advice, ...]
    complete: bool
    solved: int
    out_of: int


def advise(
    body: Body,
    plan: Plan,
    needs: Needs,
    budget: Budget,
    crew: Crew | None = None,
    *,
    seed: int = 0,
    costs: Costs | None = None,
    wanted: int = SHOWN,
    most: int | None = None,
    start: Sequence[Placement] | None = None,
    told: Told = nobody,
    stop: StopSignal | None = None,
) -> tuple[Advised, Advised]:
    """Whom to hire, and whom to train. plan: one of the body; needs: of the body. wanted: pieces of advice of a kind;
    most: candidates of a kind that are solved for (None: as many as is usual); budget: of each solve; start: what each
    begins with, else the plan."""
    everybody = list(candidates(body))
    hire = [candidate for candidate in everybody if candidate.region]
    train = [candidate for candidate in everybody if candidate.auditor]
    if stop is not None and stop():
        return _not_begun(hire), _not_begun(train)
    promise, prices = Promise(needs, plan), costs or Costs()
    usual = MOST_SOLVED_LARGE if len(body.audits) >= LARGE else MOST_SOLVED
    most = usual if most is None else most
    begin = plan.placements if start is None else tuple(start)
    run = _Run(body, plan, begin, promise, prices, budget, crew, seed, told, stop)
    return run.best(hire, wanted, most), run.best(train, wanted, most)


@dataclass(frozen=True, slots=True)
class _Run:
    """One search's givens."""

    body: Body
    plan: Plan
    start: tuple[Placement, ...]
    promise: Promise
    costs: Costs
    budget: Budget
    crew: Crew | None
    seed: int
    told: Told
    stop: StopSignal | None

    def best(self, among: Sequence[Candidate], wanted: int, most: int) -> Advised:
        """The best of some candidates."""
        if not self.plan.unplaced:
            return Advised(best=(), complete=True, solved=0, out_of=len(among))
        if self.stop is not None and self.stop():
            return _not_begun(among)
        everybody = self._ordered(among)
        queue = self._one_each(everybody) if len(self.body.audits) >= LARGE else everybody
        whole = len(queue) == len(everybody)
        found: list[Advice] = []
        tried = 0
        while tried < most and (queue := self._open(queue, found, wanted)):
            batch = queue[: min(BATCH, most - tried)]
            queue, tried = queue[len(batch) :], tried + len(batch)
            found += self._solved(batch)
            if self.stop is not None and self.stop():
                break
        complete = whole and not self._open(queue, found, wanted) and len(found) == tried
        useful = tuple(advice for advice in _distinct(found) if advice.rescued > 0)[:wanted]
        return Advised(best=useful, complete=complete, solved=len(found), out_of=len(among))

    def _ordered(self, among: Sequence[Candidate]) -> list[Candidate]:
        """Candidates that could rescue anything, the most promising first: what they are directly of use for as far as
        the bound allows it, near them if possible."""
        kept = [candidate for candidate in among if self.promise.most(candidate) > SMALL]
        regions = region_of(self.body)
        return sorted(
            kept,
            key=lambda entry: (
                -min(self.promise.most(entry), self.promise.direct(entry)),
                -self.promise.direct(entry, regions),
                -round(self.promise.most(entry), 6),
                entry.key,
            ),
        )

    @staticmethod
    def _one_each(queue: Sequence[Candidate]) -> list[Candidate]:
        """Of each qualification the most promising only, wherever somebody hired would live."""
        kept: dict[tuple[str, str, str, Role], Candidate] = {}
        for candidate in queue:
            kept.setdefault(_subject(candidate), candidate)
        return list(kept.values())

    def _open(self, rest: Sequence[Candidate], found: Sequence[Advice], wanted: int) -> list[Candidate]:
        """Those of the rest who might still be better than the worst of those wanted, and than the same qualification
        elsewhere."""
        best = {_subject(advice.candidate): advice.rescued for advice in _distinct(found)}
        worst = max(0, list(best.values())[wanted - 1]) if len(best) >= wanted else 0
        return [
            candidate
            for candidate in rest
            if self._most(candidate, found) > max(worst, best.get(_subject(candidate), 0)) + SMALL
        ]

    def _most(self, candidate: Candidate, found: Sequence[Advice]) -> float:
        """What a candidate can rescue at most, by prices, and by those found who are qualified for more."""
        above = (advice.most for advice in found if advice.candidate.does_all_of(candidate))
        return min(self.promise.most(candidate), min(above, default=float("inf")))

    def _solved(self, batch: Sequence[Candidate]) -> list[Advice]:
        """What solves show."""
        jobs = [
            Job(
                key=candidate.key,
                body=candidate.applied(self.body),
                budget=self.budget,
                seed=self.seed,
                start=self.start,
                target=-1,
                about=self.promise.of_use(candidate),
            )
            for candidate in batch
        ]
        answers = run_jobs(jobs, self.crew, told=self.told, stop=self.stop)
        return [self._advice(candidate, answers[candidate.key]) for candidate in batch if candidate.key in answers]

    def _advice(self, candidate: Candidate, answer: Answer) -> Advice:
        """A candidate with what a plan with them is worth."""
        today = self.plan.levels[0]
        then = today if answer.plan is None else answer.plan.levels[0]
        return Advice(
            candidate=candidate,
            cost=self.costs.of(candidate),
            rescued=today.value - then.value,
            audits=0 if answer.plan is None else len(self.plan.unplaced) - len(answer.plan.unplaced),
            surely=today.bound - then.value,
            most=today.value - (0 if answer.plan is None else then.bound),
        )


def _not_begun(among: Sequence[Candidate]) -> Advised:
    """Nobody was solved for."""
    return Advised(best=(), complete=False, solved=0, out_of=len(among))


def _subject(who: Candidate) -> tuple[str, str, str, Role]:
    """What a candidate is, wherever somebody hired would live."""
    return who.auditor, who.standard, who.code, who.role


def _distinct(found: Sequence[Advice]) -> list[Advice]:
    """Best first; of the same qualification in several regions the best only."""
    kept: dict[tuple[str, str, str, Role], Advice] = {}
    for advice in sorted(found, key=lambda advice: (-advice.worth, -advice.audits)):
        kept.setdefault(_subject(advice.candidate), advice)
    return list(kept.values())
