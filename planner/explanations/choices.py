"""What there is to choose from for one audit: people for each role, days to start on, each with its price."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditplan.planner.domain import Audit, Auditor
from auditplan.planner.eligibility import EXPERT, LEAD, MEMBER, SEATS, TRAINEE
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.obstacles import Obstacles
from auditplan.planner.explanations.results import Candidate, DateChoice, Question
from auditplan.planner.explanations.ways import starts, ways_of, ways_on
from auditplan.planner.explanations.whynot import WhyNots
from auditplan.planner.terms import Role


def candidates(ground: Ground, audit: Audit, day: date | None) -> tuple[Candidate, ...]:
    """The people for each role that the audit asks for, in the order of the sheet: all who hold anything for one of
    its standards. day: to start on; None: any."""
    return tuple(found for role in _roles(ground, audit) for found in _of_role(ground, audit, role, day))


def _roles(ground: Ground, audit: Audit) -> Iterator[int]:
    """The roles that an audit has seats for."""
    modes = ground.problem.activities[ground.index[audit.id]].modes
    yield LEAD
    if not modes or any(mode.most[MEMBER] for mode in modes):
        yield MEMBER
    if audit.experts:
        yield EXPERT
    if audit.trainees:
        yield TRAINEE


def _of_role(ground: Ground, audit: Audit, role: int, day: date | None) -> Iterator[Candidate]:
    """The candidates of one role."""
    obstacles = Obstacles(ground, audit, ways_of(ground, audit) if day is None else ways_on(ground, audit, day))
    for auditor in ground.body.auditors:
        if holds_anything(ground, audit, auditor):
            yield _candidate(ground, Question(audit=audit.id, auditor=auditor.id, day=day), auditor, role, obstacles)


def holds_anything(ground: Ground, audit: Audit, auditor: Auditor) -> bool:
    """Whether a person has a qualification for one of an audit's standards."""
    return any(ground.facts.qualifications.rows(auditor.id, standard, tuple(Role)) for standard in audit.standards)


def _candidate(ground: Ground, question: Question, auditor: Auditor, role: int, obstacles: Obstacles) -> Candidate:
    """One person in one role: their price, or what stands against them."""
    against = obstacles.of(auditor, (role,))
    if against:
        return Candidate(auditor=auditor.id, role=SEATS[role], against=against)
    asking = WhyNots(ground)
    best = asking.priced(ground.index[question.audit], question, (role,))
    if best is not None:
        placement = ground.placements.get(question.audit)
        chosen = placement is not None and auditor.id in placement.people(SEATS[role])
        return Candidate(auditor=auditor.id, role=SEATS[role], more=best.more, chosen=chosen)
    answer = asking.barred(question, (role,))
    return Candidate(auditor=auditor.id, role=SEATS[role], against=answer.against, given=answer.given)


def dates(ground: Ground, audit: Audit) -> tuple[DateChoice, ...]:
    """Every day of the window on which the audit could start as far as the calendar goes, with the best team then."""
    number, asking = ground.index[audit.id], WhyNots(ground)
    placement = ground.placements.get(audit.id)
    found = []
    for day in starts(ways_of(ground, audit)):
        question = Question(audit=audit.id, day=day)
        best = asking.priced(number, question)
        chosen = placement is not None and placement.start.day == day
        if best is not None:
            found.append(DateChoice(day=day, best=best, chosen=chosen))
        else:
            answer = asking.barred(question)
            found.append(DateChoice(day=day, best=None, against=answer.against, given=answer.given))
    return tuple(found)
