"""What makes a plan better on the levels after the first: lateness, changes, and balance with its company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from auditplan.planner.domain import Audit, Body, Client, Role
from auditplan.planner.plan import LEVELS
from auditplan.planner.qualification import Qualifications
from auditplan.planner.rulebook import RuleBook

LEFT_OUT, LATENESS, CHANGES, MONEY, BALANCE = range(len(LEVELS))
"""The levels of the objective by index."""

SCARCE_HOLDERS = 2
"""A code of a standard with at most so many holders is scarce."""


def lateness(audit: Audit, start: date, end: date, rules: RuleBook) -> int:
    """Level 2, in points: closeness to Due, distance from Target, and days late where the window is soft."""
    slack = (audit.due - end).days
    if audit.target is None and slack >= rules.value("due margin"):
        return 0
    points = rules.weight("due margin") * max(0, int(rules.value("due margin")) - max(slack, 0))
    if slack < 0:
        points += rules.weight("late") * -slack
    if audit.target is not None:
        away = abs((start - audit.target).days) - int(rules.value("target"))
        points += rules.weight("target") * max(0, away)
    return round(points)


def latenesses(audit: Audit, stretches: Iterable[tuple[date, date]], rules: RuleBook) -> list[int]:
    """Level 2 of stretches by their first and last days; each pair of days is looked at once."""
    known: dict[tuple[date, date], int] = {}
    points = []
    for days in stretches:
        if days not in known:
            known[days] = lateness(audit, *days, rules)
        points.append(known[days])
    return points


def preference(client: Client, start: date, days: list[date], rules: RuleBook) -> int:
    """Level 5, in points: a start outside the client's months, and each day on a weekday to be avoided."""
    points = 0
    if client.preferred_months and start.month not in client.preferred_months:
        points += 1
    points += sum(day.isoweekday() in client.avoid_weekdays for day in days)
    return round(rules.weight("preferred") * points)


class Scarcity:
    """Who holds what few hold, so that they are kept free for what only they can do."""

    def __init__(self, body: Body, qualifications: Qualifications) -> None:
        """Counts, for each standard and code that some audit needs, who holds it in the period."""
        needed = {(standard, code) for audit in body.audits for standard in audit.standards for code in audit.codes}
        self._held: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for standard, code in sorted(needed):
            holders = qualifications.holders(standard, (Role.LEAD, Role.AUDITOR), code)
            if len(holders) <= SCARCE_HOLDERS:
                for holder in holders:
                    self._held[holder].add((standard, code))

    def wasted(self, auditor: str, audit: Audit) -> bool:
        """Whether a holder of something scarce would sit in an audit that needs none of it."""
        held = self._held.get(auditor)
        if not held:
            return False
        return not any((standard, code) in held for standard in audit.standards for code in audit.codes)
