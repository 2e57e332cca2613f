"""A plan as the entries of calendars: who is where when, and for how long on the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

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
    made. person: "" where it stands for the whole team. opaque: whether it makes its owner busy. place and role:
    where it is and what its owner is there, in no language: what is compared to tell whether it changed."""

    key: tuple[str, str, str]
    parts: tuple[DayPart, ...]
    summary: str
    description: str
    location: str
    category: str
    confirmed: bool
    region: str
    opaque: bool = True
    place: str = ""
    role: str = ""

    @property
    def person(self) -> str:
        """Whose it is."""
        return self.key[1]

    def uid(self, number: int) -> str:
        """The identity of the entry's event of a number, from 0: of audit, person and kind alone, never of a
        date, a team or a file name."""
        return event_uid(self.key, number)


@lru_cache(maxsize=100_000)
def event_uid(key: tuple[str, str, str], number: int) -> str:
    """The identity of the event of a number of an audit, person and kind."""
    name = "\x1f".join((*key, str(number) if number else ""))
    return f"{uuid.uuid5(NAMESPACE, name)}@auditplan"


class Agenda:
    """A plan as entries; what an audit's whole team shares is worked out once."""

    def __init__(self, body: Body, plan: Plan, language: str) -> None:
        """Keeps every placement with what is said of it."""
        self.facts = Facts(body)
        self.texts = Texts(self.facts, language)
        audits = self.facts.lookup.audits
        self.placed = tuple((audits[placement.audit], placement) for placement in plan.placements)
        self._shared = tuple(_shared(self.facts, self.texts, audit, placement) for audit, placement in self.placed)

    def personal(self) -> tuple[Entry, ...]:
        """Every audit and journey of everyone, in the order of the plan."""
        found: list[Entry] = []
        for (audit, placement), shared in zip(self.placed, self._shared, strict=True):
            for seat in placement.seats:
                key = (audit.id, seat.auditor, "audit")
                found.append(replace(shared, key=key, opaque=True, role=seat.role.value))
                found.extend(_journeys(self.texts, shared, audit, seat))
        return tuple(found)

    def team(self) -> tuple[Entry, ...]:
        """Every audit once for its whole team, which makes nobody busy who looks at it, and everyone's journeys."""
        texts = self.texts
        found: list[Entry] = []
        for (audit, placement), shared in zip(self.placed, self._shared, strict=True):
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
        place=texts.place(audit),
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
        place=f"{journey.origin}>{journey.destination}",
    )
