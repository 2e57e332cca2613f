"""Spot checks without notice: by other people than those of the announced visit; generated for a share of the service
certificates where the body's rules say so, and completed where somebody typed one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

from auditplan.planner.audit_time import up_to_halves
from auditplan.planner.cycle.evidence import CYCLIC, covers
from auditplan.planner.cycle.mark import marked, read_mark, refreshed
from auditplan.planner.cycle.months import add_months
from auditplan.planner.cycle.profiles import is_service
from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body, Certificate, CertificateStatus
from auditplan.planner.rulebook import RuleBook

SPOT = "~C:"
"""How the marks of generated spot checks begin; certificate and year follow."""
ANNOUNCED = CYCLIC | {AuditType.INITIAL, AuditType.STAGE_2}
QUARTER = 3


def spot_checks(body: Body, rules: RuleBook, horizon: date) -> tuple[list[Audit], dict[str, Audit]]:
    """The spot checks that are lacking up to a horizon, and those that there are brought up to date, by id. Which
    certificates are checked, and in which quarter of the year, follows from certificate and year alone: nobody can
    foresee it, and every run says the same."""
    share = int(rules.value("spot checks")) if rules.on("spot checks") else 0
    if share <= 0:
        return [], {}
    day = max(body.settings.today, body.settings.plan_from)
    there = {step: audit for audit in body.audits if (mark := read_mark(audit.generated)) for step in mark.steps}
    added, changed = [], {}
    for certificate in body.certificates:
        if certificate.status is not CertificateStatus.VALID or not is_service(certificate):
            continue
        for year in range(day.year, horizon.year + 1):
            first, last = _quarter(certificate, year)
            drawn = _number(certificate, year, "drawn") % 100 < share
            if drawn and _in_sight(certificate, first, last, day, horizon):
                expected, own = _check(certificate, year, body.audits, rules), there.get(_step(certificate, year))
                if own is None:
                    added.append(expected)
                elif (now := refreshed(own, expected, (_step(certificate, year),))) is not None:
                    changed[own.id] = now
    return added, changed


def _in_sight(certificate: Certificate, first: date, last: date, day: date, horizon: date) -> bool:
    """Whether a spot check of a quarter is to be planned, and the certificate stands by then."""
    return first <= horizon and last >= day and certificate.decision_date < first and last <= certificate.expiry_date


def _step(certificate: Certificate, year: int) -> str:
    """What marks the spot check of a year."""
    return f"{SPOT}{certificate.id}-{year}"


def _number(certificate: Certificate, year: int, what: str) -> int:
    """A number that depends on a certificate and a year, the same on any machine."""
    return int.from_bytes(sha256(f"{what} {certificate.id} {year}".encode()).digest()[:8], "big")


def _quarter(certificate: Certificate, year: int) -> tuple[date, date]:
    """First and last day of the quarter in which a certificate would be checked."""
    first = date(year, 1 + QUARTER * (_number(certificate, year, "quarter") % 4), 1)
    return first, add_months(first, QUARTER) - timedelta(days=1)


def _check(certificate: Certificate, year: int, audits: Iterable[Audit], rules: RuleBook) -> Audit:
    """The row of a spot check."""
    first, last = _quarter(certificate, year)
    row = Audit(
        id=f"{certificate.id}-C-{year}",
        client=certificate.client,
        type=AuditType.SPOT_CHECK,
        standards=certificate.standards,
        codes=certificate.codes,
        days=up_to_halves(rules.value("days: spot check")),
        earliest=first,
        due=last,
        unannounced=True,
    )
    return marked(replace(row, not_team_of=_announced(row, audits, certificate.id)), (_step(certificate, year),))


def completed(audits: Iterable[Audit]) -> dict[str, Audit]:
    """Typed spot checks that say nothing about their team, by id: without notice, and by other people than those of
    the client's announced visit."""
    rows = list(audits)
    return {
        row.id: replace(row, not_team_of=other, unannounced=True)
        for row in rows
        if row.type is AuditType.SPOT_CHECK and row.status is AuditStatus.OPEN and not row.generated
        if not row.not_team_of and (other := _announced(row, rows))
    }


def _announced(check: Audit, audits: Iterable[Audit], certificate: str = "") -> str:
    """The announced visit of a client that lies nearest to a spot check, one of the certificate first; "" where there
    is none."""

    def farness(audit: Audit) -> tuple[bool, int]:
        """How far a visit lies from the check."""
        other = not any(step.startswith(f"{certificate}-") for step in _steps(audit))
        return other, abs(((audit.start or audit.due) - check.due).days)

    visits = [
        audit
        for audit in audits
        if audit.client == check.client
        and audit.type in ANNOUNCED
        and audit.status is not AuditStatus.CANCELLED
        and not audit.generated.startswith("~")
        and (covers(audit, check) or covers(check, audit))
    ]
    return min(visits, key=farness).id if visits else ""


def _steps(audit: Audit) -> tuple[str, ...]:
    """The steps that a row was made for."""
    mark = read_mark(audit.generated)
    return () if mark is None else mark.steps
