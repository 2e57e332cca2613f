"""The changes that a scenario is made of: frozen values, one class for each row of the table in the README."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from auditplan.planner.domain import Role, RuleKind
from auditplan.planner.problems import Origin
from auditplan.planner.scenarios.selection import EVERYTHING, Filter


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAuditors:
    """`number` people more: like one there is, with all their qualifications, or of a region, each with the
    qualifications that most people of the region hold. Exactly one of `like` and `region` is set."""

    number: int
    like: str = ""
    region: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAuditor:
    """A person leaves: `since` is the first day without them; None: they are gone before the period begins."""

    auditor: str
    since: date | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddQualification:
    """A person is qualified for more."""

    auditor: str
    standard: str
    codes: tuple[str, ...]
    role: Role
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person is away from `start` to `until`, inclusive."""

    auditor: str
    start: date
    until: date
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """So many per cent more audits (fewer if negative). Chains of audits come and go as a whole."""

    percent: float
    audits: Filter = EVERYTHING
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WidenWindows:
    """Earliest so many days earlier and Due as many later (the other way round if negative)."""

    days: int
    audits: Filter = EVERYTHING
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteShare:
    """So many per cent of the audits are remote; desk work does not count."""

    percent: float
    audits: Filter = EVERYTHING
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSize:
    """Smallest and largest team of leads and auditors."""

    smallest: int
    largest: int
    audits: Filter = EVERYTHING
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A rule on or off, soft or hard, or with another number. None: as it is."""

    rule: str
    on: bool | None = None
    kind: RuleKind | None = None
    number: Decimal | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPeriod:
    """Another planning period, inclusive."""

    start: date
    end: date
    origin: Origin | None = field(default=None, compare=False)


Change = (
    AddAuditors
    | RemoveAuditor
    | AddQualification
    | Absence
    | Demand
    | WidenWindows
    | RemoteShare
    | TeamSize
    | RuleChange
    | NewPeriod
)

ORDER: tuple[type[Change], ...] = (
    NewPeriod,
    RuleChange,
    WidenWindows,
    RemoteShare,
    TeamSize,
    Demand,
    AddAuditors,
    AddQualification,
    Absence,
    RemoveAuditor,
)
"""The order in which the changes of a scenario are applied, whatever the order of its rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named list of changes."""

    name: str
    changes: tuple[Change, ...] = ()
