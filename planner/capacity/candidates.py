"""Whom one could hire or train at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditplan.planner.domain import Audit, Auditor, AuditType, Body, Qualification, Role
from auditplan.planner.qualification import code_covers, standards_match
from auditplan.planner.scenarios.changes import AddQualification
from auditplan.planner.scenarios.people import add_qualification
from auditplan.planner.scenarios.selection import CLOSED, region_of

NEW = "+"
RANK = {Role.LEAD: 2, Role.AUDITOR: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody to hire (region set) or to train (auditor set) for a standard and code in a role. code "*": all."""

    standard: str
    code: str
    role: Role
    region: str = ""
    auditor: str = ""

    @property
    def key(self) -> str:
        """A name for the job."""
        return "|".join((self.region, self.auditor, self.standard, self.code, self.role.value))

    def applied(self, body: Body) -> Body:
        """The body with the person hired or trained."""
        codes = (self.code,)
        if self.auditor:
            change = AddQualification(auditor=self.auditor, standard=self.standard, codes=codes, role=self.role)
            return add_qualification(body, change)
        name = f"{self.region} {NEW}"
        person = Auditor(id=name, name=name, region=self.region)
        row = Qualification(auditor=name, standard=self.standard, role=self.role, codes=codes)
        return replace(body, auditors=(*body.auditors, person), qualifications=(*body.qualifications, row))

    def does_all_of(self, other: Candidate) -> bool:
        """Whether this is the same person, qualified for at least as much: a lead may serve as auditor, a code covers
        those below it."""
        if (self.region, self.auditor, self.standard) != (other.region, other.auditor, other.standard):
            return False
        role = self.role is other.role or (self.role is Role.LEAD and other.role is Role.AUDITOR)
        return role and code_covers(self.code, other.code)

    def serves(self, audit: Audit) -> bool:
        """Whether the qualification is of use for an audit at all."""
        deciding = audit.type is AuditType.DECISION
        if deciding != (self.role is Role.DECISION):
            return False
        held = any(standards_match(self.standard, standard) for standard in audit.standards)
        return held and (not audit.codes or any(code_covers(self.code, code) for code in audit.codes))


def candidates(body: Body) -> Iterator[Candidate]:
    """Everybody worth a thought: hired in a region with work for a standard and code that work asks for; or trained for
    a code of a standard in which they lead or audit already, in that role."""
    pairs = _pairs(body)
    regions = sorted(set(region_of(body).values()) & {place.region for place in body.places})
    for region in regions:
        for standard, code, role in pairs:
            yield Candidate(standard=standard, code=code, role=role, region=region)
    for auditor in body.auditors:
        for standard, code, role in pairs:
            held = _held(body, auditor.id, standard)
            if code != "*" and held is role and not _covers(body, auditor.id, standard, code, role):
                yield Candidate(standard=standard, code=code, role=role, auditor=auditor.id)


def _pairs(body: Body) -> list[tuple[str, str, Role]]:
    """Standards, codes and roles that the work asks for."""
    found: dict[tuple[str, str, Role], None] = {}
    for audit in body.audits:
        if audit.status in CLOSED:
            continue
        roles = [Role.DECISION] if audit.type is AuditType.DECISION else [Role.LEAD, Role.AUDITOR]
        for standard in audit.standards:
            for code in audit.codes or ("*",):
                found |= dict.fromkeys((standard, code, role) for role in roles)
    return sorted(found, key=lambda entry: (entry[0], entry[1], entry[2].value))


def _held(body: Body, auditor: str, standard: str) -> Role | None:
    """The highest role in which a person works for a standard: lead or auditor."""
    roles = [
        row.role
        for row in body.qualifications
        if row.auditor == auditor and row.role in RANK and standards_match(row.standard, standard)
    ]
    return max(roles, key=lambda role: RANK[role], default=None)


def _covers(body: Body, auditor: str, standard: str, code: str, role: Role) -> bool:
    """Whether a person has a code already."""
    return any(
        row.auditor == auditor
        and row.role is role
        and standards_match(row.standard, standard)
        and any(code_covers(held, code) for held in row.codes)
        for row in body.qualifications
    )
