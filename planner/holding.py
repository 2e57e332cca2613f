"""What holds an audit where it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from auditplan.planner.domain import Audit, AuditStatus, Lock, PlannedAudit, Settings
from auditplan.planner.fixed import frozen
from auditplan.planner.problems import Origin


class HeldBy(Enum):
    """What holds an audit where it is, or a breach of a rule in a plan."""

    LOCK = "lock"
    TYPED = "typed"
    DONE = "done"
    CONFIRMED = "confirmed"
    INVITED = "invited"
    FREEZE = "freeze"
    OWN_ROW = "own row"
    SOFT_RULE = "soft rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What holds an audit, and the cell where that stands. lock: the parts that are locked, for HeldBy.LOCK."""

    by: HeldBy
    lock: Lock | None = None
    origin: Origin | None
    field: str

    @property
    def code(self) -> str:
        """Its kind as part of a message's code."""
        return self.by.value.replace(" ", "-")


def held_by(settings: Settings, audit: Audit, row: PlannedAudit | None, status: AuditStatus) -> Held:
    """What holds an audit: a lock before all else, since it was set for it, then what was typed over. row: of the plan
    before; status: of the placement."""
    if row is not None and row.lock:
        return Held(by=HeldBy.LOCK, lock=row.lock, origin=row.origin, field="lock")
    if row is not None and row.typed == Lock.ALL:
        return Held(by=HeldBy.TYPED, origin=row.origin, field="start")
    for one, by in ((AuditStatus.DONE, HeldBy.DONE), (AuditStatus.CONFIRMED, HeldBy.CONFIRMED)):
        if one in {status, audit.status}:
            origin = audit.origin if row is None or row.origin is None else row.origin
            return Held(by=by, origin=origin, field="status")
    if row is not None and row.invited:
        return Held(by=HeldBy.INVITED, origin=row.origin, field="start")
    if row is not None and frozen(row, settings):
        return Held(by=HeldBy.FREEZE, origin=settings.origin, field="freeze_days")
    return Held(by=HeldBy.OWN_ROW, origin=audit.origin, field="status")
