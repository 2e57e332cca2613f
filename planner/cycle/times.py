"""Audit time as a body's rules have it, and typed days that differ much from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from auditplan.planner.audit_time import TYPICAL_DIFFERENCE, Derivation, derive, up_to_halves
from auditplan.planner.cycle.profiles import is_service, serves
from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body, Certificate, Complexity, TimeRow
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.qualification import standard_key
from auditplan.planner.rulebook import RuleBook

MOST_SHOWN = 20
"""So many rows are told one by one; the rest in one notice."""
SHARES = {AuditType.SURVEILLANCE: Decimal(1) / 3, AuditType.RECERTIFICATION: Decimal(2) / 3}
"""Of a certificate's own initial days (IAF MD 5:2019)."""
_ALWAYS = {
    AuditType.DECISION: "decision: days",
    AuditType.DOCUMENT_REVIEW: "days: service document review",
    AuditType.SPOT_CHECK: "days: spot check",
    AuditType.FOLLOW_UP: "days: follow-up",
}
_SERVICE = {
    AuditType.INITIAL: "days: service initial",
    AuditType.SURVEILLANCE: "days: service surveillance",
    AuditType.RECERTIFICATION: "days: service recertification",
}
_GUESSES = {AuditType.SURVEILLANCE: "days: surveillance", AuditType.RECERTIFICATION: "days: recertification"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Days that were worked out. derivation: by tables; rule: by the number of that rule; initial: a share of the
    certificate's own initial days; guessed: whether nothing says more than a rule for any audit of its kind."""

    kind: AuditType
    days: Decimal
    derivation: Derivation | None = None
    rule: str = ""
    initial: Decimal | None = None
    guessed: bool = False


def worked_out(
    kind: AuditType,
    standards: tuple[str, ...],
    personnel: int | None,
    complexity: Complexity | Mapping[str, Complexity] | None,
    own: Iterable[TimeRow],
    rules: RuleBook,
) -> Worked | None:
    """The days of an audit by the body's own tables, IAF MD 5 or, for a service and what is no cyclic audit, a rule;
    None where nothing is known."""
    if personnel is not None:
        found = derive(
            kind,
            standards,
            personnel,
            complexity,
            own=own,
            reduction=_percent(rules, "reduction"),
            integration=_percent(rules, "integration"),
            interpolate=bool(_percent(rules, "interpolation")),
        )
        if found is not None:
            return Worked(kind=kind, days=found.days, derivation=found)
    rule = _ALWAYS.get(kind) or (_SERVICE.get(kind) if serves(standards) else None)
    return None if rule is None else Worked(kind=kind, days=up_to_halves(rules.value(rule)), rule=rule)


def _percent(rules: RuleBook, rule: str) -> Decimal:
    """The number of a rule; nothing where it is off."""
    return rules.value(rule) if rules.on(rule) else Decimal(0)


def complexities(rows: Iterable[tuple[tuple[str, ...], Complexity | None]]) -> dict[str, Complexity]:
    """The complexity of each family of standards, of a client's certificates (standards and complexity); the first one
    counts."""
    found: dict[str, Complexity] = {}
    for standards, complexity in rows:
        if complexity is not None:
            for standard in standards:
                found.setdefault(standard_key(standard)[0], complexity)
    return found


class Times:
    """The audit time of a body's audits and certificates."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Indexes clients and the complexity of their certificates."""
        self._own, self._rules = body.audit_time, rules
        self._personnel = {client.id: client.personnel for client in body.clients}
        rows: dict[str, list[tuple[tuple[str, ...], Complexity | None]]] = defaultdict(list)
        for certificate in body.certificates:
            rows[certificate.client].append((certificate.standards, certificate.complexity))
        self._complexity = {client: complexities(own) for client, own in rows.items()}

    def of(self, audit: Audit) -> Worked | None:
        """The days of an audit; None where nothing is known."""
        personnel, known = self._personnel.get(audit.client), self._complexity.get(audit.client, {})
        return worked_out(audit.type, audit.standards, personnel, known, self._own, self._rules)

    def of_certificate(self, certificate: Certificate, kind: AuditType) -> Worked:
        """The days of a surveillance or recertification of a certificate: by its initial days, else by tables and the
        client's personnel, else the rule's number."""
        if certificate.initial_days is not None and not is_service(certificate):
            days = up_to_halves(certificate.initial_days * SHARES[kind])
            return Worked(kind=kind, days=days, initial=certificate.initial_days)
        personnel = self._personnel.get(certificate.client)
        found = worked_out(kind, certificate.standards, personnel, certificate.complexity, self._own, self._rules)
        if found is not None:
            return found
        rule = _GUESSES[kind]
        return Worked(kind=kind, days=self._rules.value(rule), rule=rule, guessed=True)


def differing_days(body: Body, rules: RuleBook) -> list[Problem]:
    """Notices of typed days that differ by more than a tenth from those by the tables."""
    times = Times(body, rules)
    found: list[tuple[Audit, Decimal]] = []
    for audit in body.audits:
        if audit.generated or audit.computed or audit.status in {AuditStatus.DONE, AuditStatus.CANCELLED}:
            continue
        worked = times.of(audit)
        tables = worked is not None and worked.derivation is not None
        if worked is not None and tables and abs(audit.days - worked.days) > TYPICAL_DIFFERENCE * worked.days:
            found.append((audit, worked.days))
    problems = [
        problem_at(
            audit.origin,
            "days",
            "time-differs",
            Severity.NOTICE,
            audit.days,
            audit=audit.id,
            days=audit.days,
            computed=days,
        )
        for audit, days in found[:MOST_SHOWN]
    ]
    if len(found) > MOST_SHOWN:
        last = found[-1][0]
        rest = len(found) - MOST_SHOWN
        problems.append(problem_at(last.origin, "days", "time-differs-more", Severity.NOTICE, count=rest))
    return problems
