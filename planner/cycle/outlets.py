"""Visits to the sampled sites of a client: rows beside the visit to the central function (IAF MD 1).

Each site is an audit of its own in the same window: the planner sends one team from site to site or several at once,
whichever is better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import floor

from auditplan.planner.cycle.mark import marked, read_mark, refreshed
from auditplan.planner.domain import Audit, AuditStatus, Body, Settings, SiteRow
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.rulebook import RuleBook
from auditplan.planner.sampling import FACTORS, Sample, draw, sample_size

VISIT = "~V:"
"""How the marks of such rows begin; the id of the audit that they belong to follows."""
AT = "@"
"""Between the id of a visit and the name of the site in the id of such a row."""
HALF = Decimal("0.5")
LATE = 2
"""Priority of a site that is late."""


class Outlets:
    """The sites of a body's clients."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Sorts the rows by client; a site seen since, by a row that is done, counts as seen then."""
        self._rows: dict[str, list[SiteRow]] = defaultdict(list)
        seen = _seen(body)
        for row in body.sites:
            days = [day for day in (row.last_audited, seen.get((row.client, row.site))) if day is not None]
            self._rows[row.client].append(replace(row, last_audited=max(days, default=None)))
        self._sampling = rules.on("sampling")

    def number(self, audit: Audit) -> int:
        """How many sites besides the (first) central function an audit visits."""
        rows = self._rows.get(audit.client, ())
        if audit.type not in FACTORS:
            return 0
        centres = sum(row.central for row in rows)
        return sample_size(audit.type, len(rows) - centres, sampling=self._sampling) + max(0, centres - 1)

    def central(self, audit: Audit, days: Decimal) -> Audit:
        """The visit to the central function, of an audit that takes so many days with all its sites: at its place, with
        the part of the days that the sites leave. The audit as it is where there are none."""
        number = self.number(audit)
        if not number:
            return audit
        own = next((row for row in self._rows[audit.client] if row.central), None)
        left = max(HALF, days - number * site_days(days, number))
        if own is None:
            return replace(audit, days=left)
        return replace(audit, days=left, region=own.region, city=own.city)

    def sample(self, audit: Audit) -> Sample:
        """The sites of an audit; its id is the seed."""
        return draw(audit.type, self._rows.get(audit.client, ()), audit.id, sampling=self._sampling)

    def site(self, client: str, name: str) -> SiteRow | None:
        """The site of a name."""
        return next((row for row in self._rows.get(client, ()) if row.site == name), None)

    def apart(self, audit: Audit, others: Iterable[Audit]) -> bool:
        """Whether a typed audit may be split into its sites: nobody typed a place of it or of others of its kind, as
        one does who enters the sites as rows of their own."""
        kin = (row for row in others if row.client == audit.client and row.type is audit.type and not row.generated)
        return not any(row.region or row.city for row in (audit, *kin))


def _seen(body: Body) -> dict[tuple[str, str], date]:
    """The latest day on which the row of a site was carried out, by client and site."""
    found: dict[tuple[str, str], date] = {}
    for audit in body.audits:
        owner = owner_of(audit)
        if owner and audit.status is AuditStatus.DONE:
            key = audit.client, audit.id.removeprefix(f"{owner}{AT}")
            found[key] = max(found.get(key, date.min), audit.start or audit.due)
    return found


def owner_of(audit: Audit) -> str:
    """The id of the visit that the row of a site belongs to; "" for any other row."""
    mark = read_mark(audit.generated)
    own = [step for step in mark.steps if step.startswith(VISIT)] if mark is not None else []
    return own[0].removeprefix(VISIT) if own else ""


def site_days(total: Decimal, number: int) -> Decimal:
    """Days at each of so many sites: an equal share with the central function, down to half days, at least one."""
    return max(HALF, Decimal(floor(total * 2 / (number + 1))) / 2)


@dataclass(slots=True)
class SiteVisits:
    """Rows of sites: added ones, and those of the book that follow their visit."""

    added: list[Audit] = field(default_factory=list)
    changed: dict[str, Audit] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def site_visits(
    audits: Iterable[Audit], whole: Mapping[str, Decimal], outlets: Outlets, settings: Settings
) -> SiteVisits:
    """The rows of sites that visits lack, with a notice of each sample, and those that there are, brought up to date.
    whole: days of the visits with all their sites, by id. A sample once drawn stays: it is not drawn anew when Last
    audited changes."""
    rows = {audit.id: audit for audit in audits}
    day = max(settings.today, settings.plan_from)
    found, served = SiteVisits(), set()
    for row in rows.values():
        visit = rows.get(owner_of(row))
        if visit is None:
            continue
        served.add(visit.id)
        expected = _expected(visit, row, whole, outlets)
        if expected.due < day:  # its visit took place without it
            expected = replace(expected, due=max(settings.plan_to, day), target=day, priority=LATE)
        now = refreshed(row, expected, (VISIT + visit.id,)) if visit.status is not AuditStatus.CANCELLED else None
        if now is not None:
            found.changed[row.id] = now
    for audit in rows.values():
        number = outlets.number(audit) if audit.id in whole and audit.id not in served else 0
        if number and audit.status is AuditStatus.OPEN:
            _sampled(audit, site_days(whole[audit.id], number), outlets, found)
    return found


def _expected(visit: Audit, row: Audit, whole: Mapping[str, Decimal], outlets: Outlets) -> Audit:
    """The row of a site as its visit has it now; as it is where its visit is no longer to be planned."""
    site = outlets.site(visit.client, row.id.removeprefix(f"{visit.id}{AT}"))
    if site is None or visit.id not in whole:
        return row
    expected = _visit(visit, site, site_days(whole[visit.id], outlets.number(visit)))
    return replace(expected, not_team_of=row.not_team_of)  # that of the decision, chains.py


def _sampled(audit: Audit, days: Decimal, outlets: Outlets, found: SiteVisits) -> None:
    """The rows of a sample that is drawn now."""
    sample = outlets.sample(audit)
    for site in (*sample.central[1:], *sample.longest, *sample.drawn):
        found.added.append(marked(_visit(audit, site, days), (VISIT + audit.id,)))
    names = ", ".join(site.site for site in sample.sites)
    drawn = ", ".join(site.site for site in sample.drawn) or "–"
    told = problem_at(
        audit.origin, "id", "sites-sampled", Severity.NOTICE, audit.id, audit=audit.id, sites=names, drawn=drawn
    )
    found.problems.append(told)


def _visit(audit: Audit, site: SiteRow, days: Decimal) -> Audit:
    """The row of one site."""
    return Audit(
        id=f"{audit.id}{AT}{site.site}",
        client=audit.client,
        type=audit.type,
        standards=audit.standards,
        codes=audit.codes,
        days=days,
        earliest=audit.earliest,
        due=audit.due,
        target=audit.target,
        region=site.region,
        city=site.city,
        priority=audit.priority,
    )
