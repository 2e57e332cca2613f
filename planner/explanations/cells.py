"""Reasons at cells: where the rows that cause something stand in the book."""

from __future__ import annotations

from datetime import date

from auditplan.planner.domain import Audit
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


def after(audit: Audit, text: str, end: date) -> Reason:
    """sequence: an audit and the one that it follows, which ends on a day. text: the code where the gap has an end;
    `-open` behind it where it has none, `-any` where any day after it will do."""
    kind = "" if audit.gap_to is not None else "-open" if audit.gap_from else "-any"
    gap = {"other": audit.after, "day": end, "least": audit.gap_from, "most": audit.gap_to}
    return reason(audit.origin, "after", "sequence", f"{text}{kind}", about=audit.after, **gap)
