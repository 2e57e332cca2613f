"""What it means to leave an audit out: its weight on the first level, and what follows when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

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


def consequence_text(audit: Audit, settings: Settings) -> tuple[str, date | None]:
    """The code of the text that says what follows when the audit is left out, and from which day on."""
    if audit.due > settings.plan_to:
        return "consequence-later", audit.due
    day = audit.due + timedelta(days=1)
    if audit.type is AuditType.RECERTIFICATION:
        return "consequence-expiry", day
    if audit.type is AuditType.SURVEILLANCE:
        return "consequence-suspension", day
    if audit.type in {AuditType.INITIAL, AuditType.STAGE_1, AuditType.STAGE_2}:
        return "consequence-delay", day
    if audit.type is AuditType.DECISION:
        return "consequence-decision", day
    return "consequence-overdue", day
