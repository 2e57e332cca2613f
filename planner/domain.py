"""The domain objects of a certification body: frozen, typed, free of Excel and of OR-Tools.

References between objects are ids (of auditors, clients, audits, certificates) and region names, always
resolved: whoever builds a `Body` has already turned names and spellings into the ids used here.
`origin` says which row an object came from; it never takes part in comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from auditplan.planner.planned import PlannedAudit as PlannedAudit
from auditplan.planner.planned import Rival as Rival
from auditplan.planner.planned import WrittenPlan as WrittenPlan
from auditplan.planner.problems import Origin
from auditplan.planner.terms import AuditMode as AuditMode
from auditplan.planner.terms import AuditStatus as AuditStatus
from auditplan.planner.terms import AuditType as AuditType
from auditplan.planner.terms import CertificateStatus as CertificateStatus
from auditplan.planner.terms import Complexity as Complexity
from auditplan.planner.terms import Employment as Employment
from auditplan.planner.terms import HolidayKind as HolidayKind
from auditplan.planner.terms import Lock as Lock
from auditplan.planner.terms import Part as Part
from auditplan.planner.terms import Role as Role
from auditplan.planner.terms import RuleKind as RuleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The Settings sheet. Money is in units of `currency`; plan_from and plan_to are inclusive. reminder: hours
    before an event at which its calendar reminds of it; 0: never."""

    plan_from: date
    plan_to: date
    today: date
    organisation: str = ""
    organiser_email: str = ""
    time_zone: str = "Asia/Shanghai"
    country: str = "CN"
    day_starts: time = time(9, 0)
    lunch_starts: time = time(12, 0)
    lunch_ends: time = time(13, 0)
    day_ends: time = time(17, 0)
    currency: str = "CNY"
    language: str = ""
    longest_span: Decimal = Decimal(5)
    across_weekends: bool = False
    freeze_days: int = 14
    cost_per_km: Decimal = Decimal(1)
    night_away: Decimal = Decimal(350)
    cost_per_change: Decimal = Decimal(400)
    full_time_member: bool = False
    reminder: int = 0
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Auditor:
    """A person. working_days: ISO weekdays (1 Monday … 7 Sunday). None: the default of workbook.md."""

    id: str
    name: str
    region: str
    city: str = ""
    email: str = ""
    employment: Employment = Employment.FULL_TIME
    max_days: Decimal | None = None
    max_days_per_week: Decimal = Decimal(5)
    max_nights: int = 10
    target_days: Decimal | None = None
    working_days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    cost_per_day: Decimal = Decimal(0)
    languages: tuple[str, ...] = ()
    active_from: date | None = None
    active_to: date | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """One row of Qualifications; codes ("*",) covers all. Dates are inclusive; None: open."""

    auditor: str
    standard: str
    role: Role
    codes: tuple[str, ...] = ("*",)
    valid_from: date | None = None
    valid_to: date | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row of Regions: a city of a region (the first row of a region is its default place).
    Coordinates in degrees; None: those of the packaged table of cities. country "": that of Settings."""

    region: str
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    country: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelLink:
    """One row of Travel, valid both ways; `start` and `end` are cities or regions. None: computed."""

    start: str
    end: str
    hours: float | None = None
    cost: Decimal | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client. preferred_months: 1–12; avoid_weekdays: ISO weekdays."""

    id: str
    name: str
    region: str
    city: str = ""
    address: str = ""
    contact: str = ""
    email: str = ""
    language: str = ""
    personnel: int | None = None
    sites: int = 1
    preferred_months: frozenset[int] = frozenset()
    avoid_weekdays: frozenset[int] = frozenset()
    holidays_worked: bool = True
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate: the source of surveillance and recertification audits. stars, score: of after-sales service
    (GB/T 27922); score of a hundred."""

    id: str
    client: str
    standards: tuple[str, ...]
    decision_date: date
    expiry_date: date
    codes: tuple[str, ...] = ()
    issue_date: date | None = None
    last_audit: date | None = None
    last_type: AuditType | None = None
    initial_days: Decimal | None = None
    complexity: Complexity | None = None
    stars: int | None = None
    score: Decimal | None = None
    status: CertificateStatus = CertificateStatus.VALID
    profile: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One row of the pipeline. days: person-days of leads and auditors, a multiple of 0.5. region and city
    "": the client's. lead, team, start: fixed beforehand ("" / () / None: open). Dates are inclusive.
    generated: which steps of which certificates the row was made of, and its fingerprint; "" for a typed one.
    computed: whether Days were left blank and worked out."""

    id: str
    client: str
    type: AuditType
    standards: tuple[str, ...]
    days: Decimal
    due: date
    codes: tuple[str, ...] = ()
    smallest_team: int = 1
    largest_team: int = 4
    earliest: date | None = None
    target: date | None = None
    mode: AuditMode = AuditMode.ON_SITE
    region: str = ""
    city: str = ""
    after: str = ""
    gap_from: int = 0
    gap_to: int | None = None
    same_team_as: str = ""
    not_team_of: str = ""
    experts: int = 0
    trainees: int = 0
    priority: int = 3
    unannounced: bool = False
    lead: str = ""
    team: tuple[str, ...] = ()
    start: date | None = None
    status: AuditStatus = AuditStatus.OPEN
    generated: str = ""
    computed: bool = False
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailability:
    """When an auditor or a client is not to be had. Exactly one of auditor and client is set. `until` is
    inclusive; part None: whole days."""

    start: date
    until: date
    auditor: str = ""
    client: str = ""
    part: Part | None = None
    reason: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One day of the Holidays sheet, which overrides the holiday library. country "": that of Settings."""

    day: date
    kind: HolidayKind
    country: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An auditor who must stay away from a client, from `start` (None: always) until `until` inclusive
    (None: for ever). Consultancy (`consultancy` True) with an end bars for two years after it."""

    auditor: str
    client: str
    reason: str = ""
    consultancy: bool = False
    objection: bool = False
    start: date | None = None
    until: date | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """A past audit of a client by a person. standard "": any; role None: not known."""

    client: str
    auditor: str
    day: date
    standard: str = ""
    role: Role | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetting:
    """One row of Rules: what the body changed about a rule. None: the default."""

    rule: str
    on: bool = True
    kind: RuleKind | None = None
    value: Decimal | None = None
    weight: Decimal | None = None
    source: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioChange:
    """One row of Scenarios, as typed; read by the what-if commands."""

    scenario: str
    change: str
    target: str = ""
    value: str = ""
    note: str = ""
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRow:
    """One row of Audit time: days of an initial audit of a scheme (a standard, or QMS, EMS, OHSMS) for so many people,
    inclusive. complexity None: any."""

    scheme: str
    low: int
    high: int
    days: Decimal
    complexity: Complexity | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """One row of Sites: a place of a client. central: the central function, visited every time."""

    client: str
    site: str
    region: str = ""
    city: str = ""
    central: bool = False
    last_audited: date | None = None
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Everything a coordinator keeps about a certification body, in the order of the workbook's rows."""

    settings: Settings
    auditors: tuple[Auditor, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    places: tuple[Place, ...] = ()
    travel: tuple[TravelLink, ...] = ()
    clients: tuple[Client, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    audits: tuple[Audit, ...] = ()
    unavailable: tuple[Unavailability, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    rules: tuple[RuleSetting, ...] = ()
    scenarios: tuple[ScenarioChange, ...] = ()
    previous: tuple[PlannedAudit, ...] = ()
    written: WrittenPlan | None = None
    audit_time: tuple[TimeRow, ...] = ()
    sites: tuple[SiteRow, ...] = ()
