"""Score and stars of after-sales service (GB/T 27922; a secondary source, domain.md)."""

from __future__ import annotations

from decimal import Decimal

LEAST = Decimal(70)
"""Below this there is no certificate; from it a certificate without stars."""
STARS = ((Decimal(95), 5), (Decimal(90), 4), (Decimal(80), 3))
"""Least score of each number of stars."""


def score(points: Decimal, applicable: Decimal) -> Decimal:
    """Points of those applicable, of a hundred. Raises ValueError where none is applicable."""
    if applicable <= 0:
        raise ValueError("no points are applicable")
    return points / applicable * 100


def rating(reached: Decimal) -> int | None:
    """Stars of a score: 0 for one that passes without, None for one that does not pass."""
    if reached < LEAST:
        return None
    return next((stars for least, stars in STARS if reached >= least), 0)
