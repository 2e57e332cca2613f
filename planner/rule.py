"""What a rule is: its id, whether it is hard, its number or weight, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

PRACTICE = "practice, editable"
"""Source of what no published text says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule or weight. hard: whether it may never be broken. value: its number, where it has one. weight:
    the price of one point of it, where it is a matter of better or worse. switchable: whether a body may turn
    it off; softable: whether it may be made soft."""

    id: str
    hard: bool
    value: Decimal | None = None
    weight: Decimal | None = None
    source: str = ""
    switchable: bool = True
    softable: bool = False
