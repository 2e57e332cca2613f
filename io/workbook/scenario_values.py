"""What stands in the column Value of Scenarios: numbers, shares, days, sizes, qualifications, periods."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from auditplan.io.workbook import words
from auditplan.io.workbook.read_spelling import fold
from auditplan.io.workbook.values_dates import from_text
from auditplan.io.workbook.values_error import UnfitValueError
from auditplan.io.workbook.values_lists import split_list
from auditplan.planner.domain import Role

_RANGE = re.compile(r"\s*(?:\.\.+|…|~|～|至|到|\bto\b|—|–)\s*", re.IGNORECASE)
_QUARTER = re.compile(r"(\d{4})\s*(?:年)?\s*-?(?:Q([1-4])|第?([1-4一二三四])季度)", re.IGNORECASE)
_SIGNS = str.maketrans({"−": "-", "–": "-", ",": ""})
_ROLES = {fold(name): role for role, word in words.ROLES.items() for name in (word.en, word.zh, *word.also)}


def number(text: str, least: float, most: float) -> Decimal:
    """A number within limits. Raises UnfitValueError."""
    try:
        found = Decimal(text.translate(_SIGNS).replace(" ", ""))
    except InvalidOperation as error:
        raise UnfitValueError("scenario-number", given=text) from error
    if not found.is_finite() or not least <= found <= most:
        raise UnfitValueError("scenario-number-limits", given=text, least=f"{least:g}", most=f"{most:g}")
    return found


def whole(text: str, least: int, most: int) -> int:
    """A whole number, with or without the word for days behind it."""
    found = number(re.sub(r"\s*(days?|天|人|名)$", "", text, flags=re.IGNORECASE), least, most)
    if found != int(found):
        raise UnfitValueError("scenario-whole", given=text)
    return int(found)


def percent(text: str, least: float, most: float) -> float:
    """A share: `+20 %`, `20`, `-10%`. A cell formatted as per cent has arrived as such a text."""
    return float(number(text.strip().removesuffix("%").strip(), least, most))


def days(text: str) -> tuple[date, date]:
    """`2027-03-01..2027-03-31`, or one day. Raises UnfitValueError for what is none, or ends before it begins."""
    parts = _RANGE.split(text.strip())
    if not text.strip() or len(parts) > 2:
        raise UnfitValueError("scenario-days", given=text)
    first, last = from_text(parts[0], None), from_text(parts[-1], None)
    if last < first:
        raise UnfitValueError("scenario-reversed", given=text)
    return first, last


def ends(text: str) -> tuple[date, date]:
    """First and last day of `2027Q1`, `2027Q1..2027Q4` or two days."""
    parts = _RANGE.split(text.strip())
    quarters = [_quarter(part) for part in parts]
    if len(parts) <= 2 and quarters[0] is not None and quarters[-1] is not None:
        if quarters[-1][1] < quarters[0][0]:
            raise UnfitValueError("scenario-reversed", given=text)
        return quarters[0][0], quarters[-1][1]
    return days(text)


def _quarter(text: str) -> tuple[date, date] | None:
    """First and last day of a quarter; None for what is none."""
    match = _QUARTER.fullmatch(text.strip())
    if match is None or not 1990 <= int(match[1]) <= 2100:
        return None
    said = match[2] or match[3]
    nth = "一二三四".index(said) + 1 if said in "一二三四" else int(said)
    year, month = int(match[1]), 3 * nth - 2
    after = date(year + month // 10, (month + 2) % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


def sizes(text: str) -> tuple[int, int]:
    """`1..3`, or one number for both."""
    parts = _RANGE.split(text.strip())
    if len(parts) == 1:
        parts = re.split(r"\s*-\s*", text.strip())
    if len(parts) > 2:
        raise UnfitValueError("scenario-number", given=text)
    smallest, largest = whole(parts[0], 1, 50), whole(parts[-1], 1, 50)
    if largest < smallest:
        raise UnfitValueError("scenario-reversed", given=text)
    return smallest, largest


def qualification(text: str) -> tuple[str, tuple[str, ...], Role]:
    """`ISO 9001:2015:17,18:lead` as standard, codes and role; without codes all of them are meant."""
    parts = [part.strip() for part in text.split(":")]
    role = _ROLES.get(fold(parts[-1]))
    if len(parts) < 2 or not isinstance(role, Role):
        raise UnfitValueError("scenario-qualification", given=text)
    middle = parts[1:-1]
    edition = bool(middle) and re.fullmatch(r"(19|20)\d{2}", middle[0]) is not None
    standard = ":".join(parts[:2]) if edition else parts[0]
    codes = middle[1:] if edition else middle
    if not standard or len(codes) > 1:
        raise UnfitValueError("scenario-qualification", given=text)
    return standard, split_list(codes[0]) if codes and codes[0] else ("*",), role
