"""When an audit may run: its own calendar, its window, and the stretches open to each team size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from auditplan.planner.domain import Audit, AuditMode, Settings
from auditplan.planner.plan import Slot
from auditplan.planner.timeline import TICKS_A_DAY, Timeline, bits

WEEK_SPAN = 10
"""Slots of five working days: a span up to this long stays inside one ISO week unless Settings allow else."""
WEEK = 7 * TICKS_A_DAY
"""Ticks of a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Days between which an audit must start and end, inclusive, and slots that it must lie between; exactly: the slot
    in which it starts."""

    start_from: date
    start_to: date
    end_from: date = date.min
    end_to: date
    after: Slot | None = None
    before: Slot | None = None
    exactly: Slot | None = None

    def following(self, end: Slot, least: int, most: int | None) -> Bounds:
        """sequence: narrowed to a start so many days after `end`."""
        start_from = max(self.start_from, end.day + timedelta(days=least))
        start_to = self.start_to if most is None else min(self.start_to, end.day + timedelta(days=most))
        after = end if self.after is None else max(self.after, end)
        return replace(self, start_from=start_from, start_to=start_to, after=after)

    def preceding(self, start: Slot, least: int, most: int | None) -> Bounds:
        """sequence: narrowed to an end so many days before `start`."""
        end_to = min(self.end_to, start.day - timedelta(days=least))
        end_from = self.end_from if most is None else max(self.end_from, start.day - timedelta(days=most))
        before = start if self.before is None else min(self.before, start)
        return replace(self, end_from=end_from, end_to=end_to, before=before)


def window(audit: Audit, settings: Settings, *, soft: bool, past: bool = False) -> Bounds:
    """window: Earliest … Due, cut to the planning period and, unless `past`, to what is left of it today; with a soft
    window Due is no limit."""
    first = settings.plan_from if past else first_day(settings)
    first = first if audit.earliest is None else max(audit.earliest, first)
    last = settings.plan_to if soft else min(audit.due, settings.plan_to)
    return Bounds(start_from=first, start_to=last, end_to=last)


def first_day(settings: Settings) -> date:
    """The first day on which something may begin: nothing begins in the past of a period that is under way."""
    return settings.today if settings.plan_from < settings.today <= settings.plan_to else settings.plan_from


def span_of(audit: Audit, size: int) -> int:
    """Slots that an audit takes with a team of `size` leads and auditors: ceil(2 × days / size)."""
    return ceil(2 * audit.days / size)


def open_sizes(audit: Audit, settings: Settings) -> list[int]:
    """The sizes whose span is at most `Longest span`."""
    longest = int(settings.longest_span * 2)
    sizes = range(audit.smallest_team, audit.largest_team + 1)
    return [size for size in sizes if span_of(audit, size) <= longest]


@dataclass(frozen=True, slots=True)
class Stretches:
    """The stretches open to one size: first tick, one past the last, and one past the last on site."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    leaves: tuple[int, ...]


def stretches(
    audit: Audit, size: int, open_ticks: int, bounds: Bounds, timeline: Timeline, settings: Settings
) -> Stretches:
    """Every run of consecutive open slots that fits the bounds, for a team size."""
    span = span_of(audit, size)
    low, high = _limits(bounds, timeline)
    ticks = bits(open_ticks & ((1 << high) - (1 << low)) if low < high else 0)
    start_last = timeline.tick(Slot(bounds.start_to, afternoon=True))
    end_first = max(timeline.tick(Slot(bounds.end_from, afternoon=False)), 0) if bounds.end_from > date.min else 0
    onsite = ceil(Decimal(span) / 2) if audit.mode is AuditMode.MIXED else span
    one_week = span <= WEEK_SPAN and not settings.across_weekends
    starts, ends, leaves = [], [], []
    exactly = None if bounds.exactly is None else timeline.tick(bounds.exactly)
    monday = (timeline.first.toordinal() - 1) % 7 * TICKS_A_DAY  # ticks between a Monday and the line's begin
    for index, (start, last) in enumerate(zip(ticks, ticks[span - 1 :], strict=False)):
        if start > start_last:
            break
        if exactly is not None and start != exactly:
            continue
        if last >= end_first and not (one_week and (start + monday) // WEEK != (last + monday) // WEEK):
            starts.append(start)
            ends.append(last + 1)
            leaves.append(ticks[index + onsite - 1] + 1)
    return Stretches(tuple(starts), tuple(ends), tuple(leaves))


def _limits(bounds: Bounds, timeline: Timeline) -> tuple[int, int]:
    """First tick and one past the last that a stretch may use."""
    low = timeline.tick(Slot(bounds.start_from, afternoon=False))
    high = timeline.tick(Slot(bounds.end_to, afternoon=True)) + 1
    if bounds.after is not None:
        low = max(low, timeline.tick(bounds.after) + 1)
    if bounds.before is not None:
        high = min(high, timeline.tick(bounds.before))
    return max(low, 0), min(high, timeline.ticks)
