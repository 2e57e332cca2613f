"""Why a choice was not made: audit × person, audit × date, or both.

Two answers that are kept apart: what stands against the choice *whatever else is planned* (empty exactly where an exact
solve finds a plan with it), and what stands against it *in the plan as it is*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditplan.planner.domain import Audit, Auditor
from auditplan.planner.eligibility import LEAD, MEMBER, SEATS
from auditplan.planner.explanations.cells import reason
from auditplan.planner.explanations.ground import Ground, Part, settle
from auditplan.planner.explanations.narrowing import part_of, starting_in, unpriced, with_person, without_group
from auditplan.planner.explanations.obstacles import Blocked, Obstacles, told
from auditplan.planner.explanations.results import Alternative, Question, WhyNot
from auditplan.planner.explanations.seats import kept_from
from auditplan.planner.explanations.teams import Ask
from auditplan.planner.explanations.times import TimeRules, place_of, taken
from auditplan.planner.explanations.ways import Way, no_day, ways_of, ways_on
from auditplan.planner.holding import held_by
from auditplan.planner.plan import Reason
from auditplan.planner.reasons import Reasons
from auditplan.solver.problem import Activity, Resource
from auditplan.solver.solution import Solution

MOST_LEADS = 6
"""How many people are named who could lead but not then, at most."""


class WhyNots:
    """Answers questions about one ground."""

    def __init__(self, ground: Ground) -> None:
        """Keeps what to look at."""
        self.ground = ground

    def ask(self, question: Question, roles: Iterable[int] | None = None) -> WhyNot:
        """The answer to one question. roles: of the person, by index (None: any)."""
        number = self.ground.index.get(question.audit)
        cost = None if number is None else self.priced(number, question, roles)
        if cost is not None:
            chosen = self._chosen(question, roles)
            return WhyNot(question=question, against=(), given=(), possible=True, cost=cost, chosen=chosen)
        return self.barred(question, roles)

    def barred(self, question: Question, roles: Iterable[int] | None = None) -> WhyNot:
        """The answer about a choice that there is no room for beside the plan as it is."""
        audit = self.ground.facts.lookup.audits[question.audit]
        if audit.id in self.ground.compiler.firm:
            return self._standing_still(question, audit, roles)
        number = self.ground.index.get(audit.id)
        if number is None:
            return WhyNot(question=question, against=(not_planned(self.ground, audit),), given=(), possible=False)
        possible = self._possible(number, question, roles)
        if possible is False:
            against = self._against(audit, number, question, roles)
            return WhyNot(question=question, against=against, given=(), possible=False)
        return WhyNot(question=question, against=(), given=self._given(audit, question), possible=possible)

    def _standing_still(self, question: Question, audit: Audit, roles: Iterable[int] | None) -> WhyNot:
        """The answer about an audit that stands as a whole."""
        if self._chosen(question, roles):
            return WhyNot(question=question, against=(), given=(), possible=True, chosen=True)
        ground, firm = self.ground, self.ground.compiler.firm[audit.id].placement
        held = held_by(ground.body.settings, audit, ground.facts.lookup.previous.get(audit.id), firm.status)
        code, stands = f"against-firm-{held.code}", {"audit": audit.id, "day": firm.start.day, "lead": firm.lead}
        why = reason(held.origin, held.field, "fixed", code, **stands)
        return WhyNot(question=question, against=(why,), given=(), possible=False)

    def _chosen(self, question: Question, roles: Iterable[int] | None) -> bool:
        """Whether the plan has it so."""
        placement = self.ground.placements.get(question.audit)
        if placement is None:
            return False
        seats = [
            seat
            for seat in placement.seats
            if seat.auditor == question.auditor and (roles is None or SEATS.index(seat.role) in roles)
        ]
        person = question.auditor is None or bool(seats)
        return person and (question.day is None or placement.start.day == question.day)

    def forced(self, activity: Activity, question: Question, roles: Iterable[int] | None = None) -> Activity:
        """An activity with the choice forced."""
        if question.day is not None:
            activity = starting_in(activity, self.ground.facts.timeline.mask(question.day, question.day))
        if question.auditor is not None:
            activity = with_person(activity, self.ground.facts.lookup.order[question.auditor], roles)
        return activity

    def _possible(self, number: int, question: Question, roles: Iterable[int] | None) -> bool | None:
        """Whether some plan has the choice; None: not decided within the effort."""
        part = self.ground.alone(number)
        return feasible(part, number, self.forced(part.activity(number), question, roles))

    def _against(
        self, audit: Audit, number: int, question: Question, roles: Iterable[int] | None
    ) -> tuple[Reason, ...]:
        """Every rule against an impossible choice; never empty."""
        alone = self.ground.alone(number)
        if question.day is not None and (found := no_day(self.ground, audit, question.day)):
            return found
        ways = ways_of(self.ground, audit) if question.day is None else ways_on(self.ground, audit, question.day)
        hopeless: tuple[Reason, ...] = ()
        if not ways or not (feasible(alone, number, alone.activity(number)) or question.day):
            hopeless = Reasons(self.ground.compiled, {*alone.numbers} if ways else {number}).never(number)
        if question.auditor is None:
            return hopeless or self._nobody(audit, number, question, ways)
        auditor = self.ground.facts.lookup.auditors[question.auditor]
        blocked = Obstacles(self.ground, audit, ways).blocked(auditor, roles)
        found = (*hopeless, *told([entry.causes for entry in blocked]))
        return tuple(dict.fromkeys(found)) or tuple(self._no_team(audit, number, question, roles, blocked))

    def _nobody(self, audit: Audit, number: int, question: Question, ways: list[Way]) -> tuple[Reason, ...]:
        """Why no team can start on a day."""
        if all(way.against for way in ways):
            return told([way.against for way in ways])
        obstacles = Obstacles(self.ground, audit, ways)
        found: list[Reason] = []
        leads = self.ground.problem.activities[number].roles[LEAD]
        people = [self.ground.body.auditors[entry.resource] for entry in leads]
        against = {person.id: obstacles.of(person, (LEAD,)) for person in people}
        if all(against.values()):
            for person in people[:MOST_LEADS]:
                found += against[person.id][:2]
        return tuple(found) or tuple(self._no_team(audit, number, question, None, []))

    def _no_team(
        self, audit: Audit, number: int, question: Question, roles: Iterable[int] | None, blocked: list[Blocked]
    ) -> Iterator[Reason]:
        """Why nobody can be put beside a person (or on a day) who could come: what must be covered, who leads, how
        many are asked for, or what it follows."""
        part = self.ground.alone(number)
        activity = self.forced(part.activity(number), question, roles)
        auditor = self.ground.facts.lookup.auditors[question.auditor] if question.auditor else None
        name = auditor.name if auditor else "–"
        who = auditor.id if auditor else ""
        if len(part.numbers) > 1:
            single = Part(part_of(self.ground.problem, (number,)), (number,), Solution((None,)))
            if feasible(single, number, activity):
                other = audit.after
                yield reason(
                    audit.origin, "after", "sequence", "against-order", who, about=other, other=other, name=name
                )
                return
        found = list(self._uncovered(audit, part, number, activity, name, who))
        if found:
            yield from found
            return
        yield from self._without_lead(audit, auditor, blocked)
        code = "against-team" if auditor else "against-team-day"
        values = {"name": name, "day": question.day or "–"}
        yield reason(audit.origin, "codes" if audit.codes else "standards", "coverage", code, who, **values)

    def _uncovered(
        self, audit: Audit, part: Part, number: int, activity: Activity, name: str, who: str
    ) -> Iterator[Reason]:
        """coverage: the pairs each of which alone keeps the team from being complete."""
        labels = [(standard, code) for standard in audit.standards for code in ("", *audit.codes)]
        required = [at for at, group in enumerate(part.activity(number).groups) if group.required]
        for at, (standard, code) in zip(required, labels, strict=False):
            if feasible(part, number, without_group(activity, at)):
                field = "codes" if code else "standards"
                values = {"name": name, "standard": standard, "code": code}
                text = "against-code" if code else "against-standard"
                yield reason(audit.origin, field, "coverage", text if who else f"{text}-day", who, **values)

    def _without_lead(self, audit: Audit, auditor: Auditor | None, blocked: list[Blocked]) -> Iterator[Reason]:
        """lead: nobody can lead on any of the stretches on which a person could be a member."""
        if auditor is None:
            return
        ways = [entry.way for entry in blocked if not entry.causes and entry.role != LEAD]
        if not ways:
            return
        obstacles = Obstacles(self.ground, audit, ways)
        number = self.ground.index[audit.id]
        leads = [
            self.ground.body.auditors[entry.resource]
            for entry in self.ground.problem.activities[number].roles[LEAD]
            if self.ground.body.auditors[entry.resource].id != auditor.id
        ]
        if all(obstacles.of(lead, (LEAD,)) for lead in leads):
            standard = audit.standards[0]
            values = {"name": auditor.name, "standard": standard}
            yield reason(audit.origin, "standards", "lead", "against-no-lead", auditor.id, **values)

    def _given(self, audit: Audit, question: Question) -> tuple[Reason, ...]:
        """What stands against a possible choice in the plan as it is; at least one reason."""
        if audit.after in self.ground.index and audit.after not in self.ground.placements:
            other = audit.after
            return (reason(audit.origin, "after", "sequence", "reason-predecessor-left-out", about=other, other=other),)
        ways = ways_of(self.ground, audit) if question.day is None else ways_on(self.ground, audit, question.day)
        found = tuple(self._in_the_plan(audit, question, [way for way in ways if not way.against]))
        if found:
            return found
        code = "given-team" if question.auditor else "given-day"
        name = self.ground.facts.lookup.auditors[question.auditor].name if question.auditor else "–"
        origin, field = place_of(self.ground, audit.id)
        values = {"name": name, "day": question.day or "–", "audit": audit.id}
        return (reason(origin, field, "overlap", code, question.auditor or "", **values),)

    def priced(self, number: int, question: Question, roles: Iterable[int] | None = None) -> Alternative | None:
        """The best plan with a choice, all else standing; None: there is none."""
        lookup, timeline = self.ground.facts.lookup, self.ground.facts.timeline
        ask = Ask(
            starting=-1 if question.day is None else timeline.mask(question.day, question.day),
            person=None if question.auditor is None else lookup.order[question.auditor],
            roles=None if roles is None else tuple(roles),
        )
        return self.asked(number, ask)

    def asked(self, number: int, ask: Ask) -> Alternative | None:
        """The best way to place an audit as asked, all else standing."""
        found = self.ground.seating(number).best(ask)
        if found is None:
            return None
        placement = self.ground.placement(number, found.choice)
        return Alternative(placement=placement, more=self.ground.more(number, found.prices), proven=found.proven)

    def _in_the_plan(self, audit: Audit, question: Question, ways: list[Way]) -> Iterator[Reason]:
        """The placed audits and used-up ceilings that stand against a choice."""
        people = [self.ground.facts.lookup.auditors[question.auditor]] if question.auditor else []
        if not people:
            number = self.ground.index[audit.id]
            activity = self.ground.problem.activities[number]
            numbers = dict.fromkeys(entry.resource for role in (LEAD, MEMBER) for entry in activity.roles[role])
            people = [self.ground.body.auditors[person] for person in numbers]
        for auditor in people[:MOST_LEADS]:
            yield from busy_there(self.ground, audit, auditor, ways)


def busy_there(ground: Ground, audit: Audit, auditor: Auditor, ways: list[Way]) -> Iterator[Reason]:
    """What in the plan keeps a person from every stretch on which they could come; nothing where one is left."""
    times = TimeRules(ground, audit)
    own = [way for way in ways if not any(times.against(auditor, way))]
    others = {
        placement.audit: taken(ground, placement, auditor.id)
        for placement in ground.placements.values()
        if placement.audit != audit.id and any(seat.auditor == auditor.id for seat in placement.seats)
    }
    kept = [other for other in kept_from(ground, audit) if other in others]
    if kept:
        for other in kept:
            origin, field = kept_from(ground, audit)[other]
            values = {"name": auditor.name, "other": other}
            yield reason(origin, field, "independence", "given-apart", auditor.id, about=other, **values)
        return
    resource = ground.bound(ground.index[audit.id])[ground.facts.lookup.order[auditor.id]]
    if not any(times.fits(resource, way) for way in own):
        hulls = [times.hull(auditor, way) for way in own]
        for other, bound in others.items():
            if any(hull & bound for hull in hulls):
                yield times.busy(auditor, ground.placements[other], "given-busy")
        return
    yield from _used_up(ground, auditor, resource, own)


def _used_up(ground: Ground, auditor: Auditor, resource: Resource, ways: list[Way]) -> Iterator[Reason]:
    """ceilings: what the plan leaves of a person's days."""
    whole = ground.problem.resources[ground.facts.lookup.order[auditor.id]].ceilings
    for ceiling, before in zip(resource.ceilings, whole, strict=True):
        if ways and all((way.ticks & ceiling.mask).bit_count() > ceiling.most for way in ways):
            values = {"name": auditor.name, "left": ceiling.most / 2, "most": before.most / 2}
            yield reason(auditor.origin, "max_days", "ceilings", "given-days", auditor.id, **values)


def feasible(part: Part, number: int, activity: Activity) -> bool | None:
    """Whether an audit can be carried out in a part with another shape; None: not decided within the effort."""
    shaped = part.with_activity(number, activity)
    found = settle(replace(shaped, problem=unpriced(shaped.problem)))
    if found.choice(shaped, number) is not None:
        return True
    return False if found.proven else None


def not_planned(ground: Ground, audit: Audit) -> Reason:
    """Why an audit is not up for planning at all."""
    if audit.id in ground.compiled.outside:
        return reason(audit.origin, "earliest", "window", "against-outside", audit=audit.id, day=audit.earliest or "–")
    return reason(audit.origin, "status", "fixed", "against-status", audit=audit.id)
