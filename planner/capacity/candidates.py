"""Whom one could hire or train, and how much that could rescue at most: known without solving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from auditplan.planner.capacity.flow import Ask, Giver, Network
from auditplan.planner.capacity.needs import COVER, HANDS, LEADS, Needs
from auditplan.planner.domain import Audit, Auditor, AuditType, Body, Qualification, Role
from auditplan.planner.plan import Plan, Unplaced
from auditplan.planner.qualification import code_covers, standards_match
from auditplan.planner.scenarios.changes import AddQualification
from auditplan.planner.scenarios.people import add_qualification
from auditplan.planner.scenarios.selection import CLOSED, region_of

NEW = "+"
NO_DAY = {"reason-window-empty", "reason-window-past", "reason-client-closed", "reason-too-long", "reason-window-short"}
"""Reasons that no qualification cures."""
RANK = {Role.LEAD: 2, Role.AUDITOR: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody to hire (region set) or to train (auditor set) for a standard and code in a role. code "*": all."""

    standard: str
    code: str
    role: Role
    region: str = ""
    auditor: str = ""

    @property
    def key(self) -> str:
        """A name for the job."""
        return "|".join((self.region, self.auditor, self.standard, self.code, self.role.value))

    def applied(self, body: Body) -> Body:
        """The body with the person hired or trained."""
        codes = (self.code,)
        if self.auditor:
            change = AddQualification(auditor=self.auditor, standard=self.standard, codes=codes, role=self.role)
            return add_qualification(body, change)
        name = f"{self.region} {NEW}"
        person = Auditor(id=name, name=name, region=self.region)
        row = Qualification(auditor=name, standard=self.standard, role=self.role, codes=codes)
        return replace(body, auditors=(*body.auditors, person), qualifications=(*body.qualifications, row))

    def serves(self, audit: Audit) -> bool:
        """Whether the qualification is of use for an audit at all."""
        deciding = audit.type is AuditType.DECISION
        if deciding != (self.role is Role.DECISION):
            return False
        held = any(standards_match(self.standard, standard) for standard in audit.standards)
        return held and (not audit.codes or any(code_covers(self.code, code) for code in audit.codes))


def candidates(body: Body) -> Iterator[Candidate]:
    """Everybody worth a thought: hired in a region with work for a standard and code that work asks for; or trained for
    a code of a standard in which they lead or audit already, in that role."""
    pairs = _pairs(body)
    regions = sorted(set(region_of(body).values()) & {place.region for place in body.places})
    for region in regions:
        for standard, code, role in pairs:
            yield Candidate(standard=standard, code=code, role=role, region=region)
    for auditor in body.auditors:
        for standard, code, role in pairs:
            held = _held(body, auditor.id, standard)
            if code != "*" and held is role and not _covers(body, auditor.id, standard, code, role):
                yield Candidate(standard=standard, code=code, role=role, auditor=auditor.id)


def _pairs(body: Body) -> list[tuple[str, str, Role]]:
    """Standards, codes and roles that the work asks for."""
    found: dict[tuple[str, str, Role], None] = {}
    for audit in body.audits:
        if audit.status in CLOSED:
            continue
        roles = [Role.DECISION] if audit.type is AuditType.DECISION else [Role.LEAD, Role.AUDITOR]
        for standard in audit.standards:
            for code in audit.codes or ("*",):
                found |= dict.fromkeys((standard, code, role) for role in roles)
    return sorted(found, key=lambda entry: (entry[0], entry[1], entry[2].value))


def _held(body: Body, auditor: str, standard: str) -> Role | None:
    """The highest role in which a person works for a standard: lead or auditor."""
    roles = [
        row.role
        for row in body.qualifications
        if row.auditor == auditor and row.role in RANK and standards_match(row.standard, standard)
    ]
    return max(roles, key=lambda role: RANK[role], default=None)


