"""The ladder of a late audit: what follows when it does not take place, each consequence with its date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from auditplan.planner.cycle.course import Step
from auditplan.planner.cycle.courses import Courses
from auditplan.planner.cycle.evidence import CYCLIC, covers
from auditplan.planner.cycle.mark import read_mark
from auditplan.planner.cycle.outlets import VISIT
from auditplan.planner.domain import Audit, AuditType, Body, Certificate
from auditplan.planner.rulebook import RuleBook

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows when an audit is left out. code: key of its text; days: the dates that the text names."""

    code: str
    days: tuple[tuple[str, date], ...]


class Ladders:
    """Finds the ladders of a body's audits; a course is worked out only for those asked about."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Indexes certificates and audits."""
        self._courses = Courses(body, rules)
        self._day = max(body.settings.today, body.settings.plan_from)
        self._audits = {audit.id: audit for audit in body.audits}
        self._by_client: dict[str, list[Certificate]] = defaultdict(list)
        for certificate in body.certificates:
            self._by_client[certificate.client].append(certificate)

    def of(self, audit: Audit) -> Consequence | None:
        """What follows when an audit is left out, by its certificate: what comes first, where it is for several
        certificates. None where no certificate is known. A sampled site stands for the visit that it belongs to."""
        mark = read_mark(audit.generated)
        links = () if mark is None else tuple(step for step in mark.steps if step.startswith(VISIT))
        audit = self._audits.get(links[0].removeprefix(VISIT), audit) if links else audit
        found = [self._consequence(certificate, step) for certificate, step in self._steps(audit)]
        if audit.type is AuditType.DECISION:
            expiries = [expiry for expiry in self._decided(audit) if expiry >= self._day]
            found = [Consequence("consequence-undecided", (("due", audit.due), ("expiry", day))) for day in expiries]
        return min(found, key=lambda one: one.days[1][1], default=None)

    def _decided(self, audit: Audit) -> list[date]:
        """When the certificates expire that a decision on a recertification renews."""
        before = self._audits.get(audit.after)
        if before is None or before.type is not AuditType.RECERTIFICATION:
            return []
        return [row.expiry_date for row in self._by_client.get(audit.client, ()) if covers(before, row)]

    def _steps(self, audit: Audit) -> list[tuple[Certificate, Step]]:
        """The steps of certificates that an audit is: those that it was made for, or the nearest of its kind."""
        if audit.type not in CYCLIC:
            return []
        mark = read_mark(audit.generated)
        found = []
        for certificate in self._by_client.get(audit.client, ()):
            steps = [step for step in self._courses.of(certificate) if not step.done]
            if mark is not None:
                own = [step for step in steps if step.id in mark.steps]
            else:
                same = [step for step in steps if step.type is audit.type and covers(audit, certificate)]
                own = sorted(same, key=lambda step: abs((step.limit - audit.due).days))[:1]
            found += [(certificate, step) for step in own]
        return found

    def _consequence(self, certificate: Certificate, step: Step) -> Consequence:
        """What follows when a step is left out: suspension and withdrawal; expiry, and restoration where the profile
        has it, else a new initial audit."""
        if step.type is not AuditType.RECERTIFICATION:
            late = step.limit < self._day
            code = "consequence-withdrawal" if late else "consequence-suspension"
            suspended = step.limit + DAY
            return Consequence(code, (("due", step.limit), ("suspended", suspended), ("withdrawn", step.last)))
        expiry = certificate.expiry_date
        if step.last <= expiry:
            return Consequence("consequence-expiry", (("due", step.limit), ("expiry", expiry)))
        code = "consequence-restore" if expiry < self._day else "consequence-expiry-restore"
        return Consequence(code, (("due", step.limit), ("expiry", expiry), ("restore", step.last)))
