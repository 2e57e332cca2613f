"""What explanations answer: codes with parameters and cells, never texts. Money is in hundredths of the currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from auditplan.planner.capacity.bottlenecks import Bottleneck
from auditplan.planner.domain import Role
from auditplan.planner.explanations.changes import BodyChange, Edit
from auditplan.planner.plan import Placement, Reason


class State(Enum):
    """How an audit stands in the plan."""

    PLACED = "placed"
    UNPLACED = "unplaced"
    OUTSIDE = "outside"
    """Its window lies after the period: there is nothing to plan yet."""
    CLOSED = "closed"
    """Done or cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another way to place an audit. more: what it costs more than the plan on each level (negative: less). moved:
    other audits that would move; lost: others that would be left out. proven: no way of this kind is better."""

    placement: Placement
    more: tuple[int, ...]
    proven: bool
    moved: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An audit with a person, a date to start on, or both. None: not asked about."""

    audit: str
    auditor: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The answer to why a choice was not made. against: every rule that stands against it whatever else is planned;
    empty exactly where the choice is possible (possible None: not decided within the effort). given: what stands
    against it in the plan as it is. cost: the best plan with the choice, where one was found. chosen: the plan has it
    so already."""

    question: Question
    against: tuple[Reason, ...]
    given: tuple[Reason, ...]
    possible: bool | None
    cost: Alternative | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A single change that would place an audit, as an exact re-solve has shown. code, parameters: its text; sheet,
    cell: where it is made. gain: points of the first level less than now. proven: besides, no other audit left out
    could take its place instead: either none of them finds room beside the plan as it stands, or no plan of the changed
    book that leaves this audit out is as good on the first level. moved: audits that have to move for it, as
    they do in a plan made anew (`improve`). places: this audit, and those placed with it. size: how big a change it is.
    edits: the same in the book."""

    code: str
    parameters: tuple[tuple[str, str], ...]
    change: BodyChange
    gain: int
    proven: bool
    size: float
    placement: Placement | None = None
    moved: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person for a role of an audit. against: the rules against it whatever else is planned; given: what stands
    against it in the plan as it is; both empty: free to be chosen. more: what the best plan with them in this role
    costs more than the plan, all else standing, on each level; None: impossible or not looked for."""

    auditor: str
    role: Role
    against: tuple[Reason, ...] = ()
    given: tuple[Reason, ...] = ()
    more: tuple[int, ...] | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateChoice:
    """A day to start on, with the cheapest team then, all else standing. best None: nobody can then; why: what stands
    against it."""

    day: date
    best: Alternative | None
    against: tuple[Reason, ...] = ()
    given: tuple[Reason, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An audit explained. reasons: why it is where it is, or why it is left out. other_team, other_day: the next best
    choices, all else standing."""

    audit: str
    state: State
    reasons: tuple[Reason, ...]
    placement: Placement | None = None
    other_team: Alternative | None = None
    other_day: Alternative | None = None
    fixes: tuple[Fix, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    dates: tuple[DateChoice, ...] = ()
    why_not: WhyNot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scarce:
    """What few hold and audits need. code "" with leading: who can lead for the standard; region set: only who lives
    in the region of the sites is counted. holders one: a single point of failure. audits: of the period that need it,
    with their person-days; sheet, cell: the row by which the first holder holds it."""

    standard: str
    code: str
    leading: bool
    holders: tuple[str, ...]
    audits: tuple[str, ...]
    days: float
    region: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that is left out, explained, and where the body is weak. skipped: audits left out whose fixes were not looked
    for, since the effort was spent."""

    unplaced: tuple[Explained, ...]
    bottlenecks: tuple[Bottleneck, ...]
    scarce: tuple[Scarce, ...]
    skipped: tuple[str, ...] = ()
