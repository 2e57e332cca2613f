"""Which qualification covers what: standards, editions, technical-area codes and validity."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache

from auditplan.planner.domain import Body, Qualification, Role

ALL_CODES = "*"
Period = tuple[date | None, date | None]
"""First and last day, inclusive; None: open."""

_EDITION = re.compile(r"[:\-](\d{4})$")


@cache
def standard_key(text: str) -> tuple[str, str]:
    """A standard's family and edition for comparison: `ISO9001：2015` and `ISO 9001:2015` give
    ("ISO9001", "2015"); the edition is empty where none is named."""
    folded = "".join(unicodedata.normalize("NFKC", text).upper().split())
    match = _EDITION.search(folded)
    return (folded[: match.start()], match.group(1)) if match else (folded, "")


def standards_match(held: str, asked: str) -> bool:
    """Whether a standard held covers one asked for: the same family, and the same edition if both name one."""
    held_family, held_edition = standard_key(held)
    family, edition = standard_key(asked)
    return held_family == family and (not held_edition or not edition or held_edition == edition)


@cache
def code_key(code: str) -> tuple[str, ...]:
    """A code's dotted parts without leading zeros, in one form."""
    folded = unicodedata.normalize("NFKC", code).strip().upper()
    return tuple(part.strip().lstrip("0") or "0" for part in folded.split("."))


@cache
def code_covers(held: str, asked: str) -> bool:
    """Whether a code held covers one asked for: `*` covers all, `17` covers `17.06.02` but not `170`."""
    if held.strip() == ALL_CODES:
        return True
    own, other = code_key(held), code_key(asked)
    return other[: len(own)] == own


class Qualifications:
    """A body's qualifications by person and standard."""

    def __init__(self, body: Body) -> None:
        """Indexes the rows once."""
        self._rows: dict[tuple[str, str], list[Qualification]] = defaultdict(list)
        self._families: dict[str, list[Qualification]] = defaultdict(list)
        for row in body.qualifications:
            family = standard_key(row.standard)[0]
            self._rows[row.auditor, family].append(row)
            self._families[family].append(row)

    def rows(
        self, auditor: str, standard: str, roles: Collection[Role], code: str | None = None
    ) -> list[Qualification]:
        """The rows by which a person holds one of the roles for a standard, and for a code if one is named."""
        return [
            row
            for row in self._rows.get((auditor, standard_key(standard)[0]), ())
            if row.role in roles
            and standards_match(row.standard, standard)
            and (code is None or any(code_covers(held, code) for held in row.codes))
        ]

    def holders(self, standard: str, roles: Collection[Role], code: str) -> set[str]:
        """Everybody who holds one of the roles for a code of a standard at some time."""
        return {
            row.auditor
            for row in self._families.get(standard_key(standard)[0], ())
            if row.role in roles
            and standards_match(row.standard, standard)
            and any(code_covers(held, code) for held in row.codes)
        }

    def holding_periods(
        self, auditor: str, standard: str, roles: Collection[Role], code: str | None = None
    ) -> tuple[Period, ...]:
        """The days on which a person holds it, as merged periods in order: several rows add up."""
        return merged((row.valid_from, row.valid_to) for row in self.rows(auditor, standard, roles, code))


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Periods in order, with those joined that overlap or follow each other without a day between."""
    joined: list[Period] = []
    for start, end in sorted(periods, key=lambda period: (period[0] or date.min, period[1] or date.max)):
        if joined and _touches(joined[-1][1], start):
            last_start, last_end = joined[-1]
            later = None if last_end is None or end is None else max(last_end, end)
            joined[-1] = (last_start, later)
        else:
            joined.append((start, end))
    return tuple(joined)


def _touches(end: date | None, start: date | None) -> bool:
    """Whether a period that begins at `start` continues one that ends at `end`."""
    if end is None or start is None or end == date.max:
        return True
    return start <= end + timedelta(days=1)
