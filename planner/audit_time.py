"""Audit time by IAF MD 5:2019, or by a body's own tables: days of an audit from the client's effective personnel.

A derivation names every step from the table to the days, so that a coordinator can follow it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import ceil

from auditplan.planner.domain import AuditType, Complexity, TimeRow
from auditplan.planner.qualification import standard_key

SCHEMES = {
    "ISO9001": "QMS",
    "GB/T19001": "QMS",
    "ISO14001": "EMS",
    "GB/T24001": "EMS",
    "ISO45001": "OHSMS",
    "GB/T45001": "OHSMS",
}
"""Standards whose time IAF MD 5 gives."""
MOST_REDUCTION, MOST_INTEGRATION = Decimal(30), Decimal(20)
"""Percent: IAF MD 5:2019 (reduction), IAF MD 11 (integration of several standards in one visit)."""
TYPICAL_DIFFERENCE = Decimal("0.1")
"""Typed days that differ by more than this share are worth a notice."""
HALF = Decimal("0.5")

_THIRD = Decimal(1) / 3
_SHARES = {
    AuditType.STAGE_1: _THIRD,
    AuditType.STAGE_2: 2 * _THIRD,
    AuditType.INITIAL: Decimal(1),
    AuditType.SURVEILLANCE: _THIRD,
    AuditType.RECERTIFICATION: 2 * _THIRD,
}
Band = tuple[int, int, Decimal]
"""Personnel from, to, and days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a table says: the days that an initial audit of a standard takes. own: by the body's own table, else by
    IAF MD 5. complexity None: the table does not ask for it."""

    standard: str
    days: Decimal
    own: bool
    complexity: Complexity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How the days of an audit came about. entries: what the tables say of each standard; the sum of them less
    `reduction` and `integration` percent; times the share of the kind of audit; rounded up to half days. personnel: the
    effective number that the tables were entered with."""

    kind: AuditType
    personnel: int
    entries: tuple[Entry, ...]
    reduction: Decimal
    integration: Decimal
    share: Decimal
    days: Decimal


@cache
def _table(scheme: str, complexity: str) -> tuple[Band, ...]:
    """The bands of a scheme and complexity."""
    text = files("auditplan.planner.tables").joinpath("md5.csv").read_text(encoding="utf-8")
    return tuple(
        (int(row["personnel_from"]), int(row["personnel_to"]), Decimal(row["audit_days"]))
        for row in csv.DictReader(text.splitlines())
        if row["scheme"] == scheme and row["complexity"] == complexity
    )


def initial_days(
    scheme: str, personnel: int, complexity: Complexity | None = None, *, interpolate: bool = False
) -> Decimal | None:
    """Days of stage 1 and stage 2 together (IAF MD 5:2019, Annexes A to C); None for a number below 1.

    Above 10,700 people the progression goes on (Note 2): the last band's step up in days for each band that is wider by
    the same factor. interpolate: straight between the upper ends of two bands instead of the band's own days."""
    wanted = "any" if scheme == "QMS" else (complexity or Complexity.MEDIUM).value
    return _days_in(_table(scheme, wanted), personnel, interpolate=interpolate, goes_on=True)


def _days_in(bands: tuple[Band, ...], personnel: int, *, interpolate: bool, goes_on: bool) -> Decimal | None:
    """The days of a number of people in bands, in order."""
    before: Band | None = None
    for band in bands:
        low, high, days = band
        if low <= personnel <= high:
            if interpolate and before is not None:
                return before[2] + (days - before[2]) * (personnel - before[1]) / (high - before[1])
            return days
        before = band
    if not goes_on or before is None or len(bands) < 2 or personnel <= before[1]:
        return None
    step, factor = before[2] - bands[-2][2], Decimal(before[1]) / bands[-2][1]
    end, reached = Decimal(before[1]), before[2]
    while personnel > end:
        end, reached = end * factor, reached + step
    return reached


def standard_days(
    standard: str,
    personnel: int,
    complexity: Complexity | None = None,
    own: Iterable[TimeRow] = (),
    *,
    interpolate: bool = False,
) -> Entry | None:
    """What an initial audit of one standard takes: by the body's own tables where they name the standard or its scheme
    and hold the number, else by IAF MD 5; None where neither says anything."""
    family = standard_key(standard)[0]
    scheme = SCHEMES.get(family, "")
    rows = [row for row in own if standard_key(row.scheme)[0] in {family, scheme}]
    matching = [row for row in rows if row.complexity is complexity] or [row for row in rows if row.complexity is None]
    bands = tuple(sorted((row.low, row.high, row.days) for row in matching))
    found = _days_in(bands, personnel, interpolate=interpolate, goes_on=False)
    if found is not None:
        asked = complexity if matching[0].complexity is not None else None
        return Entry(standard=standard, days=found, own=True, complexity=asked)
    found = initial_days(scheme, personnel, complexity, interpolate=interpolate) if scheme else None
    if found is None:
        return None
    asked = None if scheme == "QMS" else complexity or Complexity.MEDIUM
    return Entry(standard=standard, days=found, own=False, complexity=asked)


def derive(
    kind: AuditType,
    standards: tuple[str, ...],
    personnel: int,
    complexity: Complexity | Mapping[str, Complexity] | None = None,
    *,
    own: Iterable[TimeRow] = (),
    reduction: Decimal = Decimal(0),
    integration: Decimal = Decimal(0),
    interpolate: bool = False,
) -> Derivation | None:
    """The days of an audit with their derivation; None where a standard or the kind of audit has no known time.
    complexity: of all, or by family of standards (`standard_key`); reduction, integration: percent, cut to what is
    allowed; integration counts for several standards only."""
    share = _SHARES.get(kind)
    rows = tuple(own)
    entries: list[Entry] = []
    for standard in standards:
        asked = complexity.get(standard_key(standard)[0]) if isinstance(complexity, Mapping) else complexity
        entry = standard_days(standard, personnel, asked, rows, interpolate=interpolate)
        if entry is None:
            return None
        entries.append(entry)
    if share is None or not entries:
        return None
    less = min(max(reduction, Decimal(0)), MOST_REDUCTION)
    joined = min(max(integration, Decimal(0)), MOST_INTEGRATION) if len(entries) > 1 else Decimal(0)
    total = sum((entry.days for entry in entries), Decimal(0)) * (1 - less / 100) * (1 - joined / 100)
    return Derivation(
        kind=kind,
        personnel=personnel,
        entries=tuple(entries),
        reduction=less,
        integration=joined,
        share=share,
        days=_share(kind, total, share),
    )


def _share(kind: AuditType, total: Decimal, share: Decimal) -> Decimal:
    """The part of a sum that a kind of audit takes, in half days. Stage 1 takes a third, stage 2 the rest, so that both
    together are the whole."""
    if kind in {AuditType.STAGE_1, AuditType.STAGE_2}:
        whole = up_to_halves(total)
        first = up_to_halves(whole * _THIRD)
        return first if kind is AuditType.STAGE_1 else max(HALF, whole - first)
    return up_to_halves(total * share)


def up_to_halves(days: Decimal) -> Decimal:
    """Up to the next half day, at least one."""
    return max(HALF, Decimal(ceil(round(days * 2, 6))) / 2)
