"""What is wrong between the cells of a row, and between rows: one small function a check.

All take the objects made of the good rows. `check_body` runs them in the order of the sheets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from auditplan.io.workbook.checks_audits import AUDIT_CHECKS
from auditplan.io.workbook.read_spelling import fold, nearest
from auditplan.planner.audit_time import MOST_INTEGRATION, MOST_REDUCTION
from auditplan.planner.cycle.stars import LEAST, rating
from auditplan.planner.domain import Body, RuleKind
from auditplan.planner.problems import Problem, Severity, problem_at
from auditplan.planner.rulebook import RULES

Check = Callable[[Body], Iterable[Problem]]


def check_body(body: Body) -> list[Problem]:
    """Every finding of every check."""
    return [problem for check in CHECKS for problem in check(body)]


def emails_shared(body: Body) -> Iterator[Problem]:
    """Two auditors with one address: each would get the other's invitations."""
    first: dict[str, str] = {}
    for auditor in body.auditors:
        key = fold(auditor.email)
        if key and key in first:
            yield problem_at(
                auditor.origin, "email", "read-email-shared", Severity.WARNING, auditor.email, other=first[key]
            )
        elif key:
            first[key] = auditor.id


def employment_reversed(body: Body) -> Iterator[Problem]:
    """People who leave before they come."""
    for row in body.auditors:
        yield from _reversed(row, "active_from", "active_to")


def qualification_reversed(body: Body) -> Iterator[Problem]:
    """Qualifications that end before they begin."""
    for row in body.qualifications:
        yield from _reversed(row, "valid_from", "valid_to")


def absence_reversed(body: Body) -> Iterator[Problem]:
    """Absences that end before they begin."""
    for row in body.unavailable:
        yield from _reversed(row, "start", "until")


def conflict_reversed(body: Body) -> Iterator[Problem]:
    """Conflicts that end before they begin."""
    for row in body.conflicts:
        yield from _reversed(row, "start", "until")


def _reversed(row: Any, start: str, end: str) -> Iterator[Problem]:
    """A row whose end lies before its start."""
    first: date | None = getattr(row, start)
    last: date | None = getattr(row, end)
    if first is not None and last is not None and last < first:
        yield problem_at(row.origin, end, "read-dates-reversed", Severity.ERROR, last, start=first, end=last)


def without_qualification(body: Body) -> Iterator[Problem]:
    """Auditors whom nothing can be given to."""
    holders = {row.auditor for row in body.qualifications}
    for auditor in body.auditors:
        # Without any row at all, the sheet is the matter, not the people.
        if holders and auditor.id not in holders:
            yield problem_at(
                auditor.origin,
                "id",
                "read-auditor-without-qualification",
                Severity.NOTICE,
                auditor.id,
                auditor=auditor.id,
            )


def coordinates_halved(body: Body) -> Iterator[Problem]:
    """Places with a latitude or a longitude only."""
    for place in body.places:
        if (place.latitude is None) != (place.longitude is None):
            missing = "latitude" if place.latitude is None else "longitude"
            yield problem_at(
                place.origin, missing, "read-coordinates-halved", Severity.ERROR, place=place.city or place.region
            )


def travel_to_itself(body: Body) -> Iterator[Problem]:
    """Rows of Travel from a place to itself, or without hours and cost."""
    for link in body.travel:
        if fold(link.start) == fold(link.end):
            yield problem_at(link.origin, "end", "read-travel-to-itself", Severity.WARNING, link.end, place=link.start)
        elif link.hours is None and link.cost is None:
            yield problem_at(
                link.origin, "hours", "read-travel-empty", Severity.WARNING, start=link.start, end=link.end
            )


def travel_contradicts(body: Body) -> Iterator[Problem]:
    """Rows of Travel that contradict the row of the way back: the first one holds for both directions."""
    rows = {(fold(link.start), fold(link.end)): link for link in reversed(body.travel)}
    for link in body.travel:
        other = rows.get((fold(link.end), fold(link.start)))
        later = other is not None and link.origin and other.origin and link.origin.row > other.origin.row
        if other is not None and later and (link.hours, link.cost) != (other.hours, other.cost):
            row = other.origin.row if other.origin else 0
            yield problem_at(
                link.origin,
                "hours",
                "read-travel-contradicts",
                Severity.WARNING,
                start=link.start,
                end=link.end,
                row=row,
            )


def certificate_dates(body: Body) -> Iterator[Problem]:
    """Certificates whose dates are not in order."""
    for row in body.certificates:
        if row.expiry_date <= row.decision_date:
            yield problem_at(
                row.origin,
                "expiry_date",
                "read-dates-reversed",
                Severity.ERROR,
                row.expiry_date,
                start=row.decision_date,
                end=row.expiry_date,
            )
        if row.issue_date is not None and row.issue_date < row.decision_date:
            yield problem_at(
                row.origin,
                "issue_date",
                "read-issued-before-decision",
                Severity.WARNING,
                row.issue_date,
                decision=row.decision_date,
                issue=row.issue_date,
            )


