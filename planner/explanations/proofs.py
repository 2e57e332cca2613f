"""Whether a change is bound to place an audit: what a plan made anew of the changed book could do instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditplan.planner.consequence import consequence
from auditplan.planner.domain import Body
from auditplan.planner.explanations.changes import BodyChange, SetFields, person_of
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.trials import Trials
from auditplan.planner.scenarios.jobs import Job, work
from auditplan.solver.solution import Budget

ROOM_WORK = 0.02
"""Work of a look whether another audit left out has room, in core-seconds (measured)."""
PROOF_EFFORT = 6.0
"""Deterministic work of a proof over the whole body at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """How much work may be done for one audit: effort, deterministic; whether others may move in a second try, and
    whether fixes are proven (else none is called proven that takes a solve of the whole). remembered: the book
    remembers this very plan, so that the next one keeps what stands and plans what is edited before all else."""

    effort: float = 30.0
    moving: bool = True
    proving: bool = True
    remembered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A change that places the audit. gain: points of the first level less; lost: whether it costs another audit its
    place; moved: whether others move for it."""

    change: BodyChange
    gain: int
    lost: bool
    moved: bool


class Proofs:
    """Proves changes for the audit of some trials. Its work is counted with theirs."""

    def __init__(self, ground: Ground, trials: Trials, spending: Spending) -> None:
        """Keeps what to look at."""
        self._ground, self._trials, self._spending = ground, trials, spending

    def proven(self, body: Body, found: Placed, *, whole: bool) -> bool:
        """Whether a plan made anew of the changed book is bound to place the audit: beside the plan as it stands none
        of the others left out could take its place instead; or no plan at all that leaves it out is as good (whole:
        whether that may be asked, too)."""
        if self._spending.remembered and self._own(found.change) and not found.lost and not found.moved:
            return True
        rivals = [
            audit.id
            for audit in self._ground.compiled.audits
            if audit.id not in self._ground.placements and audit.id not in self._trials.family
        ]
        if not found.lost and all(self._hopeless(body, found.change, name) for name in rivals):
            return True
        if not found.moved and not any(self._room_for(body, found.change, name) for name in rivals):
            return True
        return self._spending.proving and whole and self._no_better_without(body, found)

    def _own(self, change: BodyChange) -> bool:
        """Whether a change is of the audit's own row, or of what it hangs together with and is left out too."""
        return isinstance(change, SetFields) and change.collection == "audits" and change.row.id in self._trials.family

    def _room_for(self, body: Body, change: BodyChange, name: str) -> bool:
        """Whether another audit left out could be placed in a changed body beside the plan as it stands; True too where
        the work is used up. What must follow one that is left out has room only where that has."""
        audit, ground = self._ground.facts.lookup.audits[name], self._ground
        if audit.after in ground.index and audit.after not in {*ground.placements, *self._trials.family}:
            return False
        if self._trials.work >= self._spending.effort:
            return True
        self._trials.work += 0.0 if ground.knows_room(ground.index[name]) else ROOM_WORK
        if ground.room(ground.index[name]):
            return True
        if self._own(change):
            return audit.after in self._trials.family
        trials, person = Trials(ground, audit), person_of(change)
        placed = trials.sifted(body, person) and name in trials.run(body).placed
        self._trials.work += trials.work
        return placed

    def _hopeless(self, body: Body, change: BodyChange, name: str) -> bool:
        """Whether another audit cannot be placed in a body whatever else is planned (proven). A change of the audit's
        own row makes nothing else possible."""
        if not self._ground.hopeless(self._ground.index[name]):
            return False
        if self._own(change):
            return True
        trials = Trials(self._ground, self._ground.facts.lookup.audits[name])
        hopeless = trials.hopeless(body)
        self._trials.work += trials.work
        return hopeless

    def _no_better_without(self, body: Body, found: Placed) -> bool:
        """Whether a solve of the whole shows that leaving the audit out is worse on the first level."""
        gone, facts = self._trials.without(body), self._ground.facts
        weights = {audit.id: consequence(audit, self._ground.body.settings, facts.rules) for audit in facts.body.audits}
        total = sum(
            weights[audit.id] for audit in self._ground.compiled.audits if audit.id not in self._ground.placements
        )
        target = total - found.gain - sum(weights[name] for name in gone)
        if target < 0:
            return True
        rest = replace(
            body,
            audits=tuple(audit for audit in body.audits if audit.id not in gone),
            previous=tuple(row for row in body.previous if row.audit not in gone),
        )
        job = Job(
            key=self._trials.audit.id,
            body=rest,
            budget=Budget(effort=PROOF_EFFORT),
            start=tuple(self._ground.placements.values()),
            target=target,
        )
        answer = work(job)
        if answer.plan is None:
            return answer.least is not None and answer.least > target
        return answer.plan.levels[0].bound > target
