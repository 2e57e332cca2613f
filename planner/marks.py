"""Marks: short digests of what was typed, by which a later run sees whether it was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from decimal import Decimal
from enum import Enum, Flag
from functools import cache
from typing import Any

from auditplan.planner.domain import Audit, AuditStatus, Body

LENGTH = 16
"""Hexadecimal digits of a mark."""


def audit_mark(audit: Audit) -> str:
    """The mark of an audit's own row. Its status is left away: to rise is not to be edited."""
    return _digest(replace(audit, status=AuditStatus.OPEN, generated=""))


def inputs_mark(body: Body) -> str:
    """The mark of everything that a plan depends on besides the plan before and the day on which it is made."""
    settings = replace(body.settings, today=body.settings.plan_from, language="", reminder=0)
    audits = tuple(replace(audit, generated="", status=_risen(audit.status)) for audit in body.audits)
    return _digest(replace(body, settings=settings, audits=audits, previous=(), written=None, scenarios=()))


def _risen(status: AuditStatus) -> AuditStatus:
    """A status as far as it asks anything of a plan: a cancelled audit is not planned, one that rises stays."""
    return status if status is AuditStatus.CANCELLED else AuditStatus.OPEN


def _digest(value: object) -> str:
    """A digest that does not depend on how a value is spelled (2 or 2.0), nor on where it came from."""
    return hashlib.sha256(_plain(value).encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


@cache
def _compared(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The fields of a class that say something, with their defaults: what has its default is left away, so that a field
    that a later version adds changes no mark."""
    return tuple((item.name, item.default) for item in fields(kind) if item.compare)


_SPELLED = frozenset({str, bool, date})
"""What most fields hold, looked at first."""


def _plain(value: Any) -> str:
    """A value as text, the same for equal values."""
    kind = type(value)
    if value is None or kind in _SPELLED:
        return repr(value)
    if is_dataclass(kind):
        inner = [
            f"{name}={_plain(own)}" for name, default in _compared(kind) if (own := getattr(value, name)) != default
        ]
        return f"{kind.__name__}({';'.join(inner)})"
    if kind is tuple:
        return "[" + ",".join([_plain(item) for item in value]) + "]"
    if isinstance(value, Flag):
        return str(value.value)
    if isinstance(value, Enum):
        return repr(value.value)
    if isinstance(value, bool) or value is None or isinstance(value, str | date | time):
        return repr(value)
    if isinstance(value, int | float | Decimal):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, frozenset | set):
        return "{" + ",".join(sorted(_plain(item) for item in value)) + "}"
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{_plain(key)}:{_plain(item)}" for key, item in value.items())) + "}"
    if isinstance(value, Iterable):
        return "[" + ",".join(_plain(item) for item in value) + "]"
    raise TypeError(type(value).__name__)
