"""What makes a plan better on the levels after the first: lateness, changes, and balance with its company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from itertools import accumulate

import numpy as np

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
    return latenesses(audit, [start.toordinal()], [end.toordinal()], rules)[0]


def latenesses(audit: Audit, starts: Sequence[int], ends: Sequence[int], rules: RuleBook) -> list[int]:
    """The same of stretches by their first and last days, as ordinals; all at once, since a long period has thousands
    of them for each audit."""
    slack = audit.due.toordinal() - np.array(ends, dtype=np.int64)
    margin = int(rules.value("due margin"))
    points = float(rules.weight("due margin")) * np.maximum(0, margin - np.maximum(slack, 0))
    points += float(rules.weight("late")) * np.maximum(0, -slack)
    if audit.target is not None:
        away = np.abs(np.array(starts, dtype=np.int64) - audit.target.toordinal()) - int(rules.value("target"))
        points += float(rules.weight("target")) * np.maximum(0, away)
    found: list[int] = np.rint(points).astype(np.int64).tolist()
    return found


def preferences(
    client: Client, starts: Sequence[int], ends: Sequence[int], open_days: Collection[int], rules: RuleBook
) -> list[int]:
    """Level 5, in points, of stretches by their first and last days, as ordinals: a start outside the client's months,
    and each day on a weekday to be avoided. open_days: those on which work can be done."""
    weight = float(rules.weight("preferred"))
    avoided, months = client.avoid_weekdays, client.preferred_months
    days = range(min(starts, default=0), max(ends, default=0) + 1)
    counted = [day in open_days and date.fromordinal(day).isoweekday() in avoided for day in days]
    before = list(accumulate(counted, initial=0))
    outside = [bool(months) and date.fromordinal(day).month not in months for day in days]
    first = days.start
    pairs = zip(starts, ends, strict=True)
    return [
        round(weight * (outside[start - first] + before[end + 1 - first] - before[start - first]))
        for start, end in pairs
    ]


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
