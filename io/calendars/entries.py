"""A plan as the entries of calendars: who is where when, and for how long on the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditplan.io.calendars.days import DayPart, day_parts, worked_slots
from auditplan.io.calendars.texts import Texts
from auditplan.planner.domain import Audit, AuditStatus, Body
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Journey, Placement, Plan, Seat

NAMESPACE = uuid.UUID("6f9b1c1e-51c3-5d0f-9d0a-0b5f6c2a7e41")
"""Of all identities of events; it may never change, or every calendar would show everything twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One audit or journey in one calendar. key: audit, person and kind, of which the identity of its events is
    made. person: "" where it stands for the whole team. opaque: whether it makes its owner busy."""

    key: tuple[str, str, str]
    parts: tuple[DayPart, ...]
    summary: str
    description: str
    location: str
    category: str
    confirmed: bool
    region: str
    opaque: bool = True

    @property
    def person(self) -> str:
        """Whose it is."""
        return self.key[1]

    def uid(self, number: int) -> str:
        """The identity of the entry's event of a number, from 0: of audit, person and kind alone, never of a
        date, a team or a file name."""
        name = "\x1f".join((*self.key, str(number) if number else ""))
        return f"{uuid.uuid5(NAMESPACE, name)}@auditplan"


def personal_entries(body: Body, plan: Plan, language: str) -> tuple[Entry, ...]:
    """Every audit and journey of everyone, in the order of the plan."""
    facts = Facts(body)
    texts = Texts(facts, language)
    found: list[Entry] = []
    for placement in plan.placements:
        audit = facts.lookup.audits[placement.audit]
        shared = _shared(facts, texts, audit, placement)
        for seat in placement.seats:
            found.append(replace(shared, key=(audit.id, seat.auditor, "audit"), opaque=True))
            found.extend(_journeys(texts, shared, audit, seat))
    return tuple(found)


def team_entries(body: Body, plan: Plan, language: str) -> tuple[Entry, ...]:
    """Every audit once for its whole team, which makes nobody busy who looks at it, and everyone's journeys."""
    facts = Facts(body)
    texts = Texts(facts, language)
    found: list[Entry] = []
    for placement in plan.placements:
        audit = facts.lookup.audits[placement.audit]
        shared = _shared(facts, texts, audit, placement)
        names = ", ".join(texts.name(seat.auditor) for seat in placement.seats)
        found.append(replace(shared, summary=texts.say("team-summary", summary=shared.summary, names=names)))
        for seat in placement.seats:
            found.extend(_journeys(texts, shared, audit, seat, named=True))
    return tuple(found)


def _shared(facts: Facts, texts: Texts, audit: Audit, placement: Placement) -> Entry:
    """The entry of an audit as its whole team has it."""
    return Entry(
        key=(audit.id, "", "audit"),
        parts=day_parts(worked_slots(facts, audit, placement)),
        summary=texts.summary(audit),
        description=texts.description(audit, placement),
        location=texts.location(audit),
        category=texts.kind(audit),
        confirmed=placement.status in {AuditStatus.CONFIRMED, AuditStatus.DONE},
        region=facts.geography.site(audit).region,
        opaque=False,
    )


def _journeys(texts: Texts, shared: Entry, audit: Audit, seat: Seat, *, named: bool = False) -> Iterator[Entry]:
    """The journeys of one person that take half days."""
    for journey, kind in ((seat.out, "out"), (seat.back, "back")):
        if journey is not None and journey.slots:
            yield _journey(texts, shared, audit, seat, journey, kind, named=named)


def _journey(
    texts: Texts, shared: Entry, audit: Audit, seat: Seat, journey: Journey, kind: str, *, named: bool
) -> Entry:
    """One journey."""
    person = seat.auditor if named else ""
    return replace(
        shared,
        key=(audit.id, seat.auditor, kind),
        parts=day_parts(journey.slots),
        summary=texts.journey(audit, journey, back=kind == "back", person=person),
        description=texts.journey_description(audit, journey),
        location=texts.say("route", origin=journey.origin, destination=journey.destination),
        category=texts.say("travel"),
        opaque=True,
    )
