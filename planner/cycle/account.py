"""How the days of an audit came about, line by line, so that a coordinator can follow them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from auditplan.planner.cycle.evidence import split_step
from auditplan.planner.cycle.mark import read_mark
from auditplan.planner.cycle.outlets import VISIT, Outlets, site_days
from auditplan.planner.cycle.times import Times, Worked
from auditplan.planner.cycle.visits import integrated
from auditplan.planner.domain import Audit, AuditType, Body
from auditplan.planner.rulebook import RuleBook

Line = tuple[str, tuple[tuple[str, object], ...]]
"""Code of a text, and what stands in its placeholders."""
_SHARES = {
    AuditType.SURVEILLANCE: "account-third",
    AuditType.RECERTIFICATION: "account-two-thirds",
    AuditType.STAGE_1: "account-stage-1",
    AuditType.STAGE_2: "account-stage-2",
}


class Accounts:
    """The derivations of a body's audits. The body is as the pipeline leaves it."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Indexes what days are worked out from."""
        self._rules = rules
        self._times, self._outlets = Times(body, rules), Outlets(body, rules)
        self._certificates = {certificate.id: certificate for certificate in body.certificates}

    def of(self, audit: Audit) -> tuple[Line, ...]:
        """The derivation of an audit's days, the sum first; nothing for days that somebody typed."""
        mark = read_mark(audit.generated)
        if mark is None:
            worked = self._times.of(audit) if audit.computed else None
            return () if worked is None else self._whole(audit, worked.days, list(_lines(worked)))
        if mark.steps[0].startswith(VISIT):
            visit = mark.steps[0].removeprefix(VISIT)
            return (_line("account-total", days=audit.days), _line("account-site", visit=visit))
        if mark.steps[0].startswith("~"):
            worked = self._times.of(audit)
            return () if worked is None else self._whole(audit, worked.days, list(_lines(worked)))
        return self._generated(audit, mark.steps)

    def _generated(self, audit: Audit, steps: tuple[str, ...]) -> tuple[Line, ...]:
        """The derivation of a visit of certificates."""
        lines: list[Line] = []
        parts: list[Decimal] = []
        for step in steps:
            identity, key = split_step(step)
            certificate = self._certificates.get(identity)
            if certificate is None:
                return ()
            kind = AuditType.RECERTIFICATION if key.startswith("R") else AuditType.SURVEILLANCE
            worked = self._times.of_certificate(certificate, kind)
            parts.append(worked.days)
            if len(steps) > 1:
                lines.append(_line("account-certificate", certificate=identity, days=worked.days))
            lines += _lines(worked)
        whole = integrated(parts, self._rules)
        if whole < sum(parts, Decimal(0)):
            lines.append(_line("account-integration", percent=min(Decimal(20), self._rules.value("integration"))))
        return self._whole(audit, whole, lines)

    def _whole(self, audit: Audit, whole: Decimal, lines: list[Line]) -> tuple[Line, ...]:
        """The lines with the sum, less what sampled sites take; nothing where the row says something else."""
        days = whole
        number = self._outlets.number(audit) if audit.days != whole else 0
        if number:
            lines.append(_line("account-sites", number=number, days=site_days(whole, number)))
            days = self._outlets.central(audit, whole).days
        return (_line("account-total", days=days), *lines) if days == audit.days else ()


def _line(code: str, **values: object) -> Line:
    """A line."""
    return code, tuple(values.items())


def _lines(worked: Worked) -> Iterator[Line]:
    """The lines of days that were worked out."""
    if worked.initial is not None:
        yield _line("account-initial", days=worked.initial)
        yield _line(_SHARES[worked.kind])
    if worked.rule:
        yield _line("account-rule", rule=worked.rule, days=worked.days)
    derivation = worked.derivation
    if derivation is None:
        return
    for entry in derivation.entries:
        code = "account-own" if entry.own else "account-md5"
        values: dict[str, object] = {"standard": entry.standard, "days": entry.days}
        if entry.complexity is not None:
            code, values["complexity"] = f"{code}-complexity", entry.complexity
        yield _line(code, personnel=derivation.personnel, **values)
    if derivation.reduction:
        yield _line("account-reduction", percent=derivation.reduction)
    if derivation.integration:
        yield _line("account-integration", percent=derivation.integration)
    if derivation.kind in _SHARES:
        yield _line(_SHARES[derivation.kind])
