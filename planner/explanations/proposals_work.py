"""Changes of an audit itself, of what is fixed of it and others, and of the settings that it runs under."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from auditplan.planner.domain import Audit, AuditMode
from auditplan.planner.explanations.changes import BodyChange, SetFields
from auditplan.planner.explanations.proposal import MOST_DAYS, MOST_ROWS, Proposal, Situation, shown
from auditplan.planner.fixed import FIRM, fixed_of, stays
from auditplan.planner.windows import open_sizes


class OfWork(Situation):
    """The changes of the work; the smaller kinds first."""

    def __iter__(self) -> Iterator[Proposal]:
        """Everything worth a try."""
        yield from self._window()
        yield from self._team()
        yield from self._fixed()
        yield from self._locks()
        yield from self._gaps()
        yield from self._settings()
        yield from self._remote()

    def _window(self) -> Iterator[Proposal]:
        """window: Due later, Earliest earlier."""
        audit, settings = self._audit, self._body.settings
        room = min((settings.plan_to - audit.due).days, MOST_DAYS)
        if room > 0 and not self._facts.rules.soft("window"):
            yield self._set("fix-due", "due", lambda n: audit.due + timedelta(days=n), 1, each=1, most=room)
        if audit.earliest is not None:
            room = min((audit.earliest - settings.plan_from).days, MOST_DAYS)
            if room > 0:
                earliest = audit.earliest
                yield self._set(
                    "fix-earliest", "earliest", lambda n: earliest - timedelta(days=n), 1, each=1, most=room
                )

    def _team(self) -> Iterator[Proposal]:
        """counting: a larger team for fewer days, or a smaller one."""
        audit = self._audit
        yield self._set("fix-larger", "largest_team", lambda n: audit.largest_team + n, 8, each=8, most=4)
        if audit.smallest_team > 1:
            most = audit.smallest_team - 1
            yield self._set("fix-smaller", "smallest_team", lambda n: audit.smallest_team - n, 8, each=8, most=most)
        for field in ("experts", "trainees"):
            if getattr(audit, field):
                yield self._set(f"fix-no-{field}", field, lambda _: 0, 8)

    def _fixed(self) -> Iterator[Proposal]:
        """fixed: what is fixed of the audit itself."""
        audit = self._audit
        for field, nothing in (("start", None), ("lead", ""), ("team", ())):
            if getattr(audit, field):
                yield self._cleared(audit, field, nothing)
        row = self._facts.lookup.previous.get(audit.id)
        if row is not None and (row.lock or row.typed):
            yield self._unlock(audit, ())

    def _set(self, code: str, field: str, make: Callable[[int], object], size: float, **more: Any) -> Proposal:
        """Another value of one field of the audit."""
        audit = self._audit

        def change(amount: int) -> BodyChange:
            """The audit with the value."""
            return SetFields(collection="audits", row=audit, values=((field, make(amount)),))

        def text(amount: int) -> dict[str, object]:
            """What the value is, and was."""
            old = shown(getattr(audit, field)) or "–"
            return {"audit": audit.id, "number": amount, "value": shown(make(amount)) or "–", "old": old}

        return Proposal(code=code, make=change, text=text, size=size, origin=audit.origin, field=field, **more)

    def _unlock(self, audit: Audit, also: tuple[str, ...]) -> Proposal:
        """The lock of a Schedule row dropped."""
        row = self._facts.lookup.previous[audit.id]
        change = SetFields(collection="previous", row=row, values=(("lock", None), ("typed", None)))
        return Proposal(
            code="fix-unlock",
            make=lambda _: change,
            text=lambda _: {"audit": audit.id},
            size=3,
            origin=row.origin,
            field="lock",
            also=also,
        )

    def _locks(self) -> Iterator[Proposal]:
        """fixed: locks and typed choices of other audits that bind the people asked for in the window."""
        able = {auditor.id for auditor in self.holders()}
        found = 0
        for placement in self._ground.placements.values():
            other = self._facts.lookup.audits[placement.audit]
            near = placement.start.day <= self._high and placement.end.day >= self._low
            if not near or not able & {seat.auditor for seat in placement.seats} or found >= MOST_ROWS:
                continue
            row = self._facts.lookup.previous.get(other.id)
            fixed = fixed_of(other, row, self._body.settings)
            if not fixed.anything or other.status in FIRM or (row is not None and stays(row, self._body.settings)):
                continue
            found += 1
            if row is not None and (row.lock or row.typed):
                yield self._unlock(other, (other.id,))
            for field, nothing in (("start", None), ("lead", ""), ("team", ())):
                if getattr(other, field):
                    yield self._cleared(other, field, nothing)

    def _cleared(self, other: Audit, field: str, nothing: object) -> Proposal:
        """What is fixed of another audit cleared."""
        change = SetFields(collection="audits", row=other, values=((field, nothing),))
        return Proposal(
            code=f"fix-clear-{field}",
            make=lambda _: change,
            text=lambda _: {"audit": other.id, "old": shown(getattr(other, field))},
            size=2 if other is self._audit else 3,
            origin=other.origin,
            field=field,
            also=() if other is self._audit else (other.id,),
        )

    def _gaps(self) -> Iterator[Proposal]:
        """sequence: a wider gap after what it follows."""
        audit = self._audit
        if not audit.after:
            return
        if audit.gap_to is not None:
            most = audit.gap_to
            yield self._set("fix-gap-to", "gap_to", lambda n: most + n, 4, each=1, most=MOST_DAYS)
        if audit.gap_from:
            least = audit.gap_from
            yield self._set("fix-gap-from", "gap_from", lambda n: least - n, 4, each=1, most=least)

    def _settings(self) -> Iterator[Proposal]:
        """Longest span, Across weekends."""
        settings = self._body.settings

        def changed(field: str, make: Callable[[int], object], code: str, most: int) -> Proposal:
            """One setting."""
            return Proposal(
                code=code,
                make=lambda n: SetFields(collection="", row=settings, values=((field, make(n)),)),
                text=lambda n: {"value": make(n)},
                size=10,
                each=5,
                most=most,
                origin=settings.origin,
                field=field,
            )

        if len(open_sizes(self._audit, settings)) <= self._audit.largest_team - self._audit.smallest_team:
            yield changed("longest_span", lambda n: settings.longest_span + n, "fix-longest", 10)
        if not settings.across_weekends:
            yield changed("across_weekends", lambda _: True, "fix-weekends", 1)

    def _remote(self) -> Iterator[Proposal]:
        """No journeys."""
        if self._audit.mode in {AuditMode.ON_SITE, AuditMode.MIXED}:
            yield self._set("fix-remote", "mode", lambda _: AuditMode.REMOTE, 12)
