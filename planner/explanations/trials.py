"""A changed body tried out on one audit: a small body of what matters to it, everything else of the plan standing.

Only people who hold anything for the audit's standards, and who sits with them, are looked at; what other audits take
of their time is taken as it stands, so that a trial costs little in a large body too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from auditplan.planner.changes import row_of
from auditplan.planner.compile import Compiled, Compiler
from auditplan.planner.decode import placements_of
from auditplan.planner.domain import Audit, AuditStatus, Body, Lock, PlannedAudit, Qualification
from auditplan.planner.explanations.ground import Ground, Part, fold, settle
from auditplan.planner.explanations.narrowing import part_of, unpriced
from auditplan.planner.explanations.seating import Seating
from auditplan.planner.explanations.sieve import Sieve
from auditplan.planner.explanations.teams import Ask
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Placement
from auditplan.planner.preferences import CHANGES
from auditplan.planner.qualification import standards_match
from auditplan.planner.scenarios.selection import chains
from auditplan.planner.scenarios.start import start_of
from auditplan.solver.solution import Choice, Solution

BASE_WORK, WORK_OF_A_ROW = 0.01, 7e-5
"""Work of building a trial, in core-seconds: in any case, and for each audit and person looked at (measured)."""
SIEVE_WORK, SIEVE_WORK_OF_A_ROW, SIEVE_WORK_OF_A_STAY = 0.003, 8e-6, 3e-5
"""Work of the first look at a changed body, in core-seconds: in any case, for each of its audits, and for each person
looked at on a stretch (measured)."""
SEATING_WORK = 0.03
"""Work of looking for the best place of one audit, in core-seconds (measured)."""
TRIAL_EFFORT = 4.0
"""Deterministic work of one trial's solve at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. placed: where the free audits are placed now; decided: whether nothing better is possible on the
    first level."""

    placed: dict[str, Placement]
    decided: bool


class Trials:
    """Tries changed bodies for one audit of a ground. family: the audit with what it must follow and what follows it,
    as far as they are left out."""

    def __init__(self, ground: Ground, audit: Audit) -> None:
        """Looks up what hangs together with the audit."""
        self.ground, self.audit = ground, audit
        self.family = self._family()
        groups = chains(ground.body.audits)
        tied = {other.id for group in groups if any(own.id in self.family for own in group) for other in group}
        tied |= {other.id for other in ground.body.audits if other.client == audit.client}
        there = {*ground.placements, *ground.compiler.firm, *ground.compiled.outside, *self.family}
        self._tied = tied & there
        self.sieve = Sieve(ground, audit)
        self.work = 0.0

    def _family(self) -> frozenset[str]:
        """The audit, what it must follow and what must follow it, of what is left out."""
        ground, found = self.ground, {self.audit.id}
        audits, step = ground.facts.lookup.audits, self.audit.after
        while step in ground.index and step not in ground.placements and step not in found:
            found.add(step)
            step = audits[step].after
        grown = True
        while grown:
            more = {
                other.id
                for other in ground.compiled.audits
                if other.after in found and other.id not in found and other.id not in ground.placements
            }
            found |= more
            grown = bool(more)
        return frozenset(found)

    def run(self, changed: Body, also: Collection[str] = (), effort: float = TRIAL_EFFORT) -> Trial:
        """Tries a changed body. also: placed audits that may move, or be left out, besides."""
        if not also and self.may_sift and not self.sifted(changed):
            return Trial(placed={}, decided=True)
        free = {*self.family, *also}
        body = self._cut(changed, free)
        compiled = Compiler(Facts(body)).compile()
        names = [audit.id for audit in compiled.audits]
        self.work += BASE_WORK + WORK_OF_A_ROW * (len(body.audits) + len(body.auditors))
        if self.audit.after not in self.family:
            return self._beside(compiled, names, sorted(also))
        numbers = [number for number, name in enumerate(names) if name in free]
        problem = unpriced(part_of(compiled.problem, numbers), besides=CHANGES)
        now = start_of(compiled, [self.ground.placements[name] for name in sorted(also)]).choices
        found = settle(Part(problem, tuple(numbers), Solution(tuple(now[number] for number in numbers))), effort)
        self.work += found.work
        choices: list[Choice | None] = [None] * len(names)
        for number, choice in zip(numbers, found.solution.choices, strict=True):
            choices[number] = choice
        return self._trial(compiled, choices, found.proven > 0)

    @property
    def may_sift(self) -> bool:
        """Whether the audit can be looked at by itself: it waits for nothing that is left out."""
        return self.audit.after not in self.family

    def sifted(self, changed: Body, person: str = "") -> bool:
        """Whether the audit might find a place beside all that stands, at a first look (see `Sieve.passes`)."""
        looked = self.sieve.looked
        passes = self.sieve.passes(changed, person)
        self.work += SIEVE_WORK + SIEVE_WORK_OF_A_ROW * len(changed.audits)
        self.work += SIEVE_WORK_OF_A_STAY * (self.sieve.looked - looked)
        return passes

    def _beside(self, compiled: Compiled, names: list[str], also: list[str]) -> Trial:
        """A trial of an audit that waits for no other: its stretches and teams looked through, beside all that stands
        or with one that moves; then those of what follows it."""
        if self.audit.id not in names:
            return Trial(placed={}, decided=True)
        if also:
            return self._with_one_moving(compiled, names, also)
        choices: list[Choice | None] = [None] * len(names)
        own = names.index(self.audit.id)
        choices[own] = self._seated(compiled, own, choices)
        if choices[own] is not None:
            choices = self._followed(compiled, choices)
        return self._trial(compiled, choices, decided=True)

    def _with_one_moving(self, compiled: Compiled, names: list[str], also: list[str]) -> Trial:
        """A trial in which one of some placed audits makes room and finds a place elsewhere: the first for which that
        is so."""
        now = start_of(compiled, [self.ground.placements[name] for name in also]).choices
        there = [number for number, choice in enumerate(now) if choice is not None]
        own = names.index(self.audit.id)
        for number in there:
            choices = list(now)
            choices[number] = None
            for place in (own, number):
                self.work += SEATING_WORK
                found = self._seated(compiled, place, choices)
                if found is None:
                    break
                choices[place] = found
            else:
                return self._trial(compiled, self._followed(compiled, choices), decided=False)
        return self._trial(compiled, list(now), decided=False)

    def _followed(self, compiled: Compiled, choices: list[Choice | None]) -> list[Choice | None]:
        """The same with what must follow the audit, one after the other, as far as there is room."""
        waiting = [number for number, audit in enumerate(compiled.audits) if audit.id in self.family - {self.audit.id}]
        while waiting:
            placed = [number for number in waiting if self._followed_by(compiled, number, choices)]
            if not placed:
                break
            waiting = [number for number in waiting if number not in placed]
        return choices

    def _followed_by(self, compiled: Compiled, number: int, choices: list[Choice | None]) -> bool:
        """Whether one more could be placed, which is then done."""
        self.work += SEATING_WORK
        choices[number] = self._seated(compiled, number, choices)
        return choices[number] is not None

    def _seated(self, compiled: Compiled, number: int, choices: list[Choice | None]) -> Choice | None:
        """The best place for an audit beside some choices."""
        problem = compiled.problem
        if any(choice is not None for choice in choices):
            placed = placements_of(compiled, Solution(tuple(choices)))
            others = [one for one in placed if one.audit not in compiled.firm]
            problem = replace(problem, resources=fold(compiled, others))
        best = Seating(problem, number, choices).best(Ask())
        return best.choice if best else None

    def _trial(self, compiled: Compiled, choices: list[Choice | None], decided: bool) -> Trial:
        """What came of it."""
        if all(choice is None for choice in choices):
            return Trial(placed={}, decided=decided)
        placed = placements_of(compiled, Solution(tuple(choices)))
        firm = compiled.firm
        return Trial(placed={one.audit: one for one in placed if one.audit not in firm}, decided=decided)

    def hopeless(self, changed: Body) -> bool:
        """Whether the audit cannot be placed in a changed body even if nothing but what it follows were planned."""
        audits = {audit.id: audit for audit in changed.audits}
        free, step = {self.audit.id}, self.audit.after
        while step in self.ground.index and step not in free:
            free.add(step)
            step = audits[step].after
        compiled = Compiler(Facts(self._cut(changed, free, standing=False))).compile()
        names = [audit.id for audit in compiled.audits]
        self.work += BASE_WORK + WORK_OF_A_ROW * len(compiled.facts.body.auditors)
        if self.audit.id not in names:
            return False
        if names == [self.audit.id]:
            best = Seating(compiled.problem, 0, (None,)).best(Ask())
            return best is None
        numbers = [number for number, name in enumerate(names) if name in free]
        problem = unpriced(part_of(compiled.problem, numbers))
        found = settle(Part(problem, tuple(range(len(numbers))), Solution((None,) * len(numbers))), TRIAL_EFFORT)
        self.work += found.work
        return found.proven > 0 and found.solution.choices[numbers.index(names.index(self.audit.id))] is None

    def without(self, changed: Body) -> frozenset[str]:
        """The audit and all that must follow it."""
        found, grown = {self.audit.id}, True
        while grown:
            more = {audit.id for audit in changed.audits if audit.after in found} - found
            found |= more
            grown = bool(more)
        return frozenset(found)

    def _cut(self, changed: Body, free: Collection[str], *, standing: bool = True) -> Body:
        """The part of a changed body that matters to the free audits. standing: with all that is placed as it stands;
        else only with what is firm anyway."""
        audits = {audit.id: audit for audit in changed.audits}
        standards = {standard for name in free for standard in audits[name].standards}
        people = {row.auditor for row in changed.qualifications if _useful(row, standards)}
        kept = {*free, *(self._tied if standing else self._tied - set(self.ground.placements))}
        for name in kept:
            people |= {audits[name].lead, *audits[name].team}
        taking = self._taking(people, kept, standing)
        for placement in taking:
            people |= {seat.auditor for seat in placement.seats}
        beside = {placement.audit for placement in taking} - set(free)
        rows = [row for row in changed.previous if row.audit in kept and row.audit not in beside]
        for row in rows:
            people |= {row.lead, *row.team, *row.experts, *row.trainees}
        rows += [_row(placement, Lock.ALL) for placement in taking if placement.audit in beside]
        known = {row.audit for row in rows}
        rows += [
            _row(placement, None)
            for name, placement in sorted(self.ground.placements.items())
            if name in free and name not in known
        ]
        return replace(
            changed,
            auditors=tuple(auditor for auditor in changed.auditors if auditor.id in people),
            qualifications=tuple(row for row in changed.qualifications if row.auditor in people),
            audits=tuple(audit for audit in changed.audits if audit.id in kept or audit.id in beside),
            unavailable=tuple(row for row in changed.unavailable if row.client or row.auditor in people),
            previous=tuple(rows),
        )

    def _taking(self, people: Collection[str], kept: Collection[str], standing: bool) -> list[Placement]:
        """The audits that take some people's time, and those tied to the free ones."""
        there = {name: firm.placement for name, firm in self.ground.compiler.firm.items()}
        if standing:
            there |= self.ground.placements
        return [
            placement
            for name, placement in sorted(there.items())
            if name in kept or any(seat.auditor in people for seat in placement.seats)
        ]


def _useful(row: Qualification, standards: Iterable[str]) -> bool:
    """Whether a qualification is for one of some standards."""
    return any(standards_match(row.standard, standard) for standard in standards)


def _row(placement: Placement, lock: Lock | None) -> PlannedAudit:
    """A placement as a row of the plan before, which moves by itself but for the lock."""
    return replace(row_of(placement), status=AuditStatus.PROPOSED, lock=lock)
