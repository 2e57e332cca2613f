"""Chains: what follows or precedes an audit of the pipeline. A decision after every initial and recertification audit;
for after-sales service (GB/T 27922) a document review before the visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from auditplan.planner.cycle.mark import differences, fingerprint, marked, read_mark
from auditplan.planner.cycle.profiles import serves
from auditplan.planner.domain import Audit, AuditMode, AuditStatus, AuditType, Body, Certificate, Role
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.qualification import standards_match
from auditplan.planner.rulebook import RuleBook

DECIDED = frozenset({AuditType.INITIAL, AuditType.STAGE_2, AuditType.RECERTIFICATION})
"""Audits on which a decision follows (ISO/IEC 17021-1:2015 9.5)."""
REVIEWED = frozenset({AuditType.INITIAL, AuditType.RECERTIFICATION})
"""Audits of a service that begin with a review of documents."""
GONE = frozenset({AuditStatus.DONE, AuditStatus.CANCELLED})
AHEAD = timedelta(days=14)
"""A document review may take place so long before its visit's window, and is to be over `LEFT` before its Due."""
LEFT = timedelta(days=7)
ROOM = timedelta(days=14)
"""So long must be left for a review that is to be over ahead of its visit's Due; with less, only the order counts."""
DECISION, REVIEW = "~D:", "~R:"
"""How the marks of such rows begin; the id of the audit that they belong to follows."""


@dataclass(slots=True, kw_only=True)
class Chains:
    """Links of some audits. added, changed: rows as in the pipeline; linked: typed rows that now follow another, by
    id."""

    added: list[Audit] = field(default_factory=list)
    changed: dict[str, Audit] = field(default_factory=dict)
    linked: dict[str, Audit] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def chains(body: Body, rules: RuleBook) -> Chains:
    """What the audits of a body still lack."""
    found = Chains()
    own = {step: audit for audit in body.audits for step in _links(audit)}
    follows = {audit.after for audit in body.audits if audit.type is AuditType.DECISION}
    certificates = _by_client(body.certificates)
    lacking: list[Audit] = []
    day = max(body.settings.today, body.settings.plan_from)
    for audit in body.audits:
        if audit.status in GONE or _links(audit):
            continue
        reviewed = _reviewed(audit, rules, own, found, day)
        if audit.type not in DECIDED or not rules.on("decision: days"):
            continue
        if not _deciders(body, audit):
            lacking.append(audit)
        elif DECISION + audit.id in own or audit.id not in follows:
            expected = _decision(reviewed, certificates.get(audit.client, ()), rules, body.settings.plan_from)
            _put(expected, DECISION + audit.id, own, found)
    _drop_orphans(body, found)
    if lacking:
        first = lacking[0]
        told = problem_at(
            first.origin, "type", "chain-no-decision", Severity.NOTICE, first.id, count=len(lacking), audit=first.id
        )
        found.problems.append(told)
    return found


def _drop_orphans(body: Body, found: Chains) -> None:
    """Rows whose own audit was cancelled, and that nobody touched, are cancelled with it."""
    standing = {audit.id for audit in body.audits if audit.status is not AuditStatus.CANCELLED}
    for row in body.audits:
        for link in _links(row):
            mark = read_mark(row.generated)
            untouched = mark is not None and fingerprint(row) == mark.fingerprint and row.status is AuditStatus.OPEN
            if untouched and link[len(DECISION) :] not in standing:
                found.changed[row.id] = replace(marked(row, (link,), dropped=True), status=AuditStatus.CANCELLED)


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


def _decision(audit: Audit, certificates: Iterable[Certificate], rules: RuleBook, first: date) -> Audit:
    """The decision on an audit: at a desk, by one who was not in its team, after the time for corrections, before the
    certificate expires."""
    gap = int(rules.value("decision: corrections")) if rules.on("decision: corrections") else 0
    due = audit.due + timedelta(days=int(rules.value("decision: within")))
    if audit.type is AuditType.RECERTIFICATION:
        expiries = [row.expiry_date for row in certificates if set(row.standards) & set(audit.standards)]
        ahead = [day for day in expiries if day >= audit.due + timedelta(days=gap)]
        due = min(ahead, default=due)
    return Audit(
        id=f"{audit.id}-D",
        client=audit.client,
        type=AuditType.DECISION,
        standards=audit.standards,
        days=rules.value("decision: days"),
        due=due,
        earliest=(audit.earliest or first) + timedelta(days=gap),
        largest_team=1,
        mode=AuditMode.DESK,
        after=audit.id,
        gap_from=gap,
        priority=audit.priority,
    )


def _reviewed(audit: Audit, rules: RuleBook, own: dict[str, Audit], found: Chains, day: date) -> Audit:
    """The visit of a service with the review of documents before it; any other audit as it is. day: the first on which
    anything may be planned."""
    link = REVIEW + audit.id
    wanted = audit.type in REVIEWED and serves(audit.standards) and len(audit.standards) == 1
    review = f"{audit.id}-R"
    if not wanted or audit.after not in {"", review} or audit.start is not None:
        return audit
    begin = max(day, (audit.earliest or day) - AHEAD)
    # A Due before the visit's own, where little time is left, would shut out a visit that still has room.
    due = audit.due - LEFT if audit.due - LEFT - begin >= ROOM else audit.due
    expected = Audit(
        id=review,
        client=audit.client,
        type=AuditType.DOCUMENT_REVIEW,
        standards=audit.standards,
        codes=audit.codes,
        days=rules.value("days: service document review"),
        due=due,
        earliest=None if audit.earliest is None else audit.earliest - AHEAD,
        largest_team=1,
        mode=AuditMode.DESK,
        priority=audit.priority,
    )
    _put(expected, link, own, found)
    if audit.after:
        return audit
    linked = replace(audit, after=review)
    found.linked[audit.id] = linked
    return linked


def _put(expected: Audit, link: str, own: dict[str, Audit], found: Chains) -> None:
    """A row that is expected: new, brought up to date, or left alone where somebody edited it."""
    row = own.get(link)
    if row is None:
        found.added.append(marked(expected, (link,)))
        return
    mark = read_mark(row.generated)
    dropped = mark is not None and mark.dropped and row.status is AuditStatus.CANCELLED
    untouched = mark is not None and fingerprint(row) == mark.fingerprint and row.status is AuditStatus.OPEN
    if dropped or (untouched and differences(row, expected)):
        kept = replace(expected, id=row.id, lead=row.lead, team=row.team, start=row.start, origin=row.origin)
        found.changed[row.id] = marked(kept, (link,))
