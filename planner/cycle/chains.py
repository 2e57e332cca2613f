"""Chains: what follows or precedes an audit of the pipeline. A decision after every initial and recertification audit;
for after-sales service (GB/T 27922) a document review before the visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from auditplan.planner.cycle.evidence import covers
from auditplan.planner.cycle.mark import marked, read_mark, refreshed, untouched
from auditplan.planner.cycle.outlets import VISIT, owner_of
from auditplan.planner.cycle.profiles import serves
from auditplan.planner.cycle.visits import OVERDUE_PRIORITY
from auditplan.planner.domain import Audit, AuditMode, AuditStatus, AuditType, Body, Certificate, Role
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.qualification import standards_match
from auditplan.planner.rulebook import RuleBook

DECIDED = frozenset({AuditType.INITIAL, AuditType.STAGE_2, AuditType.RECERTIFICATION})
"""Audits on which a decision follows (ISO/IEC 17021-1:2015 9.5)."""
REVIEWED = frozenset({AuditType.INITIAL, AuditType.RECERTIFICATION})
"""Audits of a service that begin with a review of documents."""
GONE = frozenset({AuditStatus.DONE, AuditStatus.CANCELLED})
YEAR = timedelta(days=366)
"""A certificate that expires later than this after an audit's Due is no longer the one that it was made for."""
AHEAD = timedelta(days=14)
"""A document review may take place so long before its visit's window, and is to be over `LEFT` before its Due."""
LEFT = timedelta(days=7)
ROOM = timedelta(days=14)
"""So long must be left for a review that is to be over ahead of its visit's Due; with less, only the order counts."""
DECISION, REVIEW = "~D:", "~R:"
"""How the marks of such rows begin; the id of the audit that they belong to follows."""
BELONGING = (DECISION, REVIEW, VISIT)


@dataclass(slots=True, kw_only=True)
class Chains:
    """Links of some audits. added, changed: rows as in the pipeline; linked: typed rows that now follow another, by
    id; apart: rows of sites, added in this run or before, that the people of the decision must keep away from."""

    added: list[Audit] = field(default_factory=list)
    changed: dict[str, Audit] = field(default_factory=dict)
    linked: dict[str, Audit] = field(default_factory=dict)
    apart: dict[str, Audit] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def chains(body: Body, rules: RuleBook) -> Chains:
    """What the audits of a body still lack."""
    return _Run(body, rules).chains()


