"""The stretches on which an audit could run, with what stands against each whoever comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from auditplan.planner.domain import Audit, Body, PlannedAudit
from auditplan.planner.explanations.cells import after, reason
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.fixed import Fixed
from auditplan.planner.plan import Reason, Slot
from auditplan.planner.problems import Origin
from auditplan.planner.timeline import bits
from auditplan.planner.windows import Bounds, first_day, open_sizes, stretches, window


@dataclass(frozen=True, slots=True)
class Way:
    """A team size with a run of slots. ticks: those worked, as a mask; against: what stands against it whoever
    comes."""

    size: int
    slots: tuple[Slot, ...]
    ticks: int
    against: tuple[Reason, ...] = ()


def ways_of(ground: Ground, audit: Audit) -> list[Way]:
    """Every way inside the window."""
    fixed = ground.compiler.fixed(audit).day is not None
    bounds = window(audit, ground.body.settings, soft=ground.facts.rules.soft("window"), past=fixed)
    return list(_ways(ground, audit, bounds))


def ways_on(ground: Ground, audit: Audit, day: date) -> list[Way]:
    """Every way that starts on a day of what is left of the period, outside the window too."""
    settings = ground.body.settings
    earliest = settings.plan_from if ground.compiler.fixed(audit).day is not None else first_day(settings)
    first, last = max(day, earliest), min(day, settings.plan_to)
    return list(_ways(ground, audit, Bounds(start_from=first, start_to=last, end_to=settings.plan_to)))


def _ways(ground: Ground, audit: Audit, bounds: Bounds) -> Iterator[Way]:
    """The ways inside some bounds."""
    facts, settings = ground.facts, ground.body.settings
    open_ticks, timeline = facts.open(audit), ground.facts.timeline
    rules = _Against(ground, audit)
    for size in open_sizes(audit, settings):
        found = stretches(audit, size, open_ticks, bounds, timeline, settings)
        for start, end in zip(found.starts, found.ends, strict=True):
            ticks = open_ticks & ((1 << end) - (1 << start))
            slots = tuple(timeline.slot(tick) for tick in bits(ticks))
            yield Way(size, slots, ticks, tuple(rules.against(size, slots[0], slots[-1])))


class _Against:
    """What stands against a stretch of one audit, whoever comes."""

    def __init__(self, ground: Ground, audit: Audit) -> None:
        """Looks up what is fixed and what it must follow."""
        self._ground, self._audit = ground, audit
        self._previous = ground.facts.lookup.previous.get(audit.id)
        self._fixed = ground.compiler.fixed(audit)

    def against(self, size: int, first: Slot, last: Slot) -> Iterator[Reason]:
        """Everything but people."""
        yield from self._window(first.day, last.day)
        yield from self._kept(size, first)
        if self._ground.facts.rules.on("sequence"):
            yield from self._order(first, last)

    def _window(self, first: date, last: date) -> Iterator[Reason]:
        """window: Earliest and Due."""
        audit = self._audit
        if audit.earliest is not None and first < audit.earliest:
            yield reason(audit.origin, "earliest", "window", "against-earliest", day=audit.earliest)
        if last > audit.due and not self._ground.facts.rules.soft("window"):
            yield reason(audit.origin, "due", "window", "against-due", day=audit.due)

    def _kept(self, size: int, first: Slot) -> Iterator[Reason]:
        """fixed: a day, or a whole team."""
        fixed = self._fixed
        if fixed.day is not None and (first.day != fixed.day.day or (not fixed.half_open and first != fixed.day)):
            origin, field = fixed_at(self._previous, self._audit, fixed, "start")
            yield reason(origin, field, "fixed", "against-fixed-start", day=fixed.day.day)
        if fixed.exact and size != team_size(self._audit, fixed):
            origin, field = fixed_at(self._previous, self._audit, fixed, "team")
            yield reason(origin, field, "fixed", "against-fixed-team", people=", ".join((fixed.lead, *fixed.team)))

    def _order(self, first: Slot, last: Slot) -> Iterator[Reason]:
        """sequence: what stands before and after."""
        audit, firm = self._audit, self._ground.compiler.firm
        if audit.after in firm:
            end = firm[audit.after].slots[-1]
            gap = (first.day - end.day).days
            if first <= end or gap < audit.gap_from or (audit.gap_to is not None and gap > audit.gap_to):
                yield after(audit, "against-after", end.day)
        for other in self._ground.body.audits:
            if other.after == audit.id and other.id in firm:
                start = firm[other.id].slots[0]
                gap = (start.day - last.day).days
                if last >= start or gap < other.gap_from or (other.gap_to is not None and gap > other.gap_to):
                    values = {"other": other.id, "day": start.day}
                    yield reason(other.origin, "after", "sequence", "against-before", about=other.id, **values)


def team_size(audit: Audit, fixed: Fixed) -> int:
    """Leads and members of a team that is fixed as a whole."""
    return 1 + len(fixed.team) - (audit.experts if fixed.experts is None else 0)


def fixed_at(previous: PlannedAudit | None, audit: Audit, fixed: Fixed, field: str) -> tuple[Origin | None, str]:
    """The row and field where something is fixed: of Schedule where a lock or status keeps it, else of Audits."""
    if fixed.from_schedule and previous is not None and previous.origin is not None:
        return previous.origin, "lock" if previous.lock is not None else field
    return audit.origin, field


def no_day(ground: Ground, audit: Audit, day: date) -> tuple[Reason, ...]:
    """Why an audit cannot start on a day at all, whatever its window and whoever comes; empty where it can."""
    settings, facts = ground.body.settings, ground.facts
    if not settings.plan_from <= day <= settings.plan_to:
        field = "plan_from" if day < settings.plan_from else "plan_to"
        bounds = {"first": settings.plan_from, "last": settings.plan_to}
        return (reason(settings.origin, field, "window", "against-period", **bounds),)
    if ways_on(ground, audit, day):
        return ()
    if day < first_day(settings):
        return (reason(settings.origin, "today", "window", "against-past", day=first_day(settings)),)
    mask = facts.timeline.mask(day, day)
    if not facts.open(audit) & mask:
        return tuple(_closed(ground.body, ground, audit, day, mask))
    sizes = open_sizes(audit, settings)
    if not sizes:
        values = {"days": audit.days, "size": audit.largest_team, "longest": settings.longest_span}
        return (reason(audit.origin, "days", "window", "reason-too-long", **values),)
    last = facts.timeline.mask(day, day + timedelta(days=31)) & facts.open(audit)
    values = {"day": day, "days": -(-2 * audit.days // sizes[-1]) / 2}
    code = "against-weekend" if last.bit_count() >= 2 else "against-period-ends"
    return (reason(audit.origin, "days", "window", code, **values),)


def _closed(body: Body, ground: Ground, audit: Audit, day: date, mask: int) -> Iterable[Reason]:
    """availability: the client or the country is closed."""
    facts = ground.facts
    client = facts.lookup.clients[audit.client]
    for row in body.unavailable:
        if row.client == client.id and row.start <= day <= row.until:
            values = {"client": client.name, "first": row.start, "last": row.until}
            yield reason(row.origin, "start", "availability", "against-closed", **values)
            return
    holiday = next((row for row in body.holidays if row.day == day), None)
    if holiday is not None:
        yield reason(holiday.origin, "day", "availability", "against-day-off", day=day)
    elif facts.working(facts.geography.site(audit).country) & mask:
        yield reason(client.origin, "holidays_worked", "availability", "against-make-up", day=day)
    else:
        yield reason(audit.origin, "client", "availability", "against-day-off", day=day)


def starts(ways: Iterable[Way]) -> list[date]:
    """The days on which some ways start, in order."""
    return sorted({way.slots[0].day for way in ways if not way.against})
