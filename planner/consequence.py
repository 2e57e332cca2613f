"""What it means to leave an audit out: its weight on the first level, and what follows when."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from auditplan.planner.cycle.ladder import Consequence, Ladders
from auditplan.planner.domain import Audit, AuditType, Settings
from auditplan.planner.rulebook import RuleBook

_WEIGHTS = {
    AuditType.RECERTIFICATION: "left out: recertification",
    AuditType.SURVEILLANCE: "left out: surveillance",
    AuditType.INITIAL: "left out: initial",
    AuditType.STAGE_1: "left out: initial",
    AuditType.STAGE_2: "left out: initial",
    AuditType.SPECIAL: "left out: special",
    AuditType.FOLLOW_UP: "left out: special",
}
_TEXTS = {
    AuditType.RECERTIFICATION: "consequence-unrenewed",
    AuditType.SURVEILLANCE: "consequence-unsurveyed",
    AuditType.INITIAL: "consequence-delay",
    AuditType.STAGE_1: "consequence-delay",
    AuditType.STAGE_2: "consequence-delay",
    AuditType.DECISION: "consequence-decision",
    AuditType.DOCUMENT_REVIEW: "consequence-review",
    AuditType.FOLLOW_UP: "consequence-follow-up",
}
"""What follows where no certificate is known that says more."""
_FACTORS = {
    1: Decimal(4),
    2: Decimal(2),
    3: Decimal(1),
    4: Decimal("0.5"),
    5: Decimal("0.25"),
}
"""Factor of each priority, 1 the highest."""


def consequence(audit: Audit, settings: Settings, rules: RuleBook) -> int:
    """Weight of leaving an audit out, in points, at least 1: by type and priority, with a share of it only
    where Due lies after the period (it can still be planned later)."""
    weight = rules.weight(_WEIGHTS.get(audit.type, "left out: other")) * _FACTORS[audit.priority]
    if audit.due > settings.plan_to:
        weight *= rules.weight("left out: due later")
    return max(1, round(weight))


def consequence_text(audit: Audit, settings: Settings, ladders: Ladders) -> Consequence:
    """What follows when the audit is left out, with its dates: by the ladder of its certificate, else by its type."""
    if audit.due > settings.plan_to:
        return Consequence("consequence-later", (("day", audit.due),))
    return ladders.of(audit) or Consequence(
        _TEXTS.get(audit.type, "consequence-overdue"), (("day", audit.due + timedelta(days=1)),)
    )
