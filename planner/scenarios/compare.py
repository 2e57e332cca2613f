"""What a scenario's plan has that the base's has not: figures, differences with what is certain of them, placements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from auditplan.planner.domain import Audit, AuditType, Body, Role
from auditplan.planner.facts import Facts
from auditplan.planner.plan import Level, Placement, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A plan at a glance. placed, left_out: per type. overdue: audits past Due, placed late or left out though due in
    the period. days_needed: of all audits up for planning; days_available: what people can work; days_planned: what
    they do, everyone in a team counted. use: of planned to available, 0 to 1."""

    placed: tuple[tuple[AuditType, int], ...]
    left_out: tuple[tuple[AuditType, int], ...]
    overdue: int
    days_needed: float
    days_available: float
    days_planned: float
    travel: int
    fees: int
    levels: tuple[Level, ...]

    @property
    def placed_all(self) -> int:
        """Audits placed."""
        return sum(number for _, number in self.placed)

    @property
    def left_out_all(self) -> int:
        """Audits left out."""
        return sum(number for _, number in self.left_out)

    @property
    def use(self) -> float:
        """Planned of available."""
        return self.days_planned / self.days_available if self.days_available else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A level's figure less the base's. least, most: between these lies the difference of the best plans there can be.
    certain: whether it is proven that the one is better than the other, or that both are equal."""

    level: str
    value: int
    least: int
    most: int
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An audit whose placement differs: kind "placed" (not in the base), "left-out", "moved" or "team"."""

    audit: str
    kind: str
    before: Placement | None
    after: Placement | None


def figures(body: Body, plan: Plan) -> Figures:
    """The figures of a plan of a body."""
    facts = Facts(body)
    audits = facts.lookup.audits
    placed = Counter(audits[entry.audit].type for entry in plan.placements)
    left_out = Counter(audits[entry.audit].type for entry in plan.unplaced)
    late = sum(entry.end.day > audits[entry.audit].due for entry in plan.placements)
    missed = sum(audits[entry.audit].due <= body.settings.plan_to for entry in plan.unplaced)
    needed = [audits[entry.audit] for entry in plan.placements] + [audits[entry.audit] for entry in plan.unplaced]
    return Figures(
        placed=tuple((kind, placed[kind]) for kind in AuditType),
        left_out=tuple((kind, left_out[kind]) for kind in AuditType),
        overdue=late + missed,
        days_needed=float(sum(audit.days for audit in needed)),
        days_available=sum(facts.capacity(auditor) for auditor in body.auditors) / 2,
        days_planned=sum(_days(audits[entry.audit], entry) for entry in plan.placements),
        travel=sum(entry.travel_cost for entry in plan.placements),
        fees=sum(entry.fee for entry in plan.placements),
        levels=plan.levels,
    )


def _days(audit: Audit, placement: Placement) -> float:
    """Person-days of everyone in a team: leads and auditors as the audit says, the others for the whole span."""
    members = sum(seat.role in {Role.LEAD, Role.AUDITOR} for seat in placement.seats)
    each = float(audit.days) / max(1, members)
    return each * len(placement.seats)


def differences(base: Plan, other: Plan) -> tuple[Difference, ...]:
    """Level by level. A later level is only compared with certainty where all levels before it are proven in both
    plans: its bound holds among plans that are as good on those."""
    found = []
    open_before = False
    for before, after in zip(base.levels, other.levels, strict=True):
        least, most = after.bound - before.value, after.value - before.bound
        certain = not open_before and (least > 0 or most < 0 or least == most)
        value = after.value - before.value
        found.append(Difference(level=after.name, value=value, least=least, most=most, certain=certain))
        open_before = open_before or before.bound < before.value or after.bound < after.value
    return tuple(found)


def moves(base: Plan, other: Plan) -> Iterator[Move]:
    """The audits whose placement differs, in the order of their ids in the plans."""
    old = {entry.audit: entry for entry in base.placements}
    new = {entry.audit: entry for entry in other.placements}
    for audit in dict.fromkeys([*old, *new]):
        before, after = old.get(audit), new.get(audit)
        kind = _kind(before, after)
        if kind:
            yield Move(audit=audit, kind=kind, before=before, after=after)


def _kind(before: Placement | None, after: Placement | None) -> str:
    """What became of an audit; "" where nothing did."""
    if before is None or after is None:
        return "placed" if before is None else "left-out"
    if (before.start, before.end) != (after.start, after.end):
        return "moved"
    team = [[(seat.auditor, seat.role) for seat in entry.seats] for entry in (before, after)]
    return "team" if team[0] != team[1] else ""
