"""Auditors' own calendars as rows of Unavailable: one file an auditor, named after the id, name or address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from auditplan.io.calendars.busy_events import LARGEST_FILE, Span, TooMuchError, busy_spans
from auditplan.io.calendars.file_names import safe_name
from auditplan.planner.domain import Auditor, Body, Part, Settings, Unavailability
from auditplan.planner.problems import Problem, Severity
from auditplan.planner.timeline import Timeline

Halves = set[tuple[date, bool]]
"""Half days: the day, and whether it is the afternoon."""


def read_busy(body: Body, directory: Path) -> tuple[tuple[Unavailability, ...], tuple[Problem, ...]]:
    """What auditors' calendars in a folder say about when they are not to be had, as far as a plan of the period may
    reach, with a problem for whatever cannot be read. A half day counts from the first minute that is taken of it.
    Raises OSError where the folder cannot be read."""
    names = _names(body.auditors)
    line = Timeline.around(body.settings.plan_from, body.settings.plan_to)
    rows: list[Unavailability] = []
    problems: list[Problem] = []
    for path in sorted(directory.iterdir(), key=lambda item: item.name):
        if path.suffix.lower() != ".ics" or not path.is_file():
            continue
        owners = names.get(_folded(path.stem), ())
        if len(owners) != 1:
            problems.append(_problem("busy-several" if owners else "busy-nobody", path))
            continue
        halves, found = _read(path, line, body.settings)
        problems.extend(found)
        rows.extend(_rows(owners[0], halves))
    return tuple(rows), tuple(problems)


def _names(auditors: Iterable[Auditor]) -> dict[str, tuple[str, ...]]:
    """The auditors that a file's name may mean: an id before a name or address."""
    found: dict[str, tuple[str, ...]] = {}
    for auditor in auditors:
        for text in (auditor.name, auditor.email):
            for form in {_folded(text), _folded(safe_name(text))} if text else ():
                if auditor.id not in found.get(form, ()):
                    found[form] = (*found.get(form, ()), auditor.id)
    for auditor in auditors:
        found |= {_folded(safe_name(auditor.id)): (auditor.id,), _folded(auditor.id): (auditor.id,)}
    return found


def _folded(text: str) -> str:
    """A name as it is compared."""
    return "".join(safe_name(text).casefold().split())


def _read(path: Path, line: Timeline, settings: Settings) -> tuple[Halves, list[Problem]]:
    """The half days that a calendar takes."""
    zone = ZoneInfo(settings.time_zone)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise TooMuchError(f"{path.stat().st_size:,} > {LARGEST_FILE:,}")
        spans, unread = busy_spans(path.read_bytes(), line.first, line.last, zone)
    except TooMuchError as error:
        return set(), [_problem("busy-too-much", path, what=str(error))]
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError):
        return set(), [_problem("busy-unreadable", path)]
    found = [_problem("busy-event-unreadable", path, count=len(unread), uid=unread[0][:80])] if unread else []
    return {half for span in spans for half in _halves(span, settings, line)}, found


def _halves(span: Span, settings: Settings, line: Timeline) -> Iterator[tuple[date, bool]]:
    """The half days of which a span takes something, within the line."""
    zone = ZoneInfo(settings.time_zone)
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in span)
    day = max(start.date(), line.first)
    while day <= min(end.date(), line.last):
        for afternoon, opens, closes in (
            (False, settings.day_starts, settings.lunch_starts),
            (True, settings.lunch_ends, settings.day_ends),
        ):
            if start < datetime.combine(day, closes) and datetime.combine(day, opens) < end:
                yield day, afternoon
        day += timedelta(days=1)


def _rows(auditor: str, halves: Halves) -> Iterator[Unavailability]:
    """Half days as rows: runs of whole days in one."""
    days = sorted({day for day, _ in halves})
    whole = [day for day in days if (day, False) in halves and (day, True) in halves]
    start: date | None = None
    for index, day in enumerate(whole):
        start = start or day
        if index + 1 == len(whole) or whole[index + 1] - day > timedelta(days=1):
            yield Unavailability(auditor=auditor, start=start, until=day)
            start = None
    for day, afternoon in sorted(halves):
        if (day, not afternoon) not in halves:
            yield Unavailability(auditor=auditor, start=day, until=day, part=Part.PM if afternoon else Part.AM)


def _problem(code: str, path: Path, **parameters: object) -> Problem:
    """A problem of a calendar."""
    named = tuple((name, str(text)) for name, text in parameters.items())
    return Problem(code=code, severity=Severity.WARNING, value=path.name, parameters=(("file", path.name), *named))
