"""What keeps a person out of a seat of an audit: qualification, distance to the client, and what is fixed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from auditplan.planner.barring import Barring, conflict_period
from auditplan.planner.domain import Audit, Auditor, HistoryEntry, Qualification, Role
from auditplan.planner.eligibility import EXPERT, LEAD, MEMBER, TRAINEE
from auditplan.planner.explanations.cells import reason
from auditplan.planner.explanations.ground import Ground
from auditplan.planner.explanations.ways import Way, fixed_at
from auditplan.planner.firm import working_roles
from auditplan.planner.links import Links
from auditplan.planner.plan import Reason
from auditplan.planner.problems import Origin
from auditplan.planner.qualification import merged, standard_key
from auditplan.solver.problem import Quota

_NAMES = {LEAD: "lead", MEMBER: "member", EXPERT: "expert", TRAINEE: "trainee"}


class SeatRules:
    """The rules about people's seats in one audit."""

    def __init__(self, ground: Ground, audit: Audit) -> None:
        """Looks up what does not depend on the person."""
        self._ground, self._audit = ground, audit
        self._facts = ground.facts
        self._barring = Barring(ground.body, ground.facts.rules)
        self._fixed = ground.compiler.fixed(audit)
        self._previous = ground.facts.lookup.previous.get(audit.id)

    def anyhow(self, auditor: Auditor, role: int) -> Iterator[Reason]:
        """What stands against a person in a role on every stretch."""
        yield from self._no_seat(role)
        yield from self._unqualified(auditor, role)
        yield from self._kept(auditor, role)
        yield from self._apart(auditor)
        if role == LEAD:
            yield from self._chain(auditor)

    def on(self, auditor: Auditor, role: int, way: Way) -> Iterator[Reason]:
        """What stands against a person in a role on one stretch."""
        if role == MEMBER and way.size == 1:
            size = self._audit.largest_team
            code, field = ("against-one", "largest_team") if size == 1 else ("against-alone", "days")
            yield reason(self._audit.origin, field, "counting", code, size=size)
        first, last = way.slots[0].day, way.slots[-1].day
        yield from self._invalid(auditor, role, first, last)
        yield from self._away_from_client(auditor, first)
        if role == LEAD:
            yield from self._resting(auditor, first)

    def _rows(self, auditor: Auditor, role: int, standard: str) -> list[Qualification]:
        """The rows that count for a role."""
        return self._facts.qualifications.rows(auditor.id, standard, self._held_as(role))

    def _held_as(self, role: int) -> tuple[Role, ...]:
        """The roles of a qualification that count for a seat."""
        working = working_roles(self._audit)
        leading = (Role.DECISION,) if Role.DECISION in working else (Role.LEAD,)
        return {LEAD: leading, MEMBER: working, EXPERT: (Role.EXPERT,), TRAINEE: (Role.TRAINEE,)}[role]

    def _standards(self, role: int) -> tuple[str, ...]:
        """The standards of which one must be held: the first for a lead."""
        return self._audit.standards[:1] if role == LEAD else self._audit.standards

    def _no_seat(self, role: int) -> Iterator[Reason]:
        """counting: the audit asks for nobody in that role."""
        audit = self._audit
        asked = {EXPERT: audit.experts, TRAINEE: audit.trainees}.get(role, 1)
        if not asked:
            name = _NAMES[role]
            yield reason(audit.origin, f"{name}s", "counting", f"against-no-{name}s", audit=audit.id)

    def _unqualified(self, auditor: Auditor, role: int) -> Iterator[Reason]:
        """lead, counting: holds nothing that counts."""
        standards = self._standards(role)
        if any(self._rows(auditor, role, standard) for standard in standards):
            return
        rule = "lead" if role == LEAD else "counting"
        deciding = Role.DECISION in working_roles(self._audit)
        code = "against-decision" if deciding and role in (LEAD, MEMBER) else f"against-{_NAMES[role]}"
        origin, field = self._nearest_row(auditor, standards)
        values = {"name": auditor.name, "standard": ", ".join(standards)}
        yield reason(origin, field, rule, code, auditor.id, **values)

    def _nearest_row(self, auditor: Auditor, standards: tuple[str, ...]) -> tuple[Origin | None, str]:
        """Where a qualification is missing: the role of a row for the standard, else the person's own row."""
        for standard in standards:
            for row in self._facts.qualifications.rows(auditor.id, standard, tuple(Role)):
                if row.origin is not None:
                    return row.origin, "role"
        return auditor.origin, "id"

    def _kept(self, auditor: Auditor, role: int) -> Iterator[Reason]:
        """fixed, sequence: who leads is decided, or the whole team is."""
        fixed = self._fixed
        if fixed.lead and (fixed.lead == auditor.id) != (role == LEAD):
            origin, field = fixed_at(self._previous, self._audit, fixed, "lead")
            code = "against-fixed-lead" if role == LEAD else "against-leads"
            yield reason(origin, field, "fixed", code, auditor.id, lead=fixed.lead, name=auditor.name)
        named = {MEMBER: fixed.team, EXPERT: fixed.experts, TRAINEE: fixed.trainees}.get(role)
        if fixed.exact and role != LEAD and auditor.id not in (fixed.team if named is None else named):
            origin, field = fixed_at(self._previous, self._audit, fixed, "team")
            people = ", ".join(filter(None, (fixed.lead, *fixed.team))) or "–"
            yield reason(origin, field, "fixed", "against-fixed-team", auditor.id, people=people)
        for other, origin in self._paired:
            lead = self._ground.compiler.firm[other].placement.lead
            if role == LEAD and lead != auditor.id:
                yield reason(
                    origin,
                    "same_team_as",
                    "sequence",
                    "against-same-lead",
                    auditor.id,
                    about=other,
                    other=other,
                    lead=lead,
                )

    @cached_property
    def _paired(self) -> list[tuple[str, Origin | None]]:
        """Firm audits that must have the same lead, with the row that says so."""
        if not self._facts.rules.on("sequence"):
            return []
        audit, firm = self._audit, self._ground.compiler.firm
        found = [(audit.same_team_as, audit.origin)] if audit.same_team_as in firm else []
        others = (other for other in self._ground.body.audits if other.same_team_as == audit.id)
        return found + [(other.id, other.origin) for other in others if other.id in firm]

    def _apart(self, auditor: Auditor) -> Iterator[Reason]:
        """independence: in the team of a firm audit that must share nobody with this one."""
        for other, (origin, field) in self._kept_from.items():
            if auditor.id in self._ground.compiler.firm[other].people:
                values = {"name": auditor.name, "other": other}
                yield reason(origin, field, "independence", "against-apart", auditor.id, about=other, **values)

    @cached_property
    def _kept_from(self) -> dict[str, tuple[Origin | None, str]]:
        """Firm audits that must share nobody with this one, with the cell that says so."""
        return {
            other: place
            for other, place in kept_from(self._ground, self._audit).items()
            if other in self._ground.compiler.firm
        }

    def _chain(self, auditor: Auditor) -> Iterator[Reason]:
        """rotation: has led as often in a row as may be."""
        number = self._ground.index.get(self._audit.id)
        person = self._facts.lookup.order[auditor.id]
        for relation in self._ground.problem.relations:
            spent = isinstance(relation, Quota) and relation.resource == person and relation.most == 0
            if isinstance(relation, Quota) and spent and number in relation.activities:
                values = {"name": auditor.name, "most": int(self._facts.rules.value("rotation"))}
                yield reason(*self._history(auditor), "rotation", "against-chain", auditor.id, **values)
                return

    def _history(self, auditor: Auditor) -> tuple[Origin | None, str]:
        """The latest row of History in which a person led this client; else the person's own row."""
        rows: list[HistoryEntry] = [
            row
            for row in self._ground.body.history
            if row.client == self._audit.client and row.auditor == auditor.id and row.role in {Role.LEAD, None}
        ]
        latest = max(rows, key=lambda row: row.day, default=None)
        return (latest.origin, "day") if latest is not None and latest.origin else (auditor.origin, "id")

    def _invalid(self, auditor: Auditor, role: int, first: date, last: date) -> Iterator[Reason]:
        """validity: what counts is not valid on the whole stretch."""
        rows: list[Qualification] = []
        for standard in self._standards(role):
            own = self._rows(auditor, role, standard)
            periods = merged((row.valid_from, row.valid_to) for row in own)
            if any((a is None or a <= first) and (b is None or last <= b) for a, b in periods):
                return
            rows += own
        for row in rows:
            if row.valid_to is not None and row.valid_to < last:
                values = {"name": auditor.name, "standard": row.standard, "day": row.valid_to}
                yield reason(row.origin, "valid_to", "validity", "against-lapsed", auditor.id, **values)
            elif row.valid_from is not None and first < row.valid_from:
                values = {"name": auditor.name, "standard": row.standard, "day": row.valid_from}
                yield reason(row.origin, "valid_from", "validity", "against-not-yet", auditor.id, **values)

    def _away_from_client(self, auditor: Auditor, first: date) -> Iterator[Reason]:
        """conflict, objection: one is in force on the first day."""
        for row in self._barring.conflicts(auditor.id, self._audit.client):
            start, until = conflict_period(row)
            if (start is None or start <= first) and (until is None or first <= until):
                rule = "objection" if row.objection else "conflict"
                field = "until" if row.until else "auditor"
                values = {"name": auditor.name, "client": self._facts.lookup.clients[row.client].name}
                values |= {"until": until.isoformat() if until else "–"}
                yield reason(row.origin, field, rule, f"against-{rule}", auditor.id, **values)

    def _resting(self, auditor: Auditor, first: date) -> Iterator[Reason]:
        """rotation: rests after a chain."""
        for standard in {standard_key(name)[0]: name for name in self._audit.standards}.values():
            rest = self._barring.cooling(auditor.id, self._audit.client, standard)
            if rest is not None and (rest[0] is None or rest[0] <= first) and (rest[1] is None or first <= rest[1]):
                origin, field = self._history(auditor)
                yield reason(
                    origin, field, "rotation", "against-rest", auditor.id, name=auditor.name, day=rest[1] or "–"
                )
                return


def kept_from(ground: Ground, audit: Audit) -> dict[str, tuple[Origin | None, str]]:
    """Audits that must share nobody with one, each with the cell that says so."""
    if not ground.facts.rules.on("independence"):
        return {}
    links = Links(ground.body.audits)
    found: dict[str, tuple[Origin | None, str]] = {}
    for other in links.judged[audit.id]:
        found[other] = (audit.origin, "after")
    if audit.not_team_of:
        found[audit.not_team_of] = (audit.origin, "not_team_of")
    for other in links.kept_from[audit.id]:
        row = ground.facts.lookup.audits[other]
        found[other] = (row.origin, "not_team_of" if row.not_team_of == audit.id else "after")
    return found
