"""Changes of people: when they are free, how much they may work, what they hold, and who there is.

Conflicts, objections and the independence of decisions are never proposed to be given up: they guard impartiality, and
only the facts behind them can change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from auditplan.planner.capacity.candidates import Candidate as Joining
from auditplan.planner.domain import Auditor, AuditType, Qualification, Role
from auditplan.planner.explanations.changes import SetFields
from auditplan.planner.explanations.proposal import MOST_PEOPLE, MOST_ROWS, Proposal, Situation, freed
from auditplan.planner.scenarios.changes import AddAuditors, AddQualification, RuleChange


class OfPeople(Situation):
    """The changes of people; the smaller kinds first."""

    def __iter__(self) -> Iterator[Proposal]:
        """Everything worth a try."""
        yield from self._leave()
        yield from self._ceilings()
        yield from self._validity()
        yield from self._training()
        yield from self._rotation()
        yield from self._hiring()

    def _leave(self) -> Iterator[Proposal]:
        """availability: a person's leave, or a closure of the client, on the days needed."""
        people = {auditor.id: rank for rank, auditor in enumerate(self.holders())}
        rows = [
            row
            for row in self._body.unavailable
            if (row.auditor in people or row.client == self._audit.client)
            and row.start <= self._high + timedelta(days=3)
            and row.until >= self._low - timedelta(days=3)
        ]
        for row in sorted(rows, key=lambda row: (people.get(row.auditor, -1), row.start))[:MOST_ROWS]:
            yield freed(self._ground, row, ())

    def _ceilings(self) -> Iterator[Proposal]:
        """ceilings: more days in the period or the week, more nights, for those who are asked for."""
        used = {auditor.id: 0 for auditor in self._body.auditors}
        for placement in self._ground.placements.values():
            for seat in placement.seats:
                used[seat.auditor] += 1
        for auditor in self.holders()[:MOST_ROWS]:
            if auditor.max_days is not None:
                yield self._more(auditor, "max_days", "fix-max-days", auditor.max_days, 10)
            if auditor.max_days_per_week < 5:
                most = int(5 - auditor.max_days_per_week) or 1
                yield self._more(auditor, "max_days_per_week", "fix-max-week", auditor.max_days_per_week, most)
            if auditor.max_nights < 5:
                yield self._more(auditor, "max_nights", "fix-max-nights", auditor.max_nights, 10)

    def _more(self, auditor: Auditor, field: str, code: str, now: Decimal | int, most: int) -> Proposal:
        """A ceiling of a person raised."""
        return Proposal(
            code=code,
            make=lambda n: SetFields(collection="auditors", row=auditor, values=((field, now + n),)),
            text=lambda n: {"name": auditor.name, "value": now + n, "old": now},
            size=5,
            each=2,
            most=most,
            origin=auditor.origin,
            field=field,
        )

    def _validity(self) -> Iterator[Proposal]:
        """validity: a qualification that lapses before the window is over, renewed."""
        rows = [
            row
            for auditor in self.holders()
            for standard in self._audit.standards
            for row in self._facts.qualifications.rows(auditor.id, standard, (*self._roles, Role.EXPERT))
            if row.valid_to is not None and row.valid_to < self._high
        ]
        for row in list(dict.fromkeys(rows))[:MOST_ROWS]:
            name = self._facts.lookup.auditors[row.auditor].name
            values = {"name": name, "standard": row.standard, "old": row.valid_to, "value": self._body.settings.plan_to}
            yield self._renewed(row, values)

    def _renewed(self, row: Qualification, values: Mapping[str, object]) -> Proposal:
        """A qualification valid to the end of the period."""
        until = self._body.settings.plan_to
        return Proposal(
            code="fix-renew",
            make=lambda _: SetFields(collection="qualifications", row=row, values=(("valid_to", until),)),
            text=lambda _: values,
            size=10,
            origin=row.origin,
            field="valid_to",
        )

    def _training(self) -> Iterator[Proposal]:
        """lead, coverage: the person nearest to it qualified for a code, or as lead."""
        audit = self._audit
        deciding = audit.type is AuditType.DECISION
        for standard in audit.standards:
            for code in audit.codes:
                for auditor in self._lacking(standard, code):
                    held = Role.DECISION if deciding else Role.LEAD
                    rows = self._facts.qualifications.rows(auditor.id, standard, (held,))
                    role = held if rows else Role.AUDITOR
                    yield self._qualified(auditor, standard, (code,), role, "fix-code", 20)
        standard = audit.standards[0]
        role = Role.DECISION if deciding else Role.LEAD
        for auditor in self._promotable(standard):
            codes = audit.codes or ("*",)
            yield self._qualified(auditor, standard, codes, role, "fix-decision" if deciding else "fix-lead", 26)

    def _lacking(self, standard: str, code: str) -> list[Auditor]:
        """Who works for a standard without a code of it, the nearest first."""
        held = self._facts.qualifications.rows
        found = [
            auditor
            for auditor in self.holders()
            if held(auditor.id, standard, self._roles) and not held(auditor.id, standard, self._roles, code)
        ]
        return found[:MOST_PEOPLE]

    def _promotable(self, standard: str) -> list[Auditor]:
        """Who could be made lead for a standard: auditors of it first, then leads of others, the nearest first."""
        everyone = [auditor for auditor in self._body.auditors if not self.leads(auditor)]
        leading = {row.auditor for row in self._body.qualifications if row.role is Role.LEAD}

        def order(auditor: Auditor) -> tuple[bool, bool, float]:
            """How far a person is from it."""
            own = self._facts.qualifications.rows(auditor.id, standard, (Role.AUDITOR,))
            return not own, auditor.id not in leading, self.hours(auditor)

        return sorted(everyone, key=order)[:MOST_PEOPLE]

    def _qualified(
        self, auditor: Auditor, standard: str, codes: tuple[str, ...], role: Role, text: str, size: float
    ) -> Proposal:
        """A person qualified for more."""
        change = AddQualification(auditor=auditor.id, standard=standard, codes=codes, role=role)
        values = {"name": auditor.name, "standard": standard, "code": ", ".join(codes), "role": role.value}
        return Proposal(
            code=text, make=lambda _: change, text=lambda _: values, size=size, origin=auditor.origin, field="id"
        )

    def _rotation(self) -> Iterator[Proposal]:
        """rotation: a longer chain, where somebody's history is at the limit."""
        rules = self._facts.rules
        led = [row for row in self._body.history if row.client == self._audit.client and row.role in {Role.LEAD, None}]
        if rules.on("rotation") and len(led) >= int(rules.value("rotation")):
            now = int(rules.value("rotation"))
            row = next((row for row in self._body.rules if row.rule == "rotation"), None)
            yield Proposal(
                code="fix-rotation",
                make=lambda n: RuleChange(rule="rotation", number=Decimal(now + n)),
                text=lambda n: {"value": now + n, "old": now},
                size=25,
                each=10,
                most=3,
                origin=row.origin if row else None,
                field="value",
            )

    def _hiring(self) -> Iterator[Proposal]:
        """Somebody new: like one who leads it already, else a lead for its first standard."""
        audit = self._audit
        leads = [auditor for auditor in self.holders() if self.leads(auditor)]
        if leads:
            like, name = AddAuditors(number=1, like=leads[0].id), leads[0].name
            yield Proposal(code="fix-hire-like", make=lambda _: like, text=lambda _: {"name": name}, size=60)
        client = self._facts.lookup.clients[audit.client]
        role = Role.DECISION if audit.type is AuditType.DECISION else Role.LEAD
        region = audit.region or client.region
        hire = Joining(standard=audit.standards[0], code="*", role=role, region=region)
        values = {"region": region, "standard": audit.standards[0], "role": role.value}
        yield Proposal(code="fix-hire", make=lambda _: hire, text=lambda _: values, size=60)