def stars_and_score(body: Body) -> Iterator[Problem]:
    """Stars of a service certificate that its score does not give (GB/T 27922)."""
    for row in body.certificates:
        if row.score is None:
            continue
        earned = rating(row.score)
        if earned is None:
            yield problem_at(
                row.origin, "score", "read-score-too-low", Severity.WARNING, row.score, score=row.score, least=LEAST
            )
        elif row.stars is not None and row.stars != earned:
            yield problem_at(
                row.origin,
                "stars",
                "read-stars-differ",
                Severity.NOTICE,
                row.stars,
                score=row.score,
                stars=row.stars,
                earned=earned,
            )


def past_in_future(body: Body) -> Iterator[Problem]:
    """Audits that are said to have been and lie in the future."""
    today = body.settings.today
    for certificate in body.certificates:
        if certificate.last_audit is not None and certificate.last_audit > today:
            day = certificate.last_audit
            yield problem_at(
                certificate.origin, "last_audit", "read-past-in-future", Severity.WARNING, day, day=day, today=today
            )
    for entry in body.history:
        if entry.day > today:
            yield problem_at(
                entry.origin, "day", "read-past-in-future", Severity.WARNING, entry.day, day=entry.day, today=today
            )


def rules_known(body: Body) -> Iterator[Problem]:
    """Rows of Rules that change nothing: unknown ids, and changes that the rule does not allow."""
    for row in body.rules:
        rule = RULES.get(row.rule)
        if rule is None:
            near = nearest(row.rule, RULES, 0.4) or next(iter(RULES))
            yield problem_at(
                row.origin, "rule", "read-rule-unknown", Severity.WARNING, row.rule, given=row.rule, near=near
            )
            continue
        if not row.on and not rule.switchable:
            yield problem_at(row.origin, "on", "read-rule-always-on", Severity.WARNING, rule=row.rule)
        if row.kind is RuleKind.SOFT and rule.hard and not rule.softable:
            yield problem_at(row.origin, "kind", "read-rule-always-hard", Severity.WARNING, rule=row.rule)
        for field, default in (("value", rule.value), ("weight", rule.weight)):
            if getattr(row, field) is not None and default is None:
                yield problem_at(row.origin, field, "read-rule-without-number", Severity.NOTICE, rule=row.rule)


def rule_values(body: Body) -> Iterator[Problem]:
    """Numbers of rules that make no sense: negative ones, and fewer than one audit in a row."""
    for row in body.rules:
        least = 1 if row.rule == "rotation" else 0
        if row.value is not None and row.rule in RULES and row.value < least:
            yield problem_at(
                row.origin,
                "value",
                "read-rule-value-outside",
                Severity.ERROR,
                row.value,
                rule=row.rule,
                least=least,
            )


MOST = {"reduction": MOST_REDUCTION, "integration": MOST_INTEGRATION}
"""Percent that the published documents allow at most; more is cut to it."""


def rule_values_cut(body: Body) -> Iterator[Problem]:
    """Numbers of rules beyond what a published document allows."""
    for row in body.rules:
        most = MOST.get(row.rule)
        if most is not None and row.value is not None and row.value > most:
            yield problem_at(
                row.origin, "value", "read-rule-value-cut", Severity.WARNING, row.value, rule=row.rule, most=most
            )


def schedule_ends(body: Body) -> Iterator[Problem]:
    """Rows of the plan before without an end: the planner works the span out anew."""
    for row in body.previous:
        if not row.lead:
            yield problem_at(row.origin, "lead", "read-schedule-without-lead", Severity.NOTICE, audit=row.audit)


def names_shared(body: Body) -> Iterator[Problem]:
    """Auditors of one name, where it is not their id: a reference by that name would be ambiguous."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for auditor in body.auditors:
        if auditor.name != auditor.id:
            by_name[fold(auditor.name)].append(auditor.id)
    for auditor in body.auditors:
        same = by_name.get(fold(auditor.name), [])
        if len(same) > 1 and same[0] == auditor.id:
            listed = ", ".join(same)
            yield problem_at(
                auditor.origin,
                "name",
                "read-name-shared",
                Severity.NOTICE,
                auditor.name,
                name=auditor.name,
                people=listed,
            )


CHECKS: tuple[Check, ...] = (
    emails_shared,
    names_shared,
    employment_reversed,
    without_qualification,
    qualification_reversed,
    coordinates_halved,
    travel_to_itself,
    travel_contradicts,
    certificate_dates,
    stars_and_score,
    past_in_future,
    *AUDIT_CHECKS,
    absence_reversed,
    conflict_reversed,
    rules_known,
    rule_values,
    rule_values_cut,
    schedule_ends,
)
"""In the order in which they report."""
