"""One reader for each kind of column: from what a cell holds to what the domain wants."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from math import isfinite

from auditplan.io.messages import message
from auditplan.io.workbook import words
from auditplan.io.workbook.read_cells import CellValue, ErrorText, IsoDate, NoValue, Percent, Serial
from auditplan.io.workbook.read_spelling import fold, nearest, tidy
from auditplan.io.workbook.schema import Column, Kind
from auditplan.io.workbook.values_dates import from_serial, from_text, time_from_number, time_from_text
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.io.workbook.values_lists import months, split_list, split_standards, weekdays
from auditplan.planner.problems import Severity

_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
_MONEY_MARKS = "¥￥$€£元 "
_EMAIL = re.compile(r"[^@\s,;<>()\[\]\"\\:]+@[^@\s,;<>()\[\]\"\\:]+\.[^@\s,;<>()\[\]\"\\:.]{2,}")
_LONGEST_TEXT = 32_767
"""Excel's own limit of a cell."""
_GREATEST = 10**12
"""Of any number, where a column has no limits of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a column's cells are read with. order: whether day or month comes first in it; language: of the
    words that a proposal names."""

    language: str = "en"
    date1904: bool = False
    order: str | None = None


def read_value(value: CellValue, column: Column, setup: Setup) -> object:
    """A cell's value as its column's kind; None for a blank one. Raises UnfitValueError.

    References come back as text: they are resolved when all rows are known."""
    if isinstance(value, NoValue):
        raise UnfitValueError("read-formula-without-value")
    if isinstance(value, ErrorText):
        raise UnfitValueError("read-cell-error", given=value)
    if isinstance(value, str) and not tidy(value):
        return None
    return _READERS[column.kind](value, column, setup)


def as_text(value: CellValue) -> str:
    """What a cell shows, as text: 12 for 12.0, an ISO date for a date."""
    if isinstance(value, Serial):
        return _date_text(value)
    if isinstance(value, Percent):
        return f"{_plain(Decimal(repr(float(value))) * 100)}%"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _plain(Decimal(repr(value)))
    return "" if isinstance(value, NoValue) else tidy(value)


def _date_text(value: Serial) -> str:
    """The day of a date cell, else its number."""
    try:
        return from_serial(value, False).isoformat()
    except UnfitValueError:
        return repr(float(value))


def _plain(number: Decimal) -> str:
    """A number without an exponent or needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(value: CellValue, setup: Setup) -> str:
    """Text as typed, tidied."""
    if isinstance(value, Serial) and setup.date1904:
        return from_serial(value, True).isoformat()
    return as_text(value)[:_LONGEST_TEXT]


def _date(value: CellValue, setup: Setup) -> date:
    """A date in any of its forms."""
    if isinstance(value, bool):
        raise UnfitValueError("read-date-unreadable")
    if isinstance(value, float):
        return from_serial(value, setup.date1904)
    return from_text(_as_str(value), setup.order, setup.date1904)


def _as_str(value: CellValue) -> str:
    """The text of a cell that is known to hold text."""
    assert isinstance(value, str)
    return value


def _time(value: CellValue) -> time:
    """A time of day."""
    if isinstance(value, bool):
        raise UnfitValueError("read-time-unreadable")
    return time_from_number(value) if isinstance(value, float) else time_from_text(_as_str(value))


def _decimal(value: CellValue, column: Column) -> Decimal:
    """A number, typed as one or as text."""
    if isinstance(value, bool):
        raise UnfitValueError("read-number-unreadable")
    if isinstance(value, (Serial, IsoDate)):
        raise UnfitValueError("read-number-is-date")
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    text = tidy(_as_str(value))
    if column.kind is Kind.MONEY:
        text = text.strip(_MONEY_MARKS)
    if not text or not _NUMBER.fullmatch(text) or not any(letter.isdigit() for letter in text):
        raise UnfitValueError("read-number-unreadable")
    return Decimal(text.replace(",", ""))


def _limited(number: Decimal, column: Column) -> Decimal:
    """The number, if it lies within the column's limits."""
    if not isfinite(number):
        raise UnfitValueError("read-number-unreadable")
    least, most = (Decimal(str(limit)) for limit in column.limits or (-_GREATEST, _GREATEST))
    if not least <= number <= most:
        raise UnfitValueError("read-number-outside", least=_plain(least), most=_plain(most))
    return number


def _number(value: CellValue, column: Column) -> Decimal:
    """Any number within the limits."""
    return _limited(_decimal(value, column), column)


def _money(value: CellValue, column: Column) -> Decimal:
    """An amount; rounded to hundredths, the smallest money there is."""
    return _limited(_decimal(value, column), column).quantize(Decimal("0.01"))


def _percent(value: CellValue, column: Column) -> Decimal:
    """A share: 0.2 and 20 % alike."""
    if isinstance(value, str) and tidy(value).endswith("%"):
        return _limited(_decimal(tidy(value)[:-1].strip(), column) / 100, column)
    return _number(value, column)


