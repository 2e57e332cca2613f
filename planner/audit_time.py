"""Audit time by IAF MD 5:2019: days of an audit from the client's effective personnel."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from importlib.resources import files
from math import ceil

from auditplan.planner.domain import AuditType, Complexity
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

_SHARES = {
    AuditType.STAGE_1: Decimal(1) / 3,
    AuditType.STAGE_2: Decimal(2) / 3,
    AuditType.INITIAL: Decimal(1),
    AuditType.SURVEILLANCE: Decimal(1) / 3,
    AuditType.RECERTIFICATION: Decimal(2) / 3,
}


@cache
def _table() -> tuple[tuple[str, str, int, int, Decimal], ...]:
    """Rows of scheme, complexity, personnel from, to, days."""
    text = files("auditplan.planner.tables").joinpath("md5.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        (
            row["scheme"],
            row["complexity"],
            int(row["personnel_from"]),
            int(row["personnel_to"]),
            Decimal(row["audit_days"]),
        )
        for row in rows
    )


def initial_days(scheme: str, personnel: int, complexity: Complexity | None = None) -> Decimal | None:
    """Days of stage 1 and stage 2 together (IAF MD 5:2019, Annexes A to C); None beyond the table."""
    wanted = "any" if scheme == "QMS" else (complexity or Complexity.MEDIUM).value
    for own, category, low, high, days in _table():
        if own == scheme and category == wanted and low <= personnel <= high:
            return days
    return None


def computed_days(
    kind: AuditType, standards: tuple[str, ...], personnel: int, complexity: Complexity | None = None
) -> Decimal | None:
    """Days of an audit, the sum over its standards rounded up to a half day; None where a standard or the kind of
    audit has no published time."""
    share = _SHARES.get(kind)
    total = Decimal(0)
    for standard in standards:
        scheme = SCHEMES.get(standard_key(standard)[0])
        days = initial_days(scheme, personnel, complexity) if scheme else None
        if days is None:
            return None
        total += days
    return None if share is None else max(Decimal("0.5"), Decimal(ceil(total * share * 2)) / 2)
