"""Everybody's days as bars on lanes: audits, journeys, and the time in which nobody works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from auditplan.io.calendars.days import worked_slots
from auditplan.io.calendars.texts import one_line
from auditplan.io.report.phrases import Phrases
from auditplan.io.report.view import Bar, Chart, Lane, Mark
from auditplan.io.workbook import words
from auditplan.planner.domain import Audit, Auditor, AuditStatus, Role
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Placement, Plan, Seat, Slot
from auditplan.planner.timeline import TICKS_A_DAY

MOST_NAMED_DAYS = 100
"""Days of a chart that are wide enough for a number each."""


def chart_of(facts: Facts, plan: Plan, phrases: Phrases) -> Chart:
    """The chart of a plan, from the first day of the period or of the plan to the last."""
    scale = _Scale(facts, plan)
    bars: dict[str, list[Bar]] = defaultdict(list)
    for placement in plan.placements:
        audit = facts.lookup.audits[placement.audit]
        works = tuple(_runs(scale.tick(slot) for slot in worked_slots(facts, audit, placement)))
        says = phrases.audit(audit, placement)
        for seat in placement.seats:
            bars[seat.auditor] += _bars(facts, phrases, scale, audit, placement, seat, works, says)
    people = sorted(enumerate(facts.body.auditors), key=lambda pair: (pair[1].region, pair[0]))
    lanes = tuple(_lane(facts, scale, auditor, bars[auditor.id]) for _, auditor in people)
    return Chart(
        slots=scale.ticks,
        months=tuple(_months(phrases, scale)),
        days=tuple(_days(facts, scale)) if len(scale.days) <= MOST_NAMED_DAYS else (),
        weeks="".join(f"M{TICKS_A_DAY * at} 0v1" for at, day in enumerate(scale.days) if day.isoweekday() == 1),
        lanes=lanes,
    )


class _Scale:
    """The half days of the chart, numbered from 0."""

    def __init__(self, facts: Facts, plan: Plan) -> None:
        """From the first day that matters to the last."""
        settings, line = facts.body.settings, facts.timeline
        slots = [slot for placement in plan.placements for slot in _touched(placement)]
        first = max(line.first, min([settings.plan_from, *(slot.day for slot in slots)]))
        last = min(line.last, max([settings.plan_to, *(slot.day for slot in slots)]))
        self.first = first
        self.days = [day for day in line.days() if first <= day <= last]
        self.ticks = len(self.days) * TICKS_A_DAY
        self.offset = line.tick(Slot(first, False))

    def tick(self, slot: Slot) -> int:
        """The number of a half day."""
        return (slot.day - self.first).days * TICKS_A_DAY + slot.afternoon

    def percent(self, ticks: float) -> float:
        """A number of half days in percent of the chart."""
        return round(100 * ticks / self.ticks, 4)


def _touched(placement: Placement) -> Iterator[Slot]:
    """The first and last half days of a placement, and those of its journeys."""
    yield from (placement.start, placement.end)
    for seat in placement.seats:
        for way in (seat.out, seat.back):
            yield from way.slots if way is not None else ()


def _runs(ticks: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in order as runs: the first, and the one after the last."""
    start = end = None
    for tick in ticks:
        if start is None or end is None or tick != end:
            if start is not None and end is not None:
                yield start, end
            start = tick
        end = tick + 1
    if start is not None and end is not None:
        yield start, end


def _bars(
    facts: Facts,
    phrases: Phrases,
    scale: _Scale,
    audit: Audit,
    placement: Placement,
    seat: Seat,
    works: Sequence[tuple[int, int]],
    says: str,
) -> Iterator[Bar]:
    """What one person does for an audit, in order of time."""
    client = phrases.client(audit)
    region = one_line(facts.geography.site(audit).region)
    find = one_line(f"{audit.id} {client}").casefold()

    def bar(run: tuple[int, int], label: str, text: str, *, lead: bool = False, travel: bool = False) -> Bar:
        """One bar."""
        start, end = max(run[0], 0), min(run[1], scale.ticks)
        return Bar(
            left=scale.percent(start),
            width=scale.percent(max(0, end - start)),
            kind=audit.type.value,
            travel=travel,
            label=label,
            says=text,
            find=find,
            audit=audit.id,
            region=region,
            lead=lead,
            confirmed=placement.status in {AuditStatus.CONFIRMED, AuditStatus.DONE},
        )

    for way in (seat.out, None, seat.back):
        if way is None:
            continue
        text = phrases.journey(audit, way)
        yield from (bar(run, "", text, travel=True) for run in _runs(scale.tick(slot) for slot in way.slots))
    role = phrases.word(words.role_word(audit, seat.role))
    mine = f"{phrases.name(seat.auditor)} · {role}\n{says}"
    yield from (bar(run, client, mine, lead=seat.role is Role.LEAD) for run in works)


def _lane(facts: Facts, scale: _Scale, auditor: Auditor, bars: Iterable[Bar]) -> Lane:
    """The lane of an auditor."""
    free, leave = facts.free(auditor) >> scale.offset, facts.leave(auditor) >> scale.offset
    ticks = range(scale.ticks)
    return Lane(
        name=one_line(auditor.name) or one_line(auditor.id),
        region=one_line(auditor.region),
        find=one_line(f"{auditor.id} {auditor.name}").casefold(),
        off=_outline(tick for tick in ticks if not (free | leave) >> tick & 1),
        away=_outline(tick for tick in ticks if leave >> tick & 1),
        bars=tuple(sorted(bars, key=lambda bar: (bar.left, not bar.travel))),
    )


def _outline(ticks: Iterable[int]) -> str:
    """Half days as the outline of an SVG path."""
    return "".join(f"M{start} 0h{end - start}v1h-{end - start}z" for start, end in _runs(ticks))


def _months(phrases: Phrases, scale: _Scale) -> Iterator[Mark]:
    """The months over the chart."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, day in enumerate(scale.days):
        found[day.year, day.month].append(at)
    for (year, month), days in found.items():
        label = phrases.say("month", year=year, month=f"{month:02d}")
        yield Mark(left=scale.percent(2 * days[0]), width=scale.percent(2 * len(days)), label=label)


def _days(facts: Facts, scale: _Scale) -> Iterator[Mark]:
    """The days over the chart."""
    calendar = facts.calendars.of(facts.body.settings.country)
    for at, day in enumerate(scale.days):
        yield Mark(
            left=scale.percent(2 * at), width=scale.percent(2), label=str(day.day), off=not calendar.is_working(day)
        )
