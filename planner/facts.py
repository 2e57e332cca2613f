"""The facts of a body that every part of planning looks up: calendars, places, people's and audits' days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from auditplan.planner.calendar import Calendars, WorkingCalendar
from auditplan.planner.domain import Audit, Auditor, Body, Part, Unavailability
from auditplan.planner.geography import Geography
from auditplan.planner.lookup import Lookup
from auditplan.planner.qualification import Qualifications
from auditplan.planner.rulebook import RuleBook
from auditplan.planner.timeline import TICKS_A_DAY, Timeline

WORKING_WEEK = frozenset({1, 2, 3, 4, 5})


class Facts:
    """A body with everything derived from it that does not depend on a plan. Masks are of `timeline`."""

    def __init__(self, body: Body) -> None:
        """Indexes the body; masks are computed when first asked for."""
        self.body = body
        self.lookup = Lookup(body)
        self.calendars = Calendars(body)
        self.geography = Geography(body)
        self.qualifications = Qualifications(body)
        self.rules = RuleBook(body.rules)
        self.timeline = Timeline.around(body.settings.plan_from, body.settings.plan_to)
        self._away: dict[tuple[str, str], list[Unavailability]] = defaultdict(list)
        for row in body.unavailable:
            self._away[row.auditor, row.client].append(row)
        self._working: dict[tuple[str, bool], int] = {}
        self._free: dict[str, int] = {}
        self._weekdays: dict[tuple[str, frozenset[int]], int] = {}
        self._open: dict[tuple[str, str], int] = {}

    def working(self, country: str, *, make_up: bool = True) -> int:
        """The working ticks of a country; without the worked weekends if `make_up` is False."""
        key = (country, make_up)
        if key not in self._working:
            calendar = self.calendars.of(country)
            self._working[key] = self._days(
                day
                for day in self.timeline.days()
                if calendar.is_working(day) and (make_up or not calendar.is_make_up(day))
            )
        return self._working[key]

    def grid(self, auditor: Auditor) -> int:
        """The working ticks of a person's home country: what journeys are counted in."""
        return self.working(self.geography.home(auditor).country)

    def free(self, auditor: Auditor) -> int:
        """availability: the ticks of a person's own calendar."""
        if auditor.id not in self._free:
            mask = self._own_days(auditor) & self.timeline.mask(auditor.active_from, auditor.active_to)
            self._free[auditor.id] = mask & ~self._gone(self._away.get((auditor.id, ""), ()))
        return self._free[auditor.id]

    def leave(self, auditor: Auditor) -> int:
        """The ticks on which a person would work but for rows of Unavailable."""
        return self._own_days(auditor) & self._gone(self._away.get((auditor.id, ""), ()))

    def _own_days(self, auditor: Auditor) -> int:
        """The ticks of the days on which a person works by their weekdays and their country's calendar."""
        country = self.geography.home(auditor).country
        key = (country, auditor.working_days)
        if key not in self._weekdays:
            calendar = self.calendars.of(country)
            self._weekdays[key] = self._days(day for day in self.timeline.days() if _works(auditor, day, calendar))
        return self._weekdays[key]

    def open(self, audit: Audit) -> int:
        """The ticks of an audit's own calendar: working days of the site on which the client is open."""
        client, country = self.lookup.clients[audit.client], self.geography.site(audit).country
        key = (client.id, country)
        if key not in self._open:
            mask = self.working(country, make_up=client.holidays_worked)
            self._open[key] = mask & ~self._gone(self._away.get(("", client.id), ()))
        return self._open[key]

    def period(self) -> int:
        """The ticks of the planning period."""
        return self.timeline.mask(self.body.settings.plan_from, self.body.settings.plan_to)

    def capacity(self, auditor: Auditor) -> int:
        """Ticks that a person can work in the period, at most `Max days`."""
        free = (self.free(auditor) & self.period()).bit_count()
        return free if auditor.max_days is None else min(free, int(auditor.max_days * 2))

    def _days(self, days: Iterable[date]) -> int:
        """Both ticks of each day."""
        mask = 0
        for day in days:
            mask |= 3 << ((day - self.timeline.first).days * TICKS_A_DAY)
        return mask

    def _gone(self, rows: Iterable[Unavailability]) -> int:
        """The ticks of rows of Unavailable; a row with a part means that half of each day."""
        mask = 0
        for row in rows:
            days = self.timeline.mask(row.start, row.until)
            if row.part is not None:
                halves = 0b01 if row.part is Part.AM else 0b10
                days &= int(f"{halves:02b}" * (self.timeline.ticks // TICKS_A_DAY), 2)
            mask |= days
        return mask


def _works(auditor: Auditor, day: date, calendar: WorkingCalendar) -> bool:
    """Whether a day is a working day of a person: their weekday, or a worked weekend for whoever works the
    whole week."""
    if not calendar.is_working(day):
        return False
    if calendar.is_make_up(day):
        return day.isoweekday() in auditor.working_days or auditor.working_days >= WORKING_WEEK
    return day.isoweekday() in auditor.working_days


def week_start(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - timedelta(days=day.isoweekday() - 1)
