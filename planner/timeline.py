"""The line of ticks on which a body's plan is laid: two ticks a calendar day, AM and PM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from auditplan.planner.plan import Slot

MARGIN = 35
"""Days before and after the planning period that journeys may reach into; longer than any run of holidays."""

TICKS_A_DAY = 2


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days from `first` to `last`, inclusive; tick 0 is the AM of the first."""

    first: date
    last: date

    @classmethod
    def around(cls, start: date, end: date) -> Timeline:
        """The line for a planning period, with room for journeys on both sides."""
        return cls(start - timedelta(days=MARGIN), end + timedelta(days=MARGIN))

    @property
    def ticks(self) -> int:
        """Length of the line."""
        return ((self.last - self.first).days + 1) * TICKS_A_DAY

    def tick(self, slot: Slot) -> int:
        """The tick of a slot; below 0 or beyond `ticks` for a slot outside the line."""
        return (slot.day - self.first).days * TICKS_A_DAY + slot.afternoon

    def slot(self, tick: int) -> Slot:
        """The slot of a tick."""
        return Slot(self.day(tick), bool(tick % TICKS_A_DAY))

    def day(self, tick: int) -> date:
        """The calendar day of a tick."""
        return self.first + timedelta(days=tick // TICKS_A_DAY)

    def days(self) -> Iterable[date]:
        """Every calendar day of the line."""
        return (self.first + timedelta(days=index) for index in range(self.ticks // TICKS_A_DAY))

    def days_within(self, mask: int, start: int, end: int) -> list[date]:
        """The calendar days of a mask's ticks from one tick to before another."""
        return sorted({self.day(tick) for tick in range(start, end) if mask >> tick & 1})

    def mask(self, start: date | None, end: date | None) -> int:
        """The ticks from the day `start` to the day `end`, inclusive, cut to the line; None: no limit."""
        low = 0 if start is None else min(max((start - self.first).days * TICKS_A_DAY, 0), self.ticks)
        high = self.ticks if end is None else ((end - self.first).days + 1) * TICKS_A_DAY
        high = min(max(high, 0), self.ticks)
        return (1 << high) - (1 << low) if low < high else 0

    def masks(self, periods: Iterable[tuple[date | None, date | None]]) -> int:
        """The ticks of several periods together."""
        union = 0
        for start, end in periods:
            union |= self.mask(start, end)
        return union

    def mask_of_slots(self, slots: Iterable[Slot]) -> int:
        """The ticks of single slots; those outside the line are left out."""
        union = 0
        for slot in slots:
            tick = self.tick(slot)
            if 0 <= tick < self.ticks:
                union |= 1 << tick
        return union

    def hull(self, start: Slot, end: Slot) -> int:
        """The ticks from one slot to another, inclusive, cut to the line."""
        low = min(max(self.tick(start), 0), self.ticks)
        high = min(max(self.tick(end) + 1, 0), self.ticks)
        return (1 << high) - (1 << low) if low < high else 0


def bits(mask: int) -> list[int]:
    """The ticks of a mask in order."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
