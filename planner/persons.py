"""A person as the solver sees them: calendar, what firm audits take, ceilings, rate and target."""

from __future__ import annotations

from datetime import date

from auditplan.planner.domain import Audit, Auditor
from auditplan.planner.facts import Facts, week_start
from auditplan.planner.firm import Firm
from auditplan.planner.plan import Seat, Slot
from auditplan.planner.travel import slot_rate
from auditplan.solver import problem as scheduling


class Persons:
    """Makes resources of auditors, given the firm audits and those to be decided."""

    def __init__(self, facts: Facts, firm: dict[str, Firm], audits: tuple[Audit, ...]) -> None:
        """Keeps what to look at."""
        self._facts, self._firm, self._audits = facts, firm, audits
        self._settings, self._rules = facts.body.settings, facts.rules

    def resource(self, auditor: Auditor, home: int) -> scheduling.Resource:
        """A person, with what firm audits take of their time."""
        facts, timeline = self._facts, self._facts.timeline
        busy = worked = 0
        for firm in self._firm.values():
            for seat in firm.placement.seats:
                if seat.auditor == auditor.id:
                    worked |= timeline.mask_of_slots(firm.slots)
                    busy |= timeline.hull(*hull_of(firm.placement.start, firm.placement.end, seat))
        capacity = facts.capacity(auditor)
        target = self._target(auditor, capacity)
        weight = self._rules.weight("balance")
        return scheduling.Resource(
            free=facts.free(auditor),
            grid=facts.grid(auditor),
            home=home,
            busy=busy,
            rate=slot_rate(auditor),
            most_nights=auditor.max_nights if self._rules.on("ceilings") else None,
            ceilings=self._ceilings(auditor, worked) if self._rules.on("ceilings") else (),
            target=target - (worked & facts.period()).bit_count(),
            deviation=max(1, round(weight * 100 / capacity)) if capacity else 0,
        )

    def _target(self, auditor: Auditor, capacity: int) -> int:
        """A person's target in slots: their own, else an equal share of each one's capacity."""
        if auditor.target_days is not None:
            return round(auditor.target_days * 2)
        total = sum(self._facts.capacity(other) for other in self._facts.body.auditors)
        needed = sum(int(2 * audit.days) for audit in self._audits)
        needed += sum(int(2 * firm.audit.days) for firm in self._firm.values())
        return round(capacity * min(1.0, needed / total)) if total else 0

    def _ceilings(self, auditor: Auditor, worked: int) -> tuple[scheduling.Ceiling, ...]:
        """ceilings: days in the period and in each ISO week, less what firm audits take."""
        timeline, period = self._facts.timeline, self._facts.period()
        found = []
        if auditor.max_days is not None:
            most = int(auditor.max_days * 2) - (worked & period).bit_count()
            found.append(scheduling.Ceiling(period, max(0, most)))
        weekly = int(auditor.max_days_per_week * 2)
        monday = week_start(self._settings.plan_from)
        while monday <= self._settings.plan_to:
            mask = timeline.mask(monday, date.fromordinal(monday.toordinal() + 6))
            if (mask & self._facts.free(auditor)).bit_count() > weekly:
                found.append(scheduling.Ceiling(mask, max(0, weekly - (worked & mask).bit_count())))
            monday = date.fromordinal(monday.toordinal() + 7)
        return tuple(found)


def hull_of(start: Slot, end: Slot, seat: Seat) -> tuple[Slot, Slot]:
    """From a person's first slot to the last, journeys included."""
    first = seat.out.slots[0] if seat.out and seat.out.slots else start
    last = seat.back.slots[-1] if seat.back and seat.back.slots else end
    return first, last
