"""One cell's value read as what its column holds. A value that cannot be read raises ValueProblem with a code."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import Enum

from auditplan.io.workbook import words
from auditplan.io.workbook.fold import clean, fold
from auditplan.io.workbook.schema import Column, Kind

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
"""Dates that a workbook may hold."""
LONGEST_TEXT = 2000

_SEPARATORS = re.compile(r"[,;、\n\r]+")
_DATE_FORMS = (
    re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$"),
    re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日?$"),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$"),
)
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_EMAIL = re.compile(r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+$")
_JOINED = ("GB", "SB", "RB", "ISO", "DB", "JR", "SN", "NY", "YY", "QC", "HJ", "CY", "LB", "WB", "CNAS", "EN")
_AFTER_STROKE = re.compile(r"^(T|Z|IEC|TS|TR|PAS|IWA|IS|SAE)\b", re.IGNORECASE)


class ValueProblem(Exception):  # noqa: N818 - it is a finding about data, not a fault
    """A cell that cannot be read as its column asks."""

    def __init__(self, code: str, **parameters: object) -> None:
        """Keeps the code of the text and what it names."""
        super().__init__(code)
        self.code, self.parameters = code, parameters


def text_of(value: object) -> str:
    """A value as text: whole numbers without a decimal point, dates in ISO form."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    return clean(value)


def read_value(value: object, column: Column, *, day_first: bool | None = None) -> object:
    """A cell's value, not blank, as its column's kind. day_first: which way round dates such as 03/04/2027 are, where
    other cells of the column settle it. Raises ValueProblem."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise ValueProblem("text-too-long", limit=LONGEST_TEXT)
    reader = _READERS.get(column.kind)
    if column.kind is Kind.DATE:
        return read_date(value, day_first=day_first)
    if reader is not None:
        return reader(value, column)
    return text_of(value)


def read_date(value: object, *, day_first: bool | None = None) -> date:
    """A date: a real one, an Excel serial number, or one of the five forms of text."""
    if isinstance(value, datetime):
        return _sound(value.date())
    if isinstance(value, date):
        return _sound(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if 19000101 <= value <= 21001231 and float(value).is_integer():
            return read_date(str(int(value)))
        if not 32874 <= value <= 73415:
            raise ValueProblem("date-unreadable")
        return _sound(date(1899, 12, 30) + timedelta(days=int(value)))
    text = "".join(clean(value).split())
    text = re.sub(r"[T]?\d{1,2}:\d{2}(:\d{2})?$", "", text) if ":" in text else text
    for form in _DATE_FORMS:
        match = form.match(text)
        if match:
            return _made(*(int(part) for part in match.groups()))
    match = _DAY_FIRST.match(text)
    if match is None:
        raise ValueProblem("date-unreadable")
    one, two, year = (int(part) for part in match.groups())
    if one > 12 or two > 12 or one == two:
        return _made(year, two, one) if one > 12 or one == two else _made(year, one, two)
    if day_first is None:
        readings = {"first": date(year, two, one).isoformat(), "second": date(year, one, two).isoformat()}
        raise ValueProblem("date-ambiguous", **readings)
    return _made(year, two, one) if day_first else _made(year, one, two)


def date_order(value: object) -> bool | None:
    """Whether a cell shows that days come first (True) or months (False) in its column; None: it does not say."""
    match = _DAY_FIRST.match("".join(clean(value).split())) if isinstance(value, str) else None
    if match is None:
        return None
    one, two = int(match.group(1)), int(match.group(2))
    return True if one > 12 >= two else False if two > 12 >= one else None


def _made(year: int, month: int, day: int) -> date:
    """A date from its parts."""
    try:
        return _sound(date(year, month, day))
    except ValueError as error:
        raise ValueProblem("date-impossible") from error


def _sound(day: date) -> date:
    """A date within the limits."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueProblem("date-out-of-range", first=FIRST_DAY, last=LAST_DAY)
    return day


