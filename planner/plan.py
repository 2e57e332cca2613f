"""A plan: which audits are placed when with whom, which are left out and why, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from auditplan.planner.domain import AuditStatus, Part, Role


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """Half a day; ordered by time."""

    day: date
    afternoon: bool

    @property
    def part(self) -> Part:
        """The half of the day."""
        return Part.PM if self.afternoon else Part.AM


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A person's way from one place to another. slots: the half days it takes (none for up to 1.5 hours).
    cost in hundredths of the currency."""

    origin: str
    destination: str
    hours: float
    slots: tuple[Slot, ...]
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One person in a team. covers: the (standard, code) pairs that the person covers, code "" for a
    standard as such. travel_cost: journeys and nights in hundredths of the currency. out and back are None
    where no journey is needed."""

    auditor: str
    role: Role
    covers: tuple[tuple[str, str], ...] = ()
    out: Journey | None = None
    back: Journey | None = None
    nights: int = 0
    travel_cost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A placed audit: first and last slot (inclusive) and the team, lead first, then auditors, experts and
    trainees, each in the order of the Auditors sheet. overrides: ids of hard rules that a choice of the
    coordinator breaks. fee: day rates in hundredths of the currency."""

    audit: str
    start: Slot
    end: Slot
    seats: tuple[Seat, ...]
    status: AuditStatus = AuditStatus.PROPOSED
    overrides: tuple[str, ...] = ()
    fee: int = 0

    @property
    def lead(self) -> str:
        """The lead's id; "" for a team without one."""
        return next((seat.auditor for seat in self.seats if seat.role is Role.LEAD), "")

    @property
    def travel_cost(self) -> int:
        """Journeys and nights of the team, in hundredths of the currency."""
        return sum(seat.travel_cost for seat in self.seats)

    def people(self, role: Role) -> tuple[str, ...]:
        """The people in a role."""
        return tuple(seat.auditor for seat in self.seats if seat.role is role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something cannot be: the rule that stands against it, and the cell that causes it.

    code: key of the text in the message catalogues ("reason-…"), with its parameters. audit: another audit that it is
    about."""

    rule: str
    code: str
    parameters: tuple[tuple[str, str], ...] = ()
    auditor: str = ""
    audit: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """An audit left out. never: nobody could have served it, whatever else is planned. consequence: its
    weight on the first level; consequence_code: key of the text of what follows, consequence_days: the dates in it."""

    audit: str
    reasons: tuple[Reason, ...]
    never: bool
    consequence: int
    consequence_code: str
    consequence_days: tuple[tuple[str, date], ...] = ()


LEVELS = ("left_out", "lateness", "changes", "money", "balance")
"""The levels of the objective, most important first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The figure of one level and its proven lower bound. Level `money` is in hundredths of the currency,
    the others in points. `gap` is relative: on the first level to the total consequence of all audits, on
    the others to the value."""

    name: str
    value: int
    bound: int
    gap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A finished plan. placements are ordered by start, then by the order of the Audits sheet; outside:
    audits whose window lies wholly after the period (nothing to plan yet)."""

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    outside: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    optimal: bool = False
    seed: int = 0
    effort: float = 0.0
    seconds: tuple[tuple[str, float], ...] = ()
    verified: bool = False
    checks: tuple[tuple[str, int], ...] = ()
    """Rule id → number of checks that the verifier made."""

    @property
    def gap(self) -> float:
        """The gap of the first level that is not proven optimal; 0 when all are."""
        return next((level.gap for level in self.levels if level.bound < level.value), 0.0)
