"""A person as the solver sees them: calendar, what firm audits take, ceilings, rate and target."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property

from auditplan.planner.domain import Audit, Auditor
from auditplan.planner.facts import Facts, week_start
from auditplan.planner.firm import Firm
from auditplan.planner.travel import slot_rate
from auditplan.planner.trips import Booked, anchor_of, booked, by_person
from auditplan.solver import problem as scheduling


class Persons:
    """Makes resources of auditors, given the firm audits and those to be decided."""

    def __init__(
        self,
        facts: Facts,
        firm: dict[str, Firm],
        audits: tuple[Audit, ...],
        number_of: Callable[[Audit], int | None],
    ) -> None:
        """Keeps what to look at. number_of: the number of the place that people travel to for an audit."""
        self._facts, self._firm, self._audits, self._number_of = facts, firm, audits, number_of
        self._booked: dict[str, Booked] = {}
        self._firm_of = by_person(firm)
        self._settings, self._rules = facts.body.settings, facts.rules

    def resource(self, auditor: Auditor, home: int) -> scheduling.Resource:
        """A person, with what firm audits take of their time."""
        facts = self._facts
        own = self.booked(auditor)
        worked = own.worked
        capacity = facts.capacity(auditor)
        target = self._target(auditor, capacity)
        weight = self._rules.weight("balance")
        return scheduling.Resource(
            free=facts.free(auditor),
            grid=facts.grid(auditor),
            home=home,
            busy=own.busy,
            anchors=tuple(anchor_of(facts, firm, self._place(firm, home)) for firm in own.together),
            rate=slot_rate(auditor),
            most_nights=auditor.max_nights if self._rules.on("ceilings") else None,
            ceilings=self._ceilings(auditor, worked) if self._rules.on("ceilings") else (),
            target=target - (worked & facts.period()).bit_count(),
            deviation=max(1, round(weight * 100 / capacity)) if capacity else 0,
        )

    def booked(self, auditor: Auditor) -> Booked:
        """What firm audits take of a person's time."""
        if auditor.id not in self._booked:
            self._booked[auditor.id] = booked(self._facts, auditor, self._firm_of.get(auditor.id, ()))
        return self._booked[auditor.id]

    def _place(self, firm: Firm, home: int) -> int:
        """The number of a firm audit's site; that of the home of who works on it without a journey."""
        place = self._number_of(firm.audit)
        return home if place is None else place

    def _target(self, auditor: Auditor, capacity: int) -> int:
        """A person's target in slots: their own, else an equal share of each one's capacity."""
        if auditor.target_days is not None:
            return round(auditor.target_days * 2)
        return round(capacity * self._load)

    @cached_property
    def _load(self) -> float:
        """Slots needed as a share of everybody's capacity, at most all of it."""
        total = sum(self._facts.capacity(other) for other in self._facts.body.auditors)
        needed = sum(int(2 * audit.days) for audit in self._audits)
        needed += sum(int(2 * firm.audit.days) for firm in self._firm.values())
        return min(1.0, needed / total) if total else 0.0

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
