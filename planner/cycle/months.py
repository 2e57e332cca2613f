"""Arithmetic of months: the same day of another month, or its last day where it has no such day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day so many months later (before, if negative). 31 January plus one month is the last day of
    February; 29 February plus twelve is 28 February. Always counted from the day itself, never in steps, so that
    nothing drifts. Raises ValueError beyond the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def year_end(year: int) -> date:
    """The last day of a calendar year."""
    return date(year, 12, 31)