def _number(value: object, column: Column) -> Decimal:
    """A number within the column's limits."""
    if isinstance(value, bool):
        raise ValueProblem("number-unreadable")
    text = clean(value).replace(" ", "")
    text = re.sub(r"^[¥€$£]|[¥€$£%]$|(人日|天|元|人)$", "", text)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueProblem("number-unreadable") from error
    if not number.is_finite():
        raise ValueProblem("number-unreadable")
    if column.limits is not None and not column.limits[0] <= number <= column.limits[1]:
        raise ValueProblem("number-out-of-range", least=f"{column.limits[0]:g}", most=f"{column.limits[1]:g}")
    return number


def _days(value: object, column: Column) -> Decimal:
    """Person-days: a multiple of a half."""
    number = _number(value, column)
    if number * 2 != int(number * 2):
        lower = Decimal(int(number * 2)) / 2
        raise ValueProblem("days-not-halves", lower=lower, upper=lower + Decimal("0.5"))
    return number.quantize(Decimal("0.1")) if number % 1 else Decimal(int(number))


def _count(value: object, column: Column) -> int:
    """A whole number."""
    number = _number(value, column)
    if number != int(number):
        raise ValueProblem("count-not-whole")
    return int(number)


def _float(value: object, column: Column) -> object:
    """A number as a float (coordinates, hours) or, for rules, as it is."""
    return _number(value, column)


def _time(value: object, column: Column) -> time:
    """A time of day."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, float) and 0 <= value < 1:
        return (datetime(2000, 1, 1) + timedelta(minutes=round(value * 1440))).time()  # noqa: DTZ001 - a time only
    match = re.fullmatch(r"(\d{1,2})[:点时](\d{2})?分?(:\d{2})?", clean(value).replace(" ", ""))
    if match is None or int(match.group(1)) > 23 or int(match.group(2) or 0) > 59:
        raise ValueProblem("time-unreadable")
    return time(int(match.group(1)), int(match.group(2) or 0))


def _yes_no(value: object, column: Column) -> bool:
    """Yes or no."""
    text = fold(text_of(value))
    for word, answer in ((words.YES, True), (words.NO, False)):
        if text in {fold(form) for form in (word.en, word.zh, *word.also)}:
            return answer
    raise ValueProblem("yes-no-unreadable")


def _choice(value: object, column: Column) -> Enum:
    """A member of a closed list."""
    text = fold(text_of(value))
    assert column.choices is not None
    for member, word in column.choices.items():
        if text in {fold(form) for form in (word.en, word.zh, *word.also)}:
            return member
    forms = [form for word in column.choices.values() for form in (word.en, word.zh)]
    near = get_close_matches(text_of(value), forms, n=1, cutoff=0.4)
    allowed = ", ".join(f"{word.en} {word.zh}" for word in column.choices.values())
    raise ValueProblem("choice-unknown", near=near[0] if near else "–", allowed=allowed)


def split_list(value: object) -> tuple[str, ...]:
    """The entries of a list in a cell, without repeats. A stroke inside a standard's name separates nothing."""
    entries: list[str] = []
    text = str(value) if isinstance(value, str) else text_of(value)
    for piece in _SEPARATORS.split(clean(text)):
        entries += _split_strokes(piece)
    return tuple(dict.fromkeys(entry for entry in (clean(piece) for piece in entries) if entry))


def _split_strokes(piece: str) -> list[str]:
    """The parts of a text between strokes that separate."""
    parts = piece.split("/")
    joined = [parts[0]]
    for part in parts[1:]:
        head = joined[-1].strip().upper().split(" ")[-1].split("/")[-1]
        if head in _JOINED and _AFTER_STROKE.match(part.strip()):
            joined[-1] += "/" + part
        elif re.fullmatch(r"\d{4,5}([:-]\d{4})?.*", part.strip()) and (prefix := _prefix(joined[0])):
            joined.append(f"{prefix} {part.strip()}")
        else:
            joined.append(part)
    return joined


