"""Occasions: the single events of an entry, as its owner's calendar has them, and what of them matters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from auditplan.io.calendars.days import hours_of, runs
from auditplan.io.calendars.entries import Entry
from auditplan.planner.domain import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One event. number: which of its entry's, from 0. start and end: instants with a zone, or days with the end
    excluded (RFC 5545, 3.6.1)."""

    entry: Entry
    number: int
    start: date
    end: date

    @property
    def uid(self) -> str:
        """Its identity."""
        return self.entry.uid(self.number)

    @property
    def audit(self) -> str:
        """Of which audit it is."""
        return self.entry.key[0]

    @property
    def person(self) -> str:
        """Whose it is."""
        return self.entry.person

    @property
    def fingerprint(self) -> str:
        """All that matters to its owner: when, where, in which role, how firm (calendars.md, Rules). The times can
        be read from it again: see `times_of`."""
        entry = self.entry
        rest = "\x1f".join((entry.place, entry.role, "confirmed" if entry.confirmed else "tentative"))
        return f"{_moment(self.start)}/{_moment(self.end)} {hashlib.sha256(rest.encode()).hexdigest()[:16]}"


def occasions(entries: Iterable[Entry], settings: Settings, *, all_day: bool) -> tuple[Occasion, ...]:
    """The events of entries: one a day, or with all_day one a run of days."""
    return tuple(
        Occasion(entry=entry, number=number, start=start, end=end)
        for entry in entries
        for number, (start, end) in enumerate(_spans(entry, settings, all_day=all_day))
    )


def _spans(entry: Entry, settings: Settings, *, all_day: bool) -> list[tuple[date, date]]:
    """Beginning and end of each event."""
    if all_day:
        return [(first, last + timedelta(days=1)) for first, last in runs(entry.parts)]
    return [hours_of(part, settings) for part in entry.parts]


def times_of(fingerprint: str) -> tuple[date, date] | None:
    """Beginning and end that stand in a fingerprint: instants in UTC, or days. None for one that holds none."""
    start, _, end = fingerprint.partition(" ")[0].partition("/")
    try:
        return _read_moment(start), _read_moment(end)
    except ValueError:
        return None


def _moment(value: date) -> str:
    """An instant or a day as text."""
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}" if isinstance(value, datetime) else f"{value:%Y%m%d}"


def _read_moment(text: str) -> date:
    """The instant or day of a text. Raises ValueError."""
    if len(text) == len("20270304"):
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
