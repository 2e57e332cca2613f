"""Which audits a change is about, and in which fixed order it takes them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from auditplan.planner.domain import Audit, AuditStatus, AuditType, Body
from auditplan.planner.qualification import code_covers, standards_match

CLOSED = frozenset({AuditStatus.DONE, AuditStatus.CANCELLED})
FIXED = CLOSED | {AuditStatus.CONFIRMED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Audits by type, standard, region of the site and code; an empty tuple asks nothing, several entries of one
    are alternatives."""

    types: tuple[AuditType, ...] = ()
    standards: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def matches(self, audit: Audit, region: str) -> bool:
        """Whether an audit, with the region of its site, is meant."""
        return (
            (not self.types or audit.type in self.types)
            and (not self.regions or region in self.regions)
            and (not self.standards or any(standards_match(a, b) for a in self.standards for b in audit.standards))
            and (not self.codes or any(code_covers(a, b) for a in self.codes for b in audit.codes))
        )

    @property
    def narrowness(self) -> int:
        """How many things it asks; the wider one is applied first."""
        return sum(bool(part) for part in (self.types, self.standards, self.regions, self.codes))


EVERYTHING = Filter()


def region_of(body: Body) -> dict[str, str]:
    """The region of each audit's site, by audit."""
    regions = {client.id: client.region for client in body.clients}
    return {audit.id: audit.region or regions.get(audit.client, "") for audit in body.audits}


def selected(body: Body, wanted: Filter) -> tuple[Audit, ...]:
    """The audits meant, but for those that are done or cancelled, in the order of the sheet."""
    regions = region_of(body)
    return tuple(
        audit for audit in body.audits if audit.status not in CLOSED and wanted.matches(audit, regions[audit.id])
    )


def rank(text: str) -> bytes:
    """A place in an order that has nothing to do with names, and is the same on every machine: whatever is taken
    for 10 % is among what is taken for 20 %."""
    return sha256(text.encode("utf-8")).digest()


def chains(audits: tuple[Audit, ...]) -> list[tuple[Audit, ...]]:
    """Audits that refer to each other (After, Same team as, Not the team of), directly or over several steps,
    together; by rank of each one's first."""
    by_id = {audit.id: audit for audit in audits}
    leader = {audit.id: audit.id for audit in audits}

    def find(name: str) -> str:
        """The representative of an audit's chain."""
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for audit in audits:
        for other in (audit.after, audit.same_team_as, audit.not_team_of):
            if other in by_id:
                leader[find(audit.id)] = find(other)
    groups: dict[str, list[Audit]] = defaultdict(list)
    for audit in audits:
        groups[find(audit.id)].append(audit)
    return sorted((tuple(group) for group in groups.values()), key=lambda group: rank(group[0].id))


def share(number: int, percent: float) -> int:
    """So many per cent of a number, rounded half up."""
    return int(number * percent / 100 + 0.5)
