"""Person-days needed against person-days available, by month, standard, code, region and role.

An audit's days are spread over the months of its window by the days on which its client is open. People count in every
row that they are qualified for: a row by itself says whether it can be served, not whether all rows can at once (that
is what bottlenecks are for).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from auditplan.planner.compile import Compiler
from auditplan.planner.domain import Audit, Auditor, AuditType, Body, Role
from auditplan.planner.facts import Facts, week_start
from auditplan.planner.scenarios.selection import CLOSED, region_of
from auditplan.planner.windows import open_sizes

EVERYWHERE = ""
"""As a region: all of them together."""
_SERVES = {
    Role.LEAD: (Role.LEAD,),
    Role.AUDITOR: (Role.LEAD, Role.AUDITOR),
    Role.EXPERT: (Role.EXPERT,),
    Role.TRAINEE: (Role.TRAINEE,),
    Role.DECISION: (Role.DECISION,),
}
"""By which roles of a qualification each role is served."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Row:
    """What a figure is about. code "": audits without codes; region "": everywhere. Needed is counted where the site
    is, available where people live."""

    standard: str
    code: str
    region: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Person-days by row and month (its first day), and in all by month: work of leads and auditors (decisions too)
    against what the people who do such work can give, each counted once."""

    months: tuple[date, ...]
    needed: dict[Row, tuple[float, ...]]
    available: dict[Row, tuple[float, ...]]
    needed_all: tuple[float, ...]
    available_all: tuple[float, ...]


def load_of(body: Body) -> Load:
    """The load of a body over its planning period."""
    facts = Facts(body)
    months = tuple(_months(body))
    needed: dict[Row, list[float]] = defaultdict(lambda: [0.0] * len(months))
    total = [0.0] * len(months)
    regions = region_of(body)
    outside = set(Compiler(facts).outside)
    for audit in body.audits:
        if audit.status in CLOSED or audit.id in outside:
            continue
        shares = _shares(facts, audit, months)
        for number, share in enumerate(shares):
            total[number] += float(audit.days) * share
        for role, days in _roles(audit, body).items():
            for row in _rows(audit, regions[audit.id], role):
                needed[row] = [have + days * share for have, share in zip(needed[row], shares, strict=True)]
    ordered = {row: tuple(needed[row]) for row in sorted(needed)}
    people = _People(facts, months)
    return Load(
        months=months,
        needed=ordered,
        available={row: people.available(row) for row in ordered},
        needed_all=tuple(total),
        available_all=people.all(),
    )


def _months(body: Body) -> Iterator[date]:
    """The first days of the months that the period touches."""
    day = body.settings.plan_from.replace(day=1)
    while day <= body.settings.plan_to:
        yield day
        day = (day + timedelta(days=31)).replace(day=1)


def _shares(facts: Facts, audit: Audit, months: tuple[date, ...]) -> list[float]:
    """How an audit's work is spread over the months: all in that of a start that is fixed, else by open days."""
    settings = facts.body.settings
    if audit.start is not None:
        return [float((month.year, month.month) == (audit.start.year, audit.start.month)) for month in months]
    first = max(audit.earliest or settings.plan_from, settings.plan_from)
    last = max(min(audit.due, settings.plan_to), first)
    mask = facts.open(audit) & facts.timeline.mask(first, last) or facts.timeline.mask(first, last)
    counts = [(mask & _mask(facts, month)).bit_count() for month in months]
    return [count / max(1, sum(counts)) for count in counts]


def _mask(facts: Facts, month: date) -> int:
    """The ticks of a month within the period."""
    end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return facts.timeline.mask(month, end) & facts.period()


def _roles(audit: Audit, body: Body) -> dict[Role, float]:
    """Person-days of each role, with the smallest team whose span is not too long."""
    days = float(audit.days)
    if audit.type is AuditType.DECISION:
        return {Role.DECISION: days}
    size = min(open_sizes(audit, body.settings), default=audit.largest_team)
    span = days / size
    found = {Role.LEAD: span, Role.AUDITOR: days - span, Role.EXPERT: audit.experts * span}
    found[Role.TRAINEE] = audit.trainees * span
    return {role: amount for role, amount in found.items() if amount}


def _rows(audit: Audit, region: str, role: Role) -> Iterator[Row]:
    """The rows that an audit's work counts in: every standard and code, at its region and everywhere. A lead is only
    needed for the first standard."""
    for standard in audit.standards[:1] if role is Role.LEAD else audit.standards:
        for code in audit.codes or ("",):
            for place in dict.fromkeys((region, EVERYWHERE)):
                yield Row(standard=standard, code=code, region=place, role=role.value)


class _People:
    """What people can give by month."""

    def __init__(self, facts: Facts, months: tuple[date, ...]) -> None:
        """Nothing is computed yet."""
        self._facts, self._months = facts, months
        self._given: dict[tuple[str, int], tuple[float, ...]] = {}

    def available(self, row: Row) -> tuple[float, ...]:
        """The days of those who could serve a row."""
        roles = _SERVES[Role(row.role)]
        total = [0.0] * len(self._months)
        for auditor in self._facts.body.auditors:
            if row.region not in {EVERYWHERE, auditor.region}:
                continue
            periods = self._facts.qualifications.holding_periods(auditor.id, row.standard, roles, row.code or None)
            if periods:
                given = self._days(auditor, self._facts.timeline.masks(periods))
                total = [have + more for have, more in zip(total, given, strict=True)]
        return tuple(total)

    def all(self) -> tuple[float, ...]:
        """The days of everyone who leads, audits or decides."""
        roles = {Role.LEAD, Role.AUDITOR, Role.DECISION}
        working = {row.auditor for row in self._facts.body.qualifications if row.role in roles}
        given = [self._days(auditor, -1) for auditor in self._facts.body.auditors if auditor.id in working]
        return tuple(sum(days) for days in zip(*given, strict=True)) if given else (0.0,) * len(self._months)

    def _days(self, auditor: Auditor, held: int) -> tuple[float, ...]:
        """A person's days by month within `held`, under their weekly ceiling; a ceiling of the whole period takes the
        same share of every month."""
        key = (auditor.id, held)
        if key not in self._given:
            facts = self._facts
            free = facts.free(auditor) & held & facts.period()
            cap = facts.capacity(auditor) / max(1, (facts.free(auditor) & facts.period()).bit_count())
            weekly = int(auditor.max_days_per_week * 2)
            kept = tuple(cap * self._within_weeks(free & _mask(facts, month), weekly) / 2 for month in self._months)
            self._given[key] = kept
        return self._given[key]

    def _within_weeks(self, free: int, weekly: int) -> int:
        """Slots of a mask, at most `weekly` of each ISO week."""
        settings, total = self._facts.body.settings, 0
        monday = week_start(settings.plan_from)
        while monday <= settings.plan_to:
            week = self._facts.timeline.mask(monday, monday + timedelta(days=6))
            total += min(weekly, (free & week).bit_count())
            monday += timedelta(days=7)
        return total
