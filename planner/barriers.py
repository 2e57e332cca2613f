"""What keeps an audit's possible people out of its team: the qualification rows, conflicts and turns in the lead
that, were they otherwise, would let somebody serve it.

The question is asked by qualification alone: who is booked or on leave when plays no part here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from auditplan.planner.barring import Barring, conflict_period
from auditplan.planner.domain import Audit, Auditor, Conflict, Qualification, Role
from auditplan.planner.facts import Facts
from auditplan.planner.firm import working_roles
from auditplan.planner.qualification import merged

Span = tuple[date, date, int]
"""First and last calendar day of a way to run an audit, and its team size."""


Gone = set[tuple[str, Qualification | Conflict | date]]
"""Barriers thought away, by person."""
MOST_TRIED = 40
"""How many barriers are thought away one by one, at most."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """One thing that keeps a person out. row: the qualification that is not valid over some span, the conflict, or
    the last day of a rest from leading. leading: whether the person could lead but for it."""

    auditor: Auditor
    row: Qualification | Conflict | date
    leading: bool


class Barriers:
    """Looks for barriers around one audit. spans: every way to run it that is open."""

    def __init__(self, facts: Facts, audit: Audit, spans: Iterable[Span]) -> None:
        """Picks the people who hold anything for the audit's standards."""
        self._facts, self._audit = facts, audit
        self._barring = Barring(facts.body, facts.rules)
        self._spans = sorted(set(spans))
        roles = working_roles(audit)
        self._working = roles
        self._leading = (Role.DECISION,) if Role.DECISION in roles else (Role.LEAD,)
        self._counted = (*roles, Role.EXPERT) if audit.experts else roles
        self._pairs = {(standard, code) for standard in audit.standards for code in ("", *audit.codes)}
        self._people = [auditor for auditor in facts.body.auditors if any(self._rows(auditor, self._counted))]

    def deciding(self) -> tuple[Barrier, ...]:
        """The barriers each of which alone stands in the way; if no single one does but all together do, all of
        them; none where people of the right qualification are there on some day, or where none would be anyway."""
        found = list(self._all())
        if self._open(()) or not self._open(found):
            return ()
        return tuple(barrier for barrier in found[:MOST_TRIED] if self._open([barrier])) or tuple(found)

    def largest_team(self) -> int:
        """How many people hold a qualification that counts for a lead's or auditor's seat, at any time."""
        return sum(any(self._rows(auditor, self._working)) for auditor in self._people)

    def _rows(self, auditor: Auditor, roles: tuple[Role, ...]) -> Iterator[Qualification]:
        """A person's rows for the audit's standards."""
        for standard in self._audit.standards:
            yield from self._facts.qualifications.rows(auditor.id, standard, roles)

    def _all(self) -> Iterator[Barrier]:
        """Everything that keeps one of the people out on some span."""
        low, high = self._spans[0][0], max(last for _, last, _ in self._spans)
        for auditor in self._people:
            first = self._audit.standards[0]
            lead = bool(self._facts.qualifications.rows(auditor.id, first, self._leading))
            for conflict in self._barring.conflicts(auditor.id, self._audit.client):
                if _meets(conflict_period(conflict), low, high):
                    yield Barrier(auditor, conflict, lead)
            for row in dict.fromkeys(self._rows(auditor, self._counted)):
                if not _within(row, low, high):
                    yield Barrier(auditor, row, lead and row.role in self._leading)
            rest = self._rest(auditor) if lead else None
            if rest is not None and _meets(rest, low, high):
                yield Barrier(auditor, rest[1], lead)

    def _rest(self, auditor: Auditor) -> tuple[date, date] | None:
        """The days on which rotation keeps a person from leading; the latest over the standards."""
        found = [
            (start, end)
            for standard in self._audit.standards
            for start, end in [self._barring.cooling(auditor.id, self._audit.client, standard) or (None, None)]
            if start is not None and end is not None
        ]
        return max(found, key=lambda rest: rest[1], default=None)

    def _open(self, lifted: Iterable[Barrier]) -> bool:
        """Whether some span has a lead, enough people and every code, were some barriers not there."""
        gone: Gone = {(barrier.auditor.id, barrier.row) for barrier in lifted}
        return any(self._served(span, gone) for span in self._spans)

    def _served(self, span: Span, gone: Gone) -> bool:
        """Whether the people who may come on a span can lead it, fill it and cover it."""
        first, last, size = span
        leads, members, covered = 0, 0, set[tuple[str, str]]()
        for auditor in self._people:
            if self._kept_out(auditor, first, gone):
                continue
            own = {pair for pair in self._pairs if self._holds(auditor, pair, self._roles(pair), (first, last), gone)}
            members += any(
                self._holds(auditor, (standard, ""), self._working, (first, last), gone)
                for standard in self._audit.standards
            )
            leads += self._may_lead(auditor, (first, last), gone)
            covered |= own
        return leads > 0 and members >= size and covered >= self._pairs

    def _roles(self, pair: tuple[str, str]) -> tuple[Role, ...]:
        """The roles that cover a pair of standard and code: experts only cover codes."""
        return self._counted if pair[1] else self._working

    def _holds(
        self,
        auditor: Auditor,
        pair: tuple[str, str],
        roles: tuple[Role, ...],
        span: tuple[date, date],
        gone: Gone,
    ) -> bool:
        """validity: whether a person holds one of the roles for a standard and code on every day of a span."""
        rows = self._facts.qualifications.rows(auditor.id, pair[0], roles, pair[1] or None)
        periods = ((None, None) if (auditor.id, row) in gone else (row.valid_from, row.valid_to) for row in rows)
        return any(
            (start is None or start <= span[0]) and (end is None or span[1] <= end) for start, end in merged(periods)
        )

    def _kept_out(self, auditor: Auditor, first: date, gone: Gone) -> bool:
        """conflict, objection: whether one is in force on the first day."""
        return any(
            (auditor.id, conflict) not in gone and _meets(conflict_period(conflict), first, first)
            for conflict in self._barring.conflicts(auditor.id, self._audit.client)
        )

    def _may_lead(self, auditor: Auditor, span: tuple[date, date], gone: Gone) -> bool:
        """lead, rotation: holds it for the first standard, and is not resting."""
        rest = self._rest(auditor)
        resting = rest is not None and (auditor.id, rest[1]) not in gone and _meets(rest, span[0], span[0])
        named = not self._audit.lead or self._audit.lead == auditor.id
        standard = self._audit.standards[0]
        return named and not resting and self._holds(auditor, (standard, ""), self._leading, span, gone)


def _meets(period: tuple[date | None, date | None], low: date, high: date) -> bool:
    """Whether a period has a day in common with low … high."""
    start, end = period
    return (start is None or start <= high) and (end is None or end >= low)


def _within(row: Qualification, low: date, high: date) -> bool:
    """Whether a row is valid from low to high."""
    return (row.valid_from is None or row.valid_from <= low) and (row.valid_to is None or row.valid_to >= high)
