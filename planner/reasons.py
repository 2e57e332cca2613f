"""Why an audit is left out: the rule that stands against it, and the cell that causes it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from auditplan.planner.barriers import Barrier, Barriers
from auditplan.planner.compile import Compiled
from auditplan.planner.domain import Audit, Conflict, Qualification, Role
from auditplan.planner.eligibility import EXPERT, LEAD
from auditplan.planner.firm import working_roles
from auditplan.planner.plan import Reason
from auditplan.planner.problems import Origin
from auditplan.planner.relaxed import cause_of
from auditplan.planner.windows import open_sizes, span_of, window
from auditplan.solver.check import stretch_of
from auditplan.solver.journeys import span_mask
from auditplan.solver.problem import Quota
from auditplan.solver.solution import Solution

MOST_NAMED = 3
"""How many people are named who are kept out, at most."""
MOST_LOOKS = 25
"""How many audits with idle leads are looked at closely, a fraction of a second each: a search that was stopped early
leaves hundreds of them, for no other reason than that."""


class Reasons:
    """Finds reasons in one compiled body. impossible: the activities that nobody could ever serve."""

    def __init__(self, compiled: Compiled, impossible: Collection[int]) -> None:
        """Keeps what to look at."""
        self._compiled = compiled
        self._facts = compiled.facts
        self._impossible = frozenset(impossible)
        self._quotas: dict[tuple[int, int], list[Quota]] = {}
        for relation in compiled.problem.relations:
            if isinstance(relation, Quota):
                for number in relation.activities:
                    self._quotas.setdefault((number, relation.resource), []).append(relation)
        self._looks = MOST_LOOKS
        self._taken: tuple[Solution, list[int], list[int]] | None = None

    def impossible(self, number: int) -> bool:
        """Whether nobody could ever serve an audit, whatever else is planned."""
        return number in self._impossible

    def never(self, number: int) -> tuple[Reason, ...]:
        """Why nobody could ever serve an audit; at least one reason, the plainest first."""
        audit = self._compiled.audits[number]
        checks = (self._window, self._span, self._lead, self._coverage, self._follows, self._barred, self._fixed)
        for check in checks:
            found = tuple(check(audit, number))
            if found:
                return found
        relaxed = self._relaxed(number)
        return relaxed or (_reason(audit.origin, "due", "availability", "reason-no-common-time", audit=audit.id),)

    def _relaxed(self, number: int) -> tuple[Reason, ...]:
        """The one rule that keeps an audit from being placed even alone; empty where there is no single one."""
        cause = cause_of(self._compiled, number)
        if cause is None:
            return ()
        person = cause.person
        values = {"name": person.name} if person is not None else {}
        code = f"reason-{cause.rule}" if person is None else f"reason-{cause.field.replace('_', '-')}"
        return (_reason(cause.origin, cause.field, cause.rule, code, person.id if person else "", **values),)

    def crowded(self, number: int, solution: Solution) -> tuple[Reason, ...]:
        """Why an audit that could be served found no room: who could lead it, and how booked they are."""
        audit, activity = self._compiled.audits[number], self._compiled.problem.activities[number]
        follows = tuple(self._left_behind(audit, solution))
        if follows:
            return follows
        low = min((mode.starts[0] for mode in activity.modes if mode.starts), default=0)
        high = max((mode.ends[-1] for mode in activity.modes if mode.ends), default=0)
        inside = activity.slots & span_mask(low, high) if high > low else 0
        busy, _ = self._times(solution)
        found, idle = [], False
        for candidate in activity.roles[LEAD][:4]:
            resource = self._compiled.problem.resources[candidate.resource]
            free = inside & resource.free
            barred = self._barred_lead(number, candidate.resource, solution)
            if barred is not None:
                found.append(barred)
                continue
            booked = (free & (busy[candidate.resource] | resource.busy)).bit_count()
            idle = idle or (free > 0 and not booked)
            person = self._facts.body.auditors[candidate.resource]
            parameters = {"name": person.name, "booked": f"{booked / 2:g}", "days": f"{free.bit_count() / 2:g}"}
            reason = _reason(audit.origin, "due", "availability", "reason-lead-busy", **parameters)
            found.append(reason)
        if idle and self._looks:  # who leads has nothing else to do: it is another rule
            self._looks -= 1
            found = list(self._relaxed(number)) or found
        if not found:
            found = [_reason(audit.origin, "due", "availability", "reason-no-common-time", audit=audit.id)]
        return tuple(found)

    def _barred_lead(self, number: int, person: int, solution: Solution) -> Reason | None:
        """rotation, ceilings: why somebody who has time could not lead beside a solution; None where time is all."""
        audit, auditor = self._compiled.audits[number], self._facts.body.auditors[person]
        for relation in self._quotas.get((number, person), ()):
            led = sum(
                choice is not None and person in choice.team[relation.role]
                for choice in (solution.choices[other] for other in relation.activities)
            )
            if led >= relation.most:
                row = self._last_led(auditor.id, audit.client)
                values = {"name": auditor.name, "most": int(self._facts.rules.value("rotation"))}
                origin, field = (row, "day") if row is not None else (auditor.origin, "id")
                return _reason(origin, field, "rotation", "reason-chain", auditor.id, **values)
        return self._used_up(number, person, solution)

    def _last_led(self, person: str, client: str) -> Origin | None:
        """The row of History in which somebody led at a client last."""
        rows = [
            row
            for row in self._facts.body.history
            if row.client == client and row.auditor == person and row.role in {Role.LEAD, None}
        ]
        latest = max(rows, key=lambda row: row.day, default=None)
        return None if latest is None else latest.origin

    def _used_up(self, number: int, person: int, solution: Solution) -> Reason | None:
        """ceilings: somebody's days of the period that are used up; None where enough are left."""
        activity, problem = self._compiled.problem.activities[number], self._compiled.problem
        auditor = self._facts.body.auditors[person]
        if auditor.max_days is None:
            return None
        spans = [
            (activity.slots & span_mask(start, end)).bit_count()
            for mode in activity.modes
            for start, end in zip(mode.starts, mode.ends, strict=True)
        ]
        worked = self._times(solution)[1][person]
        for ceiling in problem.resources[person].ceilings:
            left = ceiling.most - (worked & ceiling.mask).bit_count()
            if ceiling.mask == self._facts.period() and spans and left < min(spans):
                values = {"name": auditor.name, "left": f"{left / 2:g}", "most": f"{auditor.max_days:g}"}
                return _reason(auditor.origin, "max_days", "ceilings", "reason-used-up", auditor.id, **values)
        return None

    def _times(self, solution: Solution) -> tuple[list[int], list[int]]:
        """The ticks that each person is there in a solution, and those that they work; remembered for the last one."""
        if self._taken is None or self._taken[0] is not solution:
            people = len(self._compiled.problem.resources)
            busy, worked = [0] * people, [0] * people
            for activity, choice in zip(self._compiled.problem.activities, solution.choices, strict=True):
                if choice is not None:
                    stretch = stretch_of(activity, choice)
                    span = span_mask(stretch.start, stretch.end)
                    for person in (person for team in choice.team for person in team):
                        busy[person] |= span
                        worked[person] |= activity.slots & span
            self._taken = solution, busy, worked
        return self._taken[1:]

    def _left_behind(self, audit: Audit, solution: Solution) -> Iterator[Reason]:
        """sequence: what it follows is left out too."""
        for other, choice in zip(self._compiled.audits, solution.choices, strict=True):
            if other.id == audit.after and choice is None:
                yield _reason(audit.origin, "after", "sequence", "reason-predecessor-left-out", other=other.id)

    def _window(self, audit: Audit, _: int) -> Iterator[Reason]:
        """window: nothing between Earliest and Due, or nothing of it in the period."""
        settings = self._facts.body.settings
        if audit.earliest is not None and audit.earliest > audit.due:
            days = {"earliest": audit.earliest, "due": audit.due}
            yield _reason(audit.origin, "due", "window", "reason-window-empty", **days)
            return
        bounds = window(audit, settings, soft=self._facts.rules.soft("window"))
        if bounds.start_from > bounds.end_to:
            yield _reason(audit.origin, "due", "window", "reason-window-past", due=audit.due)
        elif not self._facts.open(audit) & self._facts.timeline.mask(bounds.start_from, bounds.end_to):
            dates = {"earliest": bounds.start_from, "due": bounds.end_to}
            yield _reason(audit.origin, "due", "availability", "reason-client-closed", **dates)

    def _span(self, audit: Audit, number: int) -> Iterator[Reason]:
        """No team size is open, or none has room in the window."""
        settings = self._facts.body.settings
        if not open_sizes(audit, settings):
            longest = settings.longest_span
            values = {"days": audit.days, "size": audit.largest_team, "longest": longest}
            yield _reason(audit.origin, "days", "window", "reason-too-long", **values)
        elif not self._compiled.problem.activities[number].modes and audit.start is None and not audit.after:
            days = span_of(audit, audit.largest_team) / 2
            yield _reason(audit.origin, "due", "window", "reason-window-short", days=days)

    def _lead(self, audit: Audit, _: int) -> Iterator[Reason]:
        """lead: nobody holds it, or the one who is fixed does not."""
        standard = audit.standards[0]
        roles = working_roles(audit) if Role.DECISION in working_roles(audit) else (Role.LEAD,)
        holders = [
            auditor
            for auditor in self._facts.body.auditors
            if self._facts.qualifications.rows(auditor.id, standard, roles)
        ]
        if not holders:
            yield _reason(audit.origin, "standards", "lead", "reason-lead-none", standard=standard)
            return
        if audit.lead and audit.lead not in {auditor.id for auditor in holders}:
            values = {"name": audit.lead, "standard": standard}
            yield _reason(audit.origin, "lead", "fixed", "reason-fixed-lead", **values)

    def _barred(self, audit: Audit, number: int) -> Iterator[Reason]:
        """validity, conflict, objection, rotation: what keeps out those whose qualification is asked for."""
        timeline = self._facts.timeline
        spans = [
            (timeline.day(start), timeline.day(end - 1), sum(mode.least[:EXPERT]))
            for mode in self._compiled.problem.activities[number].modes
            for start, end in zip(mode.starts, mode.ends, strict=True)
        ]
        if not spans:
            return
        barriers = Barriers(self._facts, audit, spans)
        found = barriers.deciding()
        for barrier in found[:MOST_NAMED]:
            yield _barrier_reason(barrier)
        least = min(size for _, _, size in spans)
        if not found and barriers.largest_team() < least:
            numbers = {"size": least, "number": barriers.largest_team()}
            yield _reason(audit.origin, "smallest_team", "counting", "reason-too-few", **numbers)

    def _coverage(self, audit: Audit, _: int) -> Iterator[Reason]:
        """coverage: nobody holds a code, or a standard."""
        roles = working_roles(audit)
        for standard in audit.standards:
            for code in (None, *audit.codes):
                able = roles if not audit.experts or code is None else (*roles, Role.EXPERT)
                rows = [
                    row
                    for auditor in self._facts.body.auditors
                    for row in self._facts.qualifications.rows(auditor.id, standard, able, code)
                ]
                if rows:
                    continue
                name = "reason-code-none" if code else "reason-standard-none"
                field = "codes" if code else "standards"
                yield _reason(audit.origin, field, "coverage", name, standard=standard, code=code or "")

    def _follows(self, audit: Audit, number: int) -> Iterator[Reason]:
        """sequence: what it follows cannot be placed, or leaves no room."""
        if not audit.after:
            return
        index = {other.id: position for position, other in enumerate(self._compiled.audits)}
        if audit.after in self._compiled.outside or index.get(audit.after) in self._impossible:
            yield _reason(audit.origin, "after", "sequence", "reason-predecessor-left-out", other=audit.after)
        elif not self._compiled.problem.activities[number].modes:
            yield _reason(audit.origin, "after", "sequence", "reason-no-room-after", other=audit.after)

    def _fixed(self, audit: Audit, _: int) -> Iterator[Reason]:
        """fixed: what is fixed leaves no way."""
        if audit.start is not None:
            yield _reason(audit.origin, "start", "fixed", "reason-fixed", day=audit.start)
        elif audit.lead or audit.team:
            people = ", ".join(filter(None, (audit.lead, *audit.team)))
            yield _reason(audit.origin, "lead", "fixed", "reason-fixed", day=people)


