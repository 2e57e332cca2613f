"""A single change that might place an audit, and the situation that such changes are thought up in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from auditplan.planner.domain import Audit, Auditor, Role, Unavailability
from auditplan.planner.explanations.changes import BodyChange, ReplaceRow
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.firm import working_roles
from auditplan.planner.problems import Origin

MOST_PEOPLE = 3
"""People tried for one kind of change, the nearest first."""
MOST_ROWS = 6
"""Rows tried for one kind of change."""
MOST_DAYS = 120
"""Days by which a window is widened at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A kind of change with an amount. make: amount → the change; most: the largest amount that makes sense (the
    smallest is 1; more never helps less); text: amount → parameters. also: placed audits that may move for it. size:
    how big a change it is for the body, for an amount of 1; each: for each more."""

    code: str
    make: Callable[[int], BodyChange]
    text: Callable[[int], Mapping[str, object]]
    size: float
    each: float = 0.0
    most: int = 1
    origin: Origin | None = None
    field: str = ""
    also: tuple[str, ...] = ()
    leave: Unavailability | None = None


class Situation:
    """One audit that is left out, with the people who hold anything for it."""

    def __init__(self, ground: Ground, audit: Audit) -> None:
        """Looks up who is about."""
        self._ground, self._audit, self._body = ground, audit, ground.body
        self._facts = ground.facts
        self._roles = working_roles(audit)
        self._low = max(audit.earliest or date.min, self._body.settings.plan_from)
        self._high = min(audit.due, self._body.settings.plan_to)

    def holders(self) -> list[Auditor]:
        """Who holds anything that counts for a seat, the nearest to the site first."""
        roles = (*self._roles, Role.EXPERT) if self._audit.experts else self._roles
        found = [
            auditor
            for auditor in self._body.auditors
            if any(self._facts.qualifications.rows(auditor.id, standard, roles) for standard in self._audit.standards)
        ]
        return sorted(found, key=lambda auditor: (not self.leads(auditor), self.hours(auditor)))

    def leads(self, auditor: Auditor) -> bool:
        """Whether a person holds what a lead needs."""
        roles = (Role.DECISION,) if Role.DECISION in self._roles else (Role.LEAD,)
        return bool(self._facts.qualifications.rows(auditor.id, self._audit.standards[0], roles))

    def hours(self, auditor: Auditor) -> float:
        """How far a person lives from the site."""
        geography = self._facts.geography
        return geography.link(geography.home(auditor), geography.site(self._audit)).hours


def freed(ground: Ground, row: Unavailability, days: tuple[date, ...]) -> Proposal:
    """Somebody of a row of Unavailable to be had on some days (none given: on all)."""
    kept: list[Unavailability] = []
    if days:
        first, last = max(row.start, min(days)), min(row.until, max(days))
        if row.start < first:
            kept.append(replace(row, until=first - timedelta(days=1)))
        if last < row.until:
            kept.append(replace(row, start=last + timedelta(days=1)))
    else:
        first, last = row.start, row.until
    lookup = ground.facts.lookup
    name = lookup.auditors[row.auditor].name if row.auditor else lookup.clients[row.client].name
    change = ReplaceRow(collection="unavailable", row=row, by=tuple(kept))
    return Proposal(
        code="fix-free" if row.auditor else "fix-open",
        make=lambda _: change,
        text=lambda _: {"name": name, "first": first, "last": last},
        size=3 * ((last - first).days + 1) * (1 if row.auditor else 2),
        origin=row.origin,
        field="start",
        leave=None if days else row,
    )


def shown(value: object) -> str:
    """A field's value as a text."""
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, tuple) else str(value.value if isinstance(value, Enum) else value)
