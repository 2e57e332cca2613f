"""When the owner of a calendar is busy: its events as spans of time, within a horizon (RFC 5545, RFC 7986)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from auditplan.io.calendars.steps import Steps, StepsError

LARGEST_FILE = 20_000_000
"""Bytes of a calendar that is read."""
MOST_EVENTS = 20_000
MOST_RECURRING = 2_000
MOST_TIMES_A_DAY = 24
"""A rule that repeats more often than that is no appointment."""
MOST_VALUES = 800
"""Of a rule in all its parts: every day of a year, counted from both ends, is less."""
STEPS_OF_SERIES, STEPS_OF_FILE = 300_000, 3_000_000
"""In which a series is worked out, and all of a file: a century of days takes half of the first. Some rules would
be looked through until the year 9999, because the day that they name never comes."""

_EACH_LINE = re.MULTILINE | re.IGNORECASE

Span = tuple[datetime, datetime]
"""Beginning and end, the end excluded, both with a zone."""


class TooMuchError(ValueError):
    """A calendar beyond the limits."""


def busy_spans(content: bytes, first: date, last: date, zone: tzinfo) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """The spans from `first` to `last`, inclusive, in which the owner of a calendar is busy, and what of it cannot
    be read (summaries are private: only the identities of events). zone: of times without one.

    Cancelled and transparent events, and those that the planner wrote itself, make nobody busy. Raises ValueError
    for what is no calendar, TooMuchError for one beyond the limits."""
    from icalendar import Calendar

    if len(content) > LARGEST_FILE:
        raise TooMuchError(f"{len(content):,} > {LARGEST_FILE:,}")
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not _whole(content):
        raise ValueError("no calendar, or a piece of one")
    if content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise TooMuchError(f"> {MOST_EVENTS:,}")
    calendars = Calendar.from_ical(content, multiple=True)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    window = (datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone))
    spans: list[Span] = []
    unread: list[str] = []
    steps = Steps(STEPS_OF_FILE)
    for uid, group in _series(events):
        try:
            with steps.counted(STEPS_OF_SERIES):
                spans.extend(_within(_spans(group, window, zone), window))
        except (StepsError, ValueError, TypeError, KeyError, AttributeError, OverflowError, ArithmeticError):
            unread.append(uid)
        if steps.left <= 0:
            raise TooMuchError(f"> {STEPS_OF_FILE:,}")
    return _merged(spans), tuple(unread)


def _within(spans: Iterable[Span], window: Span) -> Iterator[Span]:
    """What of spans lies in the window."""
    for start, end in spans:
        if start < window[1] and window[0] < end:
            yield max(start, window[0]), min(end, window[1])


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that overlap in one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _whole(content: bytes) -> bool:
    """Whether a calendar begins, and everything that begins ends."""
    begun, ended = (len(re.findall(rb"^" + word + rb":VCALENDAR", content, _EACH_LINE)) for word in (b"BEGIN", b"END"))
    return begun > 0 and begun == ended


def _series(events: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Events by identity: an exception to a series belongs to it."""
    groups: dict[str, list[Any]] = defaultdict(list)
    recurring = 0
    for number, event in enumerate(events):
        uid = str(event.get("UID", "")) or f"#{number + 1}"
        if not _ours(uid):
            groups[uid].append(event)
            recurring += "RRULE" in event
    if recurring > MOST_RECURRING:
        raise TooMuchError(f"{recurring:,} > {MOST_RECURRING:,}")
    yield from groups.items()


def _ours(uid: str) -> bool:
    """Whether the planner made an event; Outlook wraps identities of others in hexadecimal (MS-OXCICAL, 2.1.3.1.1)."""
    return uid.endswith("@auditplan") or b"@auditplan".hex().upper() in uid.upper()


def _spans(group: list[Any], window: Span, zone: tzinfo) -> Iterator[Span]:
    """The spans of one event or series."""
    repeated = any(name in event for event in group for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
    for event in _occurrences(group, window) if repeated else group:
        if _busy(event):
            span = _span(event, zone)
            if span[0] < span[1]:
                yield span


def _occurrences(group: list[Any], window: Span) -> Iterator[Any]:
    """Every occurrence of a series that may lie in the window."""
    import recurring_ical_events
    from icalendar import Calendar

    calendar = Calendar()
    for event in group:
        _check_rules(event)
        calendar.add_component(event)
    day = timedelta(days=1)
    yield from recurring_ical_events.of(calendar).between(window[0] - day, window[1] + day)


def _check_rules(event: Any) -> None:
    """Refuses rules that are no appointment's. Raises ValueError."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        often = 1
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            often *= max(1, len(rule.get(part, ())))
        frequency = str((rule.get("FREQ") or [""])[0]).upper()
        if frequency not in {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"} or often > MOST_TIMES_A_DAY:
            raise ValueError(frequency)
        if int((rule.get("INTERVAL") or [1])[0]) < 1 or sum(map(len, rule.values())) > MOST_VALUES:
            raise ValueError(rule)


def _busy(event: Any) -> bool:
    """Whether an event takes its owner's time."""
    return (
        str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"
    )


def _span(event: Any, zone: tzinfo) -> Span:
    """Beginning and end of an event. A day lasts as a whole (RFC 5545, 3.6.1). Raises KeyError without a
    beginning, ValueError for a zone that nobody knows."""
    start = event["DTSTART"]
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = start.dt + event["DURATION"].dt
    else:
        end = start.dt + timedelta(days=0 if isinstance(start.dt, datetime) else 1)
    return _moment(start, start.dt, zone), _moment(event.get("DTEND", start), end, zone)


def _moment(prop: Any, value: date, zone: tzinfo) -> datetime:
    """A beginning or end with a zone."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    if value.tzinfo is None:
        if prop.params.get("TZID"):
            raise ValueError(prop.params["TZID"])
        return value.replace(tzinfo=zone)
    return value
