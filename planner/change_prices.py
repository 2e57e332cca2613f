"""Level 3: what a change to the plan before costs (planning.md, Better)."""

from __future__ import annotations

from decimal import Decimal

from auditplan.planner.domain import AuditStatus, PlannedAudit, Role, Settings
from auditplan.planner.fixed import FIRM
from auditplan.planner.plan import Slot
from auditplan.planner.rulebook import RuleBook


class ChangePrices:
    """The prices of changing one row of the plan before, in points: a price for moving the audit and for each day that
    it moves, and for each person swapped; more once it is proposed, most once it is confirmed or invited to."""

    def __init__(self, row: PlannedAudit, rules: RuleBook, settings: Settings) -> None:
        """Works out the row's own prices."""
        self._row = row
        if row.status in FIRM or row.invited:
            factor = rules.weight("confirmed")
        else:
            factor = rules.weight("proposed") if row.status is AuditStatus.PROPOSED else Decimal(1)
        default = settings.cost_per_change
        self._moved = factor * rules.weight("moved", default)
        self._moved_day = factor * rules.weight("moved day")
        self._swapped = factor * rules.weight("swapped", default)
        self._before = {
            Role.LEAD: (row.lead,) if row.lead else (),
            Role.AUDITOR: tuple(person for person in row.team if person != row.lead),
            Role.EXPERT: row.experts,
            Role.TRAINEE: row.trainees,
        }
        self._known = {person for team in self._before.values() for person in team}

    @property
    def dropped(self) -> int:
        """The audit is left out."""
        return round(self._moved)

    def moving(self, start: Slot) -> int:
        """The audit starts at another time."""
        if start.day == self._row.start and start.part is self._row.start_part:
            return 0
        return round(self._moved + self._moved_day * abs((start.day - self._row.start).days))

    def shrinking(self, size: int) -> int:
        """A team of so many leads and auditors: people who go and for whom nobody comes."""
        gone = len(self._before[Role.LEAD]) + len(self._before[Role.AUDITOR]) - size
        return round(self._swapped * max(0, gone))

    def seating(self, person: str, role: Role) -> int:
        """A person takes a seat: nothing where they had it, half for one who was in the team in another. Trainees are
        counted apart, since their seats may stay empty: half for one who goes (in `idle`), half for one who comes."""
        if person in self._before[role]:
            return -round(self._swapped / 2) if role is Role.TRAINEE else 0
        known = role is Role.TRAINEE or person in self._known
        return round(self._swapped / 2 if known else self._swapped)

    @property
    def idle(self) -> int:
        """What is charged in advance for the trainees of the plan before, and given back for each who stays."""
        return round(self._swapped / 2) * len(self._before[Role.TRAINEE])
