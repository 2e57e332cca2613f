"""Occasions as iCalendar components (RFC 5545, RFC 7986), the same bytes for the same occasions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

from auditplan.io.calendars.addresses import usable_address
from auditplan.io.calendars.entries import Entry
from auditplan.io.calendars.lines import escaped, joined, parameter, utc, when
from auditplan.io.calendars.occasions import Occasion, occasions
from auditplan.io.calendars.texts import clean, one_line
from auditplan.planner.domain import Settings

if TYPE_CHECKING:
    from icalendar import Timezone

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
END = b"END:VCALENDAR\r\n"


class FeedWriter:
    """Writes feeds of one plan. stamp: when the plan was decided; zone: shared by all feeds; sequences: how often
    each event was changed since it was first sent, by identity."""

    def __init__(
        self,
        settings: Settings,
        entries: Iterable[Entry],
        stamp: datetime,
        *,
        all_day: bool,
        sequences: Mapping[str, int] | None = None,
    ) -> None:
        """Finds the years that the time zone must describe. Raises ValueError for a stamp without a zone."""
        if stamp.tzinfo is None:
            raise ValueError("the stamp needs a time zone")
        self._settings = settings
        self._stamp = utc(stamp)
        self._all_day = all_day
        self._sequences = sequences or {}
        self._organiser = organiser(settings)
        days = [part.day for entry in entries for part in entry.parts] or [settings.plan_from, settings.plan_to]
        self._zone = zone(settings.time_zone, min(days).year, max(days).year)
        self._written: dict[tuple[tuple[str, str, str], str], bytes] = {}

    def feed(self, name: str, entries: Iterable[Entry]) -> bytes:
        """A whole calendar for publishing."""
        parts = [_calendar(name), self._zone]
        for entry in entries:
            known = (entry.key, entry.summary)
            if known not in self._written:
                self._written[known] = self._events(entry)
            parts.append(self._written[known])
        return b"".join((*parts, END))

    def _events(self, entry: Entry) -> bytes:
        """The events of an entry: one a day, or one a run of days."""
        told = said(entry, self._organiser)
        return b"".join(
            event(occasion, self._settings, told, stamp=self._stamp, sequence=self._sequences.get(occasion.uid, 0))
            for occasion in occasions((entry,), self._settings, all_day=self._all_day)
        )


def said(entry: Entry, people: Iterable[str] = ()) -> bytes:
    """What all events of an entry say alike. people: the lines of organiser and attendee."""
    lines = (
        f"SUMMARY:{escaped(one_line(entry.summary))}",
        f"DESCRIPTION:{escaped(clean(entry.description))}",
        f"LOCATION:{escaped(one_line(entry.location))}",
        f"CATEGORIES:{escaped(one_line(entry.category))}",
        f"STATUS:{'CONFIRMED' if entry.confirmed else 'TENTATIVE'}",
        f"TRANSP:{'OPAQUE' if entry.opaque else 'TRANSPARENT'}",
    )
    return joined((*lines, *people))


def event(
    occasion: Occasion, settings: Settings, told: bytes, *, stamp: str, sequence: int, more: Iterable[str] = ()
) -> bytes:
    """One event; each but the first of its entry is linked to the first. told: what `said` gave; more: further
    lines."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{occasion.uid}",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{sequence}",
        when("DTSTART", occasion.start, settings.time_zone),
        when("DTEND", occasion.end, settings.time_zone),
        *more,
    ]
    if not isinstance(occasion.start, datetime):
        lines.append("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")
    if occasion.number:
        lines.append(f"RELATED-TO;RELTYPE=PARENT:{occasion.entry.uid(0)}")
        return joined(lines) + told + b"END:VEVENT\r\n"
    return joined(lines) + told + joined((*_alarms(occasion, settings), "END:VEVENT"))


def _alarms(occasion: Occasion, settings: Settings) -> list[str]:
    """A reminder before the first event of an entry, where Settings wants one."""
    if not settings.reminder:
        return []
    text = f"DESCRIPTION:{escaped(one_line(occasion.entry.summary))}"
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{settings.reminder}H", text, "END:VALARM"]


def organiser(settings: Settings) -> tuple[str, ...]:
    """ORGANIZER, where the body has an address that can be written to."""
    address = usable_address(settings.organiser_email)
    return (f"ORGANIZER{_name(settings.organisation)}:mailto:{address}",) if address else ()


def attendee(name: str, email: str, role: str) -> tuple[str, ...]:
    """ATTENDEE of an invitation (RFC 5546 bars it from publishing), where there is a usable address."""
    if not email:
        return ()
    details = f"CUTYPE=INDIVIDUAL;ROLE={role};PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
    return (f"ATTENDEE{_name(name)};{details}:mailto:{email}",)


def _name(name: str) -> str:
    """The common name of somebody as a parameter."""
    shown = one_line(name)
    return f";CN={parameter(shown)}" if shown else ""


def head(method: str = "") -> list[str]:
    """The first lines of a calendar; an object on a CalDAV server has no method (RFC 4791, 4.1)."""
    lines = ["BEGIN:VCALENDAR", f"PRODID:{PRODUCER}", "VERSION:2.0", "CALSCALE:GREGORIAN"]
    return [*lines, f"METHOD:{method}"] if method else lines


def _calendar(name: str) -> bytes:
    """The head of a calendar for publishing."""
    title = one_line(name)
    color, number = _COLORS[crc32(title.encode("utf-8")) % len(_COLORS)]
    named = [f"X-WR-CALNAME:{escaped(title)}", f"NAME:{escaped(title)}"]
    return joined([*head("PUBLISH"), *named, f"COLOR:{color}", f"X-APPLE-CALENDAR-COLOR:{number}"])


@cache
def zone(name: str, first: int, last: int) -> bytes:
    """The time zone in some years, without the rules of other decades, which would only mislead."""
    from icalendar import Timezone

    found: Timezone = Timezone.from_tzid(name, first_date=date(first - 1, 1, 1), last_date=date(last + 2, 1, 1))
    found.pop("COMMENT", None)
    content: bytes = found.to_ical()
    return content


def zone_around(settings: Settings, moment: date) -> bytes:
    """The time zone around one moment; nothing for a day, which has none."""
    return zone(settings.time_zone, moment.year, moment.year) if isinstance(moment, datetime) else b""


def stamp_of(moment: datetime) -> str:
    """When something was written. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("the stamp needs a time zone")
    return utc(moment.astimezone(UTC))
