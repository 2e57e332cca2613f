"""The plan before as it is read back from a book, and what the planner remembers of having written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from auditplan.planner.problems import Origin
from auditplan.planner.terms import AuditStatus, Lock, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAudit:
    """One row of a Schedule sheet read back: the plan before, with the coordinator's changes to it.

    typed: what the coordinator wrote over of what the planner had written; None: nothing. ended: whether `end` holds;
    else it follows from start and team. invited: whether anybody was told of it by an invitation."""

    audit: str
    start: date
    start_part: Part
    end: date
    end_part: Part
    lead: str
    team: tuple[str, ...] = ()
    experts: tuple[str, ...] = ()
    trainees: tuple[str, ...] = ()
    status: AuditStatus = AuditStatus.PROPOSED
    lock: Lock | None = None
    typed: Lock | None = None
    ended: bool = True
    invited: bool = False
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """The next best team that an audit could have had on its dates, the lead first, with all else standing as it did
    when the audit got its place; no people: there was none. more: what it would have cost more on each level (negative:
    less); money in hundredths of the currency."""

    audit: str
    people: tuple[str, ...] = ()
    more: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPlan:
    """What the planner itself wrote into a book the last time: its rows of Schedule, the audits that it left out, a
    mark of every audit's own row as it was then (by id), one of the whole input, the proven bound of each level, and
    next best teams."""

    rows: tuple[PlannedAudit, ...] = ()
    left_out: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    inputs: str = ""
    bounds: tuple[int, ...] = ()
    rivals: tuple[Rival, ...] = ()
