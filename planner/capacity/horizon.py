"""A body over another stretch of time than that of its book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from auditplan.planner.domain import Auditor, Body


def until(body: Body, last: date) -> Body:
    """The body with a period that ends on another day. What people give in the period of the book (Max days, Target
    days) grows or shrinks with it, by calendar days, in half days: 40 days a quarter are 160 days a year."""
    settings = body.settings
    days, now = ((end - settings.plan_from).days + 1 for end in (last, settings.plan_to))
    if days == now or now <= 0:
        return replace(body, settings=replace(settings, plan_to=last))
    ratio = Decimal(days) / now
    people = tuple(_for(auditor, ratio) for auditor in body.auditors)
    return replace(body, settings=replace(settings, plan_to=last), auditors=people)


def _for(auditor: Auditor, ratio: Decimal) -> Auditor:
    """A person with their days in so much of the period."""
    most, target = (
        None if days is None else Decimal(round(days * ratio * 2)) / 2
        for days in (auditor.max_days, auditor.target_days)
    )
    return replace(auditor, max_days=most, target_days=target)
