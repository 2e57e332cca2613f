"""What the verifier looks at: the body's rows by id, and the placed audits spelled out in slots and stays."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from auditplan.planner.calendar import Calendars
from auditplan.planner.domain import (
    Audit,
    Auditor,
    AuditStatus,
    AuditType,
    Body,
    Lock,
    Part,
    PlannedAudit,
    Qualification,
    Role,
    Unavailability,
)
from auditplan.planner.geography import Geography
from auditplan.planner.plan import Placement, Plan, Seat, Slot
from auditplan.planner.rulebook import RuleBook

DAY = timedelta(days=1)


def family(standard: str) -> tuple[str, str]:
    """A standard's letters and figures without spaces and width, and its edition (four figures after the last
    colon or stroke), if it names one."""
    plain = unicodedata.normalize("NFKC", standard).upper().replace(" ", "")
    plain = "".join(plain.split())
    if len(plain) > 5 and plain[-5] in ":-" and plain[-4:].isdigit():
        return plain[:-5], plain[-4:]
    return plain, ""


def same_standard(held: str, asked: str) -> bool:
    """The same family, and not two different editions."""
    (one, edition), (other, wanted) = family(held), family(asked)
    return one == other and "" in {edition, wanted, "" if edition == wanted else "differ"}


def holds_code(held: str, asked: str) -> bool:
    """`*`, or the same dotted beginning; leading zeros do not matter."""
    if held.strip() == "*":
        return True
    parts = [[piece.strip().upper().lstrip("0") for piece in text.split(".")] for text in (held, asked)]
    return parts[1][: len(parts[0])] == parts[0]


@dataclass(frozen=True, slots=True)
class Placed:
    """A placed audit: its row, its placement, and the slots of its span that it works on."""

    audit: Audit
    placement: Placement
    slots: tuple[Slot, ...]

    def days(self) -> list[date]:
        """Every calendar day from the first to the last of the span."""
        first, last = self.placement.start.day, self.placement.end.day
        return [first + DAY * index for index in range((last - first).days + 1)]

    def seats(self, *roles: Role) -> list[Seat]:
        """The seats of some roles."""
        return [seat for seat in self.placement.seats if seat.role in roles]


class World:
    """A body and a plan, indexed for the checks."""

    def __init__(self, body: Body, plan: Plan) -> None:
        """Spells out every placement."""
        self.body, self.plan, self.settings = body, plan, body.settings
        self.rules = RuleBook(body.rules)
        self.calendars, self.geography = Calendars(body), Geography(body)
        self.auditors: dict[str, Auditor] = {row.id: row for row in body.auditors}
        self.audits: dict[str, Audit] = {row.id: row for row in body.audits}
        self.clients = {row.id: row for row in body.clients}
        self.previous: dict[str, PlannedAudit] = {row.audit: row for row in body.previous}
        self._held: dict[str, list[Qualification]] = defaultdict(list)
        for row in body.qualifications:
            self._held[row.auditor].append(row)
        self._absent: dict[str, list[Unavailability]] = defaultdict(list)
        for gone in body.unavailable:
            self._absent["a:" + gone.auditor if gone.auditor else "c:" + gone.client].append(gone)
        self._open: dict[tuple[str, str, date], bool] = {}
        self.placed = [self._spell_out(placement) for placement in plan.placements]
        self.by_id = {entry.audit.id: entry for entry in self.placed}

    @cached_property
    def standing(self) -> set[str]:
        """Audits that are done: facts, no longer decided."""
        return {audit.id for audit in self.body.audits if audit.status is AuditStatus.DONE}

    def kept(self, row: PlannedAudit | None) -> Lock:
        """What of a row of the plan before must not change: all of one that is confirmed, done, invited to or about to
        begin, unless another date was typed into it; else what is locked or was typed."""
        if row is None:
            return Lock(0)
        asked = (row.lock or Lock(0)) | (row.typed or Lock(0))
        soon = row.start < self.settings.today + timedelta(days=self.settings.freeze_days)
        held = soon or row.invited or row.status in {AuditStatus.CONFIRMED, AuditStatus.DONE}
        return Lock.ALL if held and not (row.typed and Lock.DATE in row.typed) else asked

    def _spell_out(self, placement: Placement) -> Placed:
        """The open slots between a placement's start and end."""
        audit = self.audits[placement.audit]
        slots = []
        day = placement.start.day
        while day <= placement.end.day:
            for afternoon in (False, True):
                slot = Slot(day, afternoon)
                if placement.start <= slot <= placement.end and self.open(audit, slot):
                    slots.append(slot)
            day += DAY
        return Placed(audit, placement, tuple(slots))

    def open(self, audit: Audit, slot: Slot) -> bool:
        """Whether a slot is one of an audit's own calendar."""
        client = self.clients[audit.client]
        country = self.geography.site(audit).country
        key = (country, client.id, slot.day)
        if key not in self._open:
            calendar = self.calendars.of(country)
            worked = calendar.is_working(slot.day)
            self._open[key] = worked and (client.holidays_worked or not calendar.is_make_up(slot.day))
        return self._open[key] and not self._gone("c:" + client.id, slot)

    def works(self, auditor: Auditor, slot: Slot) -> bool:
        """Whether a slot is in a person's own calendar."""
        calendar = self.calendars.of(self.geography.home(auditor).country)
        if not calendar.is_working(slot.day):
            return False
        weekday = slot.day.isoweekday() in auditor.working_days
        if calendar.is_make_up(slot.day):
            weekday = weekday or {1, 2, 3, 4, 5} <= set(auditor.working_days)
        if not weekday or (auditor.active_from and slot.day < auditor.active_from):
            return False
        if auditor.active_to and slot.day > auditor.active_to:
            return False
        return not self._gone("a:" + auditor.id, slot)

    def _gone(self, key: str, slot: Slot) -> bool:
        """Whether a row of Unavailable takes a slot."""
        return any(
            row.start <= slot.day <= row.until and (row.part is None or (row.part is Part.PM) == slot.afternoon)
            for row in self._absent.get(key, ())
        )

    def home_day(self, auditor: Auditor, day: date) -> bool:
        """Whether a day is a working day in a person's home country."""
        return self.calendars.of(self.geography.home(auditor).country).is_working(day)

    def holds(self, auditor: str, standard: str, roles: tuple[Role, ...], code: str | None, days: list[date]) -> bool:
        """Whether on every one of these days some row gives the person one of the roles for it."""
        rows = [
            row
            for row in self._held.get(auditor, ())
            if row.role in roles
            and same_standard(row.standard, standard)
            and (code is None or any(holds_code(held, code) for held in row.codes))
        ]
        return bool(rows) and all(
            any(
                (not row.valid_from or row.valid_from <= day) and (not row.valid_to or day <= row.valid_to)
                for row in rows
            )
            for day in days
        )

    def ever_holds(self, auditor: str, standard: str, roles: tuple[Role, ...], code: str | None) -> bool:
        """The same whatever the day, to tell a lapsed qualification from none."""
        return any(
            row.role in roles
            and same_standard(row.standard, standard)
            and (code is None or any(holds_code(held, code) for held in row.codes))
            for row in self._held.get(auditor, ())
        )


def seated_as(audit: Audit) -> tuple[Role, ...]:
    """What makes a person count in a lead's or auditor's seat."""
    return (Role.DECISION,) if audit.type is AuditType.DECISION else (Role.LEAD, Role.AUDITOR)


def lead_as(audit: Audit) -> tuple[Role, ...]:
    """What makes a person a lead."""
    return (Role.DECISION,) if audit.type is AuditType.DECISION else (Role.LEAD,)
