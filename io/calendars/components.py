"""Entries as iCalendar components (RFC 5545, RFC 7986), the same bytes for the same entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zlib import crc32

from auditplan.io.calendars.days import hours_of, runs
from auditplan.io.calendars.entries import Entry
from auditplan.io.calendars.texts import clean, one_line
from auditplan.planner.domain import Settings

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone

PRODUCER = "-//auditplan//auditplan calendars//EN"
"""PRODID of everything written here: by it a file is known as ours."""
_COLORS = (
    ("steelblue", "#4682B4"),
    ("seagreen", "#2E8B57"),
    ("darkorange", "#FF8C00"),
    ("slateblue", "#6A5ACD"),
    ("firebrick", "#B22222"),
    ("teal", "#008080"),
    ("goldenrod", "#DAA520"),
    ("mediumvioletred", "#C71585"),
)
"""Names of CSS3 as RFC 7986 wants them, with the number that Apple's calendars read."""


class FeedWriter:
    """Writes feeds of one plan. stamp: when the plan was decided; zone: shared by all feeds."""

    def __init__(self, settings: Settings, entries: Iterable[Entry], stamp: datetime, *, all_day: bool) -> None:
        """Finds the years that the time zone must describe. Raises ValueError for a stamp without a zone."""
        if stamp.tzinfo is None:
            raise ValueError("the stamp needs a time zone")
        self._settings = settings
        self._stamp = stamp.astimezone(UTC).replace(microsecond=0)
        self._all_day = all_day
        days = [part.day for entry in entries for part in entry.parts] or [settings.plan_from, settings.plan_to]
        self._zone = _zone(settings.time_zone, min(days), max(days))

    def feed(self, name: str, entries: Iterable[Entry]) -> bytes:
        """A whole calendar for publishing."""
        calendar = _calendar(name)
        calendar.add_component(self._zone)
        for entry in entries:
            for event in self._events(entry):
                calendar.add_component(event)
        content: bytes = calendar.to_ical()
        return content

    def _events(self, entry: Entry) -> Iterator[Event]:
        """The events of an entry: one a day, or one a run of days, each but the first linked to the first."""
        for number, (start, end) in enumerate(self._spans(entry)):
            yield self._event(entry, number, start, end)

    def _spans(self, entry: Entry) -> list[tuple[date, date]]:
        """Beginning and end of each event; days have their end excluded (RFC 5545, 3.6.1)."""
        if self._all_day:
            return [(first, last + timedelta(days=1)) for first, last in runs(entry.parts)]
        return [hours_of(part, self._settings) for part in entry.parts]

    def _event(self, entry: Entry, number: int, start: date, end: date) -> Event:
        """One event."""
        from icalendar import Event

        event = Event()
        event.add("uid", entry.uid(number))
        event.add("dtstamp", self._stamp)
        event.add("sequence", 0)
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("summary", one_line(entry.summary))
        event.add("description", clean(entry.description))
        event.add("location", one_line(entry.location))
        event.add("categories", [one_line(entry.category)])
        event.add("status", "CONFIRMED" if entry.confirmed else "TENTATIVE")
        event.add("transp", "OPAQUE" if entry.opaque else "TRANSPARENT")
        if number:
            event.add("related-to", entry.uid(0), parameters={"RELTYPE": "PARENT"})
        self._add_organiser(event)
        return event

    def _add_organiser(self, event: Event) -> None:
        """ORGANIZER, where the body has an address; never ATTENDEE: RFC 5546 bars it from publishing."""
        from icalendar import vCalAddress, vText

        if self._settings.organiser_email:
            organiser = vCalAddress(f"mailto:{one_line(self._settings.organiser_email)}")
            if self._settings.organisation:
                organiser.params["CN"] = vText(_parameter(self._settings.organisation))
            event.add("organizer", organiser)


def _calendar(name: str) -> Calendar:
    """An empty calendar of a name."""
    from icalendar import Calendar

    title = one_line(name)
    color, number = _COLORS[crc32(title.encode("utf-8")) % len(_COLORS)]
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("name", title)
    calendar.add("color", color)
    calendar.add("x-apple-calendar-color", number)
    return calendar


def _zone(name: str, first: date, last: date) -> Timezone:
    """The time zone around some days, without the rules of other decades, which would only mislead."""
    from icalendar import Timezone

    zone: Timezone = Timezone.from_tzid(
        name, first_date=date(first.year - 1, 1, 1), last_date=date(last.year + 2, 1, 1)
    )
    zone.pop("COMMENT", None)
    return zone


def _parameter(text: str) -> str:
    """A text that may stand in a parameter: no quotation marks (RFC 5545, 3.2)."""
    return one_line(text).replace('"', "'")
