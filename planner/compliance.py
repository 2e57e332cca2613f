"""How a plan keeps to the rules: checks made rule by rule, and the overrides that stand, each with what holds it.

The figures are those of the verifier, which states every rule a second time. An override is a breach that the
coordinator decided on: by a lock, by a status or an invitation, by what an audit's own row fixes, or by making a rule
soft. Nothing else can be broken in a plan that is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from auditplan.planner.domain import Body, PlannedAudit
from auditplan.planner.holding import Held, HeldBy, held_by
from auditplan.planner.overrides import OVERRIDE
from auditplan.planner.plan import Placement, Plan
from auditplan.planner.problems import Problem
from auditplan.planner.rulebook import RuleBook


class State(Enum):
    """How a body holds a rule."""

    HARD = "hard"
    SOFT = "soft"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A breach of a rule that stands. people: who breaks it, empty where nobody in particular."""

    rule: str
    audit: str
    people: tuple[str, ...]
    held: Held


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """One rule: how often it was checked on the plan, and in how many audits an override stands against it."""

    rule: str
    state: State
    checks: int
    overrides: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance:
    """Every hard rule in the order of planning.md, and every override in the order of the plan."""

    rules: tuple[RuleRecord, ...]
    overrides: tuple[Override, ...]

    @property
    def checks(self) -> int:
        """All checks made."""
        return sum(record.checks for record in self.rules)


def compliance_of(body: Body, plan: Plan, problems: Iterable[Problem]) -> Compliance:
    """The compliance of a verified plan. body: with the plan as its plan before; problems: what planning found."""
    rules = RuleBook(body.rules)
    breakers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for problem in problems:
        if problem.code == OVERRIDE:
            named = dict(problem.parameters)
            person = named["auditor"]
            breakers[named["audit"], named["rule"]] += [person] if person != "–" else []
    known = {row.audit: row for row in body.previous}
    found: list[Override] = []
    for placement in plan.placements:
        for rule in placement.overrides:
            people = tuple(dict.fromkeys(breakers[placement.audit, rule]))
            found.append(_override(body, placement, known.get(placement.audit), rule, people))
    found += _softened(body, plan, rules)
    standing = Counter(override.rule for override in found)
    records = tuple(
        RuleRecord(rule=rule, state=_state(rules, rule), checks=count, overrides=standing[rule])
        for rule, count in plan.checks
    )
    return Compliance(rules=records, overrides=tuple(found))


def _state(rules: RuleBook, rule: str) -> State:
    """How a rule is held."""
    if not rules.on(rule):
        return State.OFF
    return State.SOFT if rules.soft(rule) else State.HARD


def _override(
    body: Body, placement: Placement, row: PlannedAudit | None, rule: str, people: tuple[str, ...]
) -> Override:
    """An override of the coordinator's choice, with what holds it."""
    audit = next(audit for audit in body.audits if audit.id == placement.audit)
    held = held_by(body.settings, audit, row, placement.status)
    return Override(rule=rule, audit=audit.id, people=people, held=held)


def _softened(body: Body, plan: Plan, rules: RuleBook) -> list[Override]:
    """The audits that end after Due since the rule window was made soft."""
    if not rules.soft("window"):
        return []
    row = next((row for row in body.rules if row.rule == "window"), None)
    due = {audit.id: audit.due for audit in body.audits}
    held = Held(by=HeldBy.SOFT_RULE, origin=None if row is None else row.origin, field="kind")
    return [
        Override(rule="window", audit=placement.audit, people=(), held=held)
        for placement in plan.placements
        if due[placement.audit] < placement.end.day and "window" not in placement.overrides
    ]
