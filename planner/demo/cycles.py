"""Certificates of a demonstration body that agree with its quarter: what is typed in Audits is what falls due, but for
a few certificates of which the pipeline finds more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from auditplan.planner.cycle.months import add_months
from auditplan.planner.domain import Audit, AuditType, Body, Certificate

DAY = timedelta(days=1)
FEW = 40
"""Of so many certificates one falls due without standing in Audits."""
QUIET, QUIET_DAYS = (7, 10), 100
"""From this month and day on, for so many days, lie the anniversaries of certificates that are not due."""
STEP = 37
"""Spreads the anniversaries, without a common divisor with their number."""


def with_cycles(body: Body) -> Body:
    """A body whose certificates have decision dates and last audits that agree with its audits."""
    typed: dict[tuple[str, tuple[str, ...]], Audit | None] = {}
    for audit in body.audits:
        if audit.type in {AuditType.SURVEILLANCE, AuditType.RECERTIFICATION}:
            typed.setdefault((audit.client, audit.standards), audit)
    certificates = []
    for number, certificate in enumerate(body.certificates):
        match = typed.pop((certificate.client, certificate.standards), None)
        certificates.append(_certificate(certificate, number, match, body.settings.plan_from))
    return replace(body, certificates=tuple(certificates))


def _certificate(certificate: Certificate, number: int, audit: Audit | None, first: date) -> Certificate:
    """A certificate with the dates of its cycle."""
    if audit is None and number % FEW == 7:
        return _decided(certificate, add_months(first + timedelta(days=30 + number % 60), -24), first)
    if audit is None:
        quiet = date(certificate.decision_date.year, *QUIET) + timedelta(days=number * STEP % QUIET_DAYS)
        return _decided(certificate, min(quiet, date(first.year - 1, 11, 20)), first)
    if audit.type is AuditType.SURVEILLANCE:
        years = 1 + number % 2
        return _decided(certificate, add_months(audit.due + timedelta(days=20), -12 * years), first)
    return _decided(certificate, add_months(audit.due + timedelta(days=75), -36), first)


def _decided(certificate: Certificate, day: date, first: date) -> Certificate:
    """A certificate decided on a day, with the surveillance of each anniversary before the quarter carried out."""
    behind = [add_months(day, months) - timedelta(days=15) for months in (12, 24)]
    last = max((each for each in behind if each < first - timedelta(days=60)), default=None)
    return replace(
        certificate,
        decision_date=day,
        issue_date=day + timedelta(days=3),
        expiry_date=add_months(day, 36) - DAY,
        last_audit=last,
        last_type=None if last is None else AuditType.SURVEILLANCE,
    )
