"""What is fixed of an audit before planning: by its own row, by locks, by its status and by the freeze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from auditplan.planner.domain import Audit, AuditStatus, Lock, Part, PlannedAudit, Settings
from auditplan.planner.plan import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """The part of an audit that is decided beforehand. afternoon None: either half of the day. team: the
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
    """What is fixed of an audit: the Schedule row where it locks a part, else the audit's own row.

    A confirmed or done audit, and one that starts sooner than the freeze, is kept as a whole."""
    if previous is not None:
        kept = _kept(previous, settings)
        if kept is not None:
            return _from_schedule(audit, previous, kept)
    day = None if audit.start is None else Slot(audit.start, afternoon=False)
    firm = audit.status in {AuditStatus.CONFIRMED, AuditStatus.DONE}
    exact = firm and bool(audit.lead) and audit.start is not None
    return Fixed(day=day, lead=audit.lead, team=audit.team, exact=exact or (firm and bool(audit.team)))


def _kept(previous: PlannedAudit, settings: Settings) -> Lock | None:
    """Which part of a Schedule row is kept."""
    firm = previous.status in {AuditStatus.CONFIRMED, AuditStatus.DONE}
    frozen = previous.start < settings.today + timedelta(days=settings.freeze_days)
    return Lock.ALL if firm or frozen else previous.lock


def _from_schedule(audit: Audit, previous: PlannedAudit, kept: Lock) -> Fixed:
    """The kept part of a Schedule row, with what the audit's own row fixes besides."""
    if kept is Lock.ALL:
        return whole_row(previous)
    start = Slot(previous.start, previous.start_part is Part.PM)
    day = None if audit.start is None else Slot(audit.start, afternoon=False)
    if kept is Lock.DATE:
        return Fixed(day=start, half_open=False, lead=audit.lead, team=audit.team, from_schedule=True)
    if kept is Lock.LEAD:
        return Fixed(day=day, lead=previous.lead, team=audit.team, from_schedule=True)
    return Fixed(
        day=day,
        lead=audit.lead,
        team=previous.team,
        experts=previous.experts,
        trainees=previous.trainees,
        exact=True,
        from_schedule=True,
    )


def whole_row(row: PlannedAudit) -> Fixed:
    """Everything that a Schedule row says, fixed."""
    return Fixed(
        day=Slot(row.start, row.start_part is Part.PM),
        half_open=False,
        end=Slot(row.end, row.end_part is Part.PM),
        lead=row.lead,
        team=row.team,
        experts=row.experts,
        trainees=row.trainees,
        exact=True,
        from_schedule=True,
    )
