"""The planning period as typed on the command line: a quarter, or a first and a last day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from auditplan.io.cli.exits import UsageFailure
from auditplan.io.messages import message

_QUARTER = re.compile(r"(\d{4})[ -]?Q([1-4])", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})")

Period = tuple[date | None, date | None]

if TYPE_CHECKING:  # click's types have a parameter for type checkers only, and not in every version
    _PeriodType = click.ParamType[Period]
    _DayType = click.ParamType[date]
else:
    _PeriodType = _DayType = click.ParamType


class Quarter(_PeriodType):
    """A quarter such as 2027Q1: its first and last day."""

    name = "quarter"

    def __init__(self, language: str) -> None:
        """Says in a language what is wrong."""
        self._language = language

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """First and last day of a quarter."""
        if isinstance(value, tuple):
            return value
        match = _QUARTER.fullmatch(str(value).strip())
        if match is None or not 1900 <= int(match[1]) < 9999:
            self.fail(message("cli-not-a-quarter", self._language, given=value), param, ctx)
        year, first = int(match[1]), 3 * int(match[2]) - 2
        after = date(year + first // 10, (first + 2) % 12 + 1, 1)
        return date(year, first, 1), after - timedelta(days=1)


class Day(_DayType):
    """A day such as 2027-01-05, 2027/1/5 or 20270105."""

    name = "date"

    def __init__(self, language: str) -> None:
        """Says in a language what is wrong."""
        self._language = language

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day that a text means."""
        if isinstance(value, date):
            return value
        day = _day(str(value).strip())
        if day is None:
            self.fail(message("cli-not-a-day", self._language, given=value), param, ctx)
        return day


def _day(text: str) -> date | None:
    """The day that a text means, year first; None for one that means none."""
    match = _DAY.fullmatch(text)
    if match is None or not (match[2] or len(text) == len("20270105")):
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def period(quarter: Period | None, first: date | None, last: date | None) -> Period:
    """The period asked for; None for what is not asked for. Raises UsageFailure where two are."""
    if quarter is not None and (first is not None or last is not None):
        raise UsageFailure("cli-two-periods")
    first, last = quarter or (first, last)
    if first is not None and last is not None and last < first:
        raise UsageFailure("cli-period-reversed", first=first, last=last)
    return first, last


def today() -> date:
    """The day on which the command runs, where its user is. This and `now` are the only looks at the date."""
    return datetime.now(UTC).astimezone().date()


def now() -> str:
    """When the command runs, where its user is, to the minute."""
    return f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M}"