def _barrier_reason(barrier: Barrier) -> Reason:
    """A barrier at the cell of its row."""
    person, row = barrier.auditor, barrier.row
    name = person.name
    if isinstance(row, Conflict):
        rule = "objection" if row.objection else "conflict"
        code = "reason-conflict" if barrier.leading else "reason-conflict-member"
        return _reason(row.origin, "until", rule, code, person.id, name=name)
    if isinstance(row, Qualification):
        ends = row.valid_to is not None
        code = ("reason-lapsed" if ends else "reason-not-yet") + ("" if barrier.leading else "-member")
        values = {"name": name, "standard": row.standard, "day": row.valid_to or row.valid_from}
        return _reason(row.origin, "valid_to" if ends else "valid_from", "validity", code, person.id, **values)
    return _reason(person.origin, "id", "rotation", "reason-rotation", person.id, name=name, day=row)


def _reason(
    origin: Origin | None, field: str, rule: str, text: str, auditor: str = "", /, **parameters: object
) -> Reason:
    """A reason at a cell."""
    return Reason(
        rule=rule,
        code=text,
        parameters=tuple((name, str(value)) for name, value in parameters.items()),
        auditor=auditor,
        sheet=origin.sheet if origin else "",
        cell=origin.cell(field) if origin else "",
    )
