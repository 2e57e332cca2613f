"""What is wrong within and between the rows of Audits: one small function a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body
from auditplan.planner.problems import Problem, Severity, problem_at

_LINKS = ("after", "same_team_as", "not_team_of")


def window_empty(body: Body) -> Iterator[Problem]:
    """Audits that would have to be over before they may begin: left out, not a reason to stop."""
    for audit in body.audits:
        if audit.earliest is not None and audit.due < audit.earliest:
            yield _at(
                audit, "due", "read-window-empty", Severity.WARNING, audit.due, start=audit.earliest, end=audit.due
            )


def target_outside(body: Body) -> Iterator[Problem]:
    """Audits whose target lies outside their window."""
    for audit in body.audits:
        if audit.target is None or (audit.earliest is not None and audit.due < audit.earliest):
            continue
        if audit.target > audit.due or (audit.earliest is not None and audit.target < audit.earliest):
            start = audit.earliest or "…"
            yield _at(
                audit,
                "target",
                "read-target-outside",
                Severity.NOTICE,
                audit.target,
                target=audit.target,
                start=start,
                end=audit.due,
            )


def team_sizes(body: Body) -> Iterator[Problem]:
    """Smallest teams that are larger than the largest. A blank one has its default, and does not argue."""
    for audit in body.audits:
        if audit.smallest_team > audit.largest_team:
            field = "smallest_team" if audit.largest_team == 4 else "largest_team"
            least, most = audit.smallest_team, audit.largest_team
            yield _at(
                audit,
                field,
                "read-team-sizes-reversed",
                Severity.ERROR,
                getattr(audit, field),
                least=least,
                most=most,
            )


def fixed_team_too_large(body: Body) -> Iterator[Problem]:
    """More people fixed than the team may hold."""
    for audit in body.audits:
        people = len(audit.team) + bool(audit.lead)
        seats = audit.largest_team + audit.experts + audit.trainees
        if people > seats:
            yield _at(
                audit,
                "team",
                "read-team-too-large",
                Severity.WARNING,
                ", ".join(audit.team),
                people=people,
                seats=seats,
            )


def gaps(body: Body) -> Iterator[Problem]:
    """Gaps that are reversed, or that follow nothing."""
    for audit in body.audits:
        if audit.gap_to is not None and audit.gap_from > audit.gap_to:
            least, most = audit.gap_from, audit.gap_to
            yield _at(audit, "gap_to", "read-gaps-reversed", Severity.ERROR, most, least=least, most=most)
        elif (audit.gap_from or audit.gap_to is not None) and not audit.after:
            field = "gap_from" if audit.gap_from else "gap_to"
            yield _at(audit, field, "read-gap-without-after", Severity.WARNING, audit=audit.id)


def audit_of_itself(body: Body) -> Iterator[Problem]:
    """Audits that follow, resemble or avoid themselves."""
    for audit in body.audits:
        for field in _LINKS:
            if getattr(audit, field) == audit.id:
                yield _at(audit, field, "read-audit-of-itself", Severity.ERROR, audit.id, audit=audit.id)


def after_cycles(body: Body) -> Iterator[Problem]:
    """Audits that wait for each other, each circle told once, at its first row."""
    after = {audit.id: audit.after for audit in body.audits if audit.after and audit.after != audit.id}
    told: set[str] = set()
    for audit in body.audits:
        chain: list[str] = []
        at = audit.id
        while at in after and at not in chain and at not in told:
            chain.append(at)
            at = after[at]
        if at in chain and at == audit.id:
            circle = " → ".join([*chain, at])
            told.update(chain)
            yield _at(audit, "after", "read-after-circle", Severity.ERROR, audit.after, circle=circle)


def after_other_client(body: Body) -> Iterator[Problem]:
    """Audits that wait for another client's."""
    clients = {audit.id: audit.client for audit in body.audits}
    for audit in body.audits:
        other = clients.get(audit.after, audit.client)
        if other != audit.client:
            yield _at(
                audit,
                "after",
                "read-after-other-client",
                Severity.WARNING,
                audit.after,
                before=audit.after,
                client=other,
            )


def same_and_not_same(body: Body) -> Iterator[Problem]:
    """Audits that must have and must not have the team of one other."""
    for audit in body.audits:
        if audit.same_team_as and audit.same_team_as == audit.not_team_of:
            other = audit.not_team_of
            yield _at(audit, "not_team_of", "read-team-same-and-not", Severity.ERROR, other, other=other)


def decision_alone(body: Body) -> Iterator[Problem]:
    """Decisions that follow no audit: nobody can be kept away from deciding on their own work."""
    for audit in body.audits:
        if audit.type is AuditType.DECISION and not audit.after and audit.status is not AuditStatus.CANCELLED:
            yield _at(audit, "after", "read-decision-without-after", Severity.NOTICE, audit=audit.id)


def firm_without_date(body: Body) -> Iterator[Problem]:
    """Done and confirmed audits of which nobody says when."""
    scheduled = {row.audit for row in body.previous}
    for audit in body.audits:
        firm = audit.status in {AuditStatus.DONE, AuditStatus.CONFIRMED}
        if firm and audit.start is None and audit.id not in scheduled:
            yield _at(audit, "start", "read-firm-without-date", Severity.WARNING, audit=audit.id)


def done_in_future(body: Body) -> Iterator[Problem]:
    """Audits that are done and have not begun."""
    today = body.settings.today
    for audit in body.audits:
        if audit.status is AuditStatus.DONE and audit.start is not None and audit.start > today:
            yield _at(
                audit, "start", "read-past-in-future", Severity.WARNING, audit.start, day=audit.start, today=today
            )


def _at(
    owner: Audit, place: str, code: str, severity: Severity, value: object = "", /, **parameters: object
) -> Problem:
    """A problem of an audit."""
    return problem_at(owner.origin, place, code, severity, value, stops=None, **parameters)


AUDIT_CHECKS: tuple[Callable[[Body], Iterable[Problem]], ...] = (
    window_empty,
    target_outside,
    team_sizes,
    fixed_team_too_large,
    gaps,
    audit_of_itself,
    after_cycles,
    after_other_client,
    same_and_not_same,
    decision_alone,
    firm_without_date,
    done_in_future,
)
"""In the order in which they report."""
