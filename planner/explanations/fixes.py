"""The smallest changes that would place an audit left out: each tried, the best proven, ranked by gain and smallness.

A fix *places* the audit where an exact solve finds room for it in the changed body: first beside the plan as it is,
then with the audits around it free to move. It is *proven* where besides no plan of the changed body that leaves the
audit out is as good on the first level: then every best plan of the changed book places it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from auditplan.planner.consequence import consequence
from auditplan.planner.domain import Audit, Body, Role, Unavailability
from auditplan.planner.explanations.changes import SetFields, applied, edits
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.proofs import Placed, Proofs, Spending
from auditplan.planner.explanations.proposal import Proposal, freed
from auditplan.planner.explanations.proposals_people import OfPeople
from auditplan.planner.explanations.proposals_work import OfWork
from auditplan.planner.explanations.results import Fix
from auditplan.planner.explanations.trials import TRIAL_EFFORT, Trial, Trials
from auditplan.planner.plan import Placement
from auditplan.planner.trips import hull_of

SHOWN = 6
"""Fixes of one audit that are shown at most, each of another kind or about another person."""
NEIGHBOURS = 16
"""Audits around one left out that may move for it in a second try, at most."""
MOVING_WANTED = 3
"""Changes for which others would have to move that are looked for."""
PROOFS = 3
"""Fixes of one audit that are proven by solves of the whole at most."""
LEAST_TRIAL = 0.3
"""Work that a trial may do in any case."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A change that places the audit."""

    proposal: Proposal
    amount: int
    trial: Trial
    gain: int

    @property
    def size(self) -> float:
        """How big a change it is."""
        return self.proposal.size + self.proposal.each * (self.amount - 1)


