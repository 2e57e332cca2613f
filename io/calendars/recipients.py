"""Who gets an invitation, at which address, and what an event that is dropped was called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from auditplan.io.calendars.addresses import usable_address
from auditplan.io.calendars.changes import Notice
from auditplan.io.calendars.client_entries import CLIENT, client_summary, language_of
from auditplan.io.calendars.entries import event_uid
from auditplan.io.calendars.texts import Texts, one_line
from auditplan.planner.domain import Role
from auditplan.planner.facts import Facts

KINDS = ("audit", "out", "back", CLIENT)
MOST_NUMBERS = 64
"""Events of one entry that are looked for: more than the longest audit has days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who is written to. email: "" where it is not known. role: of RFC 5545, 3.2.16."""

    name: str
    email: str
    role: str
    language: str


class Recipients:
    """Looks up who a notice is for."""

    def __init__(self, facts: Facts, language: str) -> None:
        """Looks up the body's people and clients."""
        self._facts = facts
        self._language = language

    def of(self, notice: Notice) -> Recipient:
        """Who gets a notice."""
        kind, _ = kind_of(notice.audit, notice.person, notice.uid)
        if kind == CLIENT:
            client = self._facts.lookup.clients.get(notice.person)
            name = (client.contact or client.name) if client else notice.person
            language = (language_of(client.language) if client else "") or self._language
            return _recipient(name, client.email if client else "", "REQ-PARTICIPANT", language)
        auditor = self._facts.lookup.auditors.get(notice.person)
        lead = notice.occasion is not None and notice.occasion.entry.role == Role.LEAD.value
        name, email = (auditor.name, auditor.email) if auditor else (notice.person, "")
        return _recipient(name, email, "CHAIR" if lead else "REQ-PARTICIPANT", self._language)

    def summary(self, notice: Notice) -> str:
        """What an event is called, for one that is dropped too."""
        if notice.occasion is not None:
            return one_line(notice.occasion.entry.summary)
        texts = Texts(self._facts, self.of(notice).language)
        kind, _ = kind_of(notice.audit, notice.person, notice.uid)
        audit = self._facts.lookup.audits.get(notice.audit)
        if kind == CLIENT:
            return client_summary(self._facts, texts, audit) if audit else texts.say("gone-client")
        summary = texts.summary(audit) if audit else texts.say("gone", audit=one_line(notice.audit))
        return texts.say("gone-journey", summary=summary) if kind in {"out", "back"} else summary


def _recipient(name: str, email: str, role: str, language: str) -> Recipient:
    """A recipient whose address can be written to: anything else counts as none."""
    return Recipient(name=one_line(name), email=usable_address(email), role=role, language=language)


@lru_cache(maxsize=100_000)
def kind_of(audit: str, person: str, uid: str) -> tuple[str, int]:
    """The kind and number of an event; ("", 0) for an identity that was not made here."""
    for number in range(MOST_NUMBERS):
        for kind in KINDS:
            if event_uid((audit, person, kind), number) == uid:
                return kind, number
    return "", 0
