"""Lists in a cell: their separators, standards with a stroke in their names, codes, weekdays, months."""

from __future__ import annotations

import re

from auditplan.io.workbook import words
from auditplan.io.workbook.read_spelling import fold, tidy
from auditplan.io.workbook.values_dates import month_number
from auditplan.io.workbook.values_error import UnfitValueError

_SEPARATORS = re.compile(r"[,;、/\r\n]+")
_SOFT_SEPARATORS = re.compile(r"[,;、\r\n]+")
_STROKE = "\x00"
_NAMED_STROKES = re.compile(
    r"(?<![A-Z])(?:"
    r"(?P<china>[A-Z]{2}\d{0,4})\s*/\s*(?P<kind>[TZ])(?![A-Z])"  # GB/T, GB/Z, SB/T, RB/T, DB11/T
    r"|(?P<group>[TQ])\s*/\s*(?=[A-Z]{2})"  # T/CAS, Q/ABC: standards of associations and companies
    r"|(?P<world>ISO|IEC|EN|BS|DIN|AS|CNCA|IEEE|AWI)\s*/\s*"
    r"(?P<body>IEC|IEEE|TS|TR|PAS|IWA|DIS|FDIS|CD|ISO|EN|NZS|CTS|ASTM|SAE|GUIDE)(?![A-Z])"
    r")",
    re.IGNORECASE,
)
_NUMBER_ONLY = re.compile(r"\d{4,6}(?:[:\-]\d{4})?")
_LEADING_NAME = re.compile(r"(\D*?)\s*\d")
_RANGE = re.compile(r"(.+?)(?:-|–|—|~|～|至|到|\bto\b)(.+)", re.IGNORECASE)
_CHINESE_DAYS = "一二三四五六日天"
_CHINESE_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def split_list(text: str) -> tuple[str, ...]:
    """The parts of a list in a cell, each once, in order."""
    return _distinct(_SEPARATORS.split(tidy(text)))


def split_standards(text: str) -> tuple[str, ...]:
    """The standards of a cell. A stroke inside a name is none between two, and `ISO 9001/14001` names ISO
    twice."""
    marked = tidy(text)
    for _ in range(2):  # ISO/IEC/TS has two strokes
        marked = _NAMED_STROKES.sub(lambda match: match.group(0).replace("/", _STROKE), marked)
    found: list[str] = []
    for part in _SEPARATORS.split(marked):
        name = " ".join(part.replace(_STROKE, "/").split())
        before = _LEADING_NAME.match(found[-1]) if found else None
        if before and before.group(1).strip() and _NUMBER_ONLY.fullmatch(name):
            name = f"{before.group(1).strip()} {name}"
        found.append(name)
    return _distinct(found)


def split_references(text: str) -> tuple[str, ...]:
    """The ids or names of a cell; a stroke separates them too."""
    return split_list(text)


def weekdays(text: str) -> frozenset[int]:
    """The ISO weekdays of `Mon-Fri`, `Mon,Wed`, `周一至周四`, `周一、周三`. Raises UnfitValueError."""
    found: set[int] = set()
    for part in _SEPARATORS.split(tidy(text)):
        if part.strip():
            found.update(_span(part, _weekday, 7, "read-weekdays-unreadable"))
    if not found:
        raise UnfitValueError("read-weekdays-unreadable", given=text)
    return frozenset(found)


def months(text: str) -> frozenset[int]:
    """The months of `1,3`, `3-5`, `三月`, `Mar`. Raises UnfitValueError."""
    found: set[int] = set()
    for part in _SEPARATORS.split(tidy(text)):
        if part.strip():
            found.update(_span(part, _month, 12, "read-months-unreadable"))
    if not found:
        raise UnfitValueError("read-months-unreadable", given=text)
    return frozenset(found)


def _span(part: str, reader: object, size: int, code: str) -> list[int]:
    """The numbers of a single name or of a range of two; ranges go round."""
    assert callable(reader)
    single: list[int] = reader(part.strip())
    if single:
        return single
    match = _RANGE.fullmatch(part.strip())
    first, last = (reader(match[1]), reader(match[2])) if match else ([], [])
    if len(first) != 1 or len(last) != 1:
        raise UnfitValueError(code, given=part.strip())
    length = (last[0] - first[0]) % size + 1
    return [(first[0] - 1 + step) % size + 1 for step in range(length)]


_WEEKDAYS = {
    fold(name): number for number, word in enumerate(words.WEEKDAYS, 1) for name in (word.en, word.zh, *word.also)
}


def _weekday(text: str) -> list[int]:
    """The weekday of a name, or the several of `周一三五`; nothing for anything else."""
    folded = fold(text).rstrip(".")
    if folded in _WEEKDAYS:
        return [_WEEKDAYS[folded]]
    bare = re.sub(r"^(周|星期|礼拜)", "", folded)
    if bare and all(letter in _CHINESE_DAYS for letter in bare):
        return [min(_CHINESE_DAYS.index(letter), 6) + 1 for letter in bare]
    return []


def _month(text: str) -> list[int]:
    """The month of a number or a name; nothing for anything else."""
    folded = fold(text).removesuffix("份").removesuffix("月").removesuffix(".")
    if folded.isdecimal() and 1 <= int(folded) <= 12:
        return [int(folded)]
    if folded in _CHINESE_MONTHS:
        return [_CHINESE_MONTHS.index(folded) + 1]
    number = month_number(folded)
    return [number] if number else []


def _distinct(parts: list[str]) -> tuple[str, ...]:
    """The parts that hold something, without spaces around them, each once."""
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