def _prefix(standard: str) -> str:
    """The letters of a standard, for one written after it by its number alone (ISO9001:2015/14001)."""
    match = re.match(r"^\s*((?:GB/T|GB|ISO/IEC|ISO/TS|ISO))\s*\d", standard, re.IGNORECASE)
    return match.group(1) if match else ""


def _list(value: object, column: Column) -> tuple[str, ...]:
    """A list of texts."""
    return split_list(value)


def _codes(value: object, column: Column) -> tuple[str, ...]:
    """A list of codes; a number with decimals cannot be told from its text."""
    if isinstance(value, float) and not value.is_integer():
        raise ValueProblem("code-number", written=f"{value:g}", other=f"{value:g}0")
    if isinstance(value, (date, datetime)):
        raise ValueProblem("code-date")
    return split_list(value)


def _email(value: object, column: Column) -> str:
    """One plausible address."""
    text = clean(value)
    if not _EMAIL.match(text) or len(text) > 254:
        raise ValueProblem("email-unreadable")
    return text


def _weekdays(value: object, column: Column) -> frozenset[int]:
    """Weekdays: single ones and stretches (Mon-Fri, 周一至周四)."""
    found: set[int] = set()
    for piece in split_list(value):
        ends = [_weekday(part) for part in re.split(r"-|–|—|~|至|到| to ", piece) if part.strip()]
        if len(ends) == 1:
            found.add(ends[0])
        elif len(ends) == 2:
            length = (ends[1] - ends[0]) % 7
            found |= {(ends[0] - 1 + step) % 7 + 1 for step in range(length + 1)}
        else:
            raise ValueProblem("weekday-unknown")
    return frozenset(found)


def _weekday(text: str) -> int:
    """One weekday's ISO number."""
    folded = fold(text)
    for number, word in enumerate(words.WEEKDAYS, start=1):
        forms = {fold(form) for form in (word.en, word.zh, *word.also)}
        if folded in forms or (len(folded) == 1 and f"周{folded}" in forms):
            return number
    raise ValueProblem("weekday-unknown")


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def _months(value: object, column: Column) -> frozenset[int]:
    """Months: numbers, names, and stretches."""
    if isinstance(value, (date, datetime)):
        raise ValueProblem("month-unknown")
    found: set[int] = set()
    for piece in split_list(value):
        ends = [_month(part) for part in re.split(r"-|–|—|~|至|到", piece) if part.strip()]
        if len(ends) == 1:
            found.add(ends[0])
        elif len(ends) == 2:
            found |= {(ends[0] - 1 + step) % 12 + 1 for step in range((ends[1] - ends[0]) % 12 + 1)}
        else:
            raise ValueProblem("month-unknown")
    return frozenset(found)


def _month(text: str) -> int:
    """One month's number."""
    folded = fold(text).removesuffix("份").removesuffix("月")
    if folded.isdigit() and 1 <= int(folded) <= 12:
        return int(folded)
    if folded in _HAN:
        return _HAN.index(folded) + 1
    if folded[:3] in _MONTHS:
        return _MONTHS.index(folded[:3]) + 1
    raise ValueProblem("month-unknown")


_READERS = {
    Kind.TIME: _time,
    Kind.DAYS: _days,
    Kind.NUMBER: _float,
    Kind.MONEY: _float,
    Kind.COUNT: _count,
    Kind.PERCENT: _float,
    Kind.YES_NO: _yes_no,
    Kind.LIST: _list,
    Kind.STANDARDS: _list,
    Kind.CODES: _codes,
    Kind.CHOICE: _choice,
    Kind.EMAIL: _email,
    Kind.WEEKDAYS: _weekdays,
    Kind.MONTHS: _months,
    Kind.REFERENCES: _list,
}
