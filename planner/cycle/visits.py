"""Visits: steps of one client's certificates that fall due close together, as one row of the pipeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from auditplan.planner.cycle.course import Step
from auditplan.planner.cycle.mark import marked
from auditplan.planner.cycle.outlets import Outlets
from auditplan.planner.cycle.profiles import is_service
from auditplan.planner.domain import Audit, AuditType, Certificate
from auditplan.planner.qualification import code_key
from auditplan.planner.rulebook import RuleBook

HALF = Decimal("0.5")
OVERDUE_PRIORITY = 2
WEEK = 5
"""Days of the default `Longest span`."""


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is to be planned: with its certificate, what works out its days, and the last day as things stand
    (later than the profile's limit once that has passed)."""

    step: Step
    certificate: Certificate
    work_out: Callable[[Certificate, Step], Decimal]
    due: date
    overdue: bool

    @property
    def days(self) -> Decimal:
        """Person-days; only of what is planned they are worked out."""
        return self.work_out(self.certificate, self.step)

    @property
    def codes(self) -> frozenset[tuple[str, ...]]:
        """The codes, however spelled."""
        return frozenset(code_key(code) for code in self.certificate.codes)


def grouped(dues: Iterable[Due], rules: RuleBook, horizon: date) -> list[list[Due]]:
    """Steps as visits, those first due first; without those about which nothing is due by the horizon.

    Combined are steps of one client whose codes are the same, whose windows overlap and whose days lie no further
    apart than the rule `combined visits` says. With other codes the team would have to cover each code for each
    standard; a service's on-site visit is a thing of its own."""
    most = timedelta(days=int(rules.value("combined visits")) if rules.on("combined visits") else -1)
    clients: dict[tuple[str, frozenset[tuple[str, ...]], bool], list[list[Due]]] = defaultdict(list)
    for due in sorted(dues, key=lambda item: (item.step.aim, item.step.id)):
        key = (due.certificate.client, due.codes, is_service(due.certificate))
        groups = clients[key]
        last = groups[-1] if groups else None
        if last is not None and not key[2] and _fits(last, due, most):
            last.append(due)
        else:
            groups.append([due])
    found = [group for groups in clients.values() for group in groups if _is_due(group, horizon)]
    return sorted(found, key=lambda group: (min(item.due for item in group), group[0].step.id))


def _is_due(group: Sequence[Due], horizon: date) -> bool:
    """Whether something of a visit falls due by the horizon."""
    return any(item.step.aim <= horizon or item.overdue for item in group)


def _fits(group: Sequence[Due], due: Due, most: timedelta) -> bool:
    """Whether a step joins a visit: another certificate, days close, windows overlapping."""
    other = all(due.certificate.id != item.certificate.id for item in group)
    close = due.step.aim - group[0].step.aim <= most
    return other and close and overlapping([*group, due])


def overlapping(group: Sequence[Due]) -> bool:
    """Whether the windows of some steps have a day in common."""
    return max(item.step.earliest for item in group) <= min(item.due for item in group)


def visit(
    group: Sequence[Due], rules: RuleBook, today: date, identity: str = "", outlets: Outlets | None = None
) -> Audit:
    """The row of a visit. identity: of the row that there is already; outlets: the clients' sites, whose days are
    taken off."""
    first = group[0].certificate
    earliest = max(item.step.earliest for item in group)
    due = min(item.due for item in group)
    overdue = any(item.overdue for item in group)
    kinds = {item.step.type for item in group}
    target = min(due, max(earliest, min(item.step.target for item in group)))
    audit = Audit(
        id=identity or "+".join([group[0].step.id, *(item.certificate.id for item in group[1:])]),
        client=first.client,
        type=AuditType.RECERTIFICATION if AuditType.RECERTIFICATION in kinds else group[0].step.type,
        standards=tuple(dict.fromkeys(standard for item in group for standard in item.certificate.standards)),
        codes=first.codes,
        days=whole_days(group, rules),
        earliest=earliest,
        due=due,
        target=min(due, max(target, today)) if overdue else target,
        priority=OVERDUE_PRIORITY if overdue else 3,
    )
    if outlets is not None:
        audit = outlets.central(audit, audit.days)
    if is_service(first) and audit.type is AuditType.RECERTIFICATION:
        audit = replace(audit, after=f"{audit.id}-R")  # the review of documents, chains.py
    return marked(replace(audit, largest_team=_largest(audit.days)), tuple(item.step.id for item in group))


def _largest(days: Decimal) -> int:
    """The most members: so many that the visit fits into a working week."""
    return max(4, ceil(days / WEEK))


def whole_days(group: Sequence[Due], rules: RuleBook) -> Decimal:
    """The days of a visit, with all its sites."""
    return integrated([item.days for item in group], rules)


def integrated(days: Sequence[Decimal], rules: RuleBook) -> Decimal:
    """The sum of the certificates' days; for several less the reduction for integration, at most a fifth
    (IAF MD 11)."""
    total = sum(days, Decimal(0))
    if len(days) > 1 and rules.on("integration"):
        total *= 1 - min(Decimal(20), rules.value("integration")) / 100
    return max(HALF, Decimal(ceil(total * 2)) / 2)


def with_fields(own: Audit, expected: Audit) -> Audit:
    """A row as expected, with what is the coordinator's of the row that there is."""
    return replace(
        expected, id=own.id, lead=own.lead, team=own.team, start=own.start, status=own.status, origin=own.origin
    )
