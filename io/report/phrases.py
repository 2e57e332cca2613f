"""What is said on the page, in one language; every text that comes from the book without control characters."""

from __future__ import annotations

from auditplan.io.calendars.texts import Texts, clean, one_line
from auditplan.io.messages import message
from auditplan.io.workbook import words
from auditplan.planner.domain import Audit, AuditType
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Journey, Placement, Slot


class Phrases:
    """The texts of one page."""

    def __init__(self, facts: Facts, language: str) -> None:
        """Shares the texts of the calendars."""
        self.language = language
        self._facts = facts
        self._texts = Texts(facts, language)

    def say(self, code: str, **parameters: object) -> str:
        """A text of the page's own catalogue."""
        return message(f"report-{code}", self.language, **parameters)

    def word(self, word: words.Word) -> str:
        """A word of a closed list."""
        return word.written(self.language)

    def kind(self, kind: AuditType) -> str:
        """What audits of a type are called."""
        return words.AUDIT_TYPES[kind].written(self.language)

    def name(self, auditor: str) -> str:
        """What somebody is called."""
        return self._texts.name(auditor)

    def client(self, audit: Audit) -> str:
        """What a client is called."""
        client = self._facts.lookup.clients[audit.client]
        return one_line(client.name) or one_line(client.id)

    def slot(self, slot: Slot) -> str:
        """A half day."""
        return f"{slot.day.isoformat()} {words.PARTS[slot.part].written(self.language)}"

    def audit(self, audit: Audit, placement: Placement) -> str:
        """All that is to be known of a placed audit, one thing a line."""
        comma = message("list-comma", self.language)
        slack = (audit.due - placement.end.day).days
        site = self._facts.geography.site(audit)
        lines = [
            " · ".join((one_line(audit.id), self._texts.kind(audit), self.client(audit))),
            self.say(
                "when",
                start=self.slot(placement.start),
                end=self.slot(placement.end),
                days=f"{float(audit.days):g}",
                status=words.AUDIT_STATUSES[placement.status].written(self.language),
            ),
            self.say("standards", standards=comma.join(one_line(one) for one in (*audit.standards, *audit.codes))),
            *self._texts.members(placement),
            self.say("where", place=one_line(site.label), mode=words.AUDIT_MODES[audit.mode].written(self.language)),
            self.say("due", due=audit.due.isoformat(), slack=slack),
        ]
        if placement.overrides:
            rules = comma.join(message(f"rule-{rule}", self.language) for rule in placement.overrides)
            lines.append(message("why-override", self.language, rules=rules))
        if audit.unannounced:
            lines.append(message("feed-unannounced", self.language))
        return clean("\n".join(lines))

    def journey(self, audit: Audit, way: Journey) -> str:
        """A journey."""
        return clean(
            self.say(
                "journey",
                origin=one_line(way.origin),
                destination=one_line(way.destination),
                hours=f"{round(way.hours, 1):g}",
                slots=f"{len(way.slots) / 2:g}",
                audit=one_line(audit.id),
                client=self.client(audit),
            )
        )
