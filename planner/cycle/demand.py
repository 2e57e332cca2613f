"""The demand of the certificates: every step of their cycles that is still to be done, and what has to be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditplan.planner.cycle.course import Step
from auditplan.planner.cycle.courses import Courses
from auditplan.planner.cycle.times import Times
from auditplan.planner.cycle.visits import Due
from auditplan.planner.domain import AuditType, Body, Certificate
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.rulebook import RuleBook


@dataclass(slots=True)
class _Tally:
    """Something said once of many certificates."""

    first: Certificate | None = None
    count: int = 0

    def add(self, certificate: Certificate) -> None:
        """One more."""
        self.first = self.first or certificate
        self.count += 1


class Demand:
    """What the certificates of a body ask for. dues: every step still to be done, whenever it falls due; day: the day
    from which planning is possible; done: ids of steps that took place, or that a later audit made needless."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Works out the course of every certificate."""
        self._body = body
        self._courses = Courses(body, rules)
        self._times = Times(body, rules)
        self.day = max(body.settings.today, body.settings.plan_from)
        self.problems: list[Problem] = []
        self.dues: list[Due] = []
        self.done: set[str] = set()
        self._undated, self._guessed = _Tally(), _Tally()
        self._worked: dict[str, Decimal] = {}
        for certificate in body.certificates:
            self._certificate(certificate)
        self._tell("pipeline-last-audit-blank", "last_audit", self._undated)
        self.by_step = {due.step.id: due for due in self.dues}

    def _certificate(self, certificate: Certificate) -> None:
        """What one certificate asks for."""
        if certificate.profile and self._courses.profiles.named(certificate.profile) is None:
            self._say(certificate, "profile", "pipeline-profile-unknown", Severity.WARNING, given=certificate.profile)
        steps = self._courses.of(certificate)
        blank = certificate.last_audit is None and not any(step.done for step in steps)
        for step in steps:
            if step.done:
                self.done.add(step.id)
                continue
            if blank and step.type is AuditType.SURVEILLANCE and step.last < self.day:
                # A certificate that stands was not withdrawn: the audit took place, only nobody wrote it down.
                self._undated.add(certificate)
                continue
            self._step(certificate, step)

    def _step(self, certificate: Certificate, step: Step) -> None:
        """A step that is still to be done, with the ladder of what follows where it is late."""
        if step.limit >= self.day:
            self._add(certificate, step, step.limit, overdue=False)
        elif step.type is AuditType.RECERTIFICATION:
            self._late_recertification(certificate, step)
        else:
            self._late_surveillance(certificate, step)

    def _late_surveillance(self, certificate: Certificate, step: Step) -> None:
        """due → suspended the day after → withdrawn after the months of suspension. Until then, and as long as the
        certificate stands, the audit is still to be done."""
        code = "pipeline-overdue" if step.last >= self.day else "pipeline-overdue-withdraw"
        dates = {"due": step.limit, "suspended": step.suspended, "withdrawn": step.last}
        self._say(certificate, "last_audit", code, Severity.WARNING, step=step.id, **dates)
        due = step.last if step.last >= self.day else max(self._body.settings.plan_to, self.day)
        self._add(certificate, step, due, overdue=True)

    def _late_recertification(self, certificate: Certificate, step: Step) -> None:
        """no room for corrections → expired → restorable for some months, or not → a new initial audit."""
        expiry = certificate.expiry_date
        dates = {"due": step.limit, "expiry": expiry, "restore": step.last}
        if expiry >= self.day:
            self._say(certificate, "expiry_date", "pipeline-recertify", Severity.WARNING, step=step.id, **dates)
            self._add(certificate, step, expiry, overdue=True)
        elif step.last >= self.day:
            self._say(certificate, "expiry_date", "pipeline-restore", Severity.WARNING, step=step.id, **dates)
            self._add(certificate, step, step.last, overdue=True)
        else:
            self._say(certificate, "expiry_date", "pipeline-expired", Severity.WARNING, step=step.id, **dates)

    def _add(self, certificate: Certificate, step: Step, due: date, *, overdue: bool) -> None:
        """A step to be planned. Nothing of a cycle is planned for after its certificate has expired."""
        if step.type is AuditType.SURVEILLANCE and certificate.expiry_date < self.day:
            return
        self.dues.append(Due(step, certificate, self._days, due, overdue))

    def _days(self, certificate: Certificate, step: Step) -> Decimal:
        """Person-days of a step."""
        if step.id not in self._worked:
            worked = self._times.of_certificate(certificate, step.type)
            if worked.guessed:
                self._guessed.add(certificate)
            self._worked[step.id] = worked.days
        return self._worked[step.id]

    def told(self) -> list[Problem]:
        """What has to be said, once everything that falls due has been looked at."""
        self._tell("pipeline-days-guessed", "id", self._guessed)
        return self.problems

    def _tell(self, code: str, name: str, tally: _Tally) -> None:
        """A notice about several certificates, at the first of them."""
        if tally.first is not None:
            self._say(tally.first, name, code, Severity.NOTICE, count=tally.count)

    def _say(self, certificate: Certificate, name: str, code: str, severity: Severity, **parameters: object) -> None:
        """A problem of a certificate."""
        told = problem_at(
            certificate.origin,
            name,
            code,
            severity,
            certificate.id,
            stops=None,
            certificate=certificate.id,
            **parameters,
        )
        self.problems.append(told)
