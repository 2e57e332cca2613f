"""How much somebody hired or trained could rescue at most, known without solving: by the prices of a bound.

The bound is that of the flows (`Network.steps`): at each step the least cut says who is short of time (the near side),
and a tick more of it is worth what the step is worth. Somebody new can add no more than what the cut's asks that they
may serve ask for, nor more than they have to give (weak duality); so one pass prices every candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditplan.planner.capacity.candidates import Candidate
from auditplan.planner.capacity.flow import Step
from auditplan.planner.capacity.needs import HANDS, KINDS, LEADS, Needs
from auditplan.planner.domain import Audit, Auditor, AuditType, Role
from auditplan.planner.plan import Plan, Unplaced
from auditplan.planner.qualification import code_covers, standards_match

NO_CURE = {
    "reason-window-empty",
    "reason-window-past",
    "reason-client-closed",
    "reason-too-long",
    "reason-window-short",
    "reason-no-room-after",
}
"""Reasons that no qualification cures: there is no day."""


@dataclass(frozen=True, slots=True)
class _Priced:
    """A kind of need: the weight of all its asks, and the steps of its bound."""

    weight: int
    steps: tuple[Step, ...]


class Promise:
    """What candidates promise for a body, against a plan of it."""

    def __init__(self, needs: Needs, plan: Plan) -> None:
        """Solves the flows, once."""
        self._needs, self._plan = needs, plan
        self._audits = {audit.id: audit for audit in needs.compiled.facts.body.audits}
        self._order = needs.compiled.facts.lookup.order
        self._never = {entry.audit: entry for entry in plan.unplaced if entry.never}
        self._priced = {kind: self._prices(kind) for kind in KINDS}
        self._hired = self._ticks_of_hired()
        self._known: dict[tuple[str, str, Role, str], float] = {}
        self._of_use: dict[tuple[str, str, Role], tuple[Unplaced, ...]] = {}

    def _prices(self, kind: str) -> _Priced:
        """A kind's bound."""
        asks = self._needs.asks[kind]
        weights = {number: self._needs.weight(ask.activity) for number, ask in enumerate(asks)}
        return _Priced(sum(weights.values()), tuple(self._needs.network(kind).steps(weights)))

    def _ticks_of_hired(self) -> int:
        """What somebody hired has to give at most, wherever they live."""
        facts = self._needs.compiled.facts
        regions = dict.fromkeys(place.region for place in facts.body.places)
        people = (Auditor(id=f"\0{region}", name="", region=region) for region in regions)
        return max((facts.free(person).bit_count() for person in people), default=0)

    def most(self, candidate: Candidate) -> float:
        """An upper bound of the consequence rescued; the region of somebody hired does not matter for it."""
        key = (candidate.standard, candidate.code, candidate.role, candidate.auditor)
        if key not in self._known:
            lost = sum(entry.consequence for entry in self._plan.unplaced)
            never = sum(entry.consequence for entry in self._never.values() if not self._revives(candidate, entry))
            self._known[key] = lost - never - max(self._least_lost(kind, candidate) for kind in KINDS)
        return self._known[key]

    def direct(self, candidate: Candidate, regions: Mapping[str, str] | None = None) -> int:
        """The consequence of the audits left out for which a candidate is of use: what it would most likely rescue.
        regions: by audit; counts only those where somebody hired would live."""
        return sum(
            entry.consequence
            for entry in self._served(candidate)
            if (entry.audit not in self._never or self._revives(candidate, entry))
            and (regions is None or regions[entry.audit] == candidate.region)
        )

    def of_use(self, candidate: Candidate) -> tuple[str, ...]:
        """The audits left out for which a candidate is of use."""
        return tuple(entry.audit for entry in self._served(candidate))

    def _served(self, candidate: Candidate) -> tuple[Unplaced, ...]:
        """What is left out and the qualification is of use for; looked up once for all who might hold it."""
        key = (candidate.standard, candidate.code, candidate.role)
        if key not in self._of_use:
            left_out = self._plan.unplaced
            self._of_use[key] = tuple(one for one in left_out if candidate.serves(self._audits[one.audit]))
        return self._of_use[key]

    def _least_lost(self, kind: str, candidate: Candidate) -> float:
        """A lower bound of what is lost with the candidate among the audits that could be placed before."""
        needs, priced = self._needs, self._priced[kind]
        person = self._order.get(candidate.auditor, -1)
        room = needs.givers[person].most if person >= 0 else self._hired
        opened = {
            number: ask.amount
            for number, ask in enumerate(needs.asks[kind])
            if person not in ask.people and self._opens(kind, candidate, ask.activity)
        }
        served = 0.0
        for step in priced.steps:
            more = 0
            if person not in step.cut.people:
                more = min(room, sum(opened[number] for number in opened.keys() & step.cut.asks))
            served += step.worth * (step.cut.served + more)
        return max(0.0, priced.weight - served)

    def _opens(self, kind: str, candidate: Candidate, activity: int) -> bool:
        """Whether a candidate may serve an audit's ask of a kind. Where an audit has experts, somebody new may be the
        lead beside whom an expert covers the code."""
        audit = self._needs.compiled.audits[activity]
        if not _works_at(candidate, audit):
            return False
        if kind == LEADS:
            return _leads(candidate, audit)
        if kind == HANDS or audit.experts:
            return True
        return _covers(candidate, *self._needs.pairs[activity])

    def _revives(self, candidate: Candidate, entry: Unplaced) -> bool:
        """Whether an audit that nobody could serve might be served with the candidate, and what it follows too."""
        audit = self._audits[entry.audit]
        codes = {reason.code for reason in entry.reasons}
        if codes & NO_CURE:
            return False
        before = self._never.get(audit.after)
        if before is not None and not self._revives(candidate, before):
            return False
        if "reason-predecessor-left-out" in codes:
            return before is not None
        return _works_at(candidate, audit) and _cures(candidate, audit, entry)


def _works_at(candidate: Candidate, audit: Audit) -> bool:
    """Whether a candidate may be in an audit's team at all."""
    if (audit.type is AuditType.DECISION) != (candidate.role is Role.DECISION):
        return False
    return any(standards_match(candidate.standard, standard) for standard in audit.standards)


def _leads(candidate: Candidate, audit: Audit) -> bool:
    """Whether a candidate may lead an audit whose team they may be in."""
    return candidate.role is not Role.AUDITOR and standards_match(candidate.standard, audit.standards[0])


def _covers(candidate: Candidate, standard: str, code: str) -> bool:
    """Whether a candidate covers a standard and code ("": the standard as such)."""
    return standards_match(candidate.standard, standard) and (not code or code_covers(candidate.code, code))


def _cures(candidate: Candidate, audit: Audit, entry: Unplaced) -> bool:
    """Whether a candidate is what an audit lacks, as far as its reasons tell."""
    for reason in entry.reasons:
        if reason.code == "reason-lead-none" and not _leads(candidate, audit):
            return False
        if reason.code in {"reason-code-none", "reason-standard-none"} and not audit.experts:
            lacking = dict(reason.parameters)
            if not _covers(candidate, lacking["standard"], lacking["code"]):
                return False
    return True
