"""Reasons at cells: where the rows that cause something stand in the book."""

from __future__ import annotations

from auditplan.planner.plan import Reason
from auditplan.planner.problems import Origin


def reason(
    origin: Origin | None,
    field: str,
    rule: str,
    text: str,
    auditor: str = "",
    /,
    *,
    about: object = "",
    **parameters: object,
) -> Reason:
    """A reason at a field's cell. about: the id of another audit that it is about."""
    return Reason(
        rule=rule,
        code=text,
        parameters=tuple((name, str(value)) for name, value in parameters.items()),
        auditor=auditor,
        audit=str(about),
        sheet=origin.sheet if origin else "",
        cell=origin.cell(field) if origin else "",
    )
