"""Dates and times as people type them: real dates, serial numbers, and text in its several forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta

from auditplan.io.workbook.read_spelling import tidy
from auditplan.io.workbook.values_error import UnfitValueError

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
"""Dates outside are taken for slips."""
DAY_FIRST, MONTH_FIRST = "day first", "month first"
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_CLOCK = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s*([-/.年])\s*(\d{{1,2}})\s*(?:[-/.]|月)\s*(\d{{1,2}})\s*[日号]?{_CLOCK}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}){_CLOCK}")
_TWO_DIGITS = re.compile(r"\d{1,2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
_DAY_MONTH = re.compile(rf"(\d{{1,2}})[ \-.]*([A-Za-z]{{3,9}})[ \-.,]*(\d{{4}}){_CLOCK}")
_MONTH_DAY = re.compile(rf"([A-Za-z]{{3,9}})[ \-.]*(\d{{1,2}})[ ,\-.]+(\d{{4}}){_CLOCK}")
_TIME = re.compile(r"(上午|下午)?\s*(\d{1,2})\s*(?:[:.点时]\s*(\d{2})?\s*分?)(?::\d{2})?\s*(am|pm)?", re.IGNORECASE)
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def from_serial(number: float, date1904: bool) -> date:
    """The day of an Excel serial number, or of a number that reads as YYYYMMDD. Raises UnfitValueError."""
    if number == int(number) and 19000101 <= number <= 99991231:
        year, month, day = int(number) // 10000, int(number) // 100 % 100, int(number) % 100
        return _made(year, month, day, str(int(number)))
    epoch = _EPOCH_1904 if date1904 else _EPOCH
    if not 0 <= number < (date.max - epoch).days + 1:
        raise UnfitValueError("read-date-unreadable")
    return _plausible(epoch + timedelta(days=int(number)))


def from_text(text: str, order: str | None, date1904: bool = False) -> date:
    """The day that a text names. order: DAY_FIRST or MONTH_FIRST where the column shows it. Raises
    UnfitValueError: with both readings for an ambiguous one."""
    plain = tidy(text)
    match = _YEAR_FIRST.fullmatch(plain)
    if match:
        return _made(int(match[1]), int(match[3]), int(match[4]), plain)
    match = _COMPACT.fullmatch(plain)
    if match:
        return _made(int(match[1]), int(match[2]), int(match[3]), plain)
    match = _YEAR_LAST.fullmatch(plain)
    if match:
        return _year_last(int(match[1]), int(match[2]), int(match[3]), order, plain)
    if _TWO_DIGITS.fullmatch(plain):
        raise UnfitValueError("read-date-two-digit-year")
    named = _with_month_name(plain)
    if named:
        return named
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        return from_serial(float(plain), date1904)
    raise UnfitValueError("read-date-unreadable")


def order_of(texts: Iterable[str]) -> str | None:
    """Which of day and month comes first in a column: what its unambiguous cells show, None where they show
    nothing or contradict each other."""
    shown: set[str] = set()
    for text in texts:
        match = _YEAR_LAST.fullmatch(tidy(text))
        if match and int(match[1]) > 12 >= int(match[2]):
            shown.add(DAY_FIRST)
        elif match and int(match[2]) > 12 >= int(match[1]):
            shown.add(MONTH_FIRST)
    return shown.pop() if len(shown) == 1 else None


def time_from_text(text: str) -> time:
    """The time of day that a text names, such as 9:00, 9点30 or 5 pm. Raises UnfitValueError."""
    match = _TIME.fullmatch(tidy(text))
    if not match:
        raise UnfitValueError("read-time-unreadable")
    hour, minute = int(match[2]), int(match[3] or 0)
    late = match[1] == "下午" or (match[4] or "").lower() == "pm"
    if late and hour < 12:
        hour += 12
    try:
        return time(hour, minute)
    except ValueError as error:
        raise UnfitValueError("read-time-unreadable") from error


def time_from_number(number: float) -> time:
    """The time of day of an Excel fraction of a day. Raises UnfitValueError."""
    minutes = round((number % 1) * 1440)
    if number < 0 or number >= 2_958_466 or minutes >= 1440 or (number >= 1 and not minutes):
        raise UnfitValueError("read-time-unreadable")
    return time(minutes // 60, minutes % 60)


def _year_last(first: int, second: int, year: int, order: str | None, text: str) -> date:
    """The day of a text with the year at the end."""
    if first == second or first > 12 or second > 12:
        day, month = (second, first) if second > 12 else (first, second)
        return _made(year, month, day, text)
    if order is None:
        one, other = _made(year, second, first, text), _made(year, first, second, text)
        raise UnfitValueError("read-date-ambiguous", one=one.isoformat(), other=other.isoformat())
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return _made(year, month, day, text)


def _with_month_name(text: str) -> date | None:
    """The day of a text with an English month in it; None if it is no such text."""
    match = _DAY_MONTH.fullmatch(text)
    day, name, year = (match[1], match[2], match[3]) if match else ("", "", "")
    if not match:
        match = _MONTH_DAY.fullmatch(text)
        if not match:
            return None
        name, day, year = match[1], match[2], match[3]
    month = month_number(name)
    return _made(int(year), month, int(day), text) if month else None


def month_number(name: str) -> int:
    """The month of an English name or its first three or more letters; 0 for anything else."""
    folded = name.lower().rstrip(".")
    return next((at for at, month in enumerate(MONTHS, 1) if len(folded) >= 3 and month.startswith(folded)), 0)


def _made(year: int, month: int, day: int, text: str) -> date:
    """A day of the calendar. Raises UnfitValueError for one that does not exist or is implausible."""
    try:
        made = date(year, month, day)
    except ValueError as error:
        raise UnfitValueError("read-date-impossible", given=text) from error
    return _plausible(made)


def _plausible(day: date) -> date:
    """The day, unless it lies outside FIRST … LAST. Raises UnfitValueError then."""
    if not FIRST <= day <= LAST:
        raise UnfitValueError("read-date-outside", day=day.isoformat(), first=FIRST.year, last=LAST.year)
    return day
