"""Several sites of one client: how many are sampled, and which (IAF MD 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, isqrt
from random import Random

from auditplan.planner.domain import AuditType, SiteRow

FACTORS = {
    AuditType.INITIAL: Decimal(1),
    AuditType.STAGE_2: Decimal(1),
    AuditType.SURVEILLANCE: Decimal("0.6"),
    AuditType.RECERTIFICATION: Decimal("0.8"),
}
"""Of the square root of the number of sites (IAF MD 1)."""
AT_RANDOM = Decimal("0.25")
"""At least this share of a sample is drawn at random (IAF MD 1)."""
UNSAMPLED_SHARE = Decimal("0.3")
"""Of the sites in a year's surveillance where sampling is not allowed."""


def sample_size(kind: AuditType, sites: int, *, sampling: bool = True) -> int:
    """How many of so many sites, the central function not counted, an audit visits: the factor of its kind times their
    square root, rounded up; without sampling all, and 30 percent a year in surveillance. Raises KeyError for a kind of
    audit without a sample."""
    factor = FACTORS[kind]
    if sites <= 0:
        return 0
    if not sampling:
        return ceil(UNSAMPLED_SHARE * sites) if kind is AuditType.SURVEILLANCE else sites
    # Rounded up exactly: the least n with n² ≥ factor² × sites, free of the error of floating roots.
    wanted = factor * factor * sites
    size = isqrt(int(wanted))
    return min(sites, size if size * size >= wanted else size + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The sites of a visit. central: always; longest: those unseen for longest; drawn: those drawn at random."""

    central: tuple[SiteRow, ...]
    longest: tuple[SiteRow, ...]
    drawn: tuple[SiteRow, ...]

    @property
    def sites(self) -> tuple[SiteRow, ...]:
        """All of them."""
        return (*self.central, *self.longest, *self.drawn)


def draw(kind: AuditType, rows: Iterable[SiteRow], seed: str, *, sampling: bool = True) -> Sample:
    """The sites that an audit visits: the central function, then those unseen for longest (never seen first, then in
    the order of the sheet), and at least a quarter of the sample at random out of the rest. The same seed draws the
    same sites, on any machine. Raises KeyError like `sample_size`."""
    rows = list(rows)
    central = tuple(row for row in rows if row.central)
    others = [row for row in rows if not row.central]
    size = sample_size(kind, len(others), sampling=sampling)
    drawn_number = ceil(AT_RANDOM * size) if size < len(others) else 0
    order = sorted(range(len(others)), key=lambda number: (others[number].last_audited or date.min, number))
    longest = order[: size - drawn_number]
    rest = sorted(set(range(len(others))) - set(longest))
    drawn = sorted(_drawn(rest, drawn_number, seed))
    return Sample(
        central=central,
        longest=tuple(others[number] for number in longest),
        drawn=tuple(others[number] for number in drawn),
    )


def _drawn(numbers: Sequence[int], count: int, seed: str) -> list[int]:
    """So many of some numbers at random."""
    return Random(seed).sample(list(numbers), count)
