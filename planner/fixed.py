"""What is fixed of an audit before planning: by its own row, by locks and by what the coordinator typed over the plan,
by its status, by an invitation, and by the freeze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from auditplan.planner.domain import Audit, AuditStatus, Lock, Part, PlannedAudit, Settings
from auditplan.planner.plan import Slot

FIRM = frozenset({AuditStatus.CONFIRMED, AuditStatus.DONE})
"""The statuses of what does not move by itself."""
NOTHING = Lock(0)
"""No part at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The part of an audit that is decided beforehand. half_open: either half of the day. team: the
    members who must be there; exact: nobody else may be (trainees and experts named in `experts` and
    `trainees` besides)."""

    day: Slot | None = None
    half_open: bool = True
    end: Slot | None = None
    lead: str = ""
    team: tuple[str, ...] = ()
    experts: tuple[str, ...] | None = None
    trainees: tuple[str, ...] | None = None
    exact: bool = False
    from_schedule: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left to decide."""
        return self.day is not None and bool(self.lead) and self.exact

    @property
    def anything(self) -> bool:
        """Whether anything is fixed at all."""
        return self.day is not None or bool(self.lead) or bool(self.team)


def fixed_of(audit: Audit, previous: PlannedAudit | None, settings: Settings) -> Fixed:
    """What is fixed of an audit: the Schedule row where it is kept in part or whole, else the audit's own row."""
    if previous is not None:
        kept = kept_part(previous, settings)
        if kept:
            return _from_schedule(audit, previous, kept)
    day = None if audit.start is None else Slot(audit.start, afternoon=False)
    firm = audit.status in FIRM
    exact = firm and bool(audit.lead) and audit.start is not None
    return Fixed(day=day, lead=audit.lead, team=audit.team, exact=exact or (firm and bool(audit.team)))


def kept_part(previous: PlannedAudit, settings: Settings) -> Lock:
    """Which part of a Schedule row is kept: what is locked, what the coordinator typed, and all of a row that does not
    move by itself, unless the coordinator typed another date into it."""
    asked = (previous.lock or NOTHING) | (previous.typed or NOTHING)
    return asked if Lock.DATE in (previous.typed or NOTHING) or not stays(previous, settings) else Lock.ALL


def stays(previous: PlannedAudit, settings: Settings) -> bool:
    """Whether a row of the plan before does not move by itself: it is confirmed or done, somebody was invited to it, or
    it is frozen."""
    return previous.status in FIRM or previous.invited or frozen(previous, settings)


def frozen(previous: PlannedAudit, settings: Settings) -> bool:
    """Whether a row of the plan before starts within the freeze, or in the past."""
    return previous.start < settings.today + timedelta(days=settings.freeze_days)


def _from_schedule(audit: Audit, previous: PlannedAudit, kept: Lock) -> Fixed:
    """The kept part of a Schedule row, with what the audit's own row fixes besides."""
    if kept == Lock.ALL:
        return whole_row(previous)
    dated, led, manned = (part in kept for part in (Lock.DATE, Lock.LEAD, Lock.TEAM))
    own_day = None if audit.start is None else Slot(audit.start, afternoon=False)
    return Fixed(
        day=Slot(previous.start, previous.start_part is Part.PM) if dated else own_day,
        half_open=not dated,
        lead=(previous.lead if led else "") or audit.lead,
        team=previous.team if manned else audit.team,
        experts=previous.experts if manned else None,
        trainees=previous.trainees if manned else None,
        exact=manned,
        from_schedule=True,
    )


def whole_row(row: PlannedAudit) -> Fixed:
    """Everything that a Schedule row says, fixed."""
    return Fixed(
        day=Slot(row.start, row.start_part is Part.PM),
        half_open=False,
        end=Slot(row.end, row.end_part is Part.PM) if row.ended else None,
        lead=row.lead,
        team=row.team,
        experts=row.experts,
        trainees=row.trainees,
        exact=True,
        from_schedule=True,
    )
