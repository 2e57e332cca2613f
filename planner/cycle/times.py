"""Audit time as a body's rules have it, and typed days that differ much from it."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

from auditplan.planner.audit_time import TYPICAL_DIFFERENCE, Derivation, derive
from auditplan.planner.domain import Audit, AuditStatus, Body, Certificate, Client
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.rulebook import RuleBook

MOST_SHOWN = 20
"""So many rows are told one by one; the rest in one notice."""


class TimeOptions(TypedDict):
    """What the rules say about audit time; percents."""

    reduction: Decimal
    integration: Decimal
    interpolate: bool


def time_options(rules: RuleBook) -> TimeOptions:
    """The options of the rules; what is switched off counts as nothing."""

    def number(rule: str) -> Decimal:
        """A rule's number, 0 where it is off."""
        return rules.value(rule) if rules.on(rule) else Decimal(0)

    return TimeOptions(
        reduction=number("reduction"), integration=number("integration"), interpolate=bool(number("interpolation"))
    )


class Times:
    """The audit time of a body's audits."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Indexes clients and the complexity of their certificates."""
        self._rows, self._options = body.audit_time, time_options(rules)
        self._clients: dict[str, Client] = {client.id: client for client in body.clients}
        self._certificates: dict[str, Certificate] = {}
        for certificate in body.certificates:
            if certificate.complexity is not None:
                self._certificates.setdefault(certificate.client, certificate)

    def of(self, audit: Audit) -> Derivation | None:
        """The derivation of an audit's days; None where nothing is known."""
        client = self._clients.get(audit.client)
        if client is None or client.personnel is None:
            return None
        certificate = self._certificates.get(audit.client)
        complexity = None if certificate is None else certificate.complexity
        return derive(audit.type, audit.standards, client.personnel, complexity, own=self._rows, **self._options)


def differing_days(body: Body, rules: RuleBook) -> list[Problem]:
    """Notices of typed days that differ by more than a tenth from the computed ones."""
    times = Times(body, rules)
    found: list[tuple[Audit, Derivation]] = []
    for audit in body.audits:
        if audit.generated or audit.status in {AuditStatus.DONE, AuditStatus.CANCELLED}:
            continue
        derivation = times.of(audit)
        if derivation is not None and abs(audit.days - derivation.days) > TYPICAL_DIFFERENCE * derivation.days:
            found.append((audit, derivation))
    problems = [
        problem_at(
            audit.origin,
            "days",
            "time-differs",
            Severity.NOTICE,
            audit.days,
            audit=audit.id,
            days=audit.days,
            computed=derivation.days,
        )
        for audit, derivation in found[:MOST_SHOWN]
    ]
    if len(found) > MOST_SHOWN:
        last = found[-1][0]
        rest = len(found) - MOST_SHOWN
        problems.append(problem_at(last.origin, "days", "time-differs-more", Severity.NOTICE, count=rest))
    return problems