def _covers(body: Body, auditor: str, standard: str, code: str, role: Role) -> bool:
    """Whether a person has a code already."""
    return any(
        row.auditor == auditor
        and row.role is role
        and standards_match(row.standard, standard)
        and any(code_covers(held, code) for held in row.codes)
        for row in body.qualifications
    )


class Promise:
    """How much a candidate could rescue at most, from the flows of the body as it is with the candidate added."""

    def __init__(self, needs: Needs, plan: Plan) -> None:
        """Keeps the networks."""
        self._needs, self._plan = needs, plan
        self._audits = needs.compiled.audits
        self._order = needs.compiled.facts.lookup.order
        self._lost = sum(entry.consequence for entry in plan.unplaced)
        self._never = sum(entry.consequence for entry in plan.unplaced if entry.never)
        self._known: dict[tuple[str, str, Role, str], float] = {}

    def most(self, candidate: Candidate) -> float:
        """An upper bound of the consequence rescued. What nobody could ever serve is only open to a candidate who is
        of use for it. The region of somebody hired does not matter here: a bound may be generous."""
        key = (candidate.standard, candidate.code, candidate.role, candidate.auditor)
        if key not in self._known:
            self._known[key] = self._bound(candidate)
        return self._known[key]

    def direct(self, candidate: Candidate, regions: Mapping[str, str] | None = None) -> int:
        """The consequence of the audits left out for which a candidate is of use: what it would most likely rescue.
        regions: by audit; counts only those where somebody hired would live."""
        audits = {audit.id: audit for audit in self._audits}
        return sum(
            entry.consequence
            for entry in self._plan.unplaced
            if candidate.serves(audits[entry.audit]) and (regions is None or regions[entry.audit] == candidate.region)
        )

    def _bound(self, candidate: Candidate) -> float:
        """What is lost today, less what is lost at least with the candidate."""
        audits = {audit.id: audit for audit in self._audits}
        never = sum(
            entry.consequence
            for entry in self._plan.unplaced
            if entry.never and (_hopeless(entry) or not self._may_revive(candidate, audits[entry.audit]))
        )
        least = max(self._least_lost(kind, candidate) for kind in (LEADS, COVER, HANDS))
        return self._lost - never - least

    def _may_revive(self, candidate: Candidate, audit: Audit) -> bool:
        """Whether an audit that nobody could serve, or one that it follows, could be served with the candidate."""
        by_id = {other.id: other for other in self._audits}
        seen: set[str] = set()
        step: Audit | None = audit
        while step is not None and step.id not in seen:
            if any(standards_match(candidate.standard, standard) for standard in step.standards):
                return True
            seen.add(step.id)
            step = by_id.get(step.after)
        return False

    def _least_lost(self, kind: str, candidate: Candidate) -> float:
        """A lower bound of what is lost among the audits that could be placed before."""
        needs = self._needs
        person = self._order.get(candidate.auditor, len(needs.givers))
        givers = dict(needs.givers)
        if not candidate.auditor:
            ticks = needs.compiled.problem.ticks
            givers[person] = Giver((((1 << ticks) - 1, ticks),), ticks)
        asks = [self._opened(ask, candidate, person) for ask in needs.asks[kind]]
        weights = {number: needs.weight(ask.activity) for number, ask in enumerate(asks)}
        return sum(weights.values()) - Network(asks, givers).best_served(weights)

    def _opened(self, ask: Ask, candidate: Candidate, person: int) -> Ask:
        """An ask that the candidate may serve too, if the standard is one of the audit's."""
        audit = self._audits[ask.activity]
        if not any(standards_match(candidate.standard, standard) for standard in audit.standards):
            return ask
        return replace(ask, people=ask.people | {person})


def _hopeless(entry: Unplaced) -> bool:
    """Whether an audit has no day on which it could run, so that nobody's qualification can help."""
    return any(reason.code in NO_DAY for reason in entry.reasons)
