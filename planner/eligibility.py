"""Who may fill which seat of an audit, when, and what the team must cover: the solver's roles and groups.

Each rule is one function, named after its id in `rulebook`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from auditplan.planner.barring import Barring, conflict_period
from auditplan.planner.domain import Audit, Auditor, AuditType, Body, Employment, Role
from auditplan.planner.qualification import Qualifications
from auditplan.planner.rulebook import RuleBook
from auditplan.planner.timeline import Timeline
from auditplan.solver.problem import Candidate, Cover, Group

SEATS = (Role.LEAD, Role.AUDITOR, Role.EXPERT, Role.TRAINEE)
"""The roles of an activity in the solver's problem, by index."""
LEAD, MEMBER, EXPERT, TRAINEE = range(4)
DECIDING, LEADING = frozenset({Role.DECISION}), frozenset({Role.LEAD})
WORKING = frozenset({Role.LEAD, Role.AUDITOR})


@dataclass(slots=True)
class Seats:
    """The candidates of each seat of an audit and the groups that its team must meet."""

    roles: tuple[list[Candidate], ...] = field(default_factory=lambda: ([], [], [], []))
    groups: list[Group] = field(default_factory=list)


class Eligibility:
    """Answers who may do what, for one body on one timeline."""

    def __init__(self, body: Body, qualifications: Qualifications, barring: Barring, rules: RuleBook) -> None:
        """Keeps the facts; nothing is computed yet."""
        self._auditors = body.auditors
        self._qualifications = qualifications
        self._barring = barring
        self._rules = rules
        self._full_time = body.settings.full_time_member and rules.on("full-time")
        self.timeline = Timeline.around(body.settings.plan_from, body.settings.plan_to)
        self._masks: dict[tuple[str, str, frozenset[Role], str | None], int] = {}
        self._candidates: dict[tuple[object, ...], Candidate] = {}
        self._covers: dict[tuple[str, str | None, frozenset[Role]], list[Cover]] = {}

    def held(self, auditor: str, standard: str, roles: Collection[Role], code: str | None = None) -> int:
        """validity: the ticks on which a person holds one of the roles for a standard (and a code)."""
        key = (auditor, standard, frozenset(roles), code)
        if key not in self._masks:
            periods = self._qualifications.holding_periods(auditor, standard, roles, code)
            self._masks[key] = self.timeline.masks(periods)
        return self._masks[key]

    def seats(self, audit: Audit) -> Seats:
        """Every seat of an audit with its candidates, and the groups of its team."""
        seats = Seats()
        self._coverage(audit, seats)
        for index, auditor in enumerate(self._auditors):
            starting = self._starting(audit, auditor)
            if starting:
                self._lead(audit, auditor, index, starting, seats)
                self._member(audit, auditor, index, starting, seats)
                self._expert(audit, auditor, index, starting, seats)
                self._trainee(audit, auditor, index, starting, seats)
        if self._full_time:
            self._full_time_member(seats)
        return seats

    def candidate(
        self, index: int, during: int, starting: int, beside: int | None = None, costs: tuple[tuple[int, int], ...] = ()
    ) -> Candidate:
        """Somebody in a seat; the same object in every audit, since the largest bodies have millions of them."""
        key = index, during, starting, beside, costs
        known = self._candidates.get(key)
        if known is None:
            known = self._candidates[key] = Candidate(
                resource=index, during=during, starting=starting, beside=beside, costs=costs
            )
        return known

    def _starting(self, audit: Audit, auditor: Auditor) -> int:
        """conflict, objection: the ticks on which the auditor may start at the client."""
        mask = (1 << self.timeline.ticks) - 1
        for conflict in self._barring.conflicts(auditor.id, audit.client):
            start, until = conflict_period(conflict)
            mask &= ~self.timeline.mask(start, until)
        return mask

    def _lead(self, audit: Audit, auditor: Auditor, index: int, starting: int, seats: Seats) -> None:
        """lead: holds `lead` (for a decision, `decision`) for the first standard; rotation: not too often."""
        during = self.held(auditor.id, audit.standards[0], _lead_roles(audit))
        for standard in audit.standards if during else ():
            cooling = self._barring.cooling(auditor.id, audit.client, standard)
            if cooling is not None:
                starting &= ~self.timeline.mask(*cooling)
        if during and starting:
            seats.roles[LEAD].append(self.candidate(index, during, starting))

    def _member(self, audit: Audit, auditor: Auditor, index: int, starting: int, seats: Seats) -> None:
        """counting: qualified for at least one of the standards."""
        masks = [self.held(auditor.id, standard, _member_roles(audit)) for standard in audit.standards]
        self._any_of(masks, index, starting, MEMBER, seats)

    def _expert(self, audit: Audit, auditor: Auditor, index: int, starting: int, seats: Seats) -> None:
        """supervised: an expert only beside a lead who is qualified for that standard."""
        if audit.experts:
            self._beside_lead(audit, auditor, index, starting, (EXPERT, Role.EXPERT), seats)

    def _trainee(self, audit: Audit, auditor: Auditor, index: int, starting: int, seats: Seats) -> None:
        """supervised: a trainee only beside a lead who is qualified for that standard."""
        if audit.trainees:
            self._beside_lead(audit, auditor, index, starting, (TRAINEE, Role.TRAINEE), seats)

    def _beside_lead(
        self, audit: Audit, auditor: Auditor, index: int, starting: int, seat: tuple[int, Role], seats: Seats
    ) -> None:
        """A seat beside a lead qualified for one of the standards for which the person holds the role."""
        role, held_as = seat
        covers: list[Cover] = []
        for standard in audit.standards:
            own = self.held(auditor.id, standard, (held_as,))
            for lead, mask in self._holders(audit, standard) if own else ():
                both = own & mask if self._rules.on("supervised") else own
                if both:
                    covers.append(Cover(resource=lead, roles=(LEAD,), during=both))
        if not covers:
            return
        seats.groups.append(Group(tuple(covers), required=False))
        candidate = Candidate(resource=index, starting=starting, beside=len(seats.groups) - 1)
        seats.roles[role].append(candidate)

    def _holders(self, audit: Audit, standard: str) -> list[tuple[int, int]]:
        """Who could be lead and is qualified for a standard: pairs of person and ticks. Without the rule
        `supervised` everyone who could be lead."""
        found = []
        for index, auditor in enumerate(self._auditors):
            lead = self.held(auditor.id, audit.standards[0], _lead_roles(audit))
            mask = self.held(auditor.id, standard, _member_roles(audit)) if lead else 0
            if lead and not self._rules.on("supervised"):
                mask = lead
            if mask:
                found.append((index, mask))
        return found

    def _any_of(self, masks: Iterable[int], index: int, starting: int, role: int, seats: Seats) -> None:
        """A candidate whose stretch must lie within one of several masks."""
        kept = [mask for mask in dict.fromkeys(masks) if mask]
        whole = [mask for mask in kept if all(other & ~mask == 0 for other in kept)]
        if whole:
            candidate = self.candidate(index, whole[0], starting)
        elif kept:
            covers = tuple(Cover(resource=index, roles=(role,), during=mask) for mask in kept)
            seats.groups.append(Group(covers, required=False))
            candidate = Candidate(resource=index, starting=starting, beside=len(seats.groups) - 1)
        else:
            return
        seats.roles[role].append(candidate)

    def _coverage(self, audit: Audit, seats: Seats) -> None:
        """coverage: every standard and every code of it by somebody in the team."""
        for standard in audit.standards:
            covers = self._covering(audit, standard, None)
            seats.groups.append(Group(tuple(covers)))
            for code in audit.codes:
                covers = self._covering(audit, standard, code)
                if audit.experts:
                    covers += self._covering_experts(audit, standard, code, seats)
                seats.groups.append(Group(tuple(covers)))

    def _covering(self, audit: Audit, standard: str, code: str | None) -> list[Cover]:
        """Leads and members who cover a code of a standard (None: the standard as such)."""
        roles = _member_roles(audit)
        key = (standard, code, roles)
        if key not in self._covers:
            self._covers[key] = [
                Cover(resource=index, roles=(LEAD, MEMBER), during=during)
                for index, auditor in enumerate(self._auditors)
                if (during := self.held(auditor.id, standard, roles, code))
            ]
        return list(self._covers[key])

    def _covering_experts(self, audit: Audit, standard: str, code: str, seats: Seats) -> list[Cover]:
        """Experts who cover a code, beside a lead who is qualified for the standard."""
        holders = [Cover(resource=lead, roles=(LEAD,), during=mask) for lead, mask in self._holders(audit, standard)]
        experts = [
            (index, self.held(auditor.id, standard, (Role.EXPERT,), code))
            for index, auditor in enumerate(self._auditors)
        ]
        if not holders or not any(during for _, during in experts):
            return []
        seats.groups.append(Group(tuple(holders), required=False))
        beside = len(seats.groups) - 1
        return [
            Cover(resource=index, roles=(EXPERT,), during=during, beside=beside) for index, during in experts if during
        ]

    def _full_time_member(self, seats: Seats) -> None:
        """full-time: at least one full-time lead or member."""
        covers = tuple(
            Cover(resource=index, roles=(LEAD, MEMBER))
            for index, auditor in enumerate(self._auditors)
            if auditor.employment is Employment.FULL_TIME
        )
        seats.groups.append(Group(covers))


def _lead_roles(audit: Audit) -> frozenset[Role]:
    """The roles of a qualification that make a lead of an audit."""
    return DECIDING if audit.type is AuditType.DECISION else LEADING


def _member_roles(audit: Audit) -> frozenset[Role]:
    """The roles of a qualification that count for a lead or member; a lead may serve as auditor."""
    return DECIDING if audit.type is AuditType.DECISION else WORKING
