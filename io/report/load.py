"""How busy everybody is, week by week: half days of audits and journeys against half days that there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from auditplan.io.calendars.days import worked_slots
from auditplan.io.calendars.texts import one_line
from auditplan.io.report.phrases import Phrases
from auditplan.io.report.view import Heat, HeatCell, HeatRow
from auditplan.planner.domain import Auditor
from auditplan.planner.facts import Facts, week_start
from auditplan.planner.plan import Plan, Slot

STEPS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares up to which a week has the step of that number; above the last it is one too many."""


@dataclass(slots=True)
class _Taken:
    """Half days of one person, by week."""

    audits: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    travel: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    there: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    nights: int = 0

    def add(self, other: _Taken) -> None:
        """Those of another person too."""
        for own, theirs in ((self.audits, other.audits), (self.travel, other.travel), (self.there, other.there)):
            for week, number in theirs.items():
                own[week] += number
        self.nights += other.nights


def heat_of(facts: Facts, plan: Plan, phrases: Phrases) -> Heat:
    """The load of the planning period; whoever works is somebody's row, and all together the last."""
    settings = facts.body.settings
    weeks = _weeks(settings.plan_from, settings.plan_to)
    taken = _taken(facts, plan)
    targets = _targets(facts, taken)
    whole = _Taken()
    rows = []
    for _, auditor in sorted(enumerate(facts.body.auditors), key=lambda pair: (pair[1].region, pair[0])):
        own = taken[auditor.id]
        _fill(facts, auditor, own, weeks)
        whole.add(own)
        rows.append(_row(phrases, weeks, own, auditor, targets[auditor.id]))
    heads = ("audit-days", "travel-days", "free-days", "use", "target", "nights")
    return Heat(
        weeks=tuple(phrases.say("week", week=week.isocalendar().week, day=f"{week:%m-%d}") for week in weeks),
        heads=tuple(phrases.say(head) for head in heads),
        rows=tuple(rows),
        whole=_row(phrases, weeks, whole, None, sum(targets.values())),
    )


def _weeks(first: date, last: date) -> list[date]:
    """The Mondays of the weeks of a period."""
    monday = week_start(first)
    return [monday + timedelta(days=7 * at) for at in range((last - monday).days // 7 + 1)]


def _taken(facts: Facts, plan: Plan) -> dict[str, _Taken]:
    """What the plan takes of everybody within the period."""
    settings = facts.body.settings
    found: dict[str, _Taken] = defaultdict(_Taken)

    def count(slots: Sequence[Slot], into: dict[date, int]) -> None:
        """Half days by week."""
        for slot in slots:
            if settings.plan_from <= slot.day <= settings.plan_to:
                into[week_start(slot.day)] += 1

    for placement in plan.placements:
        works = worked_slots(facts, facts.lookup.audits[placement.audit], placement)
        for seat in placement.seats:
            own = found[seat.auditor]
            own.nights += seat.nights
            count(works, own.audits)
            for way in (seat.out, seat.back):
                count(way.slots if way is not None else (), own.travel)
    return found


def _targets(facts: Facts, taken: Mapping[str, _Taken]) -> dict[str, float]:
    """Everybody's target in days: the sheet's, else an equal share of each one's capacity (workbook.md, Auditors)."""
    auditors = facts.body.auditors
    there = sum(facts.capacity(auditor) for auditor in auditors)
    share = sum(sum(own.audits.values()) for own in taken.values()) / there if there else 0.0
    return {
        auditor.id: float(auditor.target_days)
        if auditor.target_days is not None
        else round(facts.capacity(auditor) * share) / 2
        for auditor in auditors
    }


def _fill(facts: Facts, auditor: Auditor, own: _Taken, weeks: Sequence[date]) -> None:
    """The half days that a person has."""
    free = facts.free(auditor) & facts.period()
    for week in weeks:
        own.there[week] = (free & facts.timeline.mask(week, week + timedelta(days=6))).bit_count()


def _row(phrases: Phrases, weeks: Sequence[date], own: _Taken, auditor: Auditor | None, target: float) -> HeatRow:
    """A row; of all together without an auditor."""
    audits, travel, there = (sum(one.values()) for one in (own.audits, own.travel, own.there))
    totals = (
        _days(audits),
        _days(travel),
        _days(there),
        f"{(audits + travel) / there:.0%}" if there else "–",
        f"{target:g}",
        str(own.nights),
    )
    name = (one_line(auditor.name) or one_line(auditor.id)) if auditor is not None else phrases.say("everybody")
    return HeatRow(
        name=name,
        region=one_line(auditor.region) if auditor is not None else "",
        find=one_line(f"{auditor.id} {auditor.name}").casefold() if auditor is not None else "",
        cells=tuple(_cell(phrases, name, week, own) for week in weeks),
        totals=totals,
    )


def _cell(phrases: Phrases, name: str, week: date, own: _Taken) -> HeatCell:
    """A week."""
    audits, travel, there = own.audits[week], own.travel[week], own.there[week]
    says = phrases.say(
        "load-says", name=name, week=week.isoformat(), audits=_days(audits), travel=_days(travel), there=_days(there)
    )
    if not there:
        return HeatCell(text="–" if not audits + travel else "!", step=6 if audits + travel else 0, says=says)
    share = (audits + travel) / there
    step = next((at for at, most in enumerate(STEPS) if share <= most), len(STEPS))
    return HeatCell(text=f"{100 * share:.0f}" if share else "", step=step, says=says)


def _days(slots: int) -> str:
    """Half days as days."""
    return f"{slots / 2:g}"