def _days(value: CellValue, column: Column) -> Decimal:
    """Person-days, in halves."""
    number = _limited(_decimal(value, column), column)
    if number * 2 != int(number * 2):
        down = Decimal(int(number * 2)) / 2
        raise UnfitValueError("read-days-not-halves", down=_plain(down), up=_plain(down + Decimal("0.5")))
    return number.normalize() + 0


def _count(value: CellValue, column: Column) -> int:
    """A whole number, not negative."""
    number = _limited(_decimal(value, column), column)
    if number < 0 or number != int(number):
        raise UnfitValueError("read-number-not-whole")
    return int(number)


def _yes_no(value: CellValue) -> bool:
    """Yes or no, in either language or as Excel's own."""
    if isinstance(value, bool):
        return value
    folded = fold(as_text(value))
    for word, meaning in ((words.YES, True), (words.NO, False)):
        if folded in {fold(name) for name in (word.en, word.zh, *word.also)}:
            return meaning
    raise UnfitValueError("read-yes-no-unreadable")


def _choice(value: CellValue, column: Column, setup: Setup) -> Enum:
    """A member of the column's closed list."""
    choices = column.choices or {}
    folded = fold(as_text(value))
    spellings = {fold(name): key for key, word in choices.items() for name in (word.en, word.zh, *word.also)}
    if folded in spellings:
        return spellings[folded]
    near = nearest(folded, spellings, 0.6)
    listed = message("list-comma", setup.language).join(word.written(setup.language) for word in choices.values())
    if near:
        written = choices[spellings[near]].written(setup.language)
        raise UnfitValueError("read-choice-unknown-near", choices=listed, near=written)
    raise UnfitValueError("read-choice-unknown", choices=listed)


def _email(value: CellValue) -> str:
    """One e-mail address."""
    text = as_text(value).removeprefix("mailto:")
    if text.count("@") > 1 and len(split_list(text)) > 1:
        raise UnfitValueError("read-email-several", Severity.WARNING)
    if not _EMAIL.fullmatch(text) or ".." in text or len(text) > 254:
        raise UnfitValueError("read-email-implausible", Severity.WARNING)
    return text


def _list(value: CellValue) -> tuple[str, ...]:
    """A list of texts."""
    return split_list(as_text(value))


def _standard(value: CellValue) -> str:
    """One standard."""
    found = split_standards(as_text(value))
    if len(found) > 1:
        raise UnfitValueError("read-standard-several", count=len(found))
    return found[0] if found else ""


def _standards(value: CellValue) -> tuple[str, ...]:
    """A list of standards."""
    found = split_standards(as_text(value))
    if not found:
        raise UnfitValueError("read-list-empty")
    return found


def _codes(value: CellValue) -> tuple[str, ...]:
    """A list of codes; a number with a fraction has lost its zeros and is refused."""
    if isinstance(value, (Serial, IsoDate)):
        raise UnfitValueError("read-code-is-date")
    if isinstance(value, float) and value != int(value):
        shown = as_text(float(value))
        raise UnfitValueError("read-code-is-number", one=shown, other=f"{shown}0")
    return split_list(as_text(float(value) if isinstance(value, Percent) else value))


def _weekdays(value: CellValue) -> frozenset[int]:
    """Days of the week."""
    return weekdays(as_text(value))


def _months(value: CellValue) -> frozenset[int]:
    """Months of the year; Excel makes dates of ranges such as 3-5."""
    if isinstance(value, (Serial, IsoDate)):
        raise UnfitValueError("read-months-is-date")
    return months(as_text(value))


_READERS: dict[Kind, Callable[[CellValue, Column, Setup], object]] = {
    Kind.TEXT: lambda value, _column, setup: _text(value, setup),
    Kind.DATE: lambda value, _column, setup: _date(value, setup),
    Kind.TIME: lambda value, _column, _setup: _time(value),
    Kind.DAYS: lambda value, column, _setup: _days(value, column),
    Kind.NUMBER: lambda value, column, _setup: _number(value, column),
    Kind.MONEY: lambda value, column, _setup: _money(value, column),
    Kind.COUNT: lambda value, column, _setup: _count(value, column),
    Kind.PERCENT: lambda value, column, _setup: _percent(value, column),
    Kind.YES_NO: lambda value, _column, _setup: _yes_no(value),
    Kind.LIST: lambda value, _column, _setup: _list(value),
    Kind.STANDARD: lambda value, _column, _setup: _standard(value),
    Kind.STANDARDS: lambda value, _column, _setup: _standards(value),
    Kind.CODES: lambda value, _column, _setup: _codes(value),
    Kind.CHOICE: _choice,
    Kind.EMAIL: lambda value, _column, _setup: _email(value),
    Kind.WEEKDAYS: lambda value, _column, _setup: _weekdays(value),
    Kind.MONTHS: lambda value, _column, _setup: _months(value),
    Kind.REFERENCE: lambda value, _column, setup: _text(value, setup),
    Kind.REFERENCES: lambda value, _column, setup: _text(value, setup),
}
