"""Visits to the sampled sites of a client: rows beside the visit to the central function (IAF MD 1).

Each site is an audit of its own in the same window: the planner sends one team from site to site or several at once,
whichever is better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from math import floor

from auditplan.planner.cycle.mark import marked, read_mark
from auditplan.planner.domain import Audit, AuditStatus, Body, SiteRow
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.rulebook import RuleBook
from auditplan.planner.sampling import FACTORS, Sample, draw, sample_size

VISIT = "~V:"
"""How the marks of such rows begin; the id of the audit that they belong to follows."""
HALF = Decimal("0.5")


class Outlets:
    """The sites of a body's clients."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Sorts the rows by client."""
        self._rows: dict[str, list[SiteRow]] = defaultdict(list)
        for row in body.sites:
            self._rows[row.client].append(row)
        self._sampling = rules.on("sampling")

    def number(self, audit: Audit) -> int:
        """How many sites besides the central function an audit visits."""
        others = sum(not row.central for row in self._rows.get(audit.client, ()))
        return sample_size(audit.type, others, sampling=self._sampling) if audit.type in FACTORS else 0

    def central_days(self, audit: Audit) -> Decimal:
        """The part of an audit's days that its central function takes: what the sites leave."""
        number = self.number(audit)
        return max(HALF, audit.days - number * site_days(audit.days, number))

    def sample(self, audit: Audit) -> Sample:
        """The sites of an audit; its id is the seed."""
        return draw(audit.type, self._rows.get(audit.client, ()), audit.id, sampling=self._sampling)


def site_days(total: Decimal, number: int) -> Decimal:
    """Days at each of so many sites: an equal share with the central function, down to half days, at least one."""
    return max(HALF, Decimal(floor(total * 2 / (number + 1))) / 2)


def site_visits(
    audits: Iterable[Audit], whole: dict[str, Decimal], outlets: Outlets
) -> tuple[list[Audit], list[Problem]]:
    """The rows of sites that visits of certificates lack, and a notice of each sample. whole: days of those visits with
    all their sites, by id. A sample once drawn stays: it is not drawn anew when Last audited changes."""
    rows = list(audits)
    drawn = {step for audit in rows if (mark := read_mark(audit.generated)) is not None for step in mark.steps}
    added: list[Audit] = []
    problems: list[Problem] = []
    for audit in rows:
        number = outlets.number(audit)
        if audit.id not in whole or not number or VISIT + audit.id in drawn or audit.status is not AuditStatus.OPEN:
            continue
        sample = outlets.sample(audit)
        for place, site in enumerate((*sample.longest, *sample.drawn), start=1):
            added.append(_visit(audit, site, place, site_days(whole[audit.id], number)))
        names = ", ".join(site.site for site in sample.sites)
        told = ", ".join(site.site for site in sample.drawn) or "–"
        problems.append(
            problem_at(
                audit.origin, "id", "sites-sampled", Severity.NOTICE, audit.id, audit=audit.id, sites=names, drawn=told
            )
        )
    return added, problems


def _visit(audit: Audit, site: SiteRow, place: int, days: Decimal) -> Audit:
    """The row of one site."""
    row = Audit(
        id=f"{audit.id}-V{place}",
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
    return marked(row, (VISIT + audit.id,))