class _Run:
    """One look at a body."""

    def __init__(self, body: Body, rules: RuleBook) -> None:
        """Indexes rows by what they were made for."""
        self._body, self._rules = body, rules
        self._found = Chains()
        self._day = max(body.settings.today, body.settings.plan_from)
        self._own = {step: audit for audit in body.audits for step in _links(audit)}
        self._follows = {audit.after for audit in body.audits if audit.type is AuditType.DECISION}
        self._certificates = _by_client(body.certificates)
        self._lacking: list[Audit] = []
        self._sites: dict[str, list[Audit]] = defaultdict(list)
        for audit in body.audits:
            self._sites[owner_of(audit)].append(audit)

    def chains(self) -> Chains:
        """Everything that is lacking."""
        for audit in self._body.audits:
            if audit.status is AuditStatus.CANCELLED or _links(audit):
                continue
            if audit.status is not AuditStatus.DONE:
                audit = self._reviewed(audit)
            if audit.type in DECIDED and self._rules.on("decision: days"):
                self._decided(audit)
        self._drop_orphans()
        if self._lacking:
            first, count = self._lacking[0], len(self._lacking)
            self._say(first, "type", "chain-no-decision", Severity.NOTICE, count=count)
        return self._found

    def _decided(self, audit: Audit) -> None:
        """An audit with the decision on it. One that took place keeps the decision that it has, and gets no new one: it
        may have been decided long ago."""
        link = DECISION + audit.id
        if audit.status is AuditStatus.DONE:
            if link in self._own and not self._made(audit, self._own[link]):
                self._decide(audit, link)
        elif not _deciders(self._body, audit):
            self._lacking.append(audit)
        elif link in self._own or audit.id not in self._follows:
            self._decide(audit, link)

    def _decide(self, audit: Audit, link: str) -> None:
        """The decision on an audit, made by nobody who was at one of its sites."""
        decision = self._decision(audit)
        self._put(decision, link)
        identity = self._own[link].id if link in self._own else decision.id
        for site in self._sites[audit.id]:
            if not site.not_team_of and untouched(site):
                apart = marked(replace(site, not_team_of=identity), (VISIT + audit.id,))
                self._found.apart[site.id] = apart

    def _made(self, audit: Audit, decision: Audit) -> bool:
        """Whether a certificate shows that the decision on an audit was made: then its row is not needed."""
        day = audit.start or audit.due
        rows = [row for row in self._certificates.get(audit.client, ()) if covers(audit, row)]
        made = bool(rows) and all(row.decision_date >= day for row in rows)
        if made and untouched(decision):
            dropped = marked(decision, (DECISION + audit.id,), dropped=True)
            self._found.changed[decision.id] = replace(dropped, status=AuditStatus.CANCELLED)
            self._say(decision, "id", "chain-decided", Severity.NOTICE)
        return made

    def _decision(self, audit: Audit) -> Audit:
        """The decision on an audit: at a desk, by one who was not in its team, after the time for corrections and after
        all its sites, before the certificate expires. One that is late is made as soon as possible."""
        rules, settings = self._rules, self._body.settings
        gap = int(rules.value("decision: corrections")) if rules.on("decision: corrections") else 0
        due = audit.due + timedelta(days=int(rules.value("decision: within")))
        open_sites = [site.due for site in self._sites[audit.id] if site.status not in GONE]
        earliest = max(open_sites, default=audit.start or audit.earliest or settings.plan_from) + timedelta(days=gap)
        begin = max(self._day + timedelta(days=gap), earliest)
        if audit.type is AuditType.RECERTIFICATION:
            expiries = [row.expiry_date for row in self._certificates.get(audit.client, ()) if covers(audit, row)]
            due = min((day for day in expiries if begin <= day <= audit.due + YEAR), default=due)
        due = max(due, earliest + LEFT) if open_sites else due
        late = due < self._day
        own = self._own.get(DECISION + audit.id)
        if late and own is not None and own.status not in GONE:
            self._say(own, "due", "chain-late", Severity.WARNING, due=due)
        return Audit(
            id=f"{audit.id}-D",
            client=audit.client,
            type=AuditType.DECISION,
            standards=audit.standards,
            days=rules.value("decision: days"),
            due=max(settings.plan_to, self._day) if late else due,
            earliest=earliest,
            largest_team=1,
            mode=AuditMode.DESK,
            after=audit.id,
            gap_from=gap,
            priority=OVERDUE_PRIORITY if late else audit.priority,
        )

    def _reviewed(self, audit: Audit) -> Audit:
        """The visit of a service with the review of documents before it; any other audit as it is."""
        review = f"{audit.id}-R"
        wanted = audit.type in REVIEWED and serves(audit.standards) and len(audit.standards) == 1
        if not wanted or audit.after not in {"", review} or audit.start is not None:
            return audit
        self._put(self._review(audit, review), REVIEW + audit.id)
        if audit.after:
            return audit
        linked = replace(audit, after=review)
        self._found.linked[audit.id] = linked
        return linked

    def _review(self, audit: Audit, identity: str) -> Audit:
        """The review of documents before a visit."""
        begin = max(self._day, (audit.earliest or self._day) - AHEAD)
        # A Due before the visit's own, where little time is left, would shut out a visit that still has room.
        due = audit.due - LEFT if audit.due - LEFT - begin >= ROOM else audit.due
        return Audit(
            id=identity,
            client=audit.client,
            type=AuditType.DOCUMENT_REVIEW,
            standards=audit.standards,
            codes=audit.codes,
            days=self._rules.value("days: service document review"),
            due=due,
            earliest=None if audit.earliest is None else audit.earliest - AHEAD,
            largest_team=1,
            mode=AuditMode.DESK,
            priority=audit.priority,
        )

    def _put(self, expected: Audit, link: str) -> None:
        """A row that is expected: new, brought up to date, or left alone where somebody edited it."""
        row = self._own.get(link)
        if row is None:
            self._found.added.append(marked(expected, (link,)))
            return
        now = refreshed(row, expected, (link,))
        if now is not None:
            self._found.changed[row.id] = now

    def _drop_orphans(self) -> None:
        """Rows whose own audit was cancelled, and that nobody touched, are cancelled with it."""
        standing = {audit.id for audit in self._body.audits if audit.status is not AuditStatus.CANCELLED}
        for row in self._body.audits:
            for link in _links(row):
                if link.startswith(BELONGING) and untouched(row) and link[len(DECISION) :] not in standing:
                    dropped = marked(row, (link,), dropped=True)
                    self._found.changed[row.id] = replace(dropped, status=AuditStatus.CANCELLED)

    def _say(self, audit: Audit, name: str, code: str, severity: Severity, **parameters: object) -> None:
        """A problem of a row."""
        told = problem_at(audit.origin, name, code, severity, audit.id, stops=None, audit=audit.id, **parameters)
        self._found.problems.append(told)


def _links(audit: Audit) -> tuple[str, ...]:
    """The links that a row was made for."""
    mark = read_mark(audit.generated)
    return () if mark is None else tuple(step for step in mark.steps if step.startswith("~"))


def _by_client(certificates: Iterable[Certificate]) -> dict[str, list[Certificate]]:
    """Certificates by client."""
    found: dict[str, list[Certificate]] = {}
    for certificate in certificates:
        found.setdefault(certificate.client, []).append(certificate)
    return found


def _deciders(body: Body, audit: Audit) -> bool:
    """Whether somebody may decide on every standard of an audit."""
    held = [row.standard for row in body.qualifications if row.role is Role.DECISION]
    return all(any(standards_match(own, standard) for own in held) for standard in audit.standards)
