"""What stands in a calendar's entry: summary, place and description, in the book's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from auditplan.io.calendars.days import begins, ends
from auditplan.io.messages import message
from auditplan.io.workbook.words import AUDIT_MODES, PARTS, Word, is_service, role_word, type_word
from auditplan.planner.domain import Audit, AuditMode, Client
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Journey, Placement, Slot

_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters, and the marks that turn what follows from right to left."""


def clean(text: str) -> str:
    """A text that may stand in a calendar: one kind of line end, and no control characters, which RFC 5545 does
    not allow and some readers take for the end of a line."""
    if text.isprintable():
        return text.strip()
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(clean(text).split())


class Texts:
    """Writes the texts of one body's calendars in one language."""

    def __init__(self, facts: Facts, language: str) -> None:
        """Keeps what to look up."""
        self._facts = facts
        self._language = language

    def say(self, code: str, **parameters: object) -> str:
        """A text of the catalogue."""
        return message(f"feed-{code}", self._language, **parameters)

    def word(self, words: Mapping[Enum, Word], member: Enum) -> str:
        """A member of a closed list."""
        return words[member].written(self._language)

    def name(self, auditor: str) -> str:
        """What a person is called."""
        found = self._facts.lookup.auditors.get(auditor)
        return one_line(found.name if found else auditor) or auditor

    def kind(self, audit: Audit) -> str:
        """The type of an audit."""
        return type_word(audit).written(self._language)

    def summary(self, audit: Audit) -> str:
        """Client and type."""
        return self.say("summary", client=self._client_name(audit), type=self.kind(audit))

    def location(self, audit: Audit) -> str:
        """Where an audit takes place: the client's address, unless the audit is at another place; else the city.
        Of one that needs no journey the mode."""
        if audit.mode in {AuditMode.REMOTE, AuditMode.DESK}:
            return self.word(AUDIT_MODES, audit.mode)
        client, site = self._client(audit), self._facts.geography.site(audit)
        elsewhere = (audit.region and audit.region != client.region) or (audit.city and audit.city != client.city)
        return one_line(client.address if client.address and not elsewhere else site.label)

    def place(self, audit: Audit) -> str:
        """Where an audit takes place, in no language."""
        return audit.mode.value if audit.mode in {AuditMode.REMOTE, AuditMode.DESK} else self.location(audit)

    def journey(self, audit: Audit, journey: Journey, *, back: bool, person: str = "") -> str:
        """The summary of a journey; with the person's name where the calendar is not their own."""
        text = self.say(
            "journey-back" if back else "journey-out",
            origin=one_line(journey.origin),
            destination=one_line(journey.destination),
            client=self._client_name(audit),
        )
        return self.say("person", name=self.name(person), text=text) if person else text

    def journey_description(self, audit: Audit, journey: Journey) -> str:
        """How long a journey takes, and what for."""
        return self.say(
            "journey-description", hours=f"{round(journey.hours, 1):g}", summary=self.summary(audit), audit=audit.id
        )

    def description(self, audit: Audit, placement: Placement) -> str:
        """Everything that the team must know of an audit."""
        client = self._client(audit)
        contact = ", ".join(filter(None, (one_line(client.contact), one_line(client.email))))
        lines = [
            self.say("audit", audit=one_line(audit.id), type=self.kind(audit)),
            self.say("client", client=self._client_name(audit)),
            *self.members(placement),
            self.say("standards", standards=self.listed(audit.standards)),
            self.say("codes", codes=self.listed(audit.codes)) if audit.codes else "",
            self.say("mode", mode=self.word(AUDIT_MODES, audit.mode)),
            self.say("place", place=self.location(audit)),
            self.say("opening", when=self.moment(placement.start, begin=True)),
            self.say("closing", when=self.moment(placement.end, begin=False)),
            self.say("contact", contact=contact) if contact else "",
            self.say("unannounced") if audit.unannounced else "",
        ]
        return clean("\n".join(line for line in lines if line))

    def members(self, placement: Placement, *, covers: bool = True) -> Iterable[str]:
        """A line a person: name, role and, where wanted, what they cover."""
        audit = self._facts.lookup.audits[placement.audit]
        yield self.say("team-service" if is_service(audit) else "team")
        for seat in placement.seats:
            name, role = self.name(seat.auditor), role_word(audit, seat.role).written(self._language)
            listed = self.listed(f"{standard}: {code}" for standard, code in seat.covers if code and covers)
            code = "member-covers" if listed else "member"
            yield self.say(code, name=name, role=role, **({"covers": listed} if listed else {}))

    def moment(self, slot: Slot, *, begin: bool) -> str:
        """When a half day begins or ends."""
        at = (begins if begin else ends)(self._facts.body.settings, afternoon=slot.afternoon)
        return self.say("moment", day=slot.day.isoformat(), time=f"{at:%H:%M}", part=self.word(PARTS, slot.part))

    def listed(self, items: Iterable[str]) -> str:
        """Several things in a row."""
        return message("list-comma", self._language).join(one_line(item) for item in items)

    def _client(self, audit: Audit) -> Client:
        """Whom an audit is at."""
        return self._facts.lookup.clients[audit.client]

    def _client_name(self, audit: Audit) -> str:
        """What the client is called."""
        client = self._client(audit)
        return one_line(client.name or client.id)