class Fixes:
    """Looks for the fixes of one audit."""

    def __init__(self, ground: Ground, audit: Audit, spending: Spending) -> None:
        """Prepares trials."""
        self._ground, self._audit, self._spending = ground, audit, spending
        self._trials = Trials(ground, audit)
        self._proofs = Proofs(ground, self._trials, spending)
        self._neighbours = self._around()
        self._moving = self._narrowing = False
        self._weights = {
            other.id: consequence(other, ground.body.settings, ground.facts.rules) for other in ground.body.audits
        }

    def best(self) -> tuple[Fix, ...]:
        """The fixes, best first; empty where none is found within the effort. Changes for which others would have to
        move are only looked for where there are no others."""
        unchanged = self._try(self._ground.body, ())
        if unchanged is not None:
            return (self._nothing_needed(*unchanged),)
        found = [entry for proposal in self._proposals() if (entry := self._smallest(proposal)) is not None]
        if not found and self._spending.moving:
            self._moving = True
            found = list(self._with_others_moving())
        found.sort(key=lambda entry: (-entry.gain, entry.size))
        fixes = [self._fix(entry, last) for last, entry in enumerate(list(_distinct(found))[:SHOWN])]
        return tuple(sorted(fixes, key=lambda fix: (not fix.proven, -fix.gain, fix.size)))

    def first(self) -> Fix | None:
        """The smallest change that is proven, in as little work as may be: the smallest kinds are tried first, and the
        search ends with the first proof. Else the smallest that was found; None where there was none."""
        found: Fix | None = None
        for proposal in sorted(self._proposals(), key=lambda entry: entry.size):
            if self.spent >= self._spending.effort or (found is not None and proposal.size >= found.size):
                break
            entry = self._smallest(proposal)
            if entry is not None and (found is None or entry.size < found.size):
                fix = self._fix(entry, 0)
                found = fix if found is None or fix.proven else found
        return found

    @property
    def spent(self) -> float:
        """The work done so far."""
        return self._trials.work

    def _with_others_moving(self) -> Iterator[_Found]:
        """The smallest changes that place the audit where audits around it may move; only a few are looked for."""
        unchanged = None if self._trials.hopeless(self._ground.body) else self._try(self._ground.body, ())
        if unchanged is not None:
            yield _Found(self._nothing(), 1, *unchanged)
            return
        wanted = MOVING_WANTED
        for proposal in sorted(self._proposals(), key=lambda entry: entry.size):
            body = applied(self._ground.body, proposal.make(proposal.most))
            if wanted and not self._trials.hopeless(body) and (entry := self._smallest(proposal)) is not None:
                wanted -= 1
                yield entry

    def _proposals(self) -> Iterator[Proposal]:
        """What to try for the audit, and for what it must follow and is left out too."""
        step: Audit | None = self._audit
        while step is not None and step.id in self._trials.family:
            yield from OfWork(self._ground, step)
            yield from OfPeople(self._ground, step)
            step = self._ground.facts.lookup.audits.get(step.after)

    def _around(self) -> tuple[str, ...]:
        """The placed audits whose people could serve this one in its window, the nearest to its due first."""
        audit, ground = self._audit, self._ground
        low = max(audit.earliest or date.min, ground.body.settings.plan_from) - timedelta(days=2)
        able = {
            auditor.id
            for auditor in ground.body.auditors
            if any(ground.facts.qualifications.rows(auditor.id, name, tuple(Role)) for name in audit.standards)
        }
        found = [
            placement
            for placement in ground.placements.values()
            if placement.audit not in ground.compiler.firm
            and placement.end.day >= low
            and placement.start.day <= audit.due + timedelta(days=2)
            and able & {seat.auditor for seat in placement.seats}
        ]
        found.sort(key=lambda placement: (abs((placement.start.day - audit.due).days), placement.audit))
        return tuple(placement.audit for placement in found[:NEIGHBOURS])

    def _try(self, body: Body, also: Collection[str]) -> tuple[Trial, int] | None:
        """Whether a changed body has room for the audit, and the gain: beside the plan, or with others moving."""
        left = self._spending.effort - self._trials.work
        if left <= 0 and not self._narrowing:
            return None
        moving = (*also, *self._neighbours) if self._moving else tuple(also)
        trial = self._trials.run(body, moving, min(TRIAL_EFFORT, max(left, LEAST_TRIAL)))
        if self._audit.id not in trial.placed:
            return None
        gain = self._gain(trial, moving)
        return (trial, gain) if gain > 0 else None

    def _gain(self, trial: Trial, moving: Collection[str]) -> int:
        """Points of the first level less than in the plan."""
        gained = sum(self._weights[name] for name in self._trials.family if name in trial.placed)
        return gained - sum(self._weights[name] for name in set(moving) if name not in trial.placed)

    def _smallest(self, proposal: Proposal) -> _Found | None:
        """The smallest amount of a change that places the audit; None: not even the largest."""
        best = self._attempt(proposal, proposal.most)
        if best is None:
            return None
        if proposal.leave is not None:
            return self._only_needed(proposal.leave, best) or best
        self._narrowing = True  # what was begun is brought to its end: a few trials more
        low, high = self._below(proposal), proposal.most
        found = self._attempt(proposal, low + 1) if low + 1 < high else None
        if found is not None:
            high, best = low + 1, found
        while high - low > 1:
            middle = (low + high) // 2
            found = self._attempt(proposal, middle)
            if found is None:
                low = middle
            else:
                high, best = middle, found
        self._narrowing = False
        return best

    def _below(self, proposal: Proposal) -> int:
        """An amount that is too small, the largest that a first look refuses; 0 where there is none."""
        low, high = 0, proposal.most
        if proposal.also or self._moving or not self._trials.may_sift:
            return low
        while high - low > 1:
            middle = (low + high) // 2
            if self._trials.sifted(applied(self._ground.body, proposal.make(middle))):
                high = middle
            else:
                low = middle
        return low

    def _attempt(self, proposal: Proposal, amount: int) -> _Found | None:
        """One amount of a change tried."""
        found = self._try(applied(self._ground.body, proposal.make(amount)), proposal.also)
        return None if found is None else _Found(proposal, amount, *found)

    def _only_needed(self, row: Unavailability, found: _Found) -> _Found | None:
        """The same with only the days of the row that are needed."""
        days = tuple(day for day in _days_needed(found.trial.placed.values(), row) if row.start <= day <= row.until)
        if not days or (days[0] == row.start and days[-1] == row.until):
            return None
        return self._attempt(freed(self._ground, row, days), 1)

    def _nothing(self) -> Proposal:
        """No change at all."""
        same = SetFields(collection="audits", row=self._audit, values=())
        return Proposal(code="fix-none", make=lambda _: same, text=lambda _: {"audit": self._audit.id}, size=0)

    def _nothing_needed(self, trial: Trial, gain: int) -> Fix:
        """There is room in the body as it is: the plan is not the best."""
        return self._fix(_Found(self._nothing(), 1, trial, gain), 0)

    def _fix(self, found: _Found, rank: int) -> Fix:
        """A change that places the audit, with its proof. rank: its place among those found."""
        change = found.proposal.make(found.amount)
        body = applied(self._ground.body, change)
        origin, field = found.proposal.origin, found.proposal.field
        return Fix(
            code=found.proposal.code,
            parameters=tuple((name, str(value)) for name, value in found.proposal.text(found.amount).items()),
            change=change,
            gain=found.gain,
            proven=self._proofs.proven(body, self._shown(found), whole=rank < PROOFS),
            size=found.size,
            placement=found.trial.placed[self._audit.id],
            moved=tuple(self._moved(found)),
            places=tuple(sorted(self._trials.family & set(found.trial.placed))),
            edits=edits(self._ground.body, body),
            sheet=origin.sheet if origin else "",
            cell=origin.cell(field) if origin else "",
        )

    def _shown(self, found: _Found) -> Placed:
        """A change as a proof looks at it."""
        lost = any(name not in found.trial.placed for name in found.proposal.also) or found.gain < sum(
            self._weights[name] for name in self._trials.family if name in found.trial.placed
        )
        moved = any(True for _ in self._moved(found))
        return Placed(change=found.proposal.make(found.amount), gain=found.gain, lost=lost, moved=moved)

    def _moved(self, found: _Found) -> Iterator[str]:
        """The placed audits that move, or are left out, for a change."""
        for name in (*found.proposal.also, *(self._neighbours if self._moving else ())):
            now, then = self._ground.placements[name], found.trial.placed.get(name)
            if then is None or (now.start, now.end, _team(now)) != (then.start, then.end, _team(then)):
                yield name


def _distinct(found: Iterable[_Found]) -> Iterator[_Found]:
    """The best of each kind, and about each person."""
    seen: set[tuple[str, str]] = set()
    for entry in found:
        values = entry.proposal.text(entry.amount)
        key = entry.proposal.code, str(values.get("name", values.get("audit", "")))
        if key not in seen:
            seen.add(key)
            yield entry


def _days_needed(placements: Iterable[Placement], row: Unavailability) -> list[date]:
    """The days of a row that placements need: of a person with their journeys, of a client those of the audit."""
    found: set[date] = set()
    for placement in placements:
        for seat in placement.seats:
            if row.client or seat.auditor == row.auditor:
                first, last = hull_of(placement.start, placement.end, seat)
                if row.client:
                    first, last = placement.start, placement.end
                found |= {first.day + timedelta(days=n) for n in range((last.day - first.day).days + 1)}
    return sorted(found)


def _team(placement: Placement) -> frozenset[tuple[str, str]]:
    """Who sits where."""
    return frozenset((seat.auditor, seat.role.value) for seat in placement.seats)
